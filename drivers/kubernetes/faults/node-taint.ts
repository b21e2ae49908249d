import { nodeCosts, sayNodes, type NodeAim, type NodeOptions } from "../../../src/faults/nodes.ts";
import type { Plain } from "../../../src/model/cluster.ts";
import { problem, SeatrialError } from "../../../src/units/errors.ts";
import type { Api, JsonPatch } from "../api/api.ts";
import { nodes } from "../api/resources.ts";
import type { KubernetesFault } from "../consent/fault.ts";
import type { KubernetesCluster } from "../cluster/cluster.ts";
import { cordonNeeds } from "./node-cordon.ts";
import { aimNodeThings, podsOn } from "./nodes.ts";
import { asRead, markOf } from "./swap.ts";
import type { NodeThing, Taint, Toleration } from "./things.ts";
import { wholeAgain } from "./whole.ts";

const kind = "node-taint";
const mostTries = 8;

export interface TaintAim extends NodeAim {
  readonly taint: Taint;
  /** Uids of the pods that it drives away. */
  readonly driven: readonly string[];
}

export interface TaintOptions extends NodeOptions {
  readonly effect: "NoSchedule" | "PreferNoSchedule" | "NoExecute";
  /** Default `"seatrial.dev/taint"`. */
  readonly key?: string;
}

const isSame = (one: Taint, other: Taint) => one.key === other.key && one.effect === other.effect && one.value === other.value;

/** Does a pod that tolerates so put up with the taint for ever? */
export function tolerates(tolerations: readonly Toleration[], taint: Taint): boolean {
  return tolerations.some(({ key, operator = "Equal", value = "", effect, tolerationSeconds }) =>
    (effect === undefined || effect === "" || effect === taint.effect) && tolerationSeconds === undefined
    && (operator === "Exists" ? key === undefined || key === "" || key === taint.key : key === taint.key && value === (taint.value ?? "")));
}

/** Others change the taints of a node all the time: only ours is added or taken, of the list as it is. */
async function change(api: Api, node: string, to: (taints: readonly Taint[]) => readonly Taint[]): Promise<void> {
  for (let tries = 1; ; tries++) {
    const thing = await api.read<NodeThing>(nodes, node);
    if (!thing) return;
    const before = thing.spec.taints ?? [];
    const after = to(before);
    if (after === before) return;
    const json: JsonPatch[] = [
      asRead(thing),
      after.length > 0 ? { op: "add", path: "/spec/taints", value: after as unknown as Plain } : { op: "remove", path: "/spec/taints" },
    ];
    try {
      return void (await api.patch(nodes, node, undefined, { json }));
    } catch (error) {
      if (!(error instanceof SeatrialError) || error.code !== "SEA_KUBE_CONFLICT" || tries === mostTries) throw error;
    }
  }
}

const areTainted = async ({ api }: KubernetesCluster, { nodes: names, taint }: TaintAim): Promise<boolean> => {
  const found = await Promise.all(names.map((name) => api.read<NodeThing>(nodes, name)));
  return found.some((thing) => thing?.spec.taints?.some((one) => isSame(one, taint)));
};

export async function healNodeTaint(cluster: KubernetesCluster, aim: TaintAim): Promise<boolean> {
  for (const name of aim.nodes) {
    await change(cluster.api, name, (taints) => (taints.some((one) => isSame(one, aim.taint)) ? taints.filter((one) => !isSame(one, aim.taint)) : taints));
  }
  return wholeAgain(cluster, aim.wanted);
}

/**
 * Taints nodes. `NoExecute` drives away every pod that does not tolerate it, and the platform has to
 * replace them elsewhere; the others only keep new pods away, and end when they are lifted.
 *
 * @throws SEA_AIM_EMPTY (when aiming)
 * @example nodeTaint({ effect: "NoExecute", pool: "workers" })
 */
export function nodeTaint({ effect, key = "seatrial.dev/taint", ...options }: TaintOptions): KubernetesFault<TaintAim, "platform" | "lift"> {
  return Object.freeze({
    kind,
    harm: `taints ${sayNodes(options)} with ${key}:${effect}`,
    mendedBy: { platform: true, lift: true },
    costs: nodeCosts(options),
    needs: [...cordonNeeds, { verbs: ["list"], group: "", resource: "pods", namespaced: false }],
    aim: async (cluster, random) => {
      const { aim, things } = await aimNodeThings(kind, cluster, random, options);
      const taint: Taint = { key, value: markOf(cluster.run, random), effect };
      const taken = things.find(({ spec }) => spec.taints?.some((one) => one.key === key && one.effect === effect));
      if (taken) throw problem("SEA_AIM_EMPTY", { fault: kind, what: `node ${taken.metadata.name} has a taint ${key}:${effect} already` });
      const pods = effect === "NoExecute" ? (await Promise.all(aim.nodes.map((name) => podsOn(cluster.api, name)))).flat() : [];
      const driven = pods.filter(({ metadata, spec }) => cluster.namespaces.includes(metadata.namespace ?? "") && !tolerates(spec.tolerations ?? [], taint)).map(({ metadata }) => metadata.uid!).sort();
      return { ...aim, taint, driven };
    },
    inject: async ({ api }, aim) => {
      for (const name of aim.nodes) await change(api, name, (taints) => (taints.some((one) => isSame(one, aim.taint)) ? taints : [...taints, aim.taint]));
    },
    recovered: async (cluster, aim) => {
      if (aim.driven.length === 0) return !(await areTainted(cluster, aim)) && wholeAgain(cluster, aim.wanted);
      const there = new Set((await Promise.all(aim.nodes.map((name) => podsOn(cluster.api, name)))).flat().map(({ metadata }) => metadata.uid));
      return !aim.driven.some((uid) => there.has(uid)) && wholeAgain(cluster, aim.wanted);
    },
    heal: healNodeTaint,
  } satisfies KubernetesFault<TaintAim, "platform" | "lift">);
}
