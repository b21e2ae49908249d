import type { Cluster, Plain } from "../model/cluster.ts";
import { problem } from "../units/errors.ts";

/** Finds a running cluster again by the address of its place; undefined when it is gone for good. */
type Reopen = (address: Plain) => Promise<Cluster | undefined>;

/** By the kind of place. Drivers are loaded when they are needed: no other verb pays for them. */
const reopeners: Readonly<Record<string, () => Promise<Reopen>>> = {
  local: async () => (await import("../../drivers/local/index.ts")).reopen,
};

/** @throws SEA_HEAL_KIND for a kind of cluster that can't be found again */
export async function reopen(kind: string, address: Plain): Promise<Cluster | undefined> {
  const load = reopeners[kind];
  if (!load) throw problem("SEA_HEAL_KIND", { kind });
  return (await load())(address);
}
