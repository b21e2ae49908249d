#!/usr/bin/env node
import { Command, CommanderError } from "commander";
import { doctorVerb } from "./doctor-verb.ts";
import { exitCodes } from "./exit.ts";
import { healVerb } from "./heal.ts";
import { initVerb } from "./init-verb.ts";
import { judgeVerb } from "./judge.ts";
import { localVerb } from "./local.ts";
import { planVerb } from "./plan.ts";
import { rehearseVerb } from "./rehearse.ts";
import { reportVerb } from "./report.ts";
import { runVerb } from "./run.ts";
import { sayProblem } from "./say.ts";
import { version } from "./version.ts";

const program = new Command("seatrial")
  .description("Puts a service to sea before its users are aboard: load, faults, recovery, and a verdict.")
  .version(await version())
  .showHelpAfterError("(--help shows what there is)")
  .addHelpText("after", "\nExit codes: 0 pass, 1 fail, 2 unsure, 3 invalid scenario or usage, 4 harm left unhealed, 130 interrupted and healed.")
  .exitOverride();

for (const verb of [planVerb, rehearseVerb, runVerb, judgeVerb, reportVerb, healVerb, doctorVerb, initVerb, localVerb]) verb(program);

try {
  await program.parseAsync();
} catch (error) {
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : exitCodes.invalid;
  else {
    sayProblem(error);
    process.exitCode = exitCodes.invalid;
  }
}
