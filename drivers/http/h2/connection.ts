import { connect, type ClientHttp2Session, type ClientHttp2Stream, type OutgoingHttpHeaders } from "node:http2";
import type { LookupFunction, Socket } from "node:net";
import type { TLSSocket } from "node:tls";
import type { Loss } from "../engine.ts";
import { lossOf } from "../loss.ts";
import { Opening, type Caller } from "../wire/opening.ts";
import type { Origin } from "../wire/origin.ts";
import type { Flight } from "./flight.ts";
import { nameOfCode } from "./losses.ts";
import type { Pool } from "./pool.ts";

/** Until a server says how many requests it takes at once; the standard asks for no less. */
const roomAtFirst = 100;
/** A server may send so much ahead: of one body, and of all. */
const windowBytes = 1_048_576;
const sessionWindowBytes = 4 * windowBytes;
/** As the wire has them. */
const longestHead = 16_384;
const mostHeaders = 1_000;
/** Of what the journey itself sends, for the most part; the library would refuse more requests beyond 10. */
const mostMegabytes = 1_000;

/** One connection with its streams. */
export class Connection implements Caller {
  streams = 0;
  idleSinceMs = 0;
  /** Counts what came: a connection on which nothing comes may be dead. */
  heard = 0;
  /** A request timed out on it in silence, and it has not answered a ping since. */
  isDoubtful = false;
  /** What ended it, where something did. */
  lost: (Error & { code?: string }) | undefined;
  /** Streams above this were not touched, by the server's word. */
  lastStream = Infinity;
  readonly #pool: Pool;
  readonly #origin: Origin;
  readonly #url: string;
  readonly opening: Opening;
  #socket: Socket | undefined;
  readonly #closed = Promise.withResolvers<void>();
  #session: ClientHttp2Session | undefined;
  readonly #mourners: (() => void)[] = [];
  #used = false;
  #over = false;
  #gone = false;

  constructor(pool: Pool, origin: Origin, lookup: LookupFunction, url: string) {
    this.#pool = pool;
    this.#origin = origin;
    this.#url = url;
    this.opening = new Opening(origin, lookup, pool.parts.clock, this, pool.parts.older ? ["h2", "http/1.1"] : ["h2"]);
  }

  /** Requests may be sent. */
  get isReady(): boolean {
    return this.#session !== undefined;
  }

  /** Has carried an answer before: the server may be closing it just now. */
  get isUsed(): boolean {
    return this.#used;
  }

  /** It takes no more requests, or must not be trusted with one. */
  get isLeaving(): boolean {
    return this.isDoubtful || this.#session?.closed === true || this.#session?.destroyed === true;
  }

  get hasRoom(): boolean {
    return this.#session !== undefined && this.streams < (this.#session.remoteSettings.maxConcurrentStreams ?? roomAtFirst);
  }

  send(flight: Flight): void {
    this.streams++;
    flight.send(this);
  }

  /** @throws what Node says of headers that HTTP/2 does not know */
  open(headers: OutgoingHttpHeaders, endStream: boolean): ClientHttp2Stream {
    return this.#session!.request(headers, { endStream });
  }

  /** An answer is whole. */
  answered(): void {
    this.#used = true;
    if (this.#pool.parts.settings.keepAliveMs === 0) this.#pool.retire(this);
  }

  /** A stream ended with its connection, which tells why a little later. */
  mourn(call: () => void): void {
    if (this.#gone || !(this.#session?.destroyed || this.#socket?.destroyed)) call();
    else this.#mourners.push(call);
  }

  /** One stream less. */
  free(): void {
    this.streams--;
    if (this.#over) return;
    if (this.streams === 0) {
      this.idleSinceMs = this.#pool.parts.clock.now();
      this.#pool.rest(this);
    }
    this.#pool.board();
  }

  /** Nothing came since `heard`, and somebody lost patience: it must answer a ping before it gets another request. */
  doubt(heard: number): void {
    const session = this.#session;
    if (this.heard !== heard || this.#over || !session || session.destroyed || session.closed) return;
    this.isDoubtful = true;
    session.ping((error) => {
      if (!error) this.isDoubtful = false;
    });
  }

  /** Lets what is under way end, and then the connection. */
  finish(): void {
    if (this.#session && !this.#session.destroyed && this.streams > 0) this.#session.close();
    else void this.end();
  }

  /** Ends it at once; resolves when nothing is left of it. */
  end(): Promise<void> {
    this.#over = true;
    this.#session?.destroy();
    this.opening.destroy();
    return this.#closed.promise;
  }

  opened(socket: Socket): void {
    if (this.#origin.isSecure && (socket as TLSSocket).alpnProtocol !== "h2") {
      if (!this.#pool.parts.older) return this.failed(new Error("the server does not offer HTTP/2"));
      this.#closed.resolve();
      return this.#pool.goneOlder(this, this.opening);
    }
    this.#socket = socket;
    this.#session = connect(this.#url, {
      createConnection: () => socket,
      peerMaxConcurrentStreams: roomAtFirst,
      maxHeaderListPairs: mostHeaders,
      maxSessionMemory: mostMegabytes,
      settings: { enablePush: false, initialWindowSize: windowBytes, maxHeaderListSize: longestHead },
    });
    this.#session.setLocalWindowSize(sessionWindowBytes);
    this.#session
      .on("error", (error) => this.failed(error))
      .on("goaway", (code, last) => {
        this.lastStream = last;
        if (code !== 0) this.lost ??= new Error(`GOAWAY ${nameOfCode(code)}`);
        this.#pool.retire(this);
        this.#pool.board();
      })
      .on("close", this.#end)
      .once("remoteSettings", this.#pool.parts.speaks)
      .on("remoteSettings", () => this.#pool.board());
    this.#pool.board();
  }

  failed(error: Error): void {
    if (this.#over) return;
    this.lost ??= error;
    void this.end();
  }

  closed(): void {
    this.#closed.resolve();
    this.#end();
  }

  hear(): void {
    // The session reads.
  }

  ended(): void {
    // The session, or the socket's close, tells.
  }

  /** Both the session and the socket say it; streams end before either. */
  readonly #end = (): void => {
    this.#over = this.#gone = true;
    this.lost ??= new Error("connection closed");
    const { reached, proxied } = this.opening;
    const loss: Loss | undefined = this.#session ? undefined : lossOf(this.lost, { reached, proxied, sent: false, answering: false, headed: false });
    this.#pool.gone(this, loss);
    for (const call of this.#mourners.splice(0)) call();
  };
}
