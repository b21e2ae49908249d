import { isIP, type Socket } from "node:net";
import type { buildConnector, Client } from "undici";
import type { Clock } from "../../src/units/clock.ts";
import type { EngineSettings } from "./engine.ts";
import type { Way } from "./timings.ts";

/** A request that wants a connection; it puts itself down as its passenger. */
export interface Passenger {
  board(line: Line): void;
  /** A connection is being made for it. */
  sees(way: Way): void;
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** One connection to an origin, opened when first needed and again after the server closed it between two requests. */
export class Line {
  readonly client: Client;
  passenger: Passenger | undefined;
  /** The present socket has carried an answer before: the server may be closing it just now. */
  used = false;
  /** The present attempt got as far as a TCP connection. */
  reached = false;
  #connecting: Socket | undefined;

  constructor(origin: string, settings: EngineSettings, UndiciClient: typeof Client, connect: buildConnector.connector, clock: Clock) {
    this.client = new UndiciClient(origin, {
      pipelining: settings.keepAliveMs > 0 ? 1 : 0,
      keepAliveTimeout: settings.keepAliveMs || 1,
      headersTimeout: 0,
      bodyTimeout: 0,
      connect: (options, callback) => {
        this.used = this.reached = false;
        // The connector does answer its socket; undici's types leave that out.
        const socket = connect(options, callback) as unknown as Socket;
        this.#connecting = socket;
        // A TLS error after the handshake leaves the socket open, and undici waits for its end.
        socket.once("error", () => socket.destroy());
        const isSecure = options.protocol === "https:";
        const way: Mutable<Way> = { isNamed: isIP(options.hostname) === 0, isSecure, foundMs: undefined, connectedMs: undefined, openedMs: undefined };
        this.passenger?.sees(way);
        socket.once("lookup", () => (way.foundMs = clock.now()));
        socket.once("connect", () => {
          this.reached = true;
          way.connectedMs = clock.now();
        });
        socket.once(isSecure ? "secureConnect" : "connect", () => {
          this.#connecting = undefined;
          way.openedMs = clock.now();
        });
      },
    });
  }

  end(): Promise<void> {
    // undici leaves a connection that is still being made to itself.
    this.#connecting?.destroy();
    return this.client.destroy();
  }
}

/** A session's connections to one origin, and the requests that wait for one. */
export class Pool {
  readonly #settings: EngineSettings;
  readonly #make: () => Line;
  readonly #lines = new Set<Line>();
  readonly #waiting = new Set<Passenger>();

  constructor(settings: EngineSettings, make: () => Line) {
    this.#settings = settings;
    this.#make = make;
  }

  take(passenger: Passenger): void {
    for (const line of this.#lines) if (!line.passenger) return passenger.board(line);
    if (this.#lines.size < this.#settings.connections) this.#takeFresh(passenger);
    else this.#waiting.add(passenger);
  }

  #takeFresh(passenger: Passenger): void {
    const line = this.#make();
    this.#lines.add(line);
    passenger.board(line);
  }

  /** Another connection in this one's place, for its own request. */
  replace(line: Line, passenger: Passenger): void {
    this.#lines.delete(line);
    void line.end();
    this.#takeFresh(passenger);
  }

  free(line: Line): void {
    line.passenger = undefined;
    this.#next();
  }

  drop(line: Line): void {
    this.#lines.delete(line);
    void line.end();
    this.#next();
  }

  forget(passenger: Passenger): void {
    this.#waiting.delete(passenger);
  }

  #next(): void {
    for (const passenger of this.#waiting) {
      this.#waiting.delete(passenger);
      return this.take(passenger);
    }
  }

  async close(): Promise<void> {
    await Promise.all([...this.#lines].map((line) => line.end()));
  }
}
