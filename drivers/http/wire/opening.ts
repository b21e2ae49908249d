import { connect, isIP, type LookupFunction, type NetConnectOpts, type OnReadOpts, type Socket } from "node:net";
import { connect as connectTls, type ConnectionOptions, type TLSSocket } from "node:tls";
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
  #caller: Caller;
  readonly #offers: readonly string[] | undefined;
  readonly #first: Socket;
  #tunnel: Tunnel | undefined;
  #last: Socket;

  /**
   * @param offers protocols for the service to choose from (ALPN). Then the connection is not read before
   *   somebody does so: nobody knows yet what comes. Without it HTTP/1.1 is spoken, and heard.
   */
  constructor(origin: Origin, lookup: LookupFunction, clock: Clock, caller: Caller, offers?: readonly string[]) {
    this.isNamed = "host" in origin.door && isIP(origin.door.host) === 0;
    this.isSecure = origin.isSecure;
    this.#clock = clock;
    this.#origin = origin;
    this.#caller = caller;
    this.#offers = offers;
    this.proxied = origin.tunnel !== undefined || origin.asker !== undefined;
    const onread: OnReadOpts = {
      buffer: heard,
      callback: (length, buffer) => {
        if (this.#tunnel) this.#shake(this.#tunnel, Buffer.from(buffer.subarray(0, length)));
        else this.#caller.hear(length, buffer as Buffer);
        return true;
      },
    };
    const options = { ...origin.door, lookup, noDelay: true, ...((!offers || origin.tunnel) && { onread }) } as NetConnectOpts & { onread: OnReadOpts };
    if (origin.isSecure && !origin.tunnel) {
      const socket = connectTls({ ...options, ...this.#secrecy() });
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

  /** Hands an open connection, on which HTTP/1.1 was chosen and nothing heard, to another caller. */
  handTo(caller: Caller): void {
    this.#caller = caller;
    this.#listen(this.#last);
    caller.opened(this.#last);
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
    // The host is not connected to again, but an address without a name is checked by it.
    const socket = connectTls({ socket: this.#first, host: this.#origin.tunnel!.target.host, ...this.#secrecy() });
    this.#last = socket;
    // Node hears the wrapped ones in buffers of their own.
    if (!this.#offers) this.#listen(socket);
    this.#secure(socket);
  }

  #secrecy(): ConnectionOptions {
    return this.#origin.secure(this.#offers ?? ["http/1.1"]);
  }

  #listen(socket: Socket): void {
    socket.on("data", (bytes: Buffer) => this.#caller.hear(bytes.length, bytes));
  }

  #secure(socket: TLSSocket): void {
    socket.on("secureConnect", () => this.#opened(socket)).on("session", (session) => this.#origin.keepSession(session));
    this.#follow(socket);
  }

  #follow(socket: Socket): void {
    // Of two sockets, one in the other, the outer one tells everything.
    socket
      .on("end", () => socket === this.#last && this.#caller.ended())
      .on("error", (error) => socket === this.#last && this.#caller.failed(error))
      .on("close", () => socket === this.#last && this.#caller.closed());
  }
}
