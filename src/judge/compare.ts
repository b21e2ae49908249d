import type { SeriesView } from "../ledger/view.ts";
import type { Grade } from "../model/verdict.ts";
import { sayMs } from "../units/duration.ts";
import { sayFraction } from "../units/percent.ts";
import { sayMany } from "./finding.ts";
import { samplesFor } from "./latency.ts";
import { type Sample, samplesBy } from "./sample.ts";
import type { Stretch } from "./stretch.ts";

/** One step of one ledger. */
export interface Side {
  readonly series: SeriesView;
  readonly stretch: Stretch;
  readonly sample: Sample;
}

export interface Compared {
  readonly grade: Grade;
  readonly expected: string;
  readonly observed: string;
  readonly reason: string;
}

const fewestBlocks = 5;
const mostBlocks = 20;
/** Differences that nobody feels. */
const leastMs = 1;
const nothing: ReadonlySet<number> = new Set();

/** A phase in blocks of whole seconds, each with the samples that a percentile needs; too few are none. */
function blocksOf({ series, stretch, sample }: Side, needed: number): readonly Sample[] {
  const seconds = stretch.toS - stretch.fromS;
  const count = Math.min(mostBlocks, seconds, Math.floor(sample.latency("due").count / needed));
  if (count < fewestBlocks) return [];
  const lengthS = Math.floor(seconds / count);
  const blocks = Array.from({ length: count }, (_, index) => {
    const fromS = stretch.fromS + index * lengthS;
    return { fromS, toS: fromS + lengthS, lengthMs: lengthS * 1_000 };
  });
  return [...samplesBy(blocks, [series], nothing)];
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/**
 * How far two runs of the same service may lie apart by chance: three standard errors, taken from
 * how far the baseline's own blocks lie apart (by their median deviation, which one outlier can't move).
 */
function chanceOf(blocks: readonly number[], blocksNow: number): number {
  const middle = median(blocks);
  const spread = 1.4826 * median(blocks.map((value) => Math.abs(value - middle)));
  // A spread told by few blocks is itself uncertain, as Student's t has it.
  const wary = 1 + 6 / blocks.length;
  return 3 * wary * spread * Math.sqrt(1 / blocks.length + 1 / blocksNow);
}

/** A median scatters so much more than a mean. */
const ofMedian = Math.sqrt(Math.PI / 2);

/**
 * Compares the medians of the blocks' percentiles. Worse is what is worse by more than the tolerance,
 * than chance explains, and than 1 ms. A percentile that the baseline itself
 * had too few samples for promised nothing, so it is left out; p50 never is.
 */
export function comparePercentile(percentile: number, now: Side, then: Side, tolerance: number): Compared | undefined {
  // Twice the least, or a block's percentile would be little more than its maximum.
  const needed = 2 * samplesFor(percentile);
  const [here, there] = [now, then].map((side) =>
    blocksOf(side, needed).map((block) => block.latency("due").quantileMs(percentile / 100)).filter((ms) => !Number.isNaN(ms)),
  ) as [number[], number[]];
  const name = `p${percentile}`;
  if (there.length < fewestBlocks && percentile > 50) return undefined;
  if (there.length < fewestBlocks || here.length < fewestBlocks) {
    return {
      grade: "unsure", expected: `${name} no worse than the baseline's`, observed: `${name} can't be compared`,
      reason: `fewer than ${fewestBlocks} blocks of ${needed} samples ${here.length < fewestBlocks ? "now" : "in the baseline"}`,
    };
  }
  const [newMs, oldMs] = [median(here), median(there)];
  const roomMs = Math.max(tolerance * oldMs, ofMedian * chanceOf(there, here.length), leastMs);
  return {
    grade: newMs > oldMs + roomMs ? "fail" : "pass",
    expected: `${name} ≤ ${sayMs(oldMs + roomMs)} (the baseline's ${sayMs(oldMs)} and ${sayMs(roomMs)} for noise)`,
    observed: `${name} = ${sayMs(newMs)}, the median of ${sayMany(here.length, "block")}`,
    reason: newMs < oldMs - roomMs ? "better than the baseline" : "",
  };
}

/** Compares shares of errors: by the tolerance, by what chance explains between blocks, and by the chance in counting so few. */
export function compareErrors(now: Side, then: Side, tolerance: number): Compared {
  const [here, there] = [now.sample, then.sample];
  if (here.count === 0 || there.count === 0) {
    return { grade: "unsure", expected: "errors no worse than the baseline's", observed: "errors can't be compared", reason: "no samples" };
  }
  const bad = (sample: Sample) => sample.refused + sample.unsure;
  const [newShare, oldShare] = [bad(here) / here.count, bad(there) / there.count];
  const both = (bad(here) + bad(there)) / (here.count + there.count);
  const counting = 3 * Math.sqrt(both * (1 - both) * (1 / here.count + 1 / there.count));
  const [blocksNow, blocksThen] = [now, then].map((side) => blocksOf(side, 1).filter((block) => block.count > 0)) as [Sample[], Sample[]];
  const between = blocksNow.length > 0 && blocksThen.length > 0 ? chanceOf(blocksThen.map((block) => bad(block) / block.count), blocksNow.length) : 0;
  const room = Math.max(tolerance * oldShare, between, counting);
  return {
    grade: newShare > oldShare + room ? "fail" : "pass",
    expected: `errors ≤ ${sayFraction(Math.min(1, oldShare + room))} (the baseline's ${sayFraction(oldShare)} and ${sayFraction(room)} for noise)`,
    observed: `errors = ${sayFraction(newShare)} (${bad(here)} of ${sayMany(here.count, "op")})`,
    reason: newShare < oldShare - room ? "better than the baseline" : "",
  };
}
