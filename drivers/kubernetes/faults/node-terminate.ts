import { nodeCosts, sayNodes, type NodeAim, type NodeOptions } from "../../../src/faults/nodes.ts";
import { nodes as nodeResource } from "../api/resources.ts";
import type { KubernetesFault } from "../consent/fault.ts";
import type { Need } from "../consent/needs.ts";
import type { KubernetesCluster } from "../cluster/cluster.ts";
import type { NodeRef } from "../machines/machines.ts";
import { machineNeeds } from "./node-reboot.ts";
import { aimNodeThings, handsOf, podsOn, refOf } from "./nodes.ts";
import type { NodeThing } from "./things.ts";
import { wholeAgain } from "./whole.ts";

const kind = "node-terminate";

const needs: readonly Need[] = [...machineNeeds, { verbs: ["delete"], group: "", resource: "nodes", namespaced: false }];

export interface TerminateAim extends NodeAim {
  readonly machines: readonly NodeRef[];
  /** The Node objects, by name. */
  readonly uids: Readonly<Record<string, string>>;
  /** Uids of the pods that go with them. */
  readonly pods: readonly string[];
  /** So many nodes of the pool have to be ready again; 0 where nobody replaces them. */
  readonly ready: number;
}

export interface TerminateOptions extends NodeOptions {
  /** The platform puts new nodes in their place, and is not whole before. Default false. */
  readonly replaced?: boolean;
}

/** The objects of nodes whose machine is gone, which a cloud's controller takes away: while they are there their pods never end. */
async function removeGone(cluster: KubernetesCluster, { machines, uids }: TerminateAim): Promise<void> {
  const hands = handsOf(cluster, "look at machines");
  for (const machine of machines) {
    const node = await cluster.api.read<NodeThing>(nodeResource, machine.name);
    if (node?.metadata.uid === uids[machine.name] && (await hands.state(machine)) === "gone") await cluster.api.remove(nodeResource, machine.name, undefined, { uid: uids[machine.name]! });
  }
}

/** A machine that is gone stays gone: its Node object is taken away, and what ran on it has to be whole elsewhere. */
export async function healNodeTerminate(cluster: KubernetesCluster, aim: TerminateAim): Promise<boolean> {
  await removeGone(cluster, aim);
  return wholeAgain(cluster, aim.wanted);
}

/**
 * Ends the machines of nodes for good; nothing brings them back. Recovered when their pods are replaced on
 * others and, with `replaced`, as many nodes of the pool are ready as before. Needs hands on the machines.
 *
 * @throws SEA_AIM_EMPTY, SEA_KUBE_MACHINES (when aiming)
 * @example nodeTerminate({ pool: "workers", replaced: true })
 */
export function nodeTerminate({ replaced = false, ...options }: TerminateOptions = {}): KubernetesFault<TerminateAim, "platform"> {
  const readyOf = async (cluster: KubernetesCluster, pool: string | undefined) => (await cluster.nodes()).filter((node) => node.ready && (pool === undefined || node.pool === pool)).length;
  return Object.freeze({
    kind,
    harm: `ends the machines of ${sayNodes(options)} for good`,
    mendedBy: { platform: true },
    costs: nodeCosts(options),
    needs,
    aim: async (cluster, random) => {
      handsOf(cluster, "terminate nodes");
      const { aim, things } = await aimNodeThings(kind, cluster, random, options);
      const pods = (await Promise.all(aim.nodes.map((name) => podsOn(cluster.api, name)))).flat().filter(({ metadata }) => cluster.namespaces.includes(metadata.namespace ?? ""));
      return {
        ...aim, machines: things.map(refOf), uids: Object.fromEntries(things.map(({ metadata }) => [metadata.name, metadata.uid!])),
        pods: pods.map(({ metadata }) => metadata.uid!).sort(), ready: replaced ? await readyOf(cluster, options.pool) : 0,
      };
    },
    inject: async (cluster, { machines }) => void (await Promise.all(machines.map((machine) => handsOf(cluster, "terminate nodes").terminate(machine)))),
    recovered: async (cluster, aim) => {
      const ready = await cluster.pods();
      const isThere = ready.some((pod) => pod.ready && aim.pods.includes(pod.id));
      const isUp = (await cluster.nodes()).some((node) => node.ready && aim.nodes.includes(node.name) && !replaced);
      return !isThere && !isUp && (await readyOf(cluster, options.pool)) >= aim.ready && wholeAgain(cluster, aim.wanted);
    },
    heal: healNodeTerminate,
  } satisfies KubernetesFault<TerminateAim, "platform">);
}
