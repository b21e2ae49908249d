import type { Command } from "commander";
import { caveatsOf } from "../plan/caveats.ts";
import { explain } from "../plan/explain.ts";
import { poolWarnings } from "../plan/pools.ts";
import { socketWarnings } from "../plan/sockets.ts";
import { descriptorLimit, machineSize } from "../units/machine.ts";
import { freshSeed } from "../units/random.ts";
import { scenarioOptions, seedOption, type RunOptions } from "./options.ts";
import { ready } from "./scenario.ts";

/** `seatrial plan FILE`: what a run would do; touches nothing. */
export function planVerb(program: Command): void {
  scenarioOptions(program.command("plan").argument("<scenario>", "the scenario's file"))
    .description("check a scenario and print its timeline, its load and what it may break; with --on also what its storms would hit there now, and whether they are permitted; starts nothing")
    .addOption(seedOption())
    .action(async (file: string, options: RunOptions) => {
      const known = await ready(file, options);
      if (!known) return;
      const { plan, place, warnings } = known;
      process.stdout.write(explain(plan, place, [...warnings, ...socketWarnings(plan, descriptorLimit()), ...poolWarnings(plan, machineSize()), ...caveatsOf(plan)]));
      // Only a cluster that was asked for by name is looked at; opening one takes time and rights.
      if (options.on === undefined || !place?.look) return;
      const { targetsOf } = await import("./targets.ts");
      process.stdout.write(`\n${await targetsOf(plan, place, options.seed ?? plan.seed ?? freshSeed())}\n`);
    });
}
