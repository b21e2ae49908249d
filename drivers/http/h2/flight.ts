import { constants, type ClientHttp2Stream } from "node:http2";
import type { Clock } from "../../../src/units/clock.ts";
import { isRepeatable, isSource, type Engine, type Hearer, type Loss, type Outgoing, type Ride } from "../engine.ts";
import { ReplyHeaders } from "../headers.ts";
import type { Marks, Way } from "../timings.ts";
import { Bytes } from "../wire/bytes.ts";
import type { Connection } from "./connection.ts";
import { requestHeaders } from "./head.ts";
import { lossOfStream, nameOfCode } from "./losses.ts";
import type { Pool } from "./pool.ts";
import { Upload } from "./upload.ts";

const { NGHTTP2_CANCEL, NGHTTP2_FLAG_END_STREAM, NGHTTP2_NO_ERROR, NGHTTP2_REFUSED_STREAM } = constants;
/** Informational answers before the one that counts, as the wire has it. */
const mostHints = 16;

/** One request on its way: a stream, or two where the first one came to nothing without harm. */
export class Flight implements Ride {
  #request: Outgoing;
  readonly #hearer: Hearer;
  readonly #pool: Pool;
  readonly #bodyLimitBytes: number;
  readonly #body = new Bytes();
  #connection: Connection | undefined;
  #stream: ClientHttp2Stream | undefined;
  #upload: Upload | undefined;
  #elsewhere: (() => Marks | undefined) | undefined;
  #marks: Marks = { boardedMs: undefined, way: undefined, sentMs: undefined, heardMs: undefined };
  #over = false;
  /** Was sent once more already. */
  #repeated = false;
  /** The first time it was sent, and may have been acted on, whatever keeps it from leaving again. */
  #firstLoss: Loss | undefined;
  /** Of the connection, as this was sent. */
  #stale = false;
  #heard = 0;
  #answering = false;
  #hints = 0;
  #status = 0;
  #headers: string[] = [];
  /** The head was all of the answer. */
  #headOnly = false;
  #length: number | undefined;

  constructor(request: Outgoing, pool: Pool, bodyLimitBytes: number, hearer: Hearer) {
    this.#request = request;
    this.#pool = pool;
    this.#bodyLimitBytes = bodyLimitBytes;
    this.#hearer = hearer;
  }

  abandon(): Marks | undefined {
    if (this.#elsewhere) return this.#elsewhere();
    if (this.#over) return this.#marks;
    this.#over = true;
    if (!this.#stream) this.#pool.forget(this);
    else {
      this.#stream.close(NGHTTP2_CANCEL);
      this.#connection!.doubt(this.#heard);
    }
    return this.#marks;
  }

  /** Waits for a connection that is being made. */
  boards(way: Way): void {
    this.#marks.boardedMs ??= this.#clock.now();
    this.#marks.way ??= way;
  }

  get #clock(): Clock {
    return this.#pool.parts.clock;
  }

  /** No connection came to be. */
  missed(loss: Loss): void {
    this.#end(this.#firstLoss ?? loss);
  }

  reroute(engine: Engine): void {
    const atMs = this.#clock.now();
    const ride = engine.dispatch(this.#request, {
      hear: (ended) => {
        const marks = this.#carried(ended.marks, atMs);
        if ("loss" in ended) return this.#hearer.hear({ ...ended, marks });
        ended.marks = marks;
        this.#hearer.hear(ended);
      },
    });
    this.#elsewhere = () => this.#carried(ride.abandon(), atMs);
  }

  /** Marks of the other engine with the way that was made here, for the one that it was made for. */
  #carried(marks: Marks | undefined, atMs: number): Marks | undefined {
    if (marks && (marks.way || marks.boardedMs !== 0)) return marks;
    return { ...this.#marks, sentMs: marks && marks.sentMs !== 0 ? marks.sentMs : atMs, heardMs: marks?.heardMs };
  }

  send(connection: Connection): void {
    const { method, body } = this.#request;
    const isEmpty = body === undefined || (!isSource(body) && body.length === 0);
    this.#marks.boardedMs ??= this.#clock.now();
    this.#connection = connection;
    this.#stale = connection.isUsed;
    this.#heard = connection.heard;
    let stream: ClientHttp2Stream;
    try {
      stream = connection.open(requestHeaders(this.#request), isEmpty);
    } catch (error) {
      // Headers that HTTP/2 has no room for. `dispatch` must return before anybody hears of it.
      return queueMicrotask(() => {
        connection.free();
        if (!this.#over) this.#end({ loss: "protocol", error: (error as Error).message });
      });
    }
    this.#stream = stream;
    stream
      .on("headers", () => this.#hinted())
      .on("response", (_headers, flags, raw: readonly string[]) => this.#headed(method, flags, raw))
      .on("data", (chunk: Buffer) => this.#heardData(chunk))
      .on("end", () => this.#ended(stream))
      .on("error", () => {
        // What it was shows in the code, when the stream closes.
      })
      .on("close", () => {
        connection.free();
        connection.mourn(() => this.#lost(stream));
      });
    if (isEmpty) this.#marks.sentMs = this.#clock.now();
    else {
      this.#upload = new Upload(this.#request, stream, this.#clock, {
        left: () => (this.#marks.sentMs = this.#clock.now()),
        failed: (error) => this.#refuse({ loss: "upload", error: error.message }),
      });
    }
  }

  #hears(): void {
    this.#answering = true;
    this.#marks.heardMs ??= this.#clock.now();
    this.#connection!.heard++;
  }

  #hinted(): void {
    this.#hears();
    if (++this.#hints > mostHints) this.#refuse({ loss: "protocol", error: "too many informational answers" });
  }

  #headed(method: string, flags: number, raw: readonly string[]): void {
    this.#hears();
    // The last word comes without the first: the body is not wanted.
    if (this.#upload && !this.#upload.begun) this.#upload.stop();
    this.#status = Number(raw[raw.indexOf(":status") + 1]);
    this.#headers = raw.filter((_, i) => !raw[i & ~1]!.startsWith(":"));
    this.#headOnly = (flags & NGHTTP2_FLAG_END_STREAM) !== 0;
    const at = this.#headers.indexOf("content-length");
    if (at < 0 || method === "HEAD") return;
    this.#length = Number(this.#headers[at + 1]);
    if (this.#length > this.#bodyLimitBytes) this.#tooLarge();
  }

  #heardData(chunk: Buffer): void {
    if (this.#over) return;
    this.#connection!.heard++;
    const room = this.#bodyLimitBytes - this.#body.length;
    this.#body.append(chunk, 0, Math.min(chunk.length, room), this.#length);
    if (chunk.length > room) this.#tooLarge();
  }

  #tooLarge(): void {
    this.#refuse({ loss: "too large", error: `more than ${this.#bodyLimitBytes} bytes` });
  }

  /** Enough of it: the stream ends, and the connection stays. */
  #refuse(loss: Loss): void {
    if (this.#over) return;
    this.#stream!.close(NGHTTP2_CANCEL);
    this.#end(loss);
  }

  /** Also comes when the server broke the stream off without an error; then the stream is closed by now. */
  #ended(stream: ClientHttp2Stream): void {
    if (this.#over || this.#status === 0) return;
    const isWhole = !stream.closed || this.#headOnly || (stream.rstCode === NGHTTP2_NO_ERROR && this.#body.length === this.#length);
    if (!isWhole) return;
    if (this.#status === 417 && this.#upload && !this.#upload.begun) return this.#insist(stream);
    this.#over = true;
    this.#connection!.answered();
    // The rest of a request that was answered before its end.
    if (!stream.closed && !stream.writableFinished) stream.close(NGHTTP2_NO_ERROR);
    const headers = this.#headers;
    this.#hearer.hear({ status: this.#status, headers: new ReplyHeaders(() => headers), body: this.#body.take(), version: "2", marks: this.#marks });
  }

  /** The stream is closed, and no whole answer has come. */
  #lost(stream: ClientHttp2Stream): void {
    if (this.#over || stream !== this.#stream) return;
    const { lost, lastStream } = this.#connection!;
    const untouched = stream.rstCode === NGHTTP2_REFUSED_STREAM || (stream.id ?? Infinity) > lastStream;
    if (untouched && !this.#answering) return this.#repeated || !this.#hasBody ? this.#end({ loss: "refused", error: nameOfCode(NGHTTP2_REFUSED_STREAM) }) : this.#again();
    const loss = lossOfStream(stream.rstCode ?? NGHTTP2_CANCEL, lost, this.#answering);
    const isGone = stream.session === undefined || stream.session.destroyed;
    if (loss.loss === "reset" && isGone && this.#stale && !this.#repeated && isRepeatable(this.#request)) {
      this.#firstLoss = loss;
      return this.#again();
    }
    this.#end(loss);
  }

  /** There is a body still to be sent, or none was to be. */
  get #hasBody(): boolean {
    return !isSource(this.#request.body) || this.#request.body.readable;
  }

  #again(): void {
    this.#repeated = true;
    this.#stream = this.#upload = undefined;
    this.#pool.take(this);
  }

  /** The service will not be asked. The body has not left yet, so this is no second attempt of anything. */
  #insist(stream: ClientHttp2Stream): void {
    stream.close(NGHTTP2_CANCEL);
    this.#request = { ...this.#request, continueMs: undefined };
    this.#stream = this.#upload = this.#length = undefined;
    this.#status = this.#hints = 0;
    this.#answering = false;
    this.#marks.heardMs = undefined;
    this.#body.take();
    this.#pool.take(this);
  }

  #end(loss: Loss): void {
    this.#over = true;
    const headers = this.#headers;
    this.#hearer.hear({ ...loss, marks: this.#marks, ...(this.#status > 0 && { status: this.#status, headers: new ReplyHeaders(() => headers), body: this.#body.take() }) });
  }
}
