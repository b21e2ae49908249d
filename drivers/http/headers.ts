import { problem } from "../../src/units/errors.ts";

/** Headers to send; undefined takes one away that was set further out. */
export type HeaderSettings = Readonly<Record<string, string | undefined>>;

const token = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
const unsafeValue = /[^\t\x20-\x7e\x80-\xff]/;
/** These belong to the connection, which the engine keeps. */
const ofConnection = new Set(["connection", "content-length", "expect", "keep-alive", "transfer-encoding", "upgrade"]);

/**
 * Adds headers to a map with names in lower case; a later one replaces an earlier one.
 *
 * @throws SEA_HTTP_HEADER for a name or value that can't be sent
 */
export function addHeaders(to: Map<string, string>, headers: HeaderSettings | undefined, place?: string): Map<string, string> {
  if (headers === undefined) return to;
  for (const [anyCase, value] of Object.entries(headers)) {
    const name = anyCase.toLowerCase();
    if (value === undefined) {
      to.delete(name);
      continue;
    }
    if (!token.test(name)) throw problem("SEA_HTTP_HEADER", { name: anyCase, why: "no such name is allowed" }, place);
    if (ofConnection.has(name)) throw problem("SEA_HTTP_HEADER", { name: anyCase, why: "it belongs to the connection" }, place);
    if (typeof value !== "string" || unsafeValue.test(value)) {
      throw problem("SEA_HTTP_HEADER", { name: anyCase, why: "its value is no text of one line in Latin-1" }, place);
    }
    to.set(name, value);
  }
  return to;
}

/** The headers of a request, decided once and sent as often as it takes: most users send the same ones every time. */
export class HeaderLines {
  /** Name, value, name, value…; names in lower case. */
  readonly flat: readonly string[];
  readonly #values: ReadonlyMap<string, string>;
  #text: string | undefined;

  /** @param headers names in lower case; not to be changed any more */
  constructor(headers: ReadonlyMap<string, string>) {
    this.#values = headers;
    this.flat = [...headers].flat();
  }

  /** As they stand in an HTTP/1.1 head, each with its line's end. */
  get text(): string {
    return (this.#text ??= this.flat.map((part, index) => (index % 2 === 0 ? `${part}: ` : `${part}\r\n`)).join(""));
  }

  get(name: string): string | undefined {
    return this.#values.get(name);
  }

  [Symbol.iterator](): Iterator<[name: string, value: string]> {
    return this.#values[Symbol.iterator]();
  }
}

/** The headers of an answer, found in any case. */
export class ReplyHeaders {
  readonly #split: () => readonly string[];
  #lines: readonly string[] | undefined;
  #cookies: readonly string[] | undefined;
  #coding: { readonly type: string | undefined; readonly encoding: string | undefined } | undefined;

  /** @param split answers name, value, name, value…; asked when somebody looks */
  constructor(split: () => readonly string[]) {
    this.#split = split;
  }

  /** Name, value, name, value… as they came. */
  get raw(): readonly string[] {
    return (this.#lines ??= this.#split());
  }

  /** The lines of `set-cookie`. */
  get cookies(): readonly string[] {
    return (this.#cookies ??= this.getAll("set-cookie"));
  }

  /** What says how to read the body. */
  get coding(): { readonly type: string | undefined; readonly encoding: string | undefined } {
    return (this.#coding ??= { type: this.get("content-type"), encoding: this.get("content-encoding") });
  }

  /** The value; several of one name are joined with a comma. */
  get(name: string): string | undefined {
    const all = this.getAll(name);
    return all.length === 0 ? undefined : all.join(", ");
  }

  /** Every value of that name, in the order they came. */
  getAll(name: string): string[] {
    const wanted = name.toLowerCase();
    const all: string[] = [];
    const { raw } = this;
    for (let i = 0; i < raw.length; i += 2) {
      const given = raw[i]!;
      // The length tells most names apart, at no cost.
      if (given.length === wanted.length && given.toLowerCase() === wanted) all.push(raw[i + 1]!);
    }
    return all;
  }

  /** Names in lower case, with their values. */
  *[Symbol.iterator](): Generator<[name: string, value: string]> {
    const { raw } = this;
    for (let i = 0; i < raw.length; i += 2) yield [raw[i]!.toLowerCase(), raw[i + 1]!];
  }
}
