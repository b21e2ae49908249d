/** One case of a suite, as the suite's own record tells it. */
export interface Case {
  /** File, groups and title, outermost first. */
  readonly path: readonly string[];
  /** `skipped`: nothing was asked of it. */
  readonly outcome: "ok" | "refused" | "unsure" | "skipped";
  /** How long it took; of several tries, the last. */
  readonly ms: number;
  /** Wall time, ms since 1970; undefined where the record does not say it. */
  readonly startedMs?: number;
  /** Short and countable, with `refused` and `unsure`: `"failed"`, `"timed out"`. */
  readonly cause?: string;
  /** What went wrong: of an `ok` case, on an earlier try. */
  readonly error?: string;
  /** How often it was tried; undefined where the record does not say it. */
  readonly tries?: number;
  /** Passed, but not on the first try. */
  readonly isFlaky?: boolean;
  /** Tells runs of a case apart that bear one name: an iteration, a browser. */
  readonly note?: string;
}

/** A suite's record, read. */
export interface Results {
  readonly cases: readonly Case[];
  /** What went wrong outside of the cases. */
  readonly errors: readonly string[];
}

/** Reads one format. @param cwd where the suite ran @throws Unreadable for what is not of it */
export type Reader = (text: string, cwd: string) => Results | Promise<Results>;
