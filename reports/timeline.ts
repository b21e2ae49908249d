import { Histogram } from "../src/ledger/histogram.ts";
import type { LedgerView, PaceRow, SeriesView } from "../src/ledger/view.ts";

/** One stretch of the run, for a plot. Latencies are NaN where nothing was measured. */
export interface TimelinePoint {
  /** Seconds since the run began. */
  readonly s: number;
  /** NaN where the run ended so early in the stretch that its rate would look like a fall. */
  readonly perSecond: number;
  readonly refusedPerSecond: number;
  readonly unsurePerSecond: number;
  readonly droppedPerSecond: number;
  readonly p50Ms: number;
  readonly p95Ms: number;
  readonly p99Ms: number;
  /** From begun; the others count from due. */
  readonly p95BegunMs: number;
  /** The most at once. */
  readonly users: number;
}

export interface Timeline {
  /** Length of a stretch in seconds. */
  readonly stepS: number;
  readonly lengthS: number;
  readonly points: readonly TimelinePoint[];
}

const steps = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1_800, 3_600];

/** The shortest round stretch that cuts `lengthS` into at most `most` points. */
export function stepFor(lengthS: number, most: number): number {
  return steps.find((step) => lengthS / step <= most) ?? Math.ceil(lengthS / most / 3_600) * 3_600;
}

/** Rate, errors, latency from due and users over the run, in at most `most` points. */
export function timeline(view: LedgerView, most = 600): Timeline {
  const lengthS = Math.max(1, Math.ceil(view.lastMs / 1_000), lastSecond(view.series) + 1);
  const stepS = stepFor(lengthS, most);
  const count = Math.ceil(lengthS / stepS);
  const zeros = () => new Float64Array(count);
  const [all, refused, unsure, dropped] = [zeros(), zeros(), zeros(), zeros()];
  const latency = new Array<Histogram | undefined>(count);
  const begun = new Array<Histogram | undefined>(count);
  for (const series of view.series) {
    if (series.type !== "op") continue;
    for (const { s, cell } of series.seconds) {
      const i = Math.floor(s / stepS);
      all[i]! += cell[1] + cell[2] + cell[3];
      refused[i]! += cell[2];
      unsure[i]! += cell[3];
      (latency[i] ??= new Histogram()).addPacked(cell[4]);
      (begun[i] ??= new Histogram()).addPacked(cell[5] === "=" ? cell[4] : cell[5]);
    }
  }
  for (const { s, cell } of view.pace) {
    const i = Math.floor(s / stepS);
    if (i < count) dropped[i]! += cell[3];
  }
  const users = usersOf(view.pace, stepS, count);
  const endS = view.end ? view.end.t / 1_000 : lengthS;
  const points = Array.from({ length: count }, (_, i): TimelinePoint => {
    // The last stretch may be shorter; its rates are of what there was of it.
    const seconds = Math.min(stepS, lengthS - i * stepS);
    const sailed = i > 0 && i === count - 1 ? Math.min(seconds, endS - i * stepS) : seconds;
    const times = latency[i];
    return {
      s: i * stepS,
      perSecond: sailed < seconds / 2 ? Number.NaN : Math.max(0, all[i]!) / sailed,
      refusedPerSecond: refused[i]! / seconds,
      unsurePerSecond: unsure[i]! / seconds,
      droppedPerSecond: dropped[i]! / seconds,
      p50Ms: times?.quantileMs(0.5) ?? Number.NaN,
      p95Ms: times?.quantileMs(0.95) ?? Number.NaN,
      p99Ms: times?.quantileMs(0.99) ?? Number.NaN,
      p95BegunMs: begun[i]?.quantileMs(0.95) ?? Number.NaN,
      users: users[i]!,
    };
  });
  return { stepS, lengthS, points };
}

function lastSecond(series: readonly SeriesView[]): number {
  let last = 0;
  for (const one of series) last = Math.max(last, one.seconds.at(-1)?.s ?? 0);
  return last;
}

/** Users add up over journeys and shards within a second; a stretch shows its fullest second. */
function usersOf(pace: readonly PaceRow[], stepS: number, count: number): Float64Array {
  const bySecond = new Map<number, number>();
  for (const { s, cell } of pace) bySecond.set(s, (bySecond.get(s) ?? 0) + cell[6]);
  const most = new Float64Array(count);
  for (const [s, users] of bySecond) {
    const i = Math.floor(s / stepS);
    if (i < count && users > most[i]!) most[i] = users;
  }
  return most;
}
