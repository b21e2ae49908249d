import { problem } from "../../src/units/errors.ts";
import { textOf, unpack } from "./decode.ts";
import type { Incoming } from "./engine.ts";
import type { ReplyHeaders } from "./headers.ts";
import type { Timings } from "./timings.ts";
import type { Answer, Exchange } from "./transcript.ts";

/** The request behind a reply; most replies never ask. */
export interface Asked {
  /** The request line without secrets, for messages. */
  line(): string;
  /** The address that answered, after redirects. */
  readonly url: string;
  readonly timings: Timings;
  /** What went over the wire, with this answer to its latest hop. */
  exchanges(answer: Answer): readonly Exchange[];
}

/** The answer to a request; its body is decoded when asked for, and only then. */
export class Reply {
  readonly status: number;
  readonly headers: ReplyHeaders;
  /** From the request's begin to the last byte of the body, redirects included. */
  readonly ms: number;
  /** The body as it came over the wire, perhaps compressed. */
  readonly bytes: Uint8Array;
  /** The version of HTTP that was spoken; a rehearsal says `"1.1"`. */
  readonly version: "1.1" | "2";
  readonly #asked: Asked;
  readonly #limitBytes: number;
  #text: string | undefined;

  constructor(asked: Asked, { status, headers, body, version = "1.1" }: Incoming, ms: number, limitBytes: number) {
    this.#asked = asked;
    this.#limitBytes = limitBytes;
    this.ms = ms;
    this.status = status;
    this.headers = headers;
    this.bytes = body;
    this.version = version;
  }

  /** What went over the wire, for evidence of what is wrong with the answer. */
  static exchangesOf(reply: Reply): readonly Exchange[] {
    return reply.#asked.exchanges({ status: reply.status, version: reply.version, headers: reply.headers, body: reply.bytes });
  }

  /** The address that answered, after redirects. */
  get url(): string {
    return this.#asked.url;
  }

  /** Where the request's time went, in ms; worked out when asked for. @example reply.timings.waitingMs */
  get timings(): Timings {
    return this.#asked.timings;
  }

  /**
   * The body without gzip, deflate, br and zstd, at most four of them in a row.
   *
   * @throws SEA_HTTP_DECODE when the bytes are not what `content-encoding` says, or unpack to more than the body limit
   */
  content(): Uint8Array {
    const { encoding } = this.headers.coding;
    try {
      return unpack(this.bytes, encoding, this.#limitBytes);
    } catch (cause) {
      throw problem("SEA_HTTP_DECODE", { request: this.#asked.line(), encoding: encoding ?? "", error: (cause as Error).message }, undefined, cause);
    }
  }

  /**
   * The body's content as text, by the charset that the answer names, else UTF-8.
   *
   * @throws SEA_HTTP_DECODE as `content` does
   */
  text(): string {
    return (this.#text ??= textOf(this.content(), this.headers.coding.type));
  }

  /**
   * The body as JSON. The type is the caller's word; nothing checks it.
   *
   * @throws SEA_HTTP_JSON, with the first bytes, when it is none
   * @example const { id } = reply.json<{ id: string }>();
   */
  json<T = unknown>(): T {
    const text = this.text();
    try {
      return JSON.parse(text) as T;
    } catch (cause) {
      throw problem("SEA_HTTP_JSON", { request: this.#asked.line(), begins: text === "" ? "nothing at all" : JSON.stringify(text.slice(0, 100)) }, undefined, cause);
    }
  }
}

/** The first 512 bytes of a body for a failure's record. */
export function headOf(reply: Reply): string {
  if (reply.headers.get("content-encoding") === undefined) return textOf(reply.bytes.subarray(0, 512), reply.headers.get("content-type"));
  try {
    return reply.text().slice(0, 512);
  } catch {
    return "";
  }
}
