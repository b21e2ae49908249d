import type { Cluster } from "../model/cluster.ts";
import type { Fault } from "../model/fault.ts";
import { aimPods, podCosts, podsReplaced, podsWhole, sayPods, type PodAim, type PodOptions } from "./pods.ts";

const kind = "pod-loss";

/** Nothing to undo: the platform has to replace what is dead. */
export const healPodLoss = podsWhole;

/**
 * Kills pods of a workload. Recovered when they are replaced and the workload is whole.
 *
 * @throws SEA_AIM_EMPTY (when aiming) when fewer pods are ready than it would kill and leave one
 * @example podLoss("shop", { count: "50%" })
 */
export function podLoss(workload: string, options: PodOptions = {}): Fault<Cluster, PodAim, "platform"> {
  return Object.freeze({
    kind,
    harm: `kills ${sayPods(workload, options)}`,
    mendedBy: { platform: true },
    costs: podCosts(workload, options),
    aim: (cluster, random) => aimPods(kind, cluster, random, workload, options),
    inject: async (cluster, aim) => {
      for (const pod of aim.pods) await cluster.killPod(pod);
    },
    recovered: podsReplaced,
    heal: healPodLoss,
  } satisfies Fault<Cluster, PodAim, "platform">);
}
