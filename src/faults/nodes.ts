import type { Cluster, ClusterNode, Pod } from "../model/cluster.ts";
import type { Aim, Cost } from "../model/fault.ts";
import { problem } from "../units/errors.ts";
import type { Random } from "../units/random.ts";
import { byName, whole, wholeCount, type Wanted } from "./whole.ts";

export interface NodeOptions {
  /** Only nodes of this pool. Default: any. */
  readonly pool?: string;
  /** How many nodes. Default 1. */
  readonly count?: number;
  /** Also the last ready node (of the pool), or nodes with the last ready pod of a workload. Default false. */
  readonly evenLast?: boolean;
}

export interface NodeAim extends Aim {
  readonly nodes: readonly string[];
  /** The workloads that have pods there. */
  readonly wanted: Wanted;
}

/** `"2 nodes of workers"`. */
export const sayNodes = ({ count = 1, pool }: NodeOptions) => `${count} node${count === 1 ? "" : "s"}${pool === undefined ? "" : ` of ${pool}`}`;

export const nodeCosts = ({ count = 1, pool }: NodeOptions): readonly Cost[] => [{ what: "node", count, ...(pool === undefined ? {} : { name: pool }) }];

/** Chooses ready nodes that carry ready pods; a node stays, and a ready pod of every workload. @param among which of the nodes may be chosen */
export async function aimNodes(kind: string, cluster: Pick<Cluster, "workloads" | "pods" | "nodes">, random: Random, options: NodeOptions, among: (node: ClusterNode) => boolean = () => true): Promise<NodeAim> {
  const { pool, evenLast = false } = options;
  const count = wholeCount(options.count ?? 1, `${kind} count`);
  const [workloads, pods, nodes] = await Promise.all([cluster.workloads(), cluster.pods(), cluster.nodes()]);
  const up = nodes.filter((node) => node.ready && (pool === undefined || node.pool === pool));
  const ready = pods.filter((pod) => pod.ready);
  const busy = up.filter((node) => among(node) && ready.some((pod) => pod.node === node.name)).sort(byName);
  const most = evenLast ? busy.length : Math.min(busy.length, up.length - 1);
  const chosen = count > most ? undefined : choose(random.shuffle(busy), count, (names) => evenLast || leavesOne(ready, names));
  if (!chosen) {
    const last = evenLast ? "" : " beside the last one and those with a workload's last pod, which only evenLast: true may take";
    throw problem("SEA_AIM_EMPTY", { fault: kind, what: `${sayNodes({ ...options, count })} with ready pods wanted${last}; ${busy.length} have ready pods` });
  }
  const hit = new Set(ready.filter((pod) => chosen.has(pod.node)).map((pod) => pod.workload));
  const names = [...chosen].sort();
  return {
    targets: names.map((name) => ({ what: "node", name })),
    nodes: names,
    wanted: Object.fromEntries(workloads.filter(({ name }) => hit.has(name)).sort(byName).map(({ name, wanted }) => [name, wanted])),
  };
}

const leavesOne = (ready: readonly Pod[], nodes: ReadonlySet<string>) =>
  ready.every((pod) => !nodes.has(pod.node) || ready.some((other) => other.workload === pod.workload && !nodes.has(other.node)));

/** The first nodes, in this order, that may go together; tried from every beginning. */
function choose(nodes: readonly ClusterNode[], count: number, may: (names: ReadonlySet<string>) => boolean): ReadonlySet<string> | undefined {
  for (let from = 0; from < nodes.length; from++) {
    const names = new Set<string>();
    for (const { name } of [...nodes.slice(from), ...nodes.slice(0, from)]) {
      if (names.size < count && may(new Set([...names, name]))) names.add(name);
    }
    if (names.size === count) return names;
  }
  return undefined;
}

/** Are the workloads whole, and none of their ready pods on the nodes? */
export async function nodesReplaced(cluster: Cluster, aim: NodeAim): Promise<boolean> {
  const pods = await cluster.pods();
  return !pods.some((pod) => pod.ready && aim.nodes.includes(pod.node)) && whole(cluster, aim.wanted);
}

/** Gives the nodes back, and waits for them and for the workloads. A node that the platform has done away with needs nothing. */
export async function healNodes(cluster: Cluster, aim: NodeAim): Promise<boolean> {
  const there = (await cluster.nodes()).filter((node) => aim.nodes.includes(node.name));
  for (const node of there) await cluster.restoreNode(node.name);
  const after = await cluster.nodes();
  return there.every(({ name }) => after.some((node) => node.name === name && node.ready)) && whole(cluster, aim.wanted);
}
