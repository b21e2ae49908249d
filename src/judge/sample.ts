import { Histogram } from "../ledger/histogram.ts";
import type { SecondCell } from "../ledger/lines.ts";
import type { SeriesView } from "../ledger/view.ts";
import type { Stretch } from "./stretch.ts";

export type From = "due" | "began";

/** Ops added up, with what of them fell into seconds in which the generator was slow. */
export interface Sample {
  readonly ok: number;
  readonly refused: number;
  readonly unsure: number;
  readonly count: number;
  /** Share of the answered ops that were answered in slow seconds. */
  readonly slowShare: number;
  /** For reading only: it may be shared. */
  latency(from: From): Histogram;
}

/** The answered ops of a cell, due or from their begin. */
function pour(cell: SecondCell, from: From, into: Histogram): void {
  into.addPacked(from === "due" || cell[5] === "=" ? cell[4] : cell[5]);
}

interface Total {
  seen: number;
  readonly histogram: Histogram;
}
const totals: Readonly<Record<From, WeakMap<SeriesView, Total>>> = { due: new WeakMap(), began: new WeakMap() };

/**
 * A series' latency so far. Unpacking is what judging costs, and seconds are only ever appended,
 * so each is unpacked once: also for the stop question, which comes back every second.
 */
function latencyOf(series: SeriesView, from: From): Histogram {
  let total = totals[from].get(series);
  if (!total) {
    total = { seen: 0, histogram: new Histogram() };
    totals[from].set(series, total);
  }
  for (; total.seen < series.seconds.length; total.seen++) pour(series.seconds[total.seen]!.cell, from, total.histogram);
  return total.histogram;
}

class Counts {
  ok = 0;
  refused = 0;
  unsure = 0;
  #slow = 0;

  add(cell: SecondCell, slow: boolean): void {
    this.ok += cell[1];
    this.refused += cell[2];
    this.unsure += cell[3];
    if (slow) this.#slow += cell[1] + cell[3];
  }

  sample(read: (from: From) => Histogram): Sample {
    const known: { [from in From]?: Histogram } = {};
    const latency = (from: From) => (known[from] ??= read(from));
    // A check can take back an `ok` of an earlier second, so a single window can be below zero.
    const ok = Math.max(0, this.ok);
    const answered = this.ok + this.unsure;
    const slowShare = answered > 0 ? Math.max(0, this.#slow) / answered : 0;
    return { ok, refused: this.refused, unsure: this.unsure, count: ok + this.refused + this.unsure, slowShare, latency };
  }
}

/** Everything of some series. */
export function sampleOf(series: readonly SeriesView[], slow: ReadonlySet<number>): Sample {
  const counts = new Counts();
  for (const one of series) for (const { s, cell } of one.seconds) counts.add(cell, slow.has(s));
  return counts.sample((from) => {
    if (series.length === 1) return latencyOf(series[0]!, from);
    const sum = new Histogram();
    for (const one of series) sum.add(latencyOf(one, from));
    return sum;
  });
}

/**
 * The same by windows, in their order. What was recorded before the first or after the last (walks
 * that ended in the grace) counts to it, so that nothing of a phase is in no window.
 */
export function* samplesBy(windows: readonly Stretch[], series: readonly SeriesView[], slow: ReadonlySet<number>): Generator<Sample> {
  const cells: { readonly s: number; readonly cell: SecondCell }[][] = windows.map(() => []);
  const [startS, everyS] = [windows[0]!.fromS, windows[0]!.toS - windows[0]!.fromS];
  for (const one of series) {
    for (const second of one.seconds) {
      const index = Math.floor((second.s - startS) / everyS);
      cells[Math.min(windows.length - 1, Math.max(0, index))]!.push(second);
    }
  }
  for (const within of cells) {
    const counts = new Counts();
    for (const { s, cell } of within) counts.add(cell, slow.has(s));
    yield counts.sample((from) => {
      const sum = new Histogram();
      for (const { cell } of within) pour(cell, from, sum);
      return sum;
    });
  }
}

/** What was recorded within a stretch, and nothing else. */
export function sampleWithin(stretch: Stretch, series: readonly SeriesView[], slow: ReadonlySet<number>): Sample {
  const within = series.map((one) => ({ ...one, seconds: one.seconds.filter(({ s }) => s >= stretch.fromS && s < stretch.toS) }));
  return sampleOf(within, slow);
}
