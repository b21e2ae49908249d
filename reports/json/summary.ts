import type { EndLine, HandLine, RunLine, WalkFailure, WalkLine } from "../../src/ledger/lines.ts";
import type { WalkResult } from "../../src/ledger/walks.ts";
import type { Part } from "../../src/model/op.ts";
import type { Target } from "../../src/model/fault.ts";
import type { Finding, Grade, Moment } from "../../src/model/verdict.ts";
import type { ErrorCode } from "../../src/units/errors.ts";

/** Grows by one when a field changes its meaning or goes; new fields do not count. */
export const summaryVersion = 1;

/** The shape of `summary.json`. Times are milliseconds, shares 0 to 1; what was not measured is null. */
export interface Summary {
  readonly format: "seatrial-summary";
  readonly version: typeof summaryVersion;
  readonly verdict: { readonly grade: Grade; readonly sentence: string; readonly unhealed: readonly string[] };
  readonly run: {
    readonly id: string;
    readonly scenario: string;
    readonly file: string | null;
    readonly seed: number;
    readonly mode: RunLine["mode"];
    readonly place: string | null;
    /** ISO 8601, UTC; all `…Ms` below count from here. */
    readonly startedAt: string;
    readonly lengthMs: number;
    /** Null when the run was killed. */
    readonly end: { readonly how: EndLine["how"]; readonly reason: string | null } | null;
    /** Plays the same run again. */
    readonly command: string | null;
    readonly machine: RunLine["machine"];
    /** What every reader must know: that certificates were not checked, say. */
    readonly caveats: readonly string[];
  };
  readonly findings: readonly (Omit<Finding, "phase" | "journey" | "step"> & { readonly phase: string | null; readonly journey: string | null; readonly step: string | null })[];
  readonly total: Totals;
  readonly rows: readonly Row[];
  readonly phases: readonly {
    readonly name: string;
    readonly judged: boolean;
    /** Null when the run never came so far. */
    readonly beginMs: number | null;
    readonly endMs: number | null;
    readonly total: Totals;
    readonly rows: readonly Row[];
    readonly storm: StormSummary | null;
  }[];
  /** Where the time of answered touches went, for drivers that kept it; empty for others. */
  readonly parts: readonly (Times & { readonly journey: string; readonly step: string; readonly part: Part; readonly count: number; /** Of all the step's time. */ readonly share: number | null })[];
  readonly survivals: readonly {
    readonly tMs: number;
    readonly phase: string;
    readonly kind: string;
    readonly noted: number;
    readonly found: number;
    readonly lost: readonly string[];
    readonly lostCount: number;
    readonly forgiven: number;
    readonly recovered: number;
    readonly unexpected: readonly string[];
    readonly unexpectedCount: number;
    readonly unknown: number;
    readonly error: string | null;
  }[];
  /** What a person changed from the live page. */
  readonly hands: readonly { readonly tMs: number; readonly phase: string; readonly act: HandLine["act"]; readonly by: string; readonly journey: string | null; readonly planned: number | null; readonly before: number | null; readonly wanted: number | null }[];
  readonly failures: readonly { readonly phase: string; readonly journey: string; readonly step: string; readonly cause: string; readonly count: number; /** Of walks that were walked again: in no budget. */ readonly retried?: true }[];
  /** Walks of counted paces: how many came to what, and those that did not pass at once, at most a thousand. */
  readonly walks: {
    readonly counts: Readonly<Record<WalkResult, number>>;
    readonly others: readonly {
      readonly phase: string;
      readonly journey: string;
      /** From 1. */
      readonly walk: number;
      readonly result: WalkResult;
      readonly attempts: readonly { readonly outcome: WalkLine["outcome"]; readonly ms: number; readonly user: number; readonly failures: readonly WalkFailure[] }[];
    }[];
  };
  readonly generator: {
    /** Threads that made the load. */
    readonly workers: number;
    readonly seconds: number;
    readonly slowSeconds: number;
    /** Limits of its own that were broken, by their codes: the worst in words, and the seconds of the run. */
    readonly strains: readonly { readonly code: ErrorCode; readonly worst: string; readonly seconds: readonly number[] }[];
    /** When the share of a worker, counted from 1, was missing because it had died. */
    readonly gaps: readonly { readonly worker: number; readonly fromMs: number; readonly toMs: number; readonly why: string }[];
  };
  /** What of the ledger could not be read. */
  readonly damage: readonly string[];
}

export interface Times {
  readonly p50Ms: number | null;
  readonly p90Ms: number | null;
  readonly p95Ms: number | null;
  readonly p99Ms: number | null;
  readonly p999Ms: number | null;
  readonly maxMs: number | null;
  readonly meanMs: number | null;
}

export interface Numbers {
  readonly count: number;
  readonly ok: number;
  readonly refused: number;
  readonly unsure: number;
  /** Refused and unsure, as a share of all. */
  readonly errors: number | null;
  readonly perSecond: number | null;
  /** From when an op was due: what a user suffers. */
  readonly due: Times;
  /** From when it began: what the server took. */
  readonly began: Times;
}

export interface Totals extends Numbers {
  readonly starts: number;
  readonly dropped: number;
  readonly ended: number;
  readonly cut: number;
}

/** `type` "all": every op of the journey; "walk": whole walks; "group": a named step around ops; "op": one step; "measure": a time that the journey measured itself. */
export interface Row extends Numbers {
  readonly journey: string;
  readonly type: "all" | "walk" | "group" | "op" | "measure";
  readonly step: string;
}

/** States by time; null where one was not reached. */
export interface StormSummary {
  readonly fault: string;
  readonly harm: string;
  readonly recovery: string;
  readonly withinMs: number;
  readonly targets: readonly Target[];
  readonly aimMs: number | null;
  readonly injectMs: number | null;
  readonly harmedMs: number | null;
  readonly recoveredMs: number | null;
  readonly overdueMs: number | null;
  readonly relievedMs: number | null;
  readonly healedMs: number | null;
  readonly healedBy: "run" | "heal" | null;
  /** What was seen around it; `tMs` is null for what was not. */
  readonly moments: readonly { readonly name: Moment["name"]; readonly tMs: number | null; readonly text: string }[];
  readonly error: string | null;
}
