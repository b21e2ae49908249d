import type { Target } from "../model/fault.ts";
import type { Plain } from "../model/cluster.ts";
import type { Regression } from "../model/regression.ts";
import type { Histogram } from "./histogram.ts";
import type { EndLine, FailLine, GapLine, HandLine, HealthLine, NotesLine, PaceCell, PhaseFacts, ProbeLine, RunLine, SayLine, SecondCell, SeriesLine, SeriesType, SightLine, StormLine, SurvivalLine, WalkLine } from "./lines.ts";

export interface PhaseView extends PhaseFacts {
  readonly index: number;
  /** Undefined when the run never came so far. */
  readonly beginMs: number | undefined;
  readonly endMs: number | undefined;
}

/** One storm's states by time; a state that was not reached is undefined. */
export interface StormView {
  readonly phase: number;
  readonly debt: string | undefined;
  readonly targets: readonly Target[];
  readonly aim: Plain | undefined;
  readonly aimMs: number | undefined;
  readonly injectMs: number | undefined;
  readonly harmedMs: number | undefined;
  readonly recoveredMs: number | undefined;
  readonly overdueMs: number | undefined;
  /** A person had it healed, before it was recovered or overdue. */
  readonly relievedMs: number | undefined;
  readonly healedMs: number | undefined;
  /** Healed later, by `seatrial heal`. */
  readonly healedBy: "run" | "heal" | undefined;
  readonly steps: readonly StormLine[];
  readonly error: string | undefined;
}

export interface SecondView {
  readonly s: number;
  readonly cell: SecondCell;
  /** When the first and the latest failure of this second came; undefined where there was none, or an old ledger does not say. */
  readonly bad?: readonly [fromMs: number, toMs: number];
}

export interface SeriesView extends Omit<SeriesLine, "k" | "id"> {
  readonly seconds: readonly SecondView[];
}

export interface PaceRow {
  readonly s: number;
  readonly cell: PaceCell;
}

export interface Failures {
  readonly phase: number;
  readonly journey: string;
  readonly step: string;
  readonly cause: string;
  readonly count: number;
  /** Of walks that were walked again: in no budget. */
  readonly retried?: true;
}

export interface FailureExample extends Omit<FailLine, "k" | "series"> {
  readonly phase: number;
  readonly journey: string;
  readonly step: string;
  readonly retried?: true;
}

/** What to add up. Everything left out means all. */
export interface Select {
  readonly phase?: number;
  readonly journey?: string;
  /** A named step; left out: all ops of the journey, without groups and walks. */
  readonly step?: string;
  readonly type?: SeriesType;
  /** Whole seconds since the run began, the second excluded. */
  readonly fromS?: number;
  readonly toS?: number;
}

/** Ops added up. */
export interface Tally {
  readonly ok: number;
  readonly refused: number;
  readonly unsure: number;
  readonly count: number;
  readonly due: Histogram;
  readonly began: Histogram;
  /** Seconds in which anything was counted: the first, and the one after the last. */
  readonly fromS: number;
  readonly toS: number;
}

/** A read ledger: everything the judge and the reports know. */
export interface LedgerView {
  readonly run: RunLine;
  /** Which part of a whole each ledger is; undefined for one that is no shard. */
  readonly shards: readonly Regression["shard"][];
  readonly phases: readonly PhaseView[];
  readonly series: readonly SeriesView[];
  readonly pace: readonly PaceRow[];
  readonly failures: readonly Failures[];
  readonly examples: readonly FailureExample[];
  /** Attempts at counted walks, as they ended. */
  readonly walks: readonly WalkLine[];
  readonly notes: readonly NotesLine[];
  readonly storms: readonly StormView[];
  /** What the platform was seen to do while storms were watched, in the order of time. */
  readonly sights: readonly SightLine[];
  readonly probes: readonly ProbeLine[];
  readonly health: readonly HealthLine[];
  readonly gaps: readonly GapLine[];
  readonly survivals: readonly SurvivalLine[];
  readonly hands: readonly HandLine[];
  readonly says: readonly SayLine[];
  readonly end: EndLine | undefined;
  /** Time of the last thing recorded, ms. */
  readonly lastMs: number;
  /** What could not be read, in words; empty for a whole ledger. */
  readonly damage: readonly string[];
  tally(select?: Select): Tally;
}
