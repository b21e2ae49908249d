import type { LedgerView, PhaseView } from "../ledger/view.ts";
import type { Finding } from "../model/verdict.ts";
import { judge } from "./index.ts";

/** What can be said of one phase before the run is over. */
export interface SoFar {
  readonly findings: readonly Finding[];
  /** Limits of a phase under way that can't be decided yet. */
  readonly open: number;
}

/**
 * What the judge would find in one phase if it ended now: for whoever watches. What can't be known
 * before the end (was everything played, could the generator keep up over all) is left out, and so is
 * a storm that is not healed yet.
 *
 * @param countedMs everything that happened before is written
 */
export function judgeSoFar(view: LedgerView, index: number, countedMs: number): SoFar {
  const now = view.phases[index];
  if (now?.beginMs === undefined) return { findings: [], open: 0 };
  // What is not written yet must not look like idleness.
  const phase = { ...now, endMs: now.endMs ?? Math.max(now.beginMs, countedMs) };
  const others = (one: PhaseView) => ({ ...one, judged: false, beginMs: undefined, endMs: undefined });
  // The next phase may have begun, and its storm be under way.
  const storms = view.storms.filter((one) => one.phase === index);
  const [storm] = storms;
  const verdict = judge({ ...view, storms, phases: view.phases.map((one) => (one === now ? phase : others(one))), end: { k: "end", t: view.lastMs, how: "done" } });
  const weathers = now.endMs === undefined && storm?.healedMs === undefined && !storm?.steps.some(({ step }) => step === "unhealed");
  const known = verdict.findings.filter(({ id, about, phase }) => {
    if (id === "run" || id === "asked" || about === "generator" || (about === "budget" && phase === undefined)) return false;
    if (weathers && (about === "storm" || about === "survival")) return false;
    return now.judged || about === "storm";
  });
  const isOpen = ({ about, grade }: Finding) => now.endMs === undefined && grade === "unsure" && (about === "budget" || about === "probe");
  return { findings: known.filter((one) => !isOpen(one)), open: known.filter(isOpen).length };
}
