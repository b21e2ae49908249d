import type { Feeder } from "../model/feeder.ts";
import { problem } from "../units/errors.ts";
import type { Random } from "../units/random.ts";

/** So many feeders of a file, and so many that were written by hand, are known in all workers. */
const mostFeeders = 512;

/** How many rows of one feeder were handed out; more than 2³¹ begin anew. */
export interface Turn {
  /** The number of the next row, which is then gone for everybody else. */
  take(): number;
  /** As `take`, but undefined when `count` rows are gone. */
  takeBelow(count: number): number | undefined;
}

class Counter implements Turn {
  readonly #numbers: Int32Array;
  readonly #at: number;

  constructor(numbers: Int32Array, at: number) {
    this.#numbers = numbers;
    this.#at = at;
  }

  take(): number {
    return Atomics.add(this.#numbers, this.#at, 1) & 0x7fff_ffff;
  }

  takeBelow(count: number): number | undefined {
    // Whoever asks again and again for what is not there must not count on until it begins anew.
    if (Atomics.load(this.#numbers, this.#at) >= count) return undefined;
    const taken = this.take();
    return taken < count ? taken : undefined;
  }
}

/** The turn of a feeder whose rows only this thread hands out. */
export const ownTurn = (): Turn => new Counter(new Int32Array(1), 0);

/**
 * The turns of all feeders in memory that the workers of a run share: a row that one of them took is
 * taken for all, and nobody has to ask. Feeders are told apart by the order in which their file makes
 * them, those written by hand by name and order of their rows.
 */
export class SharedTurns {
  readonly #numbers: Int32Array;

  /** @param memory from `SharedTurns.memory()`, common to all workers */
  constructor(memory: SharedArrayBuffer) {
    this.#numbers = new Int32Array(memory);
  }

  static memory(): SharedArrayBuffer {
    return new SharedArrayBuffer(4 * Int32Array.BYTES_PER_ELEMENT * mostFeeders);
  }

  /** @throws SEA_FEED_DIFFERS when another worker read another number of rows */
  of({ name, order, serial }: Feeder<unknown>, rows: number, random: Random): Turn {
    // One that is made while the run is under way is nobody else's.
    if (serial !== undefined && serial >= mostFeeders) return ownTurn();
    const at = serial ?? mostFeeders + random.fork("turn", name, order).int(0, mostFeeders - 1);
    const before = Atomics.compareExchange(this.#numbers, 2 * mostFeeders + at, 0, rows + 1);
    if (before !== 0 && before !== rows + 1) throw problem("SEA_FEED_DIFFERS", { file: name, rows, others: before - 1 }, `feeder ${name}`);
    return new Counter(this.#numbers, at);
  }
}
