import type { Command } from "commander";
import { readLedger } from "../ledger/read.ts";
import type { Budgets } from "../model/budget.ts";
import { checkBudgets } from "../plan/budgets.ts";
import { Problems } from "../plan/collect.ts";
import { problem } from "../units/errors.ts";
import { conclude, reportOption, type Format } from "./conclude.ts";
import { exitCodes } from "./exit.ts";
import { loadDefault } from "./load.ts";
import { sayProblems } from "./say.ts";

interface JudgeVerbOptions {
  readonly budget?: string;
  readonly baseline?: string;
  readonly out?: string;
  readonly report?: readonly Format[];
}

/** `seatrial judge LEDGER…`: judges old ledgers again. */
export function judgeVerb(program: Command): void {
  program
    .command("judge")
    .argument("<ledger...>", "a run's ledger, or those of its shards")
    .description("judge a ledger again, under its own budget or another, or against a baseline")
    .option("--budget <file>", "a module or JSON file whose default export is a budget, in place of the ledger's")
    .option("--baseline <ledger>", "an older ledger that this one must not be worse than")
    .option("--out <folder>", "where reports go (default: beside the ledger)")
    .addOption(reportOption().default([], "none"))
    .action(async (ledgers: string[], options: JudgeVerbOptions) => {
      const view = await readLedger(...ledgers);
      const budgets = options.budget === undefined ? undefined : await readBudgets(options.budget, new Set(view.run.journeys));
      if (options.budget !== undefined && !budgets) return;
      const baseline = options.baseline === undefined ? undefined : { view: await readLedger(options.baseline) };
      process.exitCode = await conclude(ledgers, {
        ...(options.out !== undefined && { folder: options.out }),
        formats: options.report,
        ...(budgets && { budgets }),
        ...(baseline && { baseline }),
      });
    });
}

async function readBudgets(file: string, journeys: ReadonlySet<string>): Promise<Budgets | undefined> {
  const budgets = (await loadDefault(file)) as Budgets;
  if (typeof budgets !== "object" || budgets === null) throw problem("SEA_BUDGET", { value: String(budgets) }, file);
  const problems = new Problems();
  checkBudgets(budgets, journeys, "budget", problems);
  if (problems.list.length === 0) return budgets;
  sayProblems(problems.list, []);
  process.exitCode = exitCodes.invalid;
  return undefined;
}
