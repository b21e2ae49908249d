import { existsSync } from "node:fs";
import type { Healer } from "../faults/index.ts";
import type { Cluster, Debt, Plain } from "../model/cluster.ts";
import { problem } from "../units/errors.ts";

/** Finds a running cluster again by the address of its place; undefined when it is gone for good. */
type Reopen = (address: Plain) => Promise<Cluster | undefined>;

/** By the kind of place. Drivers are loaded when they are needed: no other verb pays for them. */
const reopeners: Readonly<Record<string, () => Promise<Reopen>>> = {
  local: async () => (await import("../../drivers/local/index.ts")).reopen,
  kubernetes: async () => (await import("../../drivers/kubernetes/reopen.ts")).reopen,
};

/** @throws SEA_HEAL_KIND for a kind of cluster that can't be found again */
export async function reopen(kind: string, address: Plain): Promise<Cluster | undefined> {
  const load = reopeners[kind];
  if (!load) throw problem("SEA_HEAL_KIND", { kind });
  return (await load())(address);
}

/** What runs left open in a cluster, found by its name alone. */
export interface Estate {
  /** Read anew each time; `broken`: records that nobody can heal by. */
  debts(): Promise<{ readonly open: readonly Debt[]; readonly broken: readonly string[] }>;
  clusterOf(debt: Debt): Promise<Cluster>;
  close(): Promise<void>;
}

/**
 * The cluster that `--on` names: a local one of this folder, else a context of the kubeconfig. Undefined where there is neither.
 *
 * @param namespaces where a cluster that does not show all of them looks for records
 */
export async function estateOf(name: string, namespaces: readonly string[] | undefined): Promise<Estate | undefined> {
  const { folderOf } = await import("../../drivers/local/background.ts");
  if (!existsSync(folderOf(name))) return (await import("../../drivers/kubernetes/undo/estate.ts")).estateOf(name, namespaces);
  const cluster = await reopen("local", { folder: folderOf(name) });
  return cluster && { debts: async () => ({ open: await cluster.debts(), broken: [] }), clusterOf: async () => cluster, close: () => cluster.close() };
}

/** Healers of faults that one kind of cluster alone can have. */
const healers: Readonly<Record<string, () => Promise<Readonly<Record<string, Healer>>>>> = {
  kubernetes: async () => (await import("../../drivers/kubernetes/healers.ts")).healers,
};

/** The healer of such a fault; undefined where nobody knows it. */
export async function healerIn(kind: string, fault: string): Promise<Healer | undefined> {
  return (await healers[kind]?.())?.[fault];
}
