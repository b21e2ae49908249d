import { Slot, type Book } from "../ledger/book.ts";
import type { SeriesType } from "../ledger/lines.ts";
import type { Failure, Outcome } from "../model/op.ts";

/** A walk with more records than this can't be held back: it counts as it goes, and is not walked again. */
const mostHeld = 5_000;

/** One record that is held back. */
export class Held {
  readonly type: SeriesType;
  readonly phase: number;
  readonly step: string;
  /** Where it was written down in the end. */
  slot: Slot | undefined;
  /** A check took its `ok` back. */
  refused = false;
  readonly write: (book: Book, slot: Slot) => void;
  constructor(type: SeriesType, phase: number, step: string, write: (book: Book, slot: Slot) => void) {
    this.type = type;
    this.phase = phase;
    this.step = step;
    this.write = write;
  }
}

/**
 * What a walk did, held back until it is known whether it counts: one that failed and is walked again
 * is in no budget. Its touches are counted apart then, as `retried`, with their causes and failures.
 */
export class Draft {
  readonly #held: Held[] = [];

  get isFull(): boolean {
    return this.#held.length >= mostHeld;
  }

  record(type: SeriesType, phase: number, step: string, [dueMs, beganMs, endedMs, outcome]: readonly [number, number, number, Outcome]): Held {
    return this.#add(new Held(type, phase, step, (book, slot) => book.record(slot, dueMs, beganMs, endedMs, outcome)));
  }

  fail(at: Pick<Held, "type" | "phase" | "step">, tMs: number, user: number, failure: Failure): void {
    this.#add(new Held(at.type, at.phase, at.step, (book, slot) => book.fail(slot, tMs, user, failure)));
  }

  #add(held: Held): Held {
    this.#held.push(held);
    return held;
  }

  /** Writes everything down, in its order. Groups, measures and parts of what does not count are left out. */
  settle(book: Book, journey: string, again: boolean): void {
    for (const held of this.#held) {
      if (again && held.type !== "op" && held.type !== "walk") continue;
      held.slot = book.slot(again ? "retried" : held.type, held.phase, journey, held.step);
      held.write(book, held.slot);
      if (held.refused) book.refuse(held.slot);
    }
  }
}
