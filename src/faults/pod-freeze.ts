import type { Cluster } from "../model/cluster.ts";
import type { Fault } from "../model/fault.ts";
import { aimPods, podCosts, podsReplaced, podsWhole, sayPods, type PodAim, type PodOptions } from "./pods.ts";

const kind = "pod-freeze";

/** Thaws whatever is still there. */
export async function healPodFreeze(cluster: Cluster, aim: PodAim): Promise<boolean> {
  for (const pod of aim.pods) await cluster.thawPod(pod);
  return podsWhole(cluster, aim);
}

/**
 * Freezes pods of a workload: they live, and answer nobody. Recovered when the platform has
 * replaced them; a platform that only takes them out of service is overdue, and healing thaws them.
 *
 * @throws SEA_AIM_EMPTY (when aiming) when fewer pods are ready than it would freeze and leave one
 * @example podFreeze("shop")
 */
export function podFreeze(workload: string, options: PodOptions = {}): Fault<Cluster, PodAim, "platform"> {
  return Object.freeze({
    kind,
    harm: `freezes ${sayPods(workload, options)}`,
    mendedBy: { platform: true },
    costs: podCosts(workload, options),
    aim: (cluster, random) => aimPods(kind, cluster, random, workload, options),
    inject: async (cluster, aim) => {
      for (const pod of aim.pods) await cluster.freezePod(pod);
    },
    recovered: podsReplaced,
    heal: healPodFreeze,
  } satisfies Fault<Cluster, PodAim, "platform">);
}
