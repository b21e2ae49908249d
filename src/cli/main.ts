#!/usr/bin/env node
import { enableCompileCache } from "node:module";
import { Command, CommanderError } from "commander";
import { exitCodes } from "./exit.ts";
import { sayProblem } from "./say.ts";
import { version } from "./version.ts";

// Node keeps what it compiled in the folder for temporary files: the second start takes half the time.
enableCompileCache();

/** A verb loads only what it needs itself: reading all of them takes longer than to plan. */
const verbs: Readonly<Record<string, () => Promise<(program: Command) => void>>> = {
  plan: async () => (await import("./plan.ts")).planVerb,
  rehearse: async () => (await import("./rehearse.ts")).rehearseVerb,
  run: async () => (await import("./run.ts")).runVerb,
  judge: async () => (await import("./judge.ts")).judgeVerb,
  report: async () => (await import("./report.ts")).reportVerb,
  heal: async () => (await import("./heal.ts")).healVerb,
  rbac: async () => (await import("./rbac.ts")).rbacVerb,
  reaper: async () => (await import("./reaper.ts")).reaperVerb,
  doctor: async () => (await import("./doctor-verb.ts")).doctorVerb,
  init: async () => (await import("./init-verb.ts")).initVerb,
  import: async () => (await import("./import.ts")).importVerb,
  local: async () => (await import("./local.ts")).localVerb,
};

// Nobody may be reading any more (`| head`, a lost terminal): each failed word would be told as an error, and fail again, for ever.
for (const stream of [process.stdout, process.stderr]) stream.on("error", () => undefined);

const program = new Command("seatrial")
  .description("Puts a service to sea before its users are aboard: load, faults, recovery, and a verdict.")
  .version(await version())
  .showHelpAfterError("(--help shows what there is)")
  .addHelpText("after", "\nExit codes: 0 pass, 1 fail, 2 unsure, 3 invalid scenario or usage, 4 harm left unhealed, 130 interrupted and healed.")
  .exitOverride();

// What is not a verb, as --help or a misspelt one, gets to see them all.
const [asked = ""] = process.argv.slice(2);
for (const load of Object.hasOwn(verbs, asked) ? [verbs[asked]!] : Object.values(verbs)) (await load())(program);

try {
  await program.parseAsync();
} catch (error) {
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : exitCodes.invalid;
  else {
    sayProblem(error);
    process.exitCode = exitCodes.invalid;
  }
}
// A journey may have left a timer or a socket open: that must not keep whoever waits for the verdict.
await new Promise<void>((done) => process.stdout.write("", () => done()));
process.exit();
