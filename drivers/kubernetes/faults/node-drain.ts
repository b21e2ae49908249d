import { nodeCosts, sayNodes, type NodeOptions } from "../../../src/faults/nodes.ts";
import type { Injected } from "../../../src/model/fault.ts";
import { problem } from "../../../src/units/errors.ts";
import type { Api } from "../api/api.ts";
import { daemonSets, nodes } from "../api/resources.ts";
import type { KubernetesFault } from "../consent/fault.ts";
import type { Need } from "../consent/needs.ts";
import { fateOf, type DrainRules } from "./drain-filter.ts";
import { evictAll } from "./evict.ts";
import { cordonNeeds, cordonOf, healNodeCordon, isOpen, type CordonAim } from "./node-cordon.ts";
import { aimNodeThings, podsOn } from "./nodes.ts";
import type { PlacedPod } from "./pods.ts";
import { markOf, swap } from "./swap.ts";
import { isTrue, type NodeThing, type PodThing } from "./things.ts";
import { wholeAgain } from "./whole.ts";

const kind = "node-drain";
/** How often pods that are on their way out are looked at. */
const lookMs = 500;

const needs: readonly Need[] = [
  ...cordonNeeds,
  { verbs: ["list"], group: "", resource: "pods", namespaced: false },
  { verbs: ["create"], group: "", resource: "pods/eviction", namespaced: false, for: "harm" },
  { verbs: ["list"], group: "apps", resource: "daemonsets", namespaced: false, for: "harm" },
];

export interface DrainAim extends CordonAim {
  /** Those that have to go, by uid. */
  readonly pods: readonly PlacedPod[];
  readonly rules: DrainRules;
}

export interface DrainOptions extends NodeOptions, DrainRules {}

const placedOf = ({ metadata: { name, namespace = "", uid = "" } }: PodThing): PlacedPod => ({ name, namespace, id: uid });

/**
 * The pods that have to leave a node.
 *
 * @throws SEA_DRAIN_REFUSED with every pod that keeps it from being drained
 */
async function leavers(api: Api, node: string, rules: DrainRules): Promise<readonly PodThing[]> {
  const [pods, sets] = await Promise.all([podsOn(api, node), api.list(daemonSets)]);
  const known = new Set(sets.map(({ metadata }) => metadata.uid!));
  const fates = pods.map((pod) => ({ pod, fate: fateOf(pod, known, rules) }));
  const refused = fates.flatMap(({ pod, fate }) => (fate.fate === "refused" ? [`${pod.metadata.namespace}/${pod.metadata.name}: ${fate.why}`] : []));
  if (refused.length > 0) throw problem("SEA_DRAIN_REFUSED", { node, why: refused.sort().join("; ") });
  return fates.filter(({ fate }) => fate.fate === "evicted").map(({ pod }) => pod);
}

/** One turn of a drain: what can go is asked to, and what holds up the rest is said. */
async function turn(api: Api, node: string, rules: DrainRules): Promise<Injected> {
  const pods = await leavers(api, node, rules);
  if (pods.length === 0) return { harmed: true };
  const { going, blocked } = await evictAll(api, pods.filter(({ metadata }) => metadata.deletionTimestamp === undefined).map(placedOf));
  const ending = pods.filter(({ metadata }) => metadata.deletionTimestamp !== undefined);
  const why = [blocked?.why, ending.length > 0 && (await sayEnding(api, node, ending))].filter(Boolean).join("; ");
  return { ...(going.length + ending.length > 0 && { harmed: true }), left: { why: why || `waits for ${going.map(({ name }) => name).sort().join(", ")} to end`, againMs: blocked?.againMs ?? lookMs } };
}

/** Why a pod that was asked to end is still there, as far as it can be seen. */
async function sayEnding(api: Api, node: string, pods: readonly PodThing[]): Promise<string> {
  const isUp = isTrue((await api.read<NodeThing>(nodes, node))?.status?.conditions, "Ready");
  return pods.map(({ metadata: { name, namespace, finalizers = [] } }) =>
    `${namespace}/${name} is ending${finalizers.length > 0 ? `, held by the finalizer ${finalizers.join(", ")}` : isUp ? "" : `, and the kubelet of ${node} does not say that it has`}`).sort().join("; ");
}

/** Is none of the pods listed on the nodes any more? */
async function areGone(api: Api, { nodes: names, pods }: DrainAim): Promise<boolean> {
  const there = new Set((await Promise.all(names.map((name) => podsOn(api, name)))).flat().map(({ metadata }) => metadata.uid));
  return !pods.some(({ id }) => there.has(id));
}

/** Opens the nodes again that the drain closed. */
export const healNodeDrain = healNodeCordon;

/**
 * Drains nodes as `kubectl drain --ignore-daemonsets` does: closes them, and evicts what has to leave
 * through disruption budgets, asking every 5 s again. The run says what holds it up: a budget, a finalizer,
 * a kubelet that is gone. Recovered when the pods are gone from there and their workloads are whole. Healing
 * opens the nodes again, unless they were closed before.
 *
 * @throws SEA_AIM_EMPTY, SEA_DRAIN_REFUSED (when aiming) for pods that kubectl would not evict, all of them at once
 * @example nodeDrain({ pool: "workers", emptyDir: true })
 */
export function nodeDrain({ emptyDir, orphans, ...options }: DrainOptions = {}): KubernetesFault<DrainAim, "platform"> {
  const rules: DrainRules = { ...(emptyDir && { emptyDir }), ...(orphans && { orphans }) };
  return Object.freeze({
    kind,
    harm: `drains ${sayNodes(options)}`,
    mendedBy: { platform: true },
    costs: nodeCosts(options),
    needs,
    aim: async (cluster, random) => {
      const { aim, things } = await aimNodeThings(kind, cluster, random, options, isOpen);
      const pods = (await Promise.all(aim.nodes.map((name) => leavers(cluster.api, name, rules)))).flat().map(placedOf).sort((a, b) => (a.id < b.id ? -1 : 1));
      if (pods.length === 0) throw problem("SEA_AIM_EMPTY", { fault: kind, what: `nothing on ${aim.nodes.join(", ")} would have to leave` });
      const mark = markOf(cluster.run, random);
      return { ...aim, pods, rules, swaps: things.map((thing) => cordonOf(thing, mark)) };
    },
    inject: async ({ api }, { nodes: names, swaps, rules: own }) => {
      for (const one of swaps) await swap(api, one);
      const turns = await Promise.all(names.map((name) => turn(api, name, own)));
      const left = turns.flatMap((one) => one.left ?? []);
      return {
        ...(turns.some(({ harmed }) => harmed) && { harmed: true }),
        ...(left.length > 0 && { left: { why: left.map(({ why }) => why).join("; "), againMs: Math.min(...left.map(({ againMs }) => againMs)) } }),
      };
    },
    recovered: async (cluster, aim) => (await areGone(cluster.api, aim)) && wholeAgain(cluster, aim.wanted),
    heal: healNodeDrain,
  } satisfies KubernetesFault<DrainAim, "platform">);
}
