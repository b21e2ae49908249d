import type { Debt } from "../../../src/model/cluster.ts";
import { realClock } from "../../../src/units/clock.ts";
import { connect } from "../api/client.ts";
import { inClusterContext, knownContext, readConfig, thisHome } from "../api/config.ts";
import type { KubernetesCluster } from "../cluster/cluster.ts";
import { reopen } from "../reopen.ts";
import { isBroken, type BrokenRecord, type UndoRecord } from "./record.ts";
import { Records } from "./records.ts";

/** What runs have left open in a cluster, found by the name of its context alone. */
export interface Estate {
  /** Read anew each time. */
  debts(): Promise<{ readonly open: readonly Debt[]; readonly broken: readonly string[] }>;
  /** The cluster as the run that owes it had it. */
  clusterOf(debt: Debt): Promise<KubernetesCluster>;
  close(): Promise<void>;
}

const sayBroken = ({ namespace, name, run, why }: BrokenRecord) => `record ${namespace}/${name} of run ${run} can't be read: ${why}`;

/**
 * Undefined where there is no such context, nor any other: then there is no cluster of this kind to be healed.
 *
 * @param namespaces where records are looked for when all may not be listed; by default the context's own
 * @throws SEA_KUBE_CONTEXT for a context that there is not, and what calls throw
 */
export async function estateOf(context: string, namespaces?: readonly string[]): Promise<Estate | undefined> {
  if (context !== inClusterContext && (await readConfig(thisHome())).config.contexts.length === 0) return undefined;
  const known = await knownContext(context, {});
  const api = await connect({ context, clock: realClock() });
  const [home = "default", ...others] = namespaces ?? [known.namespace ?? "default"];
  const records = new Records(api, { home, namespaces: others, place: () => null, beside: [] });
  const clusters = new Map<string, Promise<KubernetesCluster>>();
  const places = new Map<string, string>();
  return {
    async debts() {
      const all = await records.all();
      const open = all.filter((one): one is UndoRecord => !isBroken(one));
      for (const one of open) places.set(one.id, JSON.stringify(one.place));
      return {
        open: open.map(({ id, run, fault, aim, deadlineMs }) => ({ id, run, fault, aim, deadlineMs })),
        broken: all.filter(isBroken).map(sayBroken),
      };
    },
    clusterOf({ id }) {
      const place = places.get(id)!;
      const found = clusters.get(place) ?? reopen(JSON.parse(place), context);
      clusters.set(place, found);
      found.catch(() => clusters.delete(place));
      return found;
    },
    async close() {
      for (const cluster of clusters.values()) await (await cluster).close();
      api.close();
    },
  };
}
