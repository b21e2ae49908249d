import { plainLine } from "../../reports/escape.ts";
import { healers, type Healer } from "../faults/index.ts";
import type { Cluster, Debt } from "../model/cluster.ts";
import type { Aim } from "../model/fault.ts";
import { phasesOn } from "../model/scenario.ts";
import { healFully } from "../play/storm.ts";
import type { Clock } from "../units/clock.ts";
import { problem, sayError } from "../units/errors.ts";
import { healerIn } from "./clusters.ts";
import { loadScenario } from "./load.ts";

/** What has to be healed: a record of a ledger, which knows its phase, or of a cluster. */
export type Owed = Pick<Debt, "id" | "fault" | "aim"> & { readonly phase?: number };

/** On one line: an error of a cluster may hold anything. */
export const say = (line: string): void => void process.stdout.write(`${plainLine(line)}\n`);

/** The healer of a fault: its kind's, or for a fault of the user's own the scenario's. */
async function healerOf(owed: Owed, { kind, name }: Cluster, file: string | undefined): Promise<(cluster: Cluster) => Promise<boolean>> {
  const own = (healers as Readonly<Record<string, Healer>>)[owed.fault] ?? (await healerIn(kind, owed.fault));
  if (own) return (cluster) => own(cluster, owed.aim as never);
  const fault = file === undefined || owed.phase === undefined ? undefined : phasesOn((await loadScenario(file)).phases, [{ name }]).sailed[owed.phase]?.fault;
  if (!fault || fault.kind !== owed.fault) throw problem("SEA_HEAL_FAULT", { fault: owed.fault, file: file ?? "the scenario" }, owed.id);
  return (cluster) => fault.heal(cluster, owed.aim as unknown as Aim);
}

/** Heals one, and says so; answers why it could not. */
export async function healOne(clock: Clock, open: () => Promise<Cluster>, owed: Owed, file?: string): Promise<string | undefined> {
  try {
    const cluster = await open();
    const heal = await healerOf(owed, cluster, file);
    const uncleared = await healFully(clock, cluster, owed.fault, () => heal(cluster), owed.id);
    say(`healed: ${owed.fault} (${owed.id})${uncleared === undefined ? "" : `, but its record could not be cleared: ${uncleared}`}`);
    return uncleared;
  } catch (error) {
    say(`NOT HEALED: ${owed.fault} (${owed.id}): ${sayError(error)}`);
    return sayError(error);
  }
}
