import { Histogram } from "../ledger/histogram.ts";
import type { SecondTotals } from "../ledger/book.ts";

/** The person watching sees the last ten seconds. */
const windowS = 10;

/** The last seconds of the run, for the live display. */
export class Lately {
  readonly #ring: SecondTotals[] = [];
  ops = 0;
  dropped = 0;

  add(totals: SecondTotals): void {
    this.#ring.push(totals);
    if (this.#ring.length > windowS) this.#ring.shift();
    this.ops += totals.ops;
    this.dropped += totals.dropped;
  }

  read(): { perSecond: number; p50Ms: number; p95Ms: number; p99Ms: number; errors: number } {
    const all = new Histogram();
    let [ops, errors] = [0, 0];
    for (const second of this.#ring) {
      all.add(second.due);
      ops += second.ops;
      errors += second.errors;
    }
    return { perSecond: this.#ring.at(-1)?.ops ?? 0, p50Ms: all.quantileMs(0.5), p95Ms: all.quantileMs(0.95), p99Ms: all.quantileMs(0.99), errors: ops > 0 ? errors / ops : 0 };
  }
}
