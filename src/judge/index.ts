import type { LedgerView } from "../ledger/view.ts";
import type { Budgets } from "../model/budget.ts";
import { type Finding, type Verdict, worst } from "../model/verdict.ts";
import { type Baseline, noWorseThan } from "./baseline.ts";
import { judgeBudgets } from "./budgets.ts";
import { Evidence } from "./evidence.ts";
import { finding } from "./finding.ts";
import { judgeGenerator } from "./generator.ts";
import { judgeHands, withHands } from "./hands.ts";
import { momentsOf } from "./moments.ts";
import { judgeProbes } from "./probes.ts";
import { judgeRun } from "./run.ts";
import { judgeShards } from "./shards.ts";
import { judgeStorms, unhealed } from "./storms.ts";
import { judgeSurvival } from "./survival.ts";
import { judgeWalks } from "./walks.ts";

export { stopQuestion } from "./stop.ts";

export interface JudgeOptions {
  /** In place of the scenario's budget; phases keep their own. Default: the ledger's. */
  readonly budgets?: Budgets;
  /** An older ledger of the same scenario that this one must not be worse than. */
  readonly baseline?: Baseline;
  /** The ledger is one shard's and is judged as such: what the others walk is not missed. Default false. */
  readonly isPart?: boolean;
}

/**
 * Judges a trial from its ledger alone. Worst wins, and silence is `unsure`.
 *
 * @throws SEA_UNIT_DURATION, SEA_UNIT_PERCENT, SEA_UNIT_RATE for a limit that is none
 * @example judge(await readLedger("run.ndjson"), { budgets: { all: { errors: "0.1%" } } }).grade
 */
export function judge(view: LedgerView, options: JudgeOptions = {}): Verdict {
  const evidence = new Evidence(view, options.isPart);
  const budgets = options.budgets ?? view.run.budget;
  const asked = [
    ...withHands(evidence, judgeBudgets(evidence, budgets)),
    ...judgeStorms(evidence),
    ...judgeSurvival(evidence),
    ...judgeProbes(evidence),
    ...(options.baseline ? noWorseThan(evidence, options.baseline) : []),
  ];
  const findings = [...asked, ...(asked.length === 0 ? [nothingAsked] : []), ...judgeGenerator(evidence), ...judgeWalks(evidence), ...judgeShards(evidence), ...judgeRun(evidence, budgets), ...judgeHands(evidence)];
  return { grade: worst(findings.map(({ grade }) => grade)), findings, unhealed: unhealed(evidence), storms: momentsOf(evidence, budgets) };
}

/** That a run came to its end says nothing about the service. */
const nothingAsked: Finding = finding({
  about: "run", id: "asked", grade: "unsure",
  expected: "something to judge", observed: "no budget, storm, probe or baseline",
  reason: 'a budget such as { all: { errors: "0%" } } asks for something', evidence: "the run line",
});
