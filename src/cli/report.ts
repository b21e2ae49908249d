import type { Command } from "commander";
import { conclude, reportOption, type Format } from "./conclude.ts";

/** `seatrial report LEDGER…`: renders old ledgers again. */
export function reportVerb(program: Command): void {
  program
    .command("report")
    .argument("<ledger...>", "a run's ledger, or those of its shards")
    .description("render the reports of a ledger again; exits as the verdict says")
    .addOption(reportOption("--format").default(["html"], "html"))
    .option("--out <folder>", "where they go (default: beside the ledger)")
    .action(async (ledgers: string[], { format, out }: { format: readonly Format[]; out?: string }) => {
      process.exitCode = await conclude(ledgers, { formats: format, ...(out !== undefined && { folder: out }) });
    });
}
