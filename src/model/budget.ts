import type { Duration } from "../units/duration.ts";
import type { Percent } from "../units/percent.ts";
import type { Rate } from "../units/rate.ts";

/** Ceilings and floors on what users saw. */
export interface Limits {
  /** A latency percentile: `p50`, `p95`, `p99.9`. */
  readonly [percentile: `p${number}`]: Duration;
  readonly max?: Duration;
  readonly mean?: Duration;
  /** Refused and unsure ops, as a share of all. */
  readonly errors?: Percent;
  /** Starts that found no free user, as a share of all starts. Journeys and phases only. */
  readonly dropped?: Percent;
  /** A floor: at least so many `ok` ops a time; fast errors do not count. */
  readonly minRate?: Rate;
}

/** Limits, and how they are held. */
export interface Budget extends Limits {
  /** Hold in every window of this length, not only over the whole: a final crash can't drown in an average. */
  readonly every?: Duration;
  /** Latency counts from when an op was `"due"` (what a user suffers) or when it `"began"` (what the server took). Default `"due"`. */
  readonly from?: "due" | "began";
  /** End the run as soon as it can't hold any more, or at the earliest after so long. */
  readonly abort?: boolean | { readonly after: Duration };
}

/**
 * The budget of one journey: over all its ops, over whole walks, and for named steps. Each part says
 * its own `every`, `from` and `abort`: those of the journey hold for its ops alone.
 *
 * @example
 * { p95: "200ms", from: "began", steps: { "POST /orders": { p95: "400ms", from: "began" } } }
 */
export interface JourneyBudget extends Budget {
  readonly walk?: Budget;
  readonly steps?: Readonly<Record<string, Budget>>;
}

/** Budgets by journey; `all` is every journey together. */
export type Budgets<Names extends string = string> = { readonly [K in Names | "all"]?: JourneyBudget | readonly JourneyBudget[] };
