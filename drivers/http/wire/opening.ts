import { connect, isIP, type LookupFunction, type NetConnectOpts, type OnReadOpts, type Socket } from "node:net";
import { connect as connectTls, type TLSSocket } from "node:tls";
import type { Clock } from "../../../src/units/clock.ts";
import type { Way } from "../timings.ts";
import type { Origin } from "./origin.ts";
import { ProxyRefused, Tunnel } from "./tunnel.ts";

/** One buffer hears every connection of the thread: whoever is called with it is done with it before the next is. */
const heard = Buffer.allocUnsafeSlow(65_536);

/** Who asked for a connection, and what becomes of it. */
export interface Caller {
  /** Requests may be written to it. */
  opened(socket: Socket): void;
  /** Gets the shared buffer with the number of bytes that came. */
  hear(length: number, buffer: Buffer): void;
  ended(): void;
  failed(error: Error): void;
  /** Nothing is left of it. */
  closed(): void;
}

/** A connection on its way: TCP or a unix socket, perhaps a tunnel, perhaps TLS. */
export class Opening implements Way {
  readonly isNamed: boolean;
  readonly isSecure: boolean;
  foundMs: number | undefined;
  connectedMs: number | undefined;
  openedMs: number | undefined;
  /** The first socket is connected. */
  reached = false;
  /** A proxy is still between: what fails now is its failure. */
  proxied: boolean;
  readonly #clock: Clock;
  readonly #origin: Origin;
  readonly #caller: Caller;
  readonly #first: Socket;
  #tunnel: Tunnel | undefined;
  #last: Socket;

  constructor(origin: Origin, lookup: LookupFunction, clock: Clock, caller: Caller) {
    this.isNamed = "host" in origin.door && isIP(origin.door.host) === 0;
    this.isSecure = origin.isSecure;
    this.#clock = clock;
    this.#origin = origin;
    this.#caller = caller;
    this.proxied = origin.tunnel !== undefined || origin.asker !== undefined;
    const onread: OnReadOpts = {
      buffer: heard,
      callback: (length, buffer) => {
        if (this.#tunnel) this.#shake(this.#tunnel, Buffer.from(buffer.subarray(0, length)));
        else caller.hear(length, buffer as Buffer);
        return true;
      },
    };
    const options = { ...origin.door, lookup, noDelay: true, onread } as NetConnectOpts & { onread: OnReadOpts };
    if (origin.isSecure && !origin.tunnel) {
      const socket = connectTls({ ...options, ...origin.secure() });
      socket.setNoDelay(true);
      this.#first = this.#last = socket;
      this.#secure(socket);
    } else {
      this.#first = this.#last = connect(options);
      this.#follow(this.#first);
    }
    this.#first.on("connect", () => this.#connected());
    // Once for each address that is tried, at the same moment.
    if (this.isNamed) this.#first.once("lookup", () => (this.foundMs = clock.now()));
  }

  destroy(): void {
    this.#first.destroy();
    this.#last.destroy();
  }

  #connected(): void {
    this.reached = true;
    if (this.#origin.tunnel) {
      const { proxy, target } = this.#origin.tunnel;
      this.#tunnel = new Tunnel(proxy, target, (bytes) => this.#first.write(bytes));
      this.#try(() => this.#tunnel!.begin());
    } else {
      // From here on its answers are told from the service's by their status alone.
      this.#through();
      if (!this.#origin.isSecure) this.#opened(this.#last);
    }
  }

  #shake(tunnel: Tunnel, bytes: Buffer): void {
    if (!this.#try(() => tunnel.read(bytes))) return;
    this.#tunnel = undefined;
    this.#through();
    if (this.#origin.isSecure) this.#wrap();
    else this.#opened(this.#last);
  }

  #through(): void {
    this.proxied = false;
    this.connectedMs = this.#clock.now();
  }

  #opened(socket: Socket): void {
    this.openedMs = this.#clock.now();
    this.#caller.opened(socket);
  }

  #try<T>(act: () => T): T | undefined {
    try {
      return act();
    } catch (error) {
      if (!(error instanceof ProxyRefused)) throw error;
      this.#first.destroy(error);
      return undefined;
    }
  }

  /** TLS through the tunnel. */
  #wrap(): void {
    const socket = connectTls({ socket: this.#first, ...this.#origin.secure() });
    this.#last = socket;
    // Node hears the wrapped ones in buffers of their own.
    socket.on("data", (bytes: Buffer) => this.#caller.hear(bytes.length, bytes));
    this.#secure(socket);
  }

  #secure(socket: TLSSocket): void {
    socket.on("secureConnect", () => this.#opened(socket)).on("session", (session) => this.#origin.keepSession(session));
    this.#follow(socket);
  }

  #follow(socket: Socket): void {
    const caller = this.#caller;
    // Of two sockets, one in the other, the outer one tells everything.
    socket
      .on("end", () => socket === this.#last && caller.ended())
      .on("error", (error) => socket === this.#last && caller.failed(error))
      .on("close", () => socket === this.#last && caller.closed());
  }
}
