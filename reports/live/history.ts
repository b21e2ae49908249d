import { Histogram } from "../../src/ledger/histogram.ts";
import type { EndLine, SecondLine } from "../../src/ledger/lines.ts";

/** With more stretches than this, each two become one: a page that is opened late gets the whole run, and memory does not grow with it. */
const mostStretches = 600;

/** As on the wire: ops, refused, unsure and dropped a second, p50, p95 and p99 in ms from due, the most users at once. Null: not measured. */
export type Point = readonly [perSecond: number | null, refused: number | null, unsure: number | null, dropped: number | null, p50: number | null, p95: number | null, p99: number | null, users: number | null];

export interface HistoryPart {
  /** Length of a stretch in seconds; stretch i begins at second i · stepS. */
  readonly stepS: number;
  /** The first of these points is number `from`; what a reader has beyond is replaced. */
  readonly from: number;
  readonly points: readonly Point[];
}

interface Stretch {
  ops: number;
  refused: number;
  unsure: number;
  dropped: number;
  users: number;
  /** Latency from due; packed, for most stretches are over. */
  due: string;
  point: Point | undefined;
}

const fresh = (): Stretch => ({ ops: 0, refused: 0, unsure: 0, dropped: 0, users: 0, due: "", point: undefined });
const finite = (n: number): number | null => (Number.isFinite(n) ? Number(n.toPrecision(6)) : null);

function joined(...packed: readonly string[]): Histogram {
  const sum = new Histogram();
  for (const one of packed) sum.addPacked(one);
  return sum;
}

/** The run's seconds for the plots, older ones thinned as the run grows. */
export class History {
  #stepS = 1;
  #stretches: Stretch[] = [];
  #lengthS = 0;
  #endS = Infinity;
  /** The first stretch that changed since the last `news`. */
  #changed = 0;

  /** @param isOp tells the series of touches from those of groups and walks, which would count them twice */
  add(line: SecondLine, isOp: (series: number) => boolean): void {
    const stretch = this.#at(line.s);
    const due = joined(stretch.due);
    for (const [series, ok, refused, unsure, packed] of line.d) {
      if (!isOp(series)) continue;
      stretch.ops += ok + refused + unsure;
      stretch.refused += refused;
      stretch.unsure += unsure;
      due.addPacked(packed);
    }
    stretch.due = due.pack();
    stretch.dropped += line.p.reduce((sum, cell) => sum + cell[3], 0);
    stretch.users = Math.max(stretch.users, line.p.reduce((sum, cell) => sum + cell[6], 0));
  }

  /** The run is over: its last second may have been a short one. */
  end({ t }: EndLine): void {
    this.#endS = t / 1_000;
    const last = this.#stretches.at(-1);
    if (!last) return;
    last.point = undefined;
    this.#changed = Math.min(this.#changed, this.#stretches.length - 1);
  }

  whole(): HistoryPart {
    return this.#from(0);
  }

  /** What changed since the last time; undefined for nothing. */
  news(): HistoryPart | undefined {
    if (this.#changed >= this.#stretches.length) return undefined;
    const part = this.#from(this.#changed);
    this.#changed = this.#stretches.length;
    return part;
  }

  #from(from: number): HistoryPart {
    return { stepS: this.#stepS, from, points: this.#stretches.slice(from).map((stretch, i) => (stretch.point ??= this.#point(stretch, from + i))) };
  }

  #at(s: number): Stretch {
    // The stretch that was the last one may have been measured as a part of itself.
    if (s >= this.#lengthS && this.#stretches.length > 0) this.#stretches.at(-1)!.point = undefined;
    this.#lengthS = Math.max(this.#lengthS, s + 1);
    while (Math.floor(s / this.#stepS) >= mostStretches) this.#thin();
    const index = Math.floor(s / this.#stepS);
    // With a new stretch the last one before it is whole, which changes it too.
    this.#changed = Math.min(this.#changed, index, Math.max(0, this.#stretches.length - 1));
    while (this.#stretches.length <= index) this.#stretches.push(fresh());
    const stretch = this.#stretches[index]!;
    stretch.point = undefined;
    return stretch;
  }

  #thin(): void {
    this.#stepS *= 2;
    this.#changed = 0;
    const half: Stretch[] = [];
    for (let i = 0; i < this.#stretches.length; i += 2) {
      const [a, b] = [this.#stretches[i]!, this.#stretches[i + 1] ?? fresh()];
      half.push({
        ops: a.ops + b.ops, refused: a.refused + b.refused, unsure: a.unsure + b.unsure, dropped: a.dropped + b.dropped, users: Math.max(a.users, b.users),
        due: joined(a.due, b.due).pack(), point: undefined,
      });
    }
    this.#stretches = half;
  }

  /** The same arithmetic as `timeline` has for the report. */
  #point({ ops, refused, unsure, dropped, users, due }: Stretch, index: number): Point {
    const isLast = index === this.#stretches.length - 1;
    const seconds = Math.min(this.#stepS, this.#lengthS - index * this.#stepS);
    const sailed = index > 0 && isLast ? Math.min(seconds, this.#endS - index * this.#stepS) : seconds;
    const times = joined(due);
    const rate = sailed < seconds / 2 ? Number.NaN : Math.max(0, ops) / sailed;
    return [finite(rate), ...[refused, unsure, dropped].map((n) => finite(n / seconds)), ...[0.5, 0.95, 0.99].map((q) => finite(times.quantileMs(q))), users] as unknown as Point;
  }
}
