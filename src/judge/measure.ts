import type { Grade } from "../model/verdict.ts";
import type { Starts } from "./evidence.ts";
import type { Sample } from "./sample.ts";

/** What one limit is held against: one stretch of one phase. */
export interface Seen {
  readonly sample: Sample;
  /** Undefined below the journey: a step has no starts of its own. */
  readonly starts: Starts | undefined;
  /** Somebody walked, so that doing nothing at all is an observation. */
  readonly walking: boolean;
  readonly lengthMs: number;
}

export interface Measure {
  readonly grade: Grade;
  readonly observed: string;
  readonly reason: string;
  /** Among windows, the larger the worse. */
  readonly badness: number;
  /** It will not come right again, or rests on so much that it may end a run. */
  readonly settled: boolean;
}

export interface Limit {
  readonly name: string;
  /** `"p95 ≤ 200ms"` */
  readonly expected: string;
  /** What a slow generator would falsify: the latency of ops, or what was counted by time. */
  readonly restsOn: "samples" | "seconds" | "nothing";
  measure(seen: Seen): Measure;
}

/** Nothing was seen, and that is no pass. */
export const silent = (name: string, reason: string): Measure =>
  ({ grade: "unsure", observed: `${name}: no samples`, reason, badness: -Infinity, settled: false });
