import type { ReplyHeaders } from "../headers.ts";
import type { Framing } from "./fields.ts";

/** A head that was understood. */
export interface Head {
  readonly bytes: Buffer;
  readonly minor: number;
  readonly status: number;
  readonly framing: Framing;
  readonly headers: ReplyHeaders;
}

/** How many heads a connection remembers, how many all of the thread do, and how long each may be. */
const mostOwn = 8;
const mostShared = 256;
const longest = 1_024;
/** Some services number their answers, and no head of theirs comes again: after so many misses it rests, and tries anew each so many. */
const patience = 32;
const tryEvery = 256;

/** Of thousands of users, most hear the same heads; one copy serves them all. */
const shared = new Map<string, Head>();

/** The heads that one connection heard last: within the second of their date, most answers have the head of an earlier one, byte by byte. */
export class Heads {
  readonly #own: Head[] = [];
  /** Where in them the latest is. */
  #latest = 0;
  #missed = 0;

  get #rests(): boolean {
    return this.#missed % tryEvery >= patience;
  }

  /** The head that these bytes begin with, if it was understood before. */
  recall(buffer: Buffer, at: number, length: number): Head | undefined {
    if (this.#rests) return undefined;
    const count = this.#own.length;
    // Journeys ask for the same things in turn, so the one that came behind the latest comes again.
    for (let tried = 1; tried <= count; tried++) {
      const index = (this.#latest + tried) % count;
      const head = this.#own[index]!;
      const end = at + head.bytes.length;
      if (end > length || buffer.compare(head.bytes, 0, head.bytes.length, at, end) !== 0) continue;
      this.#latest = index;
      this.#missed = 0;
      return head;
    }
    return undefined;
  }

  /** Remembers a head that was understood just now; answers it, or what others keep of the same bytes. */
  remember(buffer: Buffer, from: number, to: number, understood: Omit<Head, "bytes">): Omit<Head, "bytes"> {
    this.#missed += 1;
    if (to - from > longest || this.#rests) return understood;
    const text = buffer.toString("latin1", from, to);
    let head = shared.get(text);
    if (!head) {
      if (shared.size === mostShared) shared.clear();
      shared.set(text, (head = { ...understood, bytes: Buffer.from(buffer.subarray(from, to)) }));
    }
    this.#latest = this.#own.length < mostOwn ? this.#own.length : (this.#latest + 1) % mostOwn;
    this.#own[this.#latest] = head;
    return head;
  }
}
