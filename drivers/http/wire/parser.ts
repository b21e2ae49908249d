import { ReplyHeaders } from "../headers.ts";
import { Bytes } from "./bytes.ts";
import { checkText, Framing, lineEnd, lineFeed, Malformed, nameEnd, splitFields } from "./fields.ts";
import { Heads } from "./heads.ts";
import type { Incoming } from "../engine.ts";

/** An answer's body is longer than the session will hold. */
export class TooLarge extends Error {}

const longestHead = 16_384;
const mostHeaders = 1_000;
const longestChunkLine = 1_024;
/** Informational answers (1xx) before the one that counts. */
const mostHints = 16;
const noHeaders = new ReplyHeaders(() => []);

const inHead = 0;
const inLength = 1;
const toClose = 2;
const inChunkLine = 3;
const inChunk = 4;
const afterChunk = 5;
const inTrailers = 6;
const whole = 7;

/** Of a chunk's size: what a number holds exactly. */
const mostDigits = 13;
const hexDigit = Uint8Array.from({ length: 256 }, (_, code) => {
  const digit = Number.parseInt(String.fromCharCode(code), 16);
  return Number.isNaN(digit) ? 255 : digit;
});

const statusForm = Buffer.from("HTTP/1.");
const word = "[!#$%&'*+\\-.^_`|~0-9A-Za-z]+";
const extensionsForm = new RegExp(`^(?:;${word}(?:=(?:${word}|"(?:[\\t\\x20!\\x23-\\x5b\\x5d-\\x7e]|\\\\[\\t\\x20-\\x7e])*"))?)*$`);

/**
 * Reads the answers of one connection: bytes in, answers out. It trusts nothing, keeps no byte of
 * the buffer it is shown, and refuses whatever two readers could understand in two ways.
 */
export class Parser {
  readonly #bodyLimitBytes: number;
  readonly #body = new Bytes();
  /** A head or a line that has come in part. */
  readonly #partial = new Bytes();
  #state = inHead;
  #isHead = false;
  #begun = false;
  #minor = 1;
  #status = 0;
  #framing = new Framing();
  #headers = noHeaders;
  readonly #heads = new Heads();
  /** How much of the unfinished head is understood, and how much searched for the line's end. */
  #lineAt = 0;
  #fieldsAt = 0;
  #lines = 0;
  #hints = 0;
  #continued = false;
  /** Of the body or the chunk, what is still to come. */
  #left = 0;
  #trailerBytes = 0;

  constructor(bodyLimitBytes: number) {
    this.#bodyLimitBytes = bodyLimitBytes;
  }

  /** Makes ready for the answer to a request of this method. */
  begin(method: string): void {
    this.#isHead = method === "HEAD";
    this.#begun = false;
    this.#hints = 0;
    this.#continued = false;
    this.#trailerBytes = 0;
    this.#nextHead();
  }

  /** A byte of the answer, or of a hint before it, has come. */
  get begun(): boolean {
    return this.#begun;
  }

  /** The answer's status; 0 before its head is whole. */
  get status(): number {
    return this.#state === inHead ? 0 : this.#status;
  }

  /** Of the answer whose status it is. */
  get headers(): ReplyHeaders {
    return this.#headers;
  }

  /** True once after the service has said 100: it wants the body. */
  takeContinued(): boolean {
    const continued = this.#continued;
    this.#continued = false;
    return continued;
  }

  /** What has come of the body, or all of it. */
  takeBody(): Buffer {
    return this.#body.take();
  }

  /** The whole answer. */
  take(): Incoming {
    return { status: this.#status, headers: this.#headers, body: this.#body.take(), marks: undefined };
  }

  /** How long the connection may idle after this answer by the server's word, ms; 0 when it ends with it. */
  get keepsMs(): number {
    const { close, keepAlive, keepsSeconds } = this.#framing;
    if (close || this.#state !== whole || (this.#minor === 0 && !keepAlive)) return 0;
    // A second early, lest a request cross the server's goodbye on the way.
    return Math.max(0, keepsSeconds - 1) * 1_000;
  }

  /**
   * Reads the first `length` bytes. Answers how many of them belong to the answer once it is whole, else -1.
   *
   * @throws Malformed, TooLarge
   */
  read(buffer: Buffer, length: number): number {
    this.#begun = true;
    let at = 0;
    while (at < length && this.#state !== whole) at = this.#step(buffer, at, length);
    return this.#state === whole ? at : -1;
  }

  /** The connection ended. True when that was the end of the answer, too. */
  end(): boolean {
    return this.#state === toClose;
  }

  #step(buffer: Buffer, at: number, length: number): number {
    switch (this.#state) {
      case inHead:
        return this.#readHead(buffer, at, length);
      case inLength:
      case inChunk:
        return this.#readCounted(buffer, at, length);
      case toClose:
        this.#keep(buffer, at, length, Infinity);
        return length;
      default:
        return this.#readLine(buffer, at, length);
    }
  }

  #readHead(buffer: Buffer, at: number, length: number): number {
    const before = this.#partial.length;
    if (before === 0) {
      const known = this.#recall(buffer, at, length);
      if (known >= 0) return known;
      const end = this.#scanHead(buffer, at, at, length);
      if (end >= 0) {
        if (this.#state !== inHead) this.#remember(buffer, at, end);
        return end;
      }
      this.#partial.append(buffer, at, length);
      this.#lineAt -= at;
      this.#fieldsAt -= at;
      return length;
    }
    // One byte more than is allowed shows that it is too much.
    this.#partial.append(buffer, at, Math.min(length, at + longestHead + 1 - before));
    const end = this.#scanHead(this.#partial.view, 0, before, this.#partial.length);
    if (end < 0) return length;
    this.#partial.take();
    return at + end - before;
  }

  /** Reads the lines of a head that begins at `start`; `fresh` is the first byte not searched yet. Answers its end, or -1. */
  #scanHead(view: Buffer, start: number, fresh: number, to: number): number {
    if (fresh === start) this.#lineAt = start;
    for (let search = fresh; ; search = this.#lineAt) {
      const feed = lineFeed(view, search, to);
      if ((feed < 0 ? to : feed + 1) - start > longestHead) throw new Malformed("head too long");
      if (this.#lineAt === start) checkStart(view, start, feed < 0 ? to : feed);
      if (feed < 0) return -1;
      const from = this.#lineAt;
      const end = lineEnd(view, from, feed);
      this.#lineAt = feed + 1;
      if (from === start) {
        this.#readStatus(view, from, end);
        this.#fieldsAt = feed + 1;
      } else if (end === from) {
        this.#endHead(view.toString("latin1", this.#fieldsAt, from));
        return feed + 1;
      } else {
        if (++this.#lines > mostHeaders) throw new Malformed("too many headers");
        this.#framing.read(view, from, end);
      }
    }
  }

  #readStatus(view: Buffer, from: number, to: number): void {
    this.#minor = view[from + 7]! - 48;
    const digits = [view[from + 9]! - 48, view[from + 10]! - 48, view[from + 11]! - 48] as const;
    const isStatus = to - from >= 12 && view[from + 8] === 32 && digits.every((digit) => digit >= 0 && digit <= 9) && digits[0] > 0;
    if ((this.#minor !== 0 && this.#minor !== 1) || !isStatus || (to - from > 12 && view[from + 12] !== 32)) throw new Malformed("bad status line");
    checkText(view, from + 13, to, "the status line");
    this.#status = digits[0] * 100 + digits[1] * 10 + digits[2];
  }

  #endHead(block: string): void {
    const { contentLength, chunked, close, keepAlive } = this.#framing;
    if (chunked && contentLength >= 0) throw new Malformed("both content-length and transfer-encoding");
    if (chunked && this.#minor === 0) throw new Malformed("transfer-encoding in HTTP/1.0");
    const status = this.#status;
    if (status === 101) throw new Malformed("upgrade that nobody asked for");
    if (status < 200) {
      // Behind it comes the answer, so that it can have no body and can't be the last.
      if (chunked || contentLength > 0) throw new Malformed("informational answer with a body");
      if (close || (this.#minor === 0 && !keepAlive)) throw new Malformed("informational answer that ends the connection");
      if (++this.#hints > mostHints) throw new Malformed("too many informational answers");
      if (status === 100) this.#continued = true;
      return this.#nextHead();
    }
    this.#headers = new ReplyHeaders(() => splitFields(block));
    this.#expectBody();
  }

  /** What comes behind a head, by its framing and by what was asked. */
  #expectBody(): void {
    const { contentLength, chunked } = this.#framing;
    const status = this.#status;
    if (this.#isHead || status === 204 || status === 304) this.#state = whole;
    else if (chunked) this.#state = inChunkLine;
    else if (contentLength < 0) this.#state = toClose;
    else this.#state = contentLength === 0 ? whole : inLength;
    this.#left = contentLength;
  }

  #nextHead(): void {
    this.#state = inHead;
    this.#status = 0;
    this.#lines = 0;
    this.#framing = new Framing();
  }

  /** Takes a head that was understood before as understood; answers its end, or -1. */
  #recall(buffer: Buffer, at: number, length: number): number {
    const head = this.#heads.recall(buffer, at, length);
    if (!head) return -1;
    this.#minor = head.minor;
    this.#status = head.status;
    this.#framing = head.framing;
    this.#headers = head.headers;
    this.#expectBody();
    return at + head.bytes.length;
  }

  #remember(buffer: Buffer, from: number, to: number): void {
    const understood = { minor: this.#minor, status: this.#status, framing: this.#framing, headers: this.#headers };
    this.#headers = this.#heads.remember(buffer, from, to, understood).headers;
  }

  #readCounted(buffer: Buffer, at: number, length: number): number {
    const to = Math.min(length, at + this.#left);
    this.#keep(buffer, at, to, this.#state === inLength ? this.#body.length + this.#left : Infinity);
    this.#left -= to - at;
    if (this.#left === 0) this.#state = this.#state === inLength ? whole : afterChunk;
    return to;
  }

  #keep(buffer: Buffer, from: number, to: number, expected: number): void {
    const room = this.#bodyLimitBytes - this.#body.length;
    this.#body.append(buffer, from, Math.min(to, from + room), expected);
    // By the announcement already: nothing is gained by hearing ten gigabytes out.
    if (to - from > room || (expected !== Infinity && expected > this.#bodyLimitBytes)) throw this.#tooLarge();
  }

  #tooLarge(): TooLarge {
    return new TooLarge(`more than ${this.#bodyLimitBytes} bytes`);
  }

  /** The lines of the chunked coding, one at a time. */
  #readLine(buffer: Buffer, at: number, length: number): number {
    const feed = lineFeed(buffer, at, length);
    const to = feed < 0 ? length : feed + 1;
    const limit = this.#state === inTrailers ? longestHead - this.#trailerBytes : this.#state === afterChunk ? 2 : longestChunkLine;
    if (this.#partial.length + to - at > limit) throw new Malformed("line of a chunk too long");
    if (feed >= 0 && this.#partial.length === 0) {
      this.#line(buffer, at, feed);
    } else {
      this.#partial.append(buffer, at, to);
      if (feed >= 0) {
        const end = this.#partial.length - 1;
        this.#line(this.#partial.take(), 0, end);
      }
    }
    return to;
  }

  #line(view: Buffer, from: number, feed: number): void {
    const to = lineEnd(view, from, feed);
    if (this.#state === afterChunk) {
      // Two bytes were allowed, so these are CR and LF.
      this.#state = inChunkLine;
    } else if (this.#state === inChunkLine) {
      this.#left = chunkSize(view, from, to);
      if (this.#body.length + this.#left > this.#bodyLimitBytes) throw this.#tooLarge();
      this.#state = this.#left === 0 ? inTrailers : inChunk;
    } else if (to === from) {
      this.#state = whole;
    } else {
      this.#trailerBytes += feed + 1 - from;
      checkTrailer(view, from, to);
    }
  }
}

/** Says early that somebody speaks another protocol: its first line may never end. */
function checkStart(view: Buffer, from: number, to: number): void {
  const length = Math.min(statusForm.length, to - from);
  for (let i = 0; i < length; i++) if (view[from + i] !== statusForm[i]) throw new Malformed("not HTTP/1");
}

/** The size in a chunk's line. Most lines are nothing but that, and a service may send its answer in many small chunks. */
function chunkSize(view: Buffer, from: number, to: number): number {
  let size = 0;
  let at = from;
  for (; at < to && at - from < mostDigits; at++) {
    const digit = hexDigit[view[at]!]!;
    if (digit > 15) break;
    size = size * 16 + digit;
  }
  if (at === from || (at < to && !extensionsForm.test(view.toString("latin1", at, to)))) throw new Malformed("bad chunk size");
  return size;
}

/** Trailers are checked and dropped; one that would change where the answer ends is an attack. */
function checkTrailer(view: Buffer, from: number, to: number): void {
  const colon = nameEnd(view, from, to);
  checkText(view, colon + 1, to, "a trailer");
  if (/^(?:content-length|transfer-encoding)$/i.test(view.toString("latin1", from, colon))) throw new Malformed("framing in a trailer");
}
