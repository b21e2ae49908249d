import { existsSync, statSync } from "node:fs";
import { hostname } from "node:os";
import { join, resolve } from "node:path";
import type { Command } from "commander";
import { plainLine } from "../../reports/escape.ts";
import { healers, type Healer } from "../faults/index.ts";
import { appendTo } from "../ledger/file.ts";
import { readLedger } from "../ledger/read.ts";
import type { LedgerView } from "../ledger/view.ts";
import type { Cluster, Debt } from "../model/cluster.ts";
import type { Aim } from "../model/fault.ts";
import { healFully } from "../play/storm.ts";
import { realClock, type Clock } from "../units/clock.ts";
import { problem, sayError } from "../units/errors.ts";
import { reopen } from "./clusters.ts";
import { exitCodes } from "./exit.ts";
import { ledgerName } from "./folder.ts";
import { loadScenario } from "./load.ts";

interface HealOptions {
  readonly on?: string;
  readonly run?: string;
  readonly force?: true;
}

/** What has to be healed: a record of a ledger, or of a cluster. */
type Owed = Pick<Debt, "id" | "fault" | "aim">;

/** On one line: an error of a cluster may hold anything. */
const say = (line: string) => process.stdout.write(`${plainLine(line)}\n`);

/** `seatrial heal LEDGER` or `seatrial heal --on NAME`: repairs what a crashed run left broken. */
export function healVerb(program: Command): void {
  program
    .command("heal")
    .argument("[ledger]", "the ledger of the run, or its folder")
    .description("repair what a crashed run left broken; does nothing when there is nothing, and may be run again and again")
    .option("--on <cluster>", "heal by the records in a local cluster that is up in the background, without a ledger")
    .option("--run <id>", "only what this run left")
    .option("--force", "heal although the run is still under way")
    .action(async (ledger: string | undefined, options: HealOptions) => {
      if (ledger === undefined && options.on === undefined) throw problem("SEA_USAGE", { what: "nothing to heal was named", hint: "give a ledger, or --on with the name of a cluster" }, "heal");
      process.exitCode = ledger !== undefined ? await healLedger(ledger, options.force ?? false) : await healCluster(options.on!, options.run);
    });
}

const isFolder = (path: string): boolean => existsSync(path) && statSync(path).isDirectory();

/** The open storms of a ledger: aimed, and not healed since. */
function owedBy(view: LedgerView): (Owed & { readonly phase: number })[] {
  return view.storms
    .filter((storm) => storm.debt !== undefined && storm.aim !== undefined && storm.healedMs === undefined)
    .map((storm) => ({ id: storm.debt!, aim: storm.aim!, phase: storm.phase, fault: view.phases[storm.phase]?.storm?.fault ?? "unknown" }));
}

/** The healer of a fault: its kind's, or for a fault of the user's own the scenario's. */
async function healerOf(owed: Owed & { readonly phase?: number }, file: string | undefined): Promise<(cluster: Cluster) => Promise<boolean>> {
  const own = (healers as Readonly<Record<string, Healer>>)[owed.fault];
  if (own) return (cluster) => own(cluster, owed.aim as never);
  const fault = file === undefined || owed.phase === undefined ? undefined : (await loadScenario(file)).phases[owed.phase]?.fault;
  if (!fault || fault.kind !== owed.fault) throw problem("SEA_HEAL_FAULT", { fault: owed.fault, file: file ?? "unknown" }, owed.id);
  return (cluster) => fault.heal(cluster, owed.aim as unknown as Aim);
}

async function healOne(clock: Clock, cluster: Cluster, owed: Owed & { readonly phase?: number }, file: string | undefined): Promise<string | undefined> {
  try {
    const heal = await healerOf(owed, file);
    await healFully(clock, cluster, owed.fault, () => heal(cluster), owed.id);
    say(`healed: ${owed.fault} (${owed.id})`);
    return undefined;
  } catch (error) {
    say(`NOT HEALED: ${owed.fault} (${owed.id}): ${sayError(error)}`);
    return sayError(error);
  }
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
      const error = away ?? (cluster && (await healOne(clock, cluster, one, file)));
      if (error !== undefined) left += 1;
      sink.write({ k: "heal", debt: one.id, atMs: Math.round(clock.wallMs()), healed: error === undefined, ...(error !== undefined && { error }) });
    }
  } finally {
    await cluster?.close();
    sink.close();
  }
  return left > 0 ? exitCodes.unhealed : exitCodes.pass;
}

async function healCluster(name: string, run: string | undefined): Promise<number> {
  const { folderOf } = await import("../../drivers/local/background.ts");
  const cluster = await reopen("local", { folder: folderOf(name) });
  if (!cluster) {
    say(`nothing to heal: no cluster '${name}' is up`);
    return exitCodes.pass;
  }
  const clock = realClock();
  let left = 0;
  try {
    const debts = (await cluster.debts()).filter((debt) => run === undefined || debt.run === run);
    if (debts.length === 0) say(`nothing to heal: cluster '${name}' has no open record`);
    for (const debt of debts) if ((await healOne(clock, cluster, debt, undefined)) !== undefined) left += 1;
  } finally {
    await cluster.close();
  }
  return left > 0 ? exitCodes.unhealed : exitCodes.pass;
}
