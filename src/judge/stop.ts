import type { LedgerView } from "../ledger/view.ts";
import type { Budget, Budgets } from "../model/budget.ts";
import { durationMs } from "../units/duration.ts";
import { askedOf } from "./asked.ts";
import { Evidence } from "./evidence.ts";
import { holdLatest, holdWhole } from "./held.ts";
import { limitsOf } from "./limits.ts";

/**
 * Should a run that is under way stop? Answers why, or undefined. It looks at the phase that is
 * played now, and there at budgets with `abort` alone; a limit stops the run when
 * - `after` is over, counted from the phase's begin (`abort: true`: at once);
 * - the judge would grade it `fail` now, so never on a generator that could not keep up;
 * - it will not come right again (a ceiling of 0 %, a maximum, a window that is over), or rests on
 *   enough: a percentile on the samples it needs, a share on 20 ops and one allowed error, a mean
 *   on 20 ops, a rate on 10 s.
 *
 * With `countedMs` it knows that what happened later is not all written yet, as while a worker is silent.
 *
 * @example stopQuestion(builder.view()) // "peak / buy: errors = 4% (12 of 300 ops), asked for errors ≤ 1%"
 */
export function stopQuestion(view: LedgerView, options: { readonly budgets?: Budgets; readonly countedMs?: number } = {}): string | undefined {
  const now = view.phases.find((one) => one.beginMs !== undefined && one.endMs === undefined);
  if (!now?.judged) return undefined;
  // The latest second is still being counted: what is not written yet must not look like idleness.
  const phase = { ...now, endMs: Math.max(now.beginMs!, Math.min(view.lastMs - 1_000, options.countedMs ?? Infinity)) };
  const evidence = new Evidence(view);
  for (const asked of askedOf(evidence, phase, options.budgets ?? view.run.budget)) {
    if (!mayStop(asked.budget, view.lastMs - now.beginMs!)) continue;
    const limits = limitsOf(asked.budget, asked.place);
    const { every } = asked.budget;
    const held = every === undefined ? holdWhole(evidence, phase, asked, limits) : holdLatest(evidence, phase, asked, limits, every);
    const broken = held.find(({ measure }) => measure.grade === "fail" && measure.settled);
    if (broken) return `${phase.name} / ${asked.id}: ${broken.measure.observed}, asked for ${broken.limit.expected}`;
  }
  return undefined;
}

function mayStop({ abort }: Budget, elapsedMs: number): boolean {
  if (abort === undefined || abort === false) return false;
  return elapsedMs >= (abort === true ? 0 : durationMs(abort.after));
}
