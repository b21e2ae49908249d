import type { EndLine } from "../ledger/lines.ts";
import type { Verdict } from "../model/verdict.ts";

/** What the process says to whoever started it. */
export const exitCodes = { pass: 0, fail: 1, unsure: 2, invalid: 3, unhealed: 4, interrupted: 130 } as const;

/** Harm left behind is above all others; an interrupted run that healed is neither pass nor fail. */
export function exitCodeOf(verdict: Verdict, end: Pick<EndLine, "how"> | undefined): number {
  if (verdict.unhealed.length > 0) return exitCodes.unhealed;
  return end?.how === "interrupted" ? exitCodes.interrupted : exitCodes[verdict.grade];
}
