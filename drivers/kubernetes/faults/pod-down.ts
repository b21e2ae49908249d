import { podCosts, sayPods, type PodOptions } from "../../../src/faults/pods.ts";
import { problem } from "../../../src/units/errors.ts";
import type { KubernetesFault } from "../consent/fault.ts";
import type { Need } from "../consent/needs.ts";
import type { KubernetesCluster } from "../cluster/cluster.ts";
import { findWorkload, isWhole, type Located } from "./located.ts";
import { aimPlacedPods, readPod, type PlacedPodAim } from "./pods.ts";
import { assertUnmarked, fieldOf, markOf, noneSwapped, swap, swapBack, type Swap } from "./swap.ts";
import { isTrue } from "./things.ts";

const kind = "pod-down";

/** No registry is ever called so (RFC 2606): nothing can be pulled from it. */
const image = "seatrial.invalid/held-down:by-seatrial";

const needs: readonly Need[] = [
  { verbs: ["get", "patch"], group: "", resource: "pods", namespaced: true },
  { verbs: ["get"], group: "apps", resource: "deployments", namespaced: true },
  { verbs: ["get"], group: "apps", resource: "statefulsets", namespaced: true },
];

export interface PodDownAim extends PlacedPodAim {
  readonly at: Located;
  readonly swaps: readonly Swap[];
}

/** Are they up as they are wanted now? The kubelet may not have seen yet that they are. */
async function areUp({ api }: KubernetesCluster, { at, pods }: PodDownAim): Promise<boolean> {
  const up = await Promise.all(pods.map(async (pod) => {
    const thing = await readPod(api, pod);
    const { generation = 0 } = thing?.metadata ?? {};
    return thing === undefined || ((thing.status?.observedGeneration ?? generation) >= generation && isTrue(thing.status?.conditions, "Ready"));
  }));
  return up.every(Boolean) && isWhole(api, at);
}

/** Gives the pods their images back. */
export async function healPodDown(cluster: KubernetesCluster, aim: PodDownAim): Promise<boolean> {
  for (const one of aim.swaps) await swapBack(cluster.api, one);
  return areUp(cluster, aim);
}

/**
 * Holds pods down: their containers end and can't start again, for their image is nowhere to be had. The
 * pods stay where they are, so that nothing replaces them. Ends when it is lifted; recovered when the
 * pods are ready again, or replaced.
 *
 * @throws SEA_AIM_EMPTY (when aiming) when fewer pods are ready than it would hold down and leave one
 * @example { fault: podDown("shop", { count: 2 }), recover: { by: lift({ after: "1m" }), within: "3m" } }
 */
export function podDown(workload: string, options: PodOptions = {}): KubernetesFault<PodDownAim, "platform" | "lift"> {
  return Object.freeze({
    kind,
    harm: `holds ${sayPods(workload, options)} down`,
    mendedBy: { platform: true, lift: true },
    costs: podCosts(workload, options),
    needs,
    aim: async (cluster, random) => {
      const aim = await aimPlacedPods(kind, cluster, random, workload, options);
      const { at } = await findWorkload(kind, cluster, workload);
      const mark = markOf(cluster.run, random);
      const swaps = await Promise.all(aim.pods.map(async (pod): Promise<Swap> => {
        const thing = await readPod(cluster.api, pod);
        if (!thing) throw problem("SEA_AIM_EMPTY", { fault: kind, what: `pod ${pod.name} went away while it was aimed at` });
        assertUnmarked(kind, thing);
        const fields = thing.spec.containers.map((_, index) => fieldOf(thing, ["spec", "containers", index, "image"], image));
        return { at: { plural: "pods", namespace: pod.namespace, name: pod.name, uid: pod.id }, mark, fields };
      }));
      return { ...aim, at, swaps };
    },
    inject: async ({ api }, { swaps }) => {
      for (const one of swaps) await swap(api, one);
    },
    recovered: async (cluster, aim) => (await noneSwapped(cluster.api, aim.swaps)) && areUp(cluster, aim),
    heal: healPodDown,
  } satisfies KubernetesFault<PodDownAim, "platform" | "lift">);
}
