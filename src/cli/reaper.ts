import type { Command } from "commander";
import { durationMs, type Duration } from "../units/duration.ts";
import { onKubernetes } from "./kubernetes.ts";

interface ReaperOptions {
  readonly on?: string;
  readonly image: string;
  readonly name: string;
  readonly for: string;
  readonly schedule?: string;
}

/** `seatrial reaper FILE`: who heals in the cluster itself when the runner is gone. */
export function reaperVerb(program: Command): void {
  program
    .command("reaper")
    .argument("<scenario>", "the scenario's file")
    .description("print a Job that heals, from within the cluster, what a run has not healed by its deadline, with the least access rules for that; asks nobody")
    .requiredOption("--image <image>", "an image of yours with seatrial on its PATH, and @kubernetes/client-node")
    .option("--on <cluster>", "the name of one of the scenario's clusters (default: its first)")
    .option("--name <name>", "what it is called", "seatrial-reaper")
    .option("--for <time>", "how long it keeps looking", "4h")
    .option("--schedule <cron>", 'a CronJob that stays, in place of the Job, such as "* * * * *"')
    .action(async (file: string, { on, image, name, for: time, schedule }: ReaperOptions) => {
      const timeMs = durationMs(time as Duration, "--for");
      const known = await onKubernetes(file, { ...(on !== undefined && { on }) });
      if (!known) return;
      const { reaperOf } = await import("../../drivers/kubernetes/undo/reaper.ts");
      process.stdout.write(await reaperOf(known.place, known.storms, { image, name, time, timeMs, schedule }));
    });
}
