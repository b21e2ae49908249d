import type { EndLine } from "../ledger/lines.ts";
import type { Verdict } from "../model/verdict.ts";

/** What the process says to whoever started it. */
export const exitCodes = { pass: 0, fail: 1, unsure: 2, invalid: 3, unhealed: 4, interrupted: 130 } as const;

/**
 * Harm left behind is above all others; an interrupted run that healed is neither pass nor fail. A run
 * that failed passes nothing, also where its ledger can't say so.
 */
export function exitCodeOf(verdict: Verdict, end: Pick<EndLine, "how"> | undefined): number {
  if (verdict.unhealed.length > 0) return exitCodes.unhealed;
  if (end?.how === "interrupted") return exitCodes.interrupted;
  return exitCodes[end?.how === "failed" && verdict.grade === "pass" ? "unsure" : verdict.grade];
}
