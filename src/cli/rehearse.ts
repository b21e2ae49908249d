import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Command } from "commander";
import { appendTo } from "../ledger/file.ts";
import type { SimCluster } from "../sim/index.ts";
import { runLine } from "../play/facts.ts";
import { play } from "../play/play.ts";
import { realClock } from "../units/clock.ts";
import { freshSeed, seeded } from "../units/random.ts";
import { conclude, reportOption } from "./conclude.ts";
import { ledgerName, makeRunFolder } from "./folder.ts";
import { runId } from "./id.ts";
import { scenarioOptions, seedOption, type RunOptions } from "./options.ts";
import { possible, unrehearsed } from "./optional.ts";
import { regressionOptions } from "./regression.ts";
import { sayAside } from "./say.ts";
import { ready, type Ready } from "./scenario.ts";
import { version } from "./version.ts";

/** `seatrial rehearse FILE`: plays a scenario in virtual time on a simulated cluster. */
export function rehearseVerb(program: Command): void {
  regressionOptions(scenarioOptions(program.command("rehearse").argument("<scenario>", "the scenario's file")))
    .description("play a scenario in virtual time on a simulated cluster: hours in a second, the same for the same seed")
    .option("--out <folder>", "keep the ledger and the reports here (default: keep none)")
    .addOption(seedOption())
    .addOption(reportOption())
    .action(async (file: string, options: RunOptions) => {
      const whole = await ready(file, options);
      if (!whole) return;
      const rehearsal = await possible(file, whole, options, unrehearsed);
      if (rehearsal) process.exitCode = await rehearse(file, rehearsal.known, rehearsal.options);
    });
}

async function rehearse(file: string, { plan, place, warnings }: Ready, options: RunOptions): Promise<number> {
  for (const warning of warnings) sayAside(`warning: ${warning}`);
  const { simLike, virtualClock } = await import("../sim/index.ts");
  const real = realClock();
  const clock = virtualClock();
  const seed = options.seed ?? plan.seed ?? freshSeed();
  const random = seeded(seed);
  const id = runId(clock.wallMs());
  const keep = options.out !== undefined;
  const folder = keep ? await makeRunFolder(id, options.out) : await mkdtemp(join(tmpdir(), "seatrial-rehearsal-"));
  try {
    const sink = appendTo(join(folder, ledgerName));
    const never = new AbortController().signal;
    const end = await clock.run(async () => {
      const simulated = simLike(place, plan.phases.flatMap((phase) => (phase.storm ? [phase.storm.fault] : [])));
      const cluster: SimCluster = await simulated.open({ clock, random: random.fork("cluster"), signal: never, run: id, folder: undefined, say: () => undefined });
      const facts = runLine(plan, { id, seed, startedMs: clock.wallMs(), mode: "rehearse", version: await version(), file, place: simulated });
      const answer = await play(plan, {
        facts, clock, random, cluster,
        mayLose: simulated.mayLose,
        simulated: (service) => cluster.simulated(service),
        artifacts: { place: (name) => name, put: async () => undefined },
        write: (line) => sink.write(line),
        flush: () => undefined,
        stop: never,
        halt: never,
      });
      await cluster.close();
      return answer;
    });
    sink.close();
    const code = await conclude([join(folder, ledgerName)], { folder, formats: options.report ?? (keep ? undefined : []), end, isPart: plan.regression?.shard !== undefined });
    sayAside(`rehearsed with seed ${seed} in ${Math.round(real.now())} ms; nothing real was touched`);
    return code;
  } finally {
    if (!keep) await rm(folder, { recursive: true, force: true });
  }
}
