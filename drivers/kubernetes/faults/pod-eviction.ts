import { podCosts, podsReplaced, podsWhole, sayPods, type PodOptions } from "../../../src/faults/pods.ts";
import { problem } from "../../../src/units/errors.ts";
import type { Thing } from "../api/api.ts";
import { podDisruptionBudgets } from "../api/resources.ts";
import type { KubernetesFault } from "../consent/fault.ts";
import type { Need } from "../consent/needs.ts";
import type { KubernetesCluster } from "../cluster/cluster.ts";
import { evictAll } from "./evict.ts";
import { aimPlacedPods, readPod, type PlacedPodAim } from "./pods.ts";
import { selects, type Selector } from "./things.ts";

const kind = "pod-eviction";

const needs: readonly Need[] = [
  { verbs: ["get"], group: "", resource: "pods", namespaced: true, for: "harm" },
  { verbs: ["create"], group: "", resource: "pods/eviction", namespaced: true, for: "harm" },
  { verbs: ["list"], group: "policy", resource: "poddisruptionbudgets", namespaced: true, for: "harm" },
];

/** @throws SEA_EVICTION_BUDGETS for a pod that the server will never let go */
async function assertOneBudget({ api }: KubernetesCluster, { pods }: PlacedPodAim): Promise<void> {
  for (const pod of pods) {
    const labels = (await readPod(api, pod))?.metadata.labels;
    const budgets = (await api.list<Thing & { readonly spec: { readonly selector?: Selector } }>(podDisruptionBudgets, { namespace: pod.namespace }))
      .filter(({ spec }) => labels && spec.selector && selects(spec.selector, labels)).map(({ metadata }) => metadata.name).sort();
    if (budgets.length > 1) throw problem("SEA_EVICTION_BUDGETS", { pod: `${pod.namespace}/${pod.name}`, why: `disruption budgets ${budgets.join(" and ")} are both about it` });
  }
}

export interface EvictionOptions extends PodOptions {
  /** Seconds that the pod has to end. Default: its own. */
  readonly graceS?: number;
}

/**
 * Asks pods to leave, as a drain or an autoscaler does: through disruption budgets. One that a budget
 * blocks is asked again every 5 s, and the run says which budget it is. Recovered when they are replaced
 * and the workload is whole.
 *
 * @throws SEA_AIM_EMPTY, SEA_EVICTION_BUDGETS (when aiming) for a pod with two budgets
 * @example podEviction("shop", { count: 2 })
 */
export function podEviction(workload: string, { graceS, ...options }: EvictionOptions = {}): KubernetesFault<PlacedPodAim, "platform"> {
  return Object.freeze({
    kind,
    harm: `evicts ${sayPods(workload, options)}`,
    mendedBy: { platform: true },
    costs: podCosts(workload, options),
    needs,
    aim: async (cluster, random) => {
      const aim = await aimPlacedPods(kind, cluster, random, workload, options);
      await assertOneBudget(cluster, aim);
      return aim;
    },
    inject: async ({ api }, { pods }) => {
      const { blocked, going } = await evictAll(api, pods, graceS);
      return { ...(going.length > 0 && { harmed: true }), ...(blocked && { left: blocked }) };
    },
    recovered: podsReplaced,
    heal: podsWhole,
  } satisfies KubernetesFault<PlacedPodAim, "platform">);
}
