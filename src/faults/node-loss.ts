import type { Cluster } from "../model/cluster.ts";
import type { Fault } from "../model/fault.ts";
import { aimNodes, healNodes, nodeCosts, nodesReplaced, sayNodes, type NodeAim, type NodeOptions } from "./nodes.ts";

const kind = "node-loss";

/**
 * Stops nodes: everything on them ends. Recovered when their pods are replaced on others.
 *
 * @throws SEA_AIM_EMPTY (when aiming) when it would take the last ready node, or a workload's last ready pod
 * @example nodeLoss({ pool: "workers", count: 1 })
 */
export function nodeLoss(options: NodeOptions = {}): Fault<Cluster, NodeAim, "platform"> {
  return Object.freeze({
    kind,
    harm: `stops ${sayNodes(options)}`,
    mendedBy: { platform: true },
    costs: nodeCosts(options),
    aim: (cluster, random) => aimNodes(kind, cluster, random, options),
    inject: async (cluster, aim) => {
      for (const node of aim.nodes) await cluster.stopNode(node);
    },
    recovered: nodesReplaced,
    heal: healNodes,
  } satisfies Fault<Cluster, NodeAim, "platform">);
}
