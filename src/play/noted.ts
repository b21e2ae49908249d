import type { Book } from "../ledger/book.ts";

/** One acknowledged write. */
export interface Note {
  /** When its request began: it may have been done at any time since. */
  readonly beganMs: number;
  readonly notedMs: number;
}

/** Where users say what they wrote. */
export interface Notes {
  note(kind: string, id: string, note: Note): void;
  /** A write that is about to be sent. */
  attempt(kind: string, id: string, tMs: number): void;
}

/** What users said about their writes, for the survival check and the ledger. */
export class Noted implements Notes {
  readonly #book: Book;
  /** Kinds that a survival check will ask for; others only go to the ledger. */
  readonly #kinds: ReadonlySet<string>;
  readonly #notes = new Map<string, Map<string, Note>>();
  readonly #attempts = new Map<string, Set<string>>();

  constructor(book: Book, kinds: ReadonlySet<string>) {
    this.#book = book;
    this.#kinds = kinds;
  }

  note(kind: string, id: string, note: Note): void {
    this.#book.note("note", kind, note.notedMs, id);
    if (!this.#kinds.has(kind)) return;
    const of = this.#notes.get(kind) ?? this.#notes.set(kind, new Map()).get(kind)!;
    if (!of.has(id)) of.set(id, note);
    this.#attempts.get(kind)?.delete(id);
  }

  attempt(kind: string, id: string, tMs: number): void {
    this.#book.note("attempt", kind, tMs, id);
    if (!this.#kinds.has(kind)) return;
    (this.#attempts.get(kind) ?? this.#attempts.set(kind, new Set()).get(kind)!).add(id);
  }

  /** Acknowledged writes, in the order of the notes. */
  notesOf(kind: string): ReadonlyMap<string, Note> {
    return this.#notes.get(kind) ?? new Map();
  }

  /** Writes that were sent and never acknowledged. */
  unansweredOf(kind: string): ReadonlySet<string> {
    return this.#attempts.get(kind) ?? new Set();
  }
}
