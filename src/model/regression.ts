/** What a regression run was asked for beside its scenario. All of it is about counted walks: `times(…)`. */
export interface Regression {
  /** A walk that failed is walked again so often, each time by a fresh user. */
  readonly retries?: number;
  /** A walk that passed only when it was walked again fails the run. */
  readonly failOnFlaky?: boolean;
}
