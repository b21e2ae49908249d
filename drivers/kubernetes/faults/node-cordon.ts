import { nodeCosts, sayNodes, type NodeAim, type NodeOptions } from "../../../src/faults/nodes.ts";
import type { KubernetesFault } from "../consent/fault.ts";
import type { Need } from "../consent/needs.ts";
import type { KubernetesCluster } from "../cluster/cluster.ts";
import { aimNodeThings } from "./nodes.ts";
import { fieldOf, markOf, noneSwapped, swap, swapBack, type Swap } from "./swap.ts";
import type { NodeThing } from "./things.ts";
import { wholeAgain } from "./whole.ts";

const kind = "node-cordon";

export const cordonNeeds: readonly Need[] = [{ verbs: ["get", "list", "patch"], group: "", resource: "nodes", namespaced: false }];

export interface CordonAim extends NodeAim {
  readonly swaps: readonly Swap[];
}

/** What makes a node take no more pods. */
export const cordonOf = (thing: NodeThing, mark: string): Swap => ({
  at: { plural: "nodes", name: thing.metadata.name, uid: thing.metadata.uid! }, mark, fields: [fieldOf(thing, ["spec", "unschedulable"], true)],
});

export const isOpen = ({ spec }: NodeThing): boolean => spec.unschedulable !== true;

/** Opens the nodes that this fault closed, and no others. */
export async function healNodeCordon(cluster: KubernetesCluster, { swaps, wanted }: CordonAim): Promise<boolean> {
  for (const one of swaps) await swapBack(cluster.api, one);
  return wholeAgain(cluster, wanted);
}

/**
 * Closes nodes to new pods; those that are there stay. Nodes that are closed already are not chosen, and
 * stay so. Ends when it is lifted.
 *
 * @throws SEA_AIM_EMPTY (when aiming) when no open node would be left
 * @example { fault: nodeCordon({ count: 2 }), recover: { by: lift({ after: "5m" }), within: "6m" } }
 */
export function nodeCordon(options: NodeOptions = {}): KubernetesFault<CordonAim, "platform" | "lift"> {
  return Object.freeze({
    kind,
    harm: `closes ${sayNodes(options)} to new pods`,
    mendedBy: { platform: true, lift: true },
    costs: nodeCosts(options),
    needs: cordonNeeds,
    aim: async (cluster, random) => {
      const { aim, things } = await aimNodeThings(kind, cluster, random, options, isOpen);
      const mark = markOf(cluster.run, random);
      return { ...aim, swaps: things.map((thing) => cordonOf(thing, mark)) };
    },
    inject: async ({ api }, { swaps }) => {
      for (const one of swaps) await swap(api, one);
    },
    recovered: async (cluster, { swaps, wanted }) => (await noneSwapped(cluster.api, swaps)) && wholeAgain(cluster, wanted),
    heal: healNodeCordon,
  } satisfies KubernetesFault<CordonAim, "platform" | "lift">);
}
