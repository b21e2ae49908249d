import type { StormStep } from "./storm.ts";

/** The users of one closed pace now. */
export interface ClosedPace {
  readonly journey: string;
  readonly users: number;
  /** As the plan wants it at this moment. */
  readonly planned: number;
  /** With what was changed by hand. */
  readonly wanted: number;
}

/** What a run tells the person watching, about once a second. */
export interface Progress {
  /** Milliseconds since the run began. */
  readonly tMs: number;
  readonly phase: {
    readonly index: number;
    readonly count: number;
    readonly name: string;
    readonly elapsedMs: number;
    /** Undefined where a storm or a count decides. */
    readonly forMs: number | undefined;
  };
  /** Users walking or waiting now. */
  readonly users: number;
  /** Journeys of the phase with a closed pace, whose users a person may change. */
  readonly closed: readonly ClosedPace[];
  /** Ops in the last second. */
  readonly perSecond: number;
  /** Over the last ten seconds, from due; NaN without samples. */
  readonly p50Ms: number;
  readonly p95Ms: number;
  readonly p99Ms: number;
  /** Refused and unsure in the last ten seconds, as a share. */
  readonly errors: number;
  /** Since the run began. */
  readonly ops: number;
  readonly dropped: number;
  readonly storm: { readonly harm: string; readonly step: StormStep; readonly sinceMs: number; readonly withinMs: number } | undefined;
  /** True when the generator could not keep up in the last second. */
  readonly slow: boolean;
}
