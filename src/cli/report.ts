import type { Command } from "commander";
import { conclude } from "./conclude.ts";

/** `seatrial report LEDGER…`: renders old ledgers again. */
export function reportVerb(program: Command): void {
  program
    .command("report")
    .argument("<ledger...>", "a run's ledger, or those of its shards")
    .description("render the reports of a ledger again; exits as the verdict says")
    .option("--format <formats>", "html, junit, json, csv, markdown, terminal: one or more, separated by commas", "html")
    .option("--out <folder>", "where they go (default: beside the ledger)")
    .action(async (ledgers: string[], { format, out }: { format: string; out?: string }) => {
      process.exitCode = await conclude(ledgers, { formats: format.split(",").map((one) => one.trim()), ...(out !== undefined && { folder: out }) });
    });
}
