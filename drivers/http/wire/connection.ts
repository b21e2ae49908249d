import type { LookupFunction, Socket } from "node:net";
import { isRepeatable, isSource, type Hearer, type Loss, type Outgoing, type Ride } from "../engine.ts";
import { lossOf } from "../loss.ts";
import type { Marks } from "../timings.ts";
import { Malformed } from "./fields.ts";
import { headBytes, requestBytes } from "./head.ts";
import { Opening, type Caller } from "./opening.ts";
import type { Origin } from "./origin.ts";
import { Parser, TooLarge } from "./parser.ts";
import type { Pool } from "./pool.ts";
import { Sending } from "./sending.ts";

/** One request on its way. */
export class Flight implements Ride {
  request: Outgoing;
  readonly hearer: Hearer;
  readonly #pool: Pool;
  connection: Connection | undefined;
  /** How it was lost on a connection that was closing, before it was sent once more. */
  lost: Loss | undefined;
  /** Made where there is something to tell: a kept connection and a quick answer need none. */
  marks: Marks | undefined;

  constructor(request: Outgoing, pool: Pool, hearer: Hearer) {
    this.request = request;
    this.#pool = pool;
    this.hearer = hearer;
  }

  abandon(): Marks | undefined {
    if (!this.connection) this.#pool.forget(this);
    // Another flight may have boarded since.
    else if (this.connection.flight === this) this.#pool.drop(this.connection);
    return this.marks;
  }

  /** Its marks, from before the moment that is to be marked. */
  marked(): Marks {
    return (this.marks ??= { boardedMs: 0, way: undefined, sentMs: 0, heardMs: undefined });
  }
}

/** One connection: it carries one request at a time, and trusts no server. */
export class Connection implements Caller {
  flight: Flight | undefined;
  /** When it has idled long enough, by the clock. */
  idleUntilMs = 0;
  readonly #pool: Pool;
  readonly #origin: Origin;
  readonly #opening: Opening;
  /** From when requests may be written to it. */
  #socket: Socket | undefined;
  readonly #parser: Parser;
  readonly #closed = Promise.withResolvers<void>();
  #sent = false;
  /** The body, where it leaves apart from its head. */
  #sending: Sending | undefined;
  /** Has carried an answer before: the server may be closing it just now. */
  #used = false;
  #over = false;

  /** @param opened a connection that is there already */
  constructor(pool: Pool, origin: Origin, lookup: LookupFunction, bodyLimitBytes: number, opened?: Opening) {
    this.#pool = pool;
    this.#origin = origin;
    this.#parser = new Parser(bodyLimitBytes);
    this.#opening = opened ?? new Opening(origin, lookup, pool.clock, this);
    opened?.handTo(this);
  }

  board(flight: Flight): void {
    this.flight = flight;
    flight.connection = this;
    this.#sent = false;
    this.#parser.begin(flight.request.method);
    const socket = this.#socket;
    // Only one that waited, or that the connection is made for, has anything to tell by now.
    if (!socket || flight.marks) flight.marks = { boardedMs: this.#pool.clock.now(), way: socket ? undefined : this.#opening, sentMs: undefined, heardMs: undefined };
    if (socket) this.#send(flight, socket);
  }

  /** Ends it at once, whatever is under way; resolves when nothing is left of it. */
  end(): Promise<void> {
    this.#over = true;
    this.#sending?.stop();
    this.#opening.destroy();
    return this.#closed.promise;
  }

  opened(socket: Socket): void {
    this.#socket = socket;
    if (this.flight) this.#send(this.flight, socket);
  }

  closed(): void {
    this.failed(new Error("connection closed"));
    this.#closed.resolve();
  }

  #send(flight: Flight, socket: Socket): void {
    this.#sent = true;
    const { asker, host } = this.#origin;
    const request = asker ? this.#origin.through(asker, flight.request) : flight.request;
    const keeps = this.#pool.keepAliveMs > 0;
    if (request.body === undefined || (request.continueMs === undefined && !isSource(request.body))) {
      const isTaken = socket.write(requestBytes(request, host, keeps), "latin1");
      if (isTaken && flight.marks) this.#left(flight.marks);
      else if (!isTaken) this.#leaving(flight.marked(), socket);
    } else {
      const marks = flight.marked();
      marks.sentMs = undefined;
      socket.write(headBytes(request, host, keeps), "latin1");
      this.#sending = new Sending(request, socket, this.#pool.clock, {
        failed: (error) => this.#lose({ loss: "upload", error: error.message }),
        left: () => this.#left(marks),
      });
    }
  }

  #leaving(marks: Marks, socket: Socket): void {
    marks.sentMs = undefined;
    socket.once("drain", () => this.#left(marks));
  }

  #left(marks: Marks): void {
    marks.sentMs = this.#pool.clock.now();
  }

  hear(length: number, buffer: Buffer): void {
    if (this.#over) return;
    // Nobody asked: what it says could be taken for the answer to the next request.
    if (!this.flight) return this.#pool.drop(this);
    let read: number;
    try {
      read = this.#parser.read(buffer, length);
    } catch (error) {
      if (!(error instanceof Malformed || error instanceof TooLarge)) throw error;
      return this.#lose({ loss: error instanceof TooLarge ? "too large" : "protocol", error: error.message });
    }
    if (read >= 0) this.#whole(read === length);
    else this.#hearOn();
  }

  /** Not all of the answer has come; perhaps a word about a body that waits for one. */
  #hearOn(): void {
    const [flight, sending] = [this.flight!, this.#sending];
    if (flight.marks?.heardMs === undefined) flight.marked().heardMs = this.#pool.clock.now();
    if (!sending) return;
    if (this.#parser.takeContinued()) {
      // That was no answer yet.
      flight.marked().heardMs = undefined;
      sending.go();
    }
    // The last word comes without the first: the body is not wanted.
    else if (this.#parser.status > 0 && !sending.begun) sending.stop();
  }

  ended(): void {
    if (this.#over) return;
    if (this.flight && this.#parser.end()) this.#whole(false);
    else this.failed(new Error("other side closed"));
  }

  /** `clean` when the last byte heard was the answer's last. */
  #whole(clean: boolean): void {
    const { hearer, marks } = this.flight!;
    const answer = this.#parser.take();
    // Only proxies ask for their login so, and they did not pass the request on.
    if (answer.status === 407 && this.#origin.asker) return this.#lose({ loss: "proxy", error: "407 login wanted or refused" });
    const sending = this.#sending;
    if (sending && !sending.begun && answer.status === 417) return this.#insist();
    this.#sending = this.flight = undefined;
    this.#used = true;
    sending?.stop();
    // An answer before the end of the request leaves the server in the middle of it.
    const keepsMs = clean && sending?.whole !== false && this.#socket!.writableLength === 0 ? this.#parser.keepsMs : 0;
    this.#pool.free(this, keepsMs);
    // The last thing to do: whoever hears it may send the next request at once.
    if (marks) answer.marks = marks;
    hearer.hear(answer);
  }

  /** The service will not be asked. The body has not left yet, so this is no second attempt of anything. */
  #insist(): void {
    const flight = this.flight!;
    flight.request = { ...flight.request, continueMs: undefined };
    this.#pool.replace(this, flight);
  }

  failed(error: Error): void {
    if (this.#over) return;
    const { flight } = this;
    if (!flight) return this.#pool.drop(this);
    const { begun, status } = this.#parser;
    const { reached, proxied } = this.#opening;
    const loss = lossOf(error, { proxied, reached, sent: this.#sent, answering: begun, headed: status > 0 });
    if (loss.loss === "reset" && this.#used && isRepeatable(flight.request)) {
      flight.lost = loss;
      return this.#pool.replace(this, flight);
    }
    // The first time it was sent, and may have been acted on, whatever kept it from leaving again.
    this.#lose(this.#sent ? loss : (flight.lost ?? loss));
  }

  #lose(loss: Loss): void {
    const { hearer, marks } = this.flight!;
    const { status, headers } = this.#parser;
    const ended = { ...loss, marks, ...(status > 0 && { status, headers, body: this.#parser.takeBody() }) };
    this.#pool.drop(this);
    hearer.hear(ended);
  }
}
