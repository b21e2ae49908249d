import { problem } from "../../src/units/errors.ts";
import type { Trouble } from "./touch.ts";

/** What an inbox has to know of a message. */
export interface Sized {
  readonly byteLength: number;
}

/** A message is the one that was waited for; without a match, every one is. */
export type Match<M> = (message: M) => boolean;

/** Somebody who waits. `take` answers whether the message was for it; it may throw, as a match of the journey's can. */
export interface Reader<M> {
  take(message: M): boolean;
  /** No message will come any more. */
  ended(trouble: Trouble): void;
}

/** However many small ones the backlog would hold. */
const mostBytes = 16 * 2 ** 20;

/**
 * Messages of one connection, in the order they came: each goes to the first who waits for it, else
 * into the backlog, from which the oldest are dropped when it is full.
 */
export class Inbox<M extends Sized> {
  readonly #most: number;
  readonly #onDrop: () => void;
  readonly #backlog = new Set<M>();
  readonly #readers = new Set<Reader<M>>();
  #bytes = 0;
  #end: Trouble | undefined;
  received = 0;
  dropped = 0;

  constructor(most: number, onDrop: () => void) {
    this.#most = most;
    this.#onDrop = onDrop;
  }

  /** Why nothing will come any more. */
  get end(): Trouble | undefined {
    return this.#end;
  }

  put(message: M): void {
    this.received++;
    for (const reader of this.#readers) if (reader.take(message)) return;
    this.#backlog.add(message);
    this.#bytes += message.byteLength;
    for (const oldest of this.#backlog) {
      if (this.#backlog.size <= this.#most && this.#bytes <= mostBytes) break;
      this.#remove(oldest);
      this.dropped++;
      this.#onDrop();
    }
  }

  close(trouble: Trouble): void {
    this.#end ??= trouble;
    for (const reader of [...this.#readers]) reader.ended(this.#end);
    this.#readers.clear();
  }

  /** The first message of the backlog that matches, taken out of it. */
  pick(match: Match<M>): M | undefined {
    for (const message of this.#backlog) {
      if (!match(message)) continue;
      this.#remove(message);
      return message;
    }
    return undefined;
  }

  /** Waits from now on; what is answered ends that. */
  join(reader: Reader<M>): () => void {
    this.#readers.add(reader);
    return () => this.#readers.delete(reader);
  }

  #remove(message: M): void {
    this.#backlog.delete(message);
    this.#bytes -= message.byteLength;
  }
}

/** Text as JSON. @throws SEA_MESSAGES_JSON, with its first characters, when it is none */
export function jsonOf<T>(text: string): T {
  try {
    return JSON.parse(text) as T;
  } catch (cause) {
    throw problem("SEA_MESSAGES_JSON", { begins: text === "" ? "nothing at all" : JSON.stringify(text.slice(0, 100)) }, undefined, cause);
  }
}
