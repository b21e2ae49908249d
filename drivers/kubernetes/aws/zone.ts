import { byName, whole, type Wanted } from "../../../src/faults/whole.ts";
import type { Plain } from "../../../src/model/cluster.ts";
import type { Aim } from "../../../src/model/fault.ts";
import { problem } from "../../../src/units/errors.ts";
import * as resources from "../api/resources.ts";
import type { KubernetesCluster } from "../cluster/cluster.ts";
import type { KubernetesFault } from "../consent/fault.ts";
import { nodeRef } from "../cluster/nodes.ts";
import { slimNode } from "../cluster/slim.ts";
import type { Machines, NodeRef } from "../machines/machines.ts";
import { readMost } from "./settings.ts";
import type { MachineVerb } from "./prospect.ts";

const kind = "zone-loss";
const zoneLabel = "topology.kubernetes.io/zone";
const isControl = (labels: Readonly<Record<string, string>>): boolean => "node-role.kubernetes.io/control-plane" in labels || "node-role.kubernetes.io/master" in labels;
/** A zone goes at once; an API takes so many calls at a time. */
const atOnce = 10;

export interface ZoneOptions {
  /** At the most so many nodes; a zone with more is not touched. */
  readonly nodes: number;
  /** `"stop"` takes their power, `"cut"` their network. Default `"cut"`: in a real loss both sides go on, and can't see each other. */
  readonly by?: "stop" | "cut";
  /** Also a zone that has a workload's last ready pod, or the last ready node. Default false. */
  readonly evenLast?: boolean;
}

export interface ZoneAim extends Aim {
  readonly zone: string;
  readonly by: "stop" | "cut";
  readonly nodes: readonly NodeRef[];
  /** Whose hands: what undoes it must be the same. */
  readonly machines: { readonly kind: string; readonly address: Plain };
  /** The workloads that have ready pods there. */
  readonly wanted: Wanted;
}

/** A fault through the machines of any cluster. */
export interface ZoneFault extends KubernetesFault<ZoneAim, "platform"> {
  /** What it does to machines: `ec2().needs(fault.machineVerbs)` are the calls to AWS. */
  readonly machineVerbs: readonly MachineVerb[];
}

function machinesOf(cluster: KubernetesCluster, by: "stop" | "cut"): Machines {
  if (!cluster.machines) throw problem("SEA_KUBE_MACHINES", { what: `${by === "stop" ? "stop" : "cut off"} the nodes`, cluster: cluster.name, kind: "none" }, "kubernetes.machines");
  return cluster.machines;
}

/** Does it to all, also where one of them fails; the first failure is told then. */
async function toEach(nodes: readonly NodeRef[], act: (node: NodeRef) => Promise<unknown>): Promise<void> {
  const ends: PromiseSettledResult<unknown>[] = [];
  for (let from = 0; from < nodes.length; from += atOnce) ends.push(...(await Promise.allSettled(nodes.slice(from, from + atOnce).map(act))));
  const failed = ends.find((end) => end.status === "rejected");
  if (failed) throw failed.reason;
}

/** Gives every node back what was taken, and waits for them and for the workloads. A node that was replaced needs nothing. */
export async function healZone(cluster: KubernetesCluster, aim: ZoneAim): Promise<boolean> {
  const machines = machinesOf(cluster, aim.by);
  await toEach(aim.nodes, (node) => (aim.by === "stop" ? machines.start(node) : machines.mend(node)));
  const states = await Promise.all(aim.nodes.map((node) => machines.state(node)));
  if (states.some((state) => state !== "up" && state !== "gone")) return false;
  const ready = (await cluster.nodes()).filter((node) => node.ready).map(({ name }) => name);
  // What is up has joined again; what is gone is known to be, so that nothing on it counts any more.
  return aim.nodes.every(({ name }, at) => ready.includes(name) === (states[at] === "up")) && whole(cluster, aim.wanted);
}

/**
 * Loses an availability zone: all its ready nodes at once, by whatever has hands on their machines. Nodes of the control
 * plane are spared. Recovered when the pods that were there are replaced in other zones.
 *
 * @throws SEA_AIM_EMPTY (when aiming) for a zone without ready pods, or with the last ones; SEA_AIM_MANY for one with more
 * nodes than said; SEA_KUBE_MACHINES where the cluster has no hands on machines; SEA_COUNT; and what the machines throw
 * @example zoneLoss("eu-central-1a", { nodes: 3 })
 */
export function zoneLoss(zone: string, { nodes: most, by = "cut", evenLast = false }: ZoneOptions): ZoneFault {
  readMost(most, "zoneLoss.nodes");
  const empty = (what: string) => problem("SEA_AIM_EMPTY", { fault: kind, what });
  return Object.freeze({
    kind,
    harm: `${by === "stop" ? "stops" : "cuts off"} every node of zone ${zone}`,
    mendedBy: { platform: true },
    costs: [{ what: "node", count: most }],
    needs: [{ verbs: ["list"], group: "", resource: "nodes", namespaced: false }],
    machineVerbs: by === "stop" ? ["stop", "start"] : ["cut", "mend"],
    aim: async (cluster) => {
      const machines = machinesOf(cluster, by);
      const listed = (await cluster.api.list(resources.nodes, { labels: `${zoneLabel}=${zone}` })).map(slimNode).filter(({ ready, labels }) => ready && !isControl(labels));
      if (listed.length === 0) throw empty(`no ready node has the label ${zoneLabel}=${zone}`);
      if (listed.length > most) throw problem("SEA_AIM_MANY", { fault: kind, what: `${listed.length} nodes of ${zone}`, most }, "zoneLoss.nodes");
      const nodes = listed.map(nodeRef).sort(byName);
      const names = new Set(nodes.map(({ name }) => name));
      const [workloads, pods, all] = await Promise.all([cluster.workloads(), cluster.pods(), cluster.nodes()]);
      const ready = pods.filter((pod) => pod.ready);
      const hit = new Set(ready.filter((pod) => names.has(pod.node)).map((pod) => pod.workload));
      if (hit.size === 0) throw empty(`no ready pod runs in ${zone}`);
      const alone = [...hit].filter((workload) => !ready.some((pod) => pod.workload === workload && !names.has(pod.node))).sort();
      if (!evenLast && alone.length > 0) throw empty(`every ready pod of ${alone.join(", ")} runs in ${zone}, which only evenLast: true may take`);
      if (!evenLast && !all.some((node) => node.ready && !names.has(node.name))) throw empty(`no ready node is outside of ${zone}`);
      const states = await Promise.all(nodes.map((node) => machines.state(node)));
      const odd = nodes.find((_, at) => states[at] !== "up");
      if (odd) throw empty(`the machine of node ${odd.name} is ${states[nodes.indexOf(odd)]} already`);
      return {
        targets: nodes.map(({ name }) => ({ what: "node" as const, name })),
        zone, by, nodes,
        machines: { kind: machines.kind, address: machines.address },
        wanted: Object.fromEntries(workloads.filter(({ name }) => hit.has(name)).sort(byName).map(({ name, wanted }) => [name, wanted])),
      };
    },
    inject: (cluster, aim) => {
      const machines = machinesOf(cluster, aim.by);
      return toEach(aim.nodes, (node) => (aim.by === "stop" ? machines.stop(node) : machines.cut(node)));
    },
    recovered: async (cluster, aim) => {
      const names = new Set(aim.nodes.map(({ name }) => name));
      return !(await cluster.pods()).some((pod) => pod.ready && names.has(pod.node)) && whole(cluster, aim.wanted);
    },
    heal: healZone,
  } satisfies ZoneFault);
}
