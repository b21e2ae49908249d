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

/** The headers of an answer, found in any case. */
export class ReplyHeaders {
  readonly #flat: readonly string[];

  /** Name, value, name, value… */
  constructor(flat: readonly string[]) {
    this.#flat = flat;
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
    for (let i = 0; i < this.#flat.length; i += 2) {
      const given = this.#flat[i]!;
      // The length tells most names apart, at no cost.
      if (given.length === wanted.length && given.toLowerCase() === wanted) all.push(this.#flat[i + 1]!);
    }
    return all;
  }

  /** Names in lower case, with their values. */
  *[Symbol.iterator](): Generator<[name: string, value: string]> {
    for (let i = 0; i < this.#flat.length; i += 2) yield [this.#flat[i]!.toLowerCase(), this.#flat[i + 1]!];
  }
}
