import { byName, whole, type Wanted } from "../../../src/faults/whole.ts";
import * as resources from "../api/resources.ts";
import type { KubernetesCluster } from "../cluster/cluster.ts";
import { isWholeThing, placed } from "./located.ts";
import type { WorkloadThing } from "./things.ts";

/**
 * Are the workloads whole, by the server's own word and by what is watched of it? A watch may be late, and
 * a server that has just begun again may have old statuses.
 */
export async function wholeAgain(cluster: KubernetesCluster, wanted: Wanted): Promise<boolean> {
  if (!(await whole(cluster, wanted))) return false;
  const owners = Object.keys(wanted).map(async (workload) => {
    const { namespace, name } = placed(cluster.namespaces, workload);
    return (await cluster.api.read<WorkloadThing>(resources.deployments, name, namespace)) ?? cluster.api.read<WorkloadThing>(resources.statefulSets, name, namespace);
  });
  return (await Promise.all(owners)).every((thing) => thing !== undefined && isWholeThing(thing));
}

/** The workloads that are whole, and their replicas. */
export async function wantedNow(cluster: KubernetesCluster): Promise<Wanted> {
  const now = (await cluster.workloads()).filter(({ ready, wanted }) => ready >= wanted).sort(byName);
  return Object.fromEntries(now.map(({ name, wanted }) => [name, wanted]));
}
