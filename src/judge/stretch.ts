import type { LedgerView, PhaseView } from "../ledger/view.ts";

/** A stretch of a phase: all of it, or one window. Seconds are the ledger's, `toS` excluded. */
export interface Stretch {
  readonly fromS: number;
  readonly toS: number;
  /** How much of it lies inside the phase: whole seconds overhang at both ends. */
  readonly lengthMs: number;
}

/** All of a phase that began; one that has not ended goes as far as the ledger does. */
export function wholePhase(view: LedgerView, phase: PhaseView): Stretch {
  const beginMs = phase.beginMs ?? 0;
  const endMs = Math.max(beginMs, phase.endMs ?? view.lastMs);
  const fromS = Math.floor(beginMs / 1_000);
  return { fromS, toS: Math.max(fromS + 1, Math.ceil(endMs / 1_000)), lengthMs: endMs - beginMs };
}

/** Windows of whole seconds; a trailing one shorter than half the length is joined to the one before. */
export function windowsOf(view: LedgerView, phase: PhaseView, everyMs: number): Stretch[] {
  const whole = wholePhase(view, phase);
  const beginMs = phase.beginMs ?? 0;
  const endMs = beginMs + whole.lengthMs;
  const everyS = windowSeconds(everyMs);
  const seconds = whole.toS - whole.fromS;
  const rest = seconds % everyS;
  const count = Math.max(1, Math.floor(seconds / everyS) + (rest > 0 && rest >= everyS / 2 ? 1 : 0));
  return Array.from({ length: count }, (_, index) => {
    const fromS = whole.fromS + index * everyS;
    const toS = index === count - 1 ? whole.toS : fromS + everyS;
    return { fromS, toS, lengthMs: Math.max(0, Math.min(endMs, toS * 1_000) - Math.max(beginMs, fromS * 1_000)) };
  });
}

/** The ledger counts by whole seconds, so windows do too. */
export function windowSeconds(everyMs: number): number {
  return Math.max(1, Math.round(everyMs / 1_000));
}
