/** `pass` < `unsure` < `fail`; the worst wins. */
export type Grade = "pass" | "unsure" | "fail";

const order: readonly Grade[] = ["pass", "unsure", "fail"];

/** The worst of some grades; of none, `unsure`: silence is not a pass. */
export function worst(grades: Iterable<Grade>): Grade {
  let found = -1;
  for (const grade of grades) found = Math.max(found, order.indexOf(grade));
  return order[found] ?? "unsure";
}

/** One thing that was judged. */
export interface Finding {
  /** Unique in a verdict and stable between runs of one scenario: `"peak / browse / p95"`. */
  readonly id: string;
  readonly about: "budget" | "storm" | "survival" | "probe" | "baseline" | "generator" | "run";
  readonly grade: Grade;
  readonly phase: string | undefined;
  readonly journey: string | undefined;
  readonly step: string | undefined;
  /** What was asked: `"p95 ≤ 200ms"`. */
  readonly expected: string;
  /** What was seen: `"p95 = 183ms"`. */
  readonly observed: string;
  /** Why it was graded so, where `expected` and `observed` do not say it; empty otherwise. */
  readonly reason: string;
  /** What the finding rests on: samples, seconds, ledger lines. */
  readonly evidence: string;
}

/** One point of a storm's time line, by the clock of the ledger, ms; undefined where it was not seen. */
export interface Moment {
  readonly name: "requested" | "injected" | "first bad answer" | "noticed" | "replaced" | "clients back" | "removed";
  readonly t: number | undefined;
  /** What was seen, or why nothing was; may be empty. */
  readonly text: string;
}

/** What happened around one storm, on the cluster's side and on the clients'. */
export interface StormMoments {
  readonly phase: number;
  readonly moments: readonly Moment[];
}

export interface Verdict {
  readonly grade: Grade;
  readonly findings: readonly Finding[];
  /** A storm's harm was left behind. */
  readonly unhealed: readonly string[];
  /** The storms that struck. */
  readonly storms: readonly StormMoments[];
}
