import type { Command } from "commander";
import type { Place } from "../model/cluster.ts";
import { caveatsOf } from "../plan/caveats.ts";
import { explain } from "../plan/explain.ts";
import type { Plan } from "../plan/plan.ts";
import { poolWarnings } from "../plan/pools.ts";
import { socketWarnings } from "../plan/sockets.ts";
import { realClock } from "../units/clock.ts";
import { sayError } from "../units/errors.ts";
import { descriptorLimit, machineSize } from "../units/machine.ts";
import { seeded } from "../units/random.ts";
import { scenarioOptions, type RunOptions } from "./options.ts";
import { ready } from "./scenario.ts";

/** `seatrial plan FILE`: what a run would do; touches nothing. */
export function planVerb(program: Command): void {
  scenarioOptions(program.command("plan").argument("<scenario>", "the scenario's file"))
    .description("check a scenario and print its timeline, its load and what it may break; starts nothing")
    .action(async (file: string, options: RunOptions) => {
      const known = await ready(file, options);
      if (!known) return;
      const { plan, place, warnings } = known;
      process.stdout.write(explain(plan, place, [...warnings, ...socketWarnings(plan, descriptorLimit()), ...poolWarnings(plan, machineSize()), ...caveatsOf(plan)]));
      // Only a cluster that was asked for by name is looked at; opening one takes time and rights.
      if (options.on !== undefined && place?.look) process.stdout.write(`\n${await targets(plan, place)}\n`);
    });
}

/** What each storm would hit if it came now: aims read only. */
async function targets(plan: Plan, place: Place): Promise<string> {
  const clock = realClock();
  const random = seeded(plan.seed ?? 0);
  const cluster = await place.look!({ clock, random, signal: new AbortController().signal, run: "plan", folder: undefined, say: () => undefined });
  if (!cluster) return `targets: ${place.name} is not up, so none are known`;
  try {
    const lines = ["targets, if it were now:"];
    for (const phase of plan.phases) {
      if (!phase.storm) continue;
      try {
        const aim = await phase.storm.fault.aim(cluster, random.fork("storm", phase.index));
        lines.push(`  ${phase.name}: ${aim.targets.map(({ what, name }) => `${what} ${name}`).join(", ")}`);
      } catch (error) {
        lines.push(`  ${phase.name}: ${sayError(error)}`);
      }
    }
    return lines.join("\n");
  } finally {
    await cluster.close();
  }
}
