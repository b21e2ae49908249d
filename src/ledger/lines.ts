/**
 * The lines of a ledger: NDJSON, one object a line, `k` says which. Times `t` are milliseconds
 * since the run began; seconds `s` are whole. Keys are short because there are many.
 */
import type { Budgets } from "../model/budget.ts";
import type { Plain } from "../model/cluster.ts";
import type { Cost, Mending, Target } from "../model/fault.ts";
import type { Artifact, Failure, LackCause, Outcome, Part } from "../model/op.ts";
import type { Regression } from "../model/regression.ts";
import type { Sighting } from "../model/sighting.ts";
import type { StormStep } from "../model/storm.ts";

export const ledgerVersion = 1;

/** A phase as the judge needs it. */
export interface PhaseFacts {
  readonly name: string;
  readonly judged: boolean;
  /** Planned length; undefined where a storm or a count decides. */
  readonly forMs?: number;
  /** Journeys that have load in it; left out, the judge goes by what was counted. */
  readonly load?: readonly string[];
  readonly budget?: Budgets;
  readonly storm?: StormFacts;
}

export interface StormFacts {
  readonly fault: string;
  readonly harm: string;
  readonly costs: readonly Cost[];
  readonly by: Mending;
  /** Name of the recovery; `"platform"` or `"end"` where nobody acts. */
  readonly recovery: string;
  readonly withinMs: number;
  readonly keeps: readonly { readonly kind: string; readonly losingMs: number }[];
}

export interface ProbeFacts {
  readonly name: string;
  readonly everyMs: number;
  readonly atLeast?: number;
  readonly atMost?: number;
  /** The phase it belongs to; undefined for the whole run. */
  readonly phase?: number;
}

/** The first line: what was played, by whom, with which seed, within which budget. */
export interface RunLine {
  readonly k: "run";
  readonly v: typeof ledgerVersion;
  readonly run: string;
  readonly scenario: string;
  /** The scenario's file, for `heal`. */
  readonly file?: string;
  readonly seed: number;
  /** Wall time of t = 0, ms since 1970. */
  readonly startedMs: number;
  readonly mode: "run" | "rehearse";
  readonly place?: { readonly kind: string; readonly name: string; readonly address?: Plain };
  readonly journeys: readonly string[];
  readonly phases: readonly PhaseFacts[];
  readonly budget: Budgets;
  readonly probes: readonly ProbeFacts[];
  /** What every reader of a report must know: left out where there is nothing. */
  readonly caveats?: readonly string[];
  readonly regression?: Regression;
  readonly machine: { readonly node: string; readonly platform: string; readonly cpus: number; /** Threads that make the load; left out where it is the main one. */ readonly workers?: number; readonly seatrial: string; readonly host: string; readonly pid: number; /** Where `file` counts from. */ readonly folder: string };
}

export interface PhaseLine {
  readonly k: "phase";
  readonly t: number;
  readonly phase: number;
  readonly at: "begin" | "end";
}

/** `retried`: a touch of a walk that failed and was walked again, or that walk (its step is ""): in no count or budget. A `Part`: of the touches of a step, where their time went. `op`: one touch; `group`: a `user.step`; `measure`: a time of `user.measure`; `walk`: a whole walk of a journey (its step is ""). */
export type SeriesType = "op" | "group" | "measure" | "walk" | "retried" | Part;

export interface SeriesLine {
  readonly k: "series";
  readonly id: number;
  readonly type: SeriesType;
  readonly phase: number;
  readonly journey: string;
  readonly step: string;
}

/**
 * series, ok, refused, unsure, latency from due, latency from begin ("=" when it is the same).
 * Refused touches are in no latency: a fast error must not flatter a percentile. A later
 * `user.check` takes an `ok` back, so `ok` of a single second can be below zero; sums are right. Its
 * latency stays in: the service did answer, and in that time.
 */
export type SecondCell = readonly [series: number, ok: number, refused: number, unsure: number, due: string, began: string];
/** phase, journey, starts, dropped starts, walks ended, walks cut, users now. */
export type PaceCell = readonly [phase: number, journey: string, starts: number, dropped: number, ended: number, cut: number, users: number];
/** series, cause, how often. */
export type CauseCell = readonly [series: number, cause: string, count: number];

/** series, and when the first and the latest of its failures in this second came. */
export type BadCell = readonly [series: number, fromMs: number, toMs: number];

export interface SecondLine {
  readonly k: "sec";
  readonly s: number;
  readonly d: readonly SecondCell[];
  readonly p: readonly PaceCell[];
  readonly c?: readonly CauseCell[];
  readonly b?: readonly BadCell[];
}

/** One exemplar of a failure; bounded in number and size. */
export interface FailLine {
  readonly k: "fail";
  readonly t: number;
  readonly series: number;
  readonly user: number;
  readonly cause: string;
  readonly request?: string;
  readonly status?: number;
  readonly body?: string;
  readonly error?: string;
  readonly spent?: string;
  readonly artifacts?: readonly Artifact[];
}

/** A failure of one walk, with the step that it came from; "" is the walk's own. */
export interface WalkFailure extends Failure {
  readonly step: string;
}

/** One attempt at a walk of a counted pace. Thousands have a line each; all are counted in the seconds. */
export interface WalkLine {
  readonly k: "walk";
  /** When it ended. */
  readonly t: number;
  readonly phase: number;
  readonly journey: string;
  /** Which of the pace's walks, from 0: the same in whichever worker or shard it is walked. */
  readonly walk: number;
  /** From 0; others follow where failed walks are walked again. */
  readonly attempt: number;
  readonly user: number;
  readonly outcome: Outcome | "cut";
  readonly ms: number;
  /** It failed, and was walked again: it is in no budget. */
  readonly again?: true;
  /** The first few. */
  readonly failures?: readonly WalkFailure[];
}

export interface NotesLine {
  readonly k: "notes";
  readonly kind: string;
  readonly what: "attempt" | "note";
  readonly ids: readonly (readonly [t: number, id: string])[];
}

export interface StormLine {
  readonly k: "storm";
  readonly t: number;
  readonly phase: number;
  readonly step: StormStep;
  /** With `aim`. */
  readonly debt?: string;
  readonly aim?: Plain;
  readonly targets?: readonly Target[];
  readonly prepared?: Plain;
  /** With `error` and `unhealed`. */
  readonly error?: string;
}

/** What the platform was seen to do while a storm was watched; its `atMs` is in the times of the ledger. */
export interface SightLine extends Sighting {
  readonly k: "sight";
  readonly t: number;
  readonly phase: number;
}

export interface ProbeLine {
  readonly k: "probe";
  readonly t: number;
  readonly name: string;
  readonly phase?: number;
  readonly value?: number;
  readonly ok?: boolean;
  readonly text?: string;
  readonly error?: string;
}

/** One second of the generator's own health; one line a thread: the main one, and each worker. */
export interface HealthLine {
  readonly k: "health";
  readonly s: number;
  /** From 0; undefined for the main thread. */
  readonly worker?: number;
  /** How late timers of the event loop rang, ms: the 99th percentile and the worst. */
  readonly lagMs: number;
  readonly lagMaxMs: number;
  /** CPU of this thread, as a share of one core. */
  readonly cpu: number;
  readonly heapMb: number;
  /** True when the numbers of this second can't be trusted. */
  readonly slow: boolean;
  /** The heap as a share of what it may become. */
  readonly heap?: number;
  /** Memory of the whole process. */
  readonly rssMb?: number;
  /** What follows is left out where it is 0, and where the system does not say it. */
  readonly gcMs?: number;
  readonly gcMaxMs?: number;
  /** Ready to run, and no CPU free for it. */
  readonly waitedMs?: number;
  /** It stood still: stopped, asleep with the machine, or blocked by a call. */
  readonly stoppedMs?: number;
  /** So much further went the wall clock than time did. */
  readonly clockMs?: number;
  /** Open descriptors, and how many there may be. */
  readonly descriptors?: readonly [open: number, limit: number];
  /** TCP sockets of the machine, and how many local ports there are for one address. */
  readonly sockets?: readonly [tcp: number, ports: number];
  /** CPUs of the machine: the share in use, and the share that its hypervisor gave to others. */
  readonly busy?: number;
  readonly stolen?: number;
  /** Touches that could not begin, by what the generator lacked. */
  readonly lacks?: Readonly<Partial<Record<LackCause, number>>>;
}

/** What was found of the noted writes of one kind after a storm. Lists are bounded; counts are not. */
export interface SurvivalLine {
  readonly k: "survival";
  readonly t: number;
  readonly phase: number;
  readonly kind: string;
  /** Acknowledged before the harm, outside the time that may be lost. */
  readonly noted: number;
  readonly found: number;
  readonly lost: readonly string[];
  readonly lostCount: number;
  /** Lost, but within the time that may be lost. */
  readonly forgiven: number;
  /** There, though never acknowledged: its answer was lost on the way. */
  readonly recovered: number;
  /** There, though nobody asked for it. */
  readonly unexpected: readonly string[];
  readonly unexpectedCount: number;
  /** Could not be read either way. */
  readonly unknown: number;
  readonly error?: string;
}

/**
 * What a person did to a run under way, from its live page. From then on it is not quite the run that
 * was planned: `users` changes the users of a closed pace until its phase ends, `heal` heals the storm
 * before its time.
 */
export interface HandLine {
  readonly k: "hand";
  readonly t: number;
  readonly phase: number;
  readonly act: "users" | "heal";
  /** Where it came from: `"the page, from 127.0.0.1"`. */
  readonly by: string;
  /** With `users`: whose, and how many of them the plan wants at this moment, were wanted before, and are from now on. */
  readonly journey?: string;
  readonly planned?: number;
  readonly before?: number;
  readonly wanted?: number;
}

export interface SayLine {
  readonly k: "say";
  readonly t: number;
  readonly level: "info" | "warning" | "error";
  readonly text: string;
  readonly code?: string;
}

/** A worker died, and its part of the load was missing until another took over, or the run ended. */
export interface GapLine {
  readonly k: "gap";
  /** Written at. */
  readonly t: number;
  readonly worker: number;
  /** What the worker did since is not known. */
  readonly fromMs: number;
  readonly toMs: number;
  readonly why: string;
}

export interface EndLine {
  readonly k: "end";
  readonly t: number;
  /** `done`: as planned; `aborted`: a budget could not hold any more; `interrupted`: a person or signal; `failed`: an error of the run itself. */
  readonly how: "done" | "aborted" | "interrupted" | "failed";
  readonly reason?: string;
}

/** Written by `heal` into the ledger of the run whose debt it cleared. */
export interface HealLine {
  readonly k: "heal";
  readonly debt: string;
  readonly atMs: number;
  readonly healed: boolean;
  readonly error?: string;
}

export type Line =
  | RunLine | PhaseLine | SeriesLine | SecondLine | FailLine | WalkLine | NotesLine | StormLine | SightLine
  | ProbeLine | HealthLine | GapLine | SurvivalLine | HandLine | SayLine | EndLine | HealLine;
