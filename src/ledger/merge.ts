import type { Book, Slot } from "./book.ts";
import type { FailLine, SecondLine, SeriesLine, WalkLine } from "./lines.ts";

/** What the book of a worker writes. */
export type BookLine = SeriesLine | SecondLine | FailLine | WalkLine;

/**
 * The books of several workers made one: a second becomes one line again when all have told theirs.
 * Each worker has its own ids for the series.
 */
export class Merge {
  readonly #book: Book;
  readonly #ids = new Map<number, Map<number, Slot>>();
  /** Seconds that were told and are not closed yet. */
  readonly #open = new Map<number, { readonly line: SecondLine; readonly slotOf: (id: number) => Slot }[]>();
  /** The first second that is not closed. */
  next = 0;

  constructor(book: Book) {
    this.#book = book;
  }

  /** A new book, of a new worker in place of one that died. */
  renew(worker: number): void {
    this.#ids.set(worker, new Map());
  }

  /** Lines in the order in which the worker wrote them. */
  add(worker: number, lines: readonly BookLine[]): void {
    let ids = this.#ids.get(worker);
    if (!ids) this.#ids.set(worker, (ids = new Map()));
    // A worker that is replaced has told its last: what waits of it keeps the ids it had.
    const known = ids;
    const slotOf = (id: number) => known.get(id)!;
    for (const line of lines) {
      if (line.k === "series") known.set(line.id, this.#book.slot(line.type, line.phase, line.journey, line.step));
      else if (line.k === "fail") this.#book.example(slotOf(line.series), line.t, line.user, line);
      else if (line.k === "walk") this.#book.walked(line);
      else if (line.s < this.next) {
        // Too late for the line of its second: it gets one of its own, and readers add them up.
        this.#book.add(line, slotOf);
        this.#book.settle(line.s);
      } else {
        const told = this.#open.get(line.s);
        if (told) told.push({ line, slotOf });
        else this.#open.set(line.s, [{ line, slotOf }]);
      }
    }
  }

  /** Closes the seconds before `end`, each with a line where anything was counted in it. */
  closeUntil(end: number): void {
    for (; this.next < end; this.next++) {
      for (const { line, slotOf } of this.#open.get(this.next) ?? []) this.#book.add(line, slotOf);
      this.#open.delete(this.next);
      this.#book.settle(this.next);
    }
  }
}
