import { existsSync, statSync } from "node:fs";
import { hostname } from "node:os";
import { join, resolve } from "node:path";
import type { Command } from "commander";
import { appendTo } from "../ledger/file.ts";
import { readLedger } from "../ledger/read.ts";
import type { LedgerView } from "../ledger/view.ts";
import type { Cluster } from "../model/cluster.ts";
import { realClock } from "../units/clock.ts";
import { durationMs, type Duration } from "../units/duration.ts";
import { problem, sayError } from "../units/errors.ts";
import { reopen } from "./clusters.ts";
import { exitCodes } from "./exit.ts";
import { ledgerName } from "./folder.ts";
import { healCluster } from "./heal-cluster.ts";
import { healOne, say, type Owed } from "./healing.ts";

interface HealOptions {
  readonly on?: string;
  readonly run?: string;
  readonly expired?: true;
  readonly namespace?: readonly string[];
  readonly for?: string;
  readonly force?: true;
}

/** `seatrial heal LEDGER` or `seatrial heal --on NAME`: repairs what a crashed run left broken. */
export function healVerb(program: Command): void {
  program
    .command("heal")
    .argument("[ledger]", "the ledger of the run, or its folder")
    .description("repair what a crashed run left broken; does nothing when there is nothing, and may be run again and again")
    .option("--on <cluster>", "heal by the records in a cluster, without a ledger: a context of the kubeconfig, or a local cluster that is up in the background")
    .option("--run <id>", "only what this run left")
    .option("--expired", "only what its run should have healed by now: safe beside runs that are under way")
    .option("--namespace <name>", "where records are, for somebody who may not list all namespaces (may be given more than once)", (name: string, others: readonly string[] = []) => [...others, name])
    .option("--for <time>", "keep looking for so long, such as 4h")
    .option("--force", "heal although the run is still under way")
    .action(async (ledger: string | undefined, { on, run, expired, namespace, force, for: time }: HealOptions) => {
      if (ledger !== undefined) {
        process.exitCode = await healLedger(ledger, force ?? false);
        return;
      }
      if (on === undefined) throw problem("SEA_USAGE", { what: "nothing to heal was named", hint: "give a ledger, or --on with the name of a cluster" }, "heal");
      process.exitCode = await healCluster(on, { run, expired, namespaces: namespace, ...(time !== undefined && { forMs: durationMs(time as Duration, "--for") }) });
    });
}

const isFolder = (path: string): boolean => existsSync(path) && statSync(path).isDirectory();

/** The open storms of a ledger: aimed, and not healed since. */
function owedBy(view: LedgerView): Owed[] {
  return view.storms
    .filter((storm) => storm.debt !== undefined && storm.aim !== undefined && storm.healedMs === undefined)
    .map((storm) => ({ id: storm.debt!, aim: storm.aim!, phase: storm.phase, fault: view.phases[storm.phase]?.storm?.fault ?? "unknown" }));
}

/** Is the run's own process still there? Then it heals itself, and healing beside it would spoil its verdict. */
function isUnderWay({ end, run }: LedgerView): boolean {
  const { host, pid } = run.machine;
  if (end || run.mode === "rehearse" || host !== hostname()) return false;
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

async function healLedger(given: string, force: boolean): Promise<number> {
  const path = isFolder(given) ? join(given, ledgerName) : given;
  const view = await readLedger(path);
  if (!force && isUnderWay(view)) throw problem("SEA_HEAL_ALIVE", { pid: view.run.machine.pid }, path);
  const owed = owedBy(view);
  if (owed.length === 0) {
    say("nothing to heal: every storm of this ledger is healed");
    return exitCodes.pass;
  }
  const { place } = view.run;
  const file = view.run.file === undefined ? undefined : resolve(view.run.machine.folder, view.run.file);
  const clock = realClock();
  const sink = appendTo(path);
  let cluster: Cluster | undefined;
  /** A cluster that does not answer may still be harmed. */
  let away: string | undefined;
  let left = 0;
  try {
    cluster = place?.address === undefined ? undefined : await reopen(place.kind, place.address).catch((error: unknown) => void (away = sayError(error)));
    for (const one of owed) {
      if (away !== undefined) say(`NOT HEALED: ${one.fault} (${one.id}): ${away}`);
      else if (!cluster) say(`healed: ${one.fault} (${one.id}) went down with its cluster`);
      const found = cluster;
      const error = away ?? (found && (await healOne(clock, async () => found, one, file)));
      if (error !== undefined) left += 1;
      sink.write({ k: "heal", debt: one.id, atMs: Math.round(clock.wallMs()), healed: error === undefined, ...(error !== undefined && { error }) });
    }
  } finally {
    await cluster?.close();
    sink.close();
  }
  return left > 0 ? exitCodes.unhealed : exitCodes.pass;
}
