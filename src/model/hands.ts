/** What came of a request: what was done, or why not. */
export interface Handled {
  readonly done: boolean;
  readonly text: string;
}

/**
 * What a person may do to a run under way. All of it is written in the ledger, and the verdict says
 * so: it is no longer quite the run that was planned. `by` says where the request came from.
 */
export interface Hands {
  /** Heals the storm under way now, without waiting for who promised to. Whether they would have is then unknown. */
  heal(by: string): Handled;
  /** Changes the users of a closed pace until its phase ends. */
  users(journey: string, delta: number, by: string): Handled;
}
