import { StringDecoder } from "node:string_decoder";

/** One event as it came over the wire. */
export interface Parsed {
  /** Of the `event` field; `"message"` where there is none. */
  readonly type: string;
  readonly data: string;
  /** The last `id` so far, of this event or an earlier one. */
  readonly id: string;
}

/** What a parser tells, in the order it came. */
export interface Heard {
  event(event: Parsed): void;
  /** How long to wait before connecting anew, ms, by the service's word. */
  retry(ms: number): void;
}

/** A line or an event is longer than anybody will hold. */
export class TooLong extends Error {}

/**
 * Reads an event stream as the WHATWG standard has it: bytes in any pieces, lines that end with CR, LF
 * or both, a byte order mark at the very beginning, fields that nobody knows ignored. What is left of an event when
 * the stream ends is no event.
 */
export class Parser {
  readonly #heard: Heard;
  readonly #mostBytes: number;
  readonly #decoder = new StringDecoder("utf8");
  #first = true;
  /** The last character was CR: an LF behind it ends nothing. */
  #afterCr = false;
  #line = "";
  #type = "";
  /** The lines of the event, each with its LF; undefined before the first one. */
  #data: string | undefined;
  #id: string;

  /** @param mostBytes longest line, and longest event, in characters @param id the last one of a stream that goes on here */
  constructor(heard: Heard, mostBytes: number, id = "") {
    this.#heard = heard;
    this.#mostBytes = mostBytes;
    this.#id = id;
  }

  /** The last `id` of an event that was whole. */
  lastId = "";

  /** @throws TooLong */
  read(bytes: Uint8Array): void {
    let text = this.#decoder.write(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
    if (text === "") return;
    if (this.#first) {
      this.#first = false;
      if (text.charCodeAt(0) === 0xfeff) text = text.slice(1);
    }
    let from = 0;
    for (let at = 0; at < text.length; at++) {
      const code = text.charCodeAt(at);
      const wasCr = this.#afterCr;
      this.#afterCr = code === 13;
      if (code !== 10 && code !== 13) continue;
      // CR LF is one end, also where a piece ends between the two.
      if (code === 10 && wasCr) {
        from = at + 1;
        continue;
      }
      this.#grow(text.slice(from, at));
      from = at + 1;
      const line = this.#line;
      this.#line = "";
      this.#take(line);
    }
    this.#grow(text.slice(from));
  }

  #grow(text: string): void {
    if (this.#line.length + text.length > this.#mostBytes) throw new TooLong(`a line of more than ${this.#mostBytes} characters`);
    this.#line += text;
  }

  #take(line: string): void {
    if (line === "") return this.#dispatch();
    const colon = line.indexOf(":");
    if (colon === 0) return;
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? "" : line.slice(line.charCodeAt(colon + 1) === 32 ? colon + 2 : colon + 1);
    if (field === "data") this.#append(value);
    else if (field === "event") this.#type = value;
    else if (field === "id" && !value.includes("\0")) this.#id = value;
    else if (field === "retry" && /^[0-9]+$/.test(value)) this.#heard.retry(Number(value));
  }

  #append(value: string): void {
    const data = `${this.#data ?? ""}${value}\n`;
    if (data.length > this.#mostBytes) throw new TooLong(`an event of more than ${this.#mostBytes} characters`);
    this.#data = data;
  }

  #dispatch(): void {
    const [type, data] = [this.#type, this.#data];
    this.#type = "";
    this.#data = undefined;
    this.lastId = this.#id;
    if (data === undefined) return;
    this.#heard.event({ type: type === "" ? "message" : type, data: data.slice(0, -1), id: this.#id });
  }
}
