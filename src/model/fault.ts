import type { Duration } from "../units/duration.ts";
import type { Random } from "../units/random.ts";
import type { SeatrialError } from "../units/errors.ts";
import type { Cluster, Plain } from "./cluster.ts";
import type { Survival } from "./survival.ts";

/**
 * What can end a fault: the platform by itself, its own end when its time is over, a restore of
 * data, a return to the old release, somebody who lifts it.
 */
export type Mending = "platform" | "end" | "restore" | "rollback" | "lift";

/** The endings that come without anybody's doing. */
export type Unaided = Extract<Mending, "platform" | "end">;

/** One thing that a fault harms. */
export interface Target {
  /** `workload`: all of it at once; `object`: anything else that the platform keeps, by kind and name, as `"service/shop"`. */
  readonly what: "pod" | "node" | "data" | "release" | "workload" | "namespace" | "object";
  readonly name: string;
  /** Where the platform has several of that name. */
  readonly namespace?: string;
}

/** What a fault resolved to: plain data, enough to heal it from another process. */
export interface Aim {
  readonly targets: readonly Target[];
  readonly [detail: string]: unknown;
}

/**
 * A reversible harm in four verbs. The interpreter calls them in this order:
 * aim, (aim on disk), inject, recovered until it was seen false and then true, heal until it is true.
 *
 * A fault borrows no time: each verb asks and reads, and never waits for the platform. Whoever
 * calls decides how often to ask again and when to give up.
 */
export interface Fault<On extends Cluster = Cluster, A extends Aim = Aim, By extends Mending = Mending> {
  /** Names the fault's healer in ledgers and undo records: `"pod-loss"`. */
  readonly kind: string;
  /** What it does, for people: `"kills 1 pod of shop"`. */
  readonly harm: string;
  readonly mendedBy: { readonly [K in By]: true };
  /** At most so much of each, for the consent check before anything is opened. */
  readonly costs: readonly Cost[];
  /** What is wrong with it whatever the cluster, for `plan`; everything at once. */
  readonly check?: (storm: StormCheck) => readonly SeatrialError[];
  /** Reads only; answers plain data. Throws SEA_AIM_EMPTY when there is nothing to harm. */
  readonly aim: (cluster: On, random: Random, bounds?: Bounds) => Promise<A>;
  /**
   * Asks for the harm. One that takes more than the asking says what is left, and is asked again with
   * the number of the turn, 0 at first, until nothing is.
   */
  readonly inject: (cluster: On, aim: A, turn?: number) => Promise<Injected | void>;
  /**
   * Has the harm come and gone: is the platform whole again, without what was aimed at? Reads only.
   * False straight after `inject`, however late the platform notices. Throws SEA_HARM_MISSED when
   * the harm never took hold and no longer can: then nobody waits for a recovery.
   */
  readonly recovered: (cluster: On, aim: A) => Promise<boolean>;
  /**
   * Asks for whatever is left of the harm to be taken away, and answers whether it is gone: ask again
   * until true. Idempotent, from any process, and harmless when nothing was injected (true at once
   * on a whole cluster). Throws when there is nothing to heal with.
   */
  readonly heal: (cluster: On, aim: A) => Promise<boolean>;
}

/** What a harm says of itself that takes several turns, or that shows before anybody looks for it. */
export interface Injected {
  /** It was seen to harm: `recovered` need not be false first. */
  readonly harmed?: true;
  /** What could not be done yet, and when to ask again. */
  readonly left?: { readonly why: string; readonly againMs: number };
}

/** Where a fault stands in a scenario. */
export interface StormCheck {
  readonly place: string;
  /** The promised time from the inject to recovered. */
  readonly withinMs: number;
  /** Who has promised; undefined where it is nobody known. */
  readonly by: Mending | undefined;
}

export interface Bounds {
  /** So long after the inject the run has healed it, or has given up: a harm that can end by itself ends by then. */
  readonly harmMs: number;
}

export interface Cost {
  readonly what: Target["what"];
  /** Pods, nodes: how many; percentages as written. */
  readonly count?: number | string;
  /** Data scope; workload of a release or of pods; pool of nodes. */
  readonly name?: string;
}

/** Somebody other than the platform who ends a fault: an operator's restore or rollback. */
export interface Recovery<By extends Mending = Mending, On extends Cluster = Cluster> {
  readonly by: By;
  readonly name: string;
  /** Before the harm: take or choose a backup. Its answer is kept in the ledger. */
  readonly prepare?: (cluster: On, aim: Aim) => Promise<Plain>;
  /** How long the harm is held, from when it was seen. Default: not at all. */
  readonly after?: Duration;
  /** After the harm was seen and held. */
  readonly mend: (cluster: On, aim: Aim, prepared: Plain, mender: Mender) => Promise<void>;
}

/** What a run lends to a recovery. */
export interface Mender {
  /** The fault's own healing, asked for until the harm is gone. */
  readonly heal: () => Promise<void>;
  /** Aborts when the run will not wait for the recovery any more. */
  readonly leave: AbortSignal;
}

/** Who must end the fault, by when, and what must have survived. */
export interface Recover<By extends Mending = Mending, On extends Cluster = Cluster> {
  readonly by: By extends Unaided ? By | Recovery<Exclude<By, Unaided>, On> : Recovery<By, On>;
  /** From the inject to recovered. */
  readonly within: Duration;
  /** Noted writes that must be there afterwards. */
  readonly keeps?: readonly Survival<any>[];
}
