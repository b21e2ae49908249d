/** What a regression run was asked for beside its scenario. All of it is about counted walks: `times(…)`. */
export interface Regression {
  /** A walk that failed is walked again so often, each time by a fresh user. */
  readonly retries?: number;
  /** A walk that passed only when it was walked again fails the run. */
  readonly failOnFlaky?: boolean;
  /** Every walk is walked so often. */
  readonly repeat?: number;
  /** The run ends after so many walks that failed for good. */
  readonly bail?: number;
  /** This run walks one of so many equal parts, counted from 0. */
  readonly shard?: { readonly index: number; readonly of: number };
}
