import type { Cluster, Pod } from "../model/cluster.ts";
import { problem } from "../units/errors.ts";

/** Replicas wanted by workload. */
export type Wanted = Readonly<Record<string, number>>;

/**
 * Are the workloads whole, counting only the pods that `counts`? Both lists have to say so: one
 * may know before the other. A workload that was scaled down meanwhile needs no more than it wants now.
 */
export async function whole(cluster: Cluster, wanted: Wanted, counts: (pod: Pod) => boolean = () => true): Promise<boolean> {
  const [workloads, pods] = await Promise.all([cluster.workloads(), cluster.pods()]);
  return Object.entries(wanted).every(([name, count]) => {
    const now = workloads.find((workload) => workload.name === name);
    if (!now) return false;
    const enough = Math.min(count, now.wanted);
    return now.ready >= enough && pods.filter((pod) => pod.workload === name && pod.ready && counts(pod)).length >= enough;
  });
}

export const byName = (a: { readonly name: string }, b: { readonly name: string }) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0);

/** The count as given, when it is one. */
export function wholeCount(count: number, place: string): number {
  if (!Number.isInteger(count) || count < 1) throw problem("SEA_COUNT", { value: count, least: 1 }, place);
  return count;
}
