import type { Secrets } from "../mask/mask.ts";
import type { Budgets } from "../model/budget.ts";
import type { Fault, Mending, Recovery } from "../model/fault.ts";
import type { Journeys } from "../model/journey.ts";
import type { Share } from "../model/pace.ts";
import type { Probe } from "../model/probe.ts";
import type { Regression } from "../model/regression.ts";
import type { Setup } from "../model/setup.ts";
import type { Survival } from "../model/survival.ts";
import type { SeatrialError } from "../units/errors.ts";

/** Starts by the clock. Rates are per millisecond. */
export interface PlannedArrivals {
  readonly kind: "arrivals";
  readonly from: number;
  readonly to: number;
  /** The ramp's length; 0 for a steady rate. */
  readonly overMs: number;
  /** Instead of the ramp: starts per second at a second. */
  readonly curve?: (seconds: number) => number;
  readonly most: number;
  readonly spread: "even" | "poisson";
  /** It is one part of a pace that journeys share: all parts draw the same chances. */
  readonly split?: boolean;
  readonly shares: readonly Share[];
}

/** Users at once. */
export interface PlannedUsers {
  readonly kind: "users";
  readonly from: number;
  readonly to: number;
  readonly overMs: number;
  readonly curve?: (seconds: number) => number;
  /** Users that join per millisecond at the most. */
  readonly spawn: number;
  readonly shares: readonly Share[];
}

export interface PlannedTimes {
  readonly kind: "times";
  readonly count: number;
  readonly users: number;
  readonly each: boolean;
  readonly shares: readonly Share[];
}

export type PlannedPace = PlannedArrivals | PlannedUsers | PlannedTimes;

export interface PlannedStorm {
  readonly fault: Fault;
  readonly by: Mending;
  /** Who acts; undefined where the fault ends unaided. */
  readonly recovery: Recovery | undefined;
  readonly withinMs: number;
  /** So long the harm is held before the recovery acts. */
  readonly heldMs: number;
  readonly afterMs: number;
  readonly holdMs: number;
  readonly keeps: readonly (Survival & { readonly losingMs: number })[];
}

export interface PlannedProbe {
  readonly probe: Probe;
  readonly everyMs: number;
}

export interface PlannedSetup {
  readonly setup: Setup;
  readonly withinMs: number;
}

export interface PlannedPhase {
  readonly index: number;
  readonly name: string;
  readonly judged: boolean;
  readonly forMs: number | undefined;
  readonly load: ReadonlyMap<string, PlannedPace>;
  readonly budget: Budgets | undefined;
  readonly storm: PlannedStorm | undefined;
  readonly probes: readonly PlannedProbe[];
}

/** A scenario with every unit parsed and every default filled in: what `play` plays. */
export interface Plan {
  readonly name: string;
  readonly seed: number | undefined;
  readonly graceMs: number;
  readonly journeys: Journeys;
  readonly phases: readonly PlannedPhase[];
  readonly budget: Budgets;
  readonly probes: readonly PlannedProbe[];
  readonly setup: PlannedSetup | undefined;
  readonly secrets: Secrets;
  readonly regression?: Regression;
  /** Optional journeys that can't be walked here. */
  readonly leftOut?: readonly LeftOut[];
}

/** An optional journey that a run goes on without. */
export interface LeftOut {
  readonly journey: string;
  /** What the machine lacks, for people. */
  readonly why: string;
}

/** A plan, or everything that is wrong with the scenario; warnings do not stop a run. */
export type Planned =
  | { readonly plan: Plan; readonly problems: readonly []; readonly warnings: readonly string[] }
  | { readonly plan: undefined; readonly problems: readonly SeatrialError[]; readonly warnings: readonly string[] };
