import { nodeCosts, sayNodes, type NodeAim, type NodeOptions } from "../../../src/faults/nodes.ts";
import * as resources from "../api/resources.ts";
import type { KubernetesFault } from "../consent/fault.ts";
import type { Need } from "../consent/needs.ts";
import type { KubernetesCluster } from "../cluster/cluster.ts";
import type { NodeRef } from "../machines/machines.ts";
import { aimNodeThings, handsOf, podsOn, refOf } from "./nodes.ts";
import { isTrue, type NodeThing, type PodThing } from "./things.ts";
import { wholeAgain } from "./whole.ts";

const kind = "node-reboot";

/** What is known of machines through the API server. */
export const machineNeeds: readonly Need[] = [
  { verbs: ["get", "list"], group: "", resource: "nodes", namespaced: false },
  { verbs: ["list"], group: "", resource: "pods", namespaced: false },
];

export interface RebootAim extends NodeAim {
  readonly machines: readonly NodeRef[];
  /** What ran there: the runtime's ids of the containers of each pod, by its uid. */
  readonly containers: Readonly<Record<string, readonly string[]>>;
}

const idsOf = ({ status }: PodThing): readonly string[] => (status?.containerStatuses ?? []).flatMap(({ containerID }) => containerID ?? []).sort();

const areReady = async ({ api }: KubernetesCluster, names: readonly string[]): Promise<boolean> =>
  (await Promise.all(names.map((name) => api.read<NodeThing>(resources.nodes, name)))).every((node) => isTrue(node?.status?.conditions, "Ready"));

/** Starts what did not come back by itself. */
export async function healNodeReboot(cluster: KubernetesCluster, aim: RebootAim): Promise<boolean> {
  const machines = handsOf(cluster, "start nodes");
  for (const machine of aim.machines) if ((await machines.state(machine)) === "stopped") await machines.start(machine);
  return (await areReady(cluster, aim.nodes)) && wholeAgain(cluster, aim.wanted);
}

/**
 * Restarts the machines of nodes: all on them ends, and comes back on the same node when it is up again.
 * Recovered when the nodes are Ready, every container there was started anew or is replaced, and the
 * workloads are whole. Needs hands on the machines.
 *
 * @throws SEA_AIM_EMPTY, SEA_KUBE_MACHINES (when aiming)
 * @example nodeReboot({ pool: "workers" })
 */
export function nodeReboot(options: NodeOptions = {}): KubernetesFault<RebootAim, "platform"> {
  return Object.freeze({
    kind,
    harm: `reboots ${sayNodes(options)}`,
    mendedBy: { platform: true },
    costs: nodeCosts(options),
    needs: machineNeeds,
    aim: async (cluster, random) => {
      handsOf(cluster, "reboot nodes");
      const { aim, things } = await aimNodeThings(kind, cluster, random, options);
      const pods = (await Promise.all(aim.nodes.map((name) => podsOn(cluster.api, name)))).flat()
        .filter(({ metadata, status }) => cluster.namespaces.includes(metadata.namespace ?? "") && isTrue(status?.conditions, "Ready"));
      return { ...aim, machines: things.map(refOf), containers: Object.fromEntries(pods.map((pod) => [pod.metadata.uid!, idsOf(pod)] as const).sort()) };
    },
    inject: async (cluster, { machines }) => void (await Promise.all(machines.map((machine) => handsOf(cluster, "reboot nodes").reboot(machine)))),
    recovered: async (cluster, { nodes, containers, wanted }) => {
      if (!(await areReady(cluster, nodes))) return false;
      const there = (await Promise.all(nodes.map((name) => podsOn(cluster.api, name)))).flat();
      const isOld = there.some((pod) => idsOf(pod).some((id) => containers[pod.metadata.uid!]?.includes(id)));
      return !isOld && wholeAgain(cluster, wanted);
    },
    heal: healNodeReboot,
  } satisfies KubernetesFault<RebootAim, "platform">);
}
