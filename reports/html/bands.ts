import type { LedgerView } from "../../src/ledger/view.ts";

/** A stretch of the run that the plots shade. Seconds since the run began. */
export interface Band {
  readonly kind: "phase" | "storm";
  /** The phase's number for people, from 1. */
  readonly number: number;
  readonly name: string;
  readonly fromS: number;
  readonly toS: number;
}

/** The phases that were reached, and in them the time from a storm's inject to whole again, healed, or the phase's end. */
export function bandsOf(view: LedgerView): Band[] {
  const bands: Band[] = [];
  for (const phase of view.phases) {
    if (phase.beginMs === undefined) continue;
    const endMs = phase.endMs ?? view.lastMs;
    bands.push({ kind: "phase", number: phase.index + 1, name: phase.name, fromS: phase.beginMs / 1_000, toS: endMs / 1_000 });
    const storm = view.storms.find((one) => one.phase === phase.index);
    if (storm?.injectMs === undefined || !phase.storm) continue;
    const overMs = Math.min(storm.recoveredMs ?? storm.healedMs ?? endMs, view.lastMs);
    bands.push({ kind: "storm", number: phase.index + 1, name: phase.storm.harm, fromS: storm.injectMs / 1_000, toS: Math.max(overMs, storm.injectMs) / 1_000 });
  }
  return bands;
}
