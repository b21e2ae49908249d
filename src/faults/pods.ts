import type { Cluster, PodRef } from "../model/cluster.ts";
import type { Aim, Cost } from "../model/fault.ts";
import { problem } from "../units/errors.ts";
import { percentFraction, type Percent } from "../units/percent.ts";
import type { Random } from "../units/random.ts";
import { byName, whole, wholeCount } from "./whole.ts";

export interface PodOptions {
  /** How many pods; a share counts of the ready ones, rounded down, and at least 1. Default 1. */
  readonly count?: number | Percent;
  /** Also the last ready pod of the workload. Default false. */
  readonly evenLast?: boolean;
}

export interface PodAim extends Aim {
  readonly workload: string;
  readonly wanted: number;
  readonly pods: readonly PodRef[];
}

/** `"2 pods of shop"`. */
export const sayPods = (workload: string, { count = 1 }: PodOptions) =>
  `${count} ${typeof count === "number" ? `pod${count === 1 ? "" : "s"}` : "of the pods"} of ${workload}`;

export const podCosts = (workload: string, { count = 1 }: PodOptions): readonly Cost[] => [{ what: "pod", count, name: workload }];

/** Chooses ready pods of the workload; the last one stays. */
export async function aimPods(kind: string, cluster: Cluster, random: Random, workload: string, options: PodOptions): Promise<PodAim> {
  const { count = 1, evenLast = false } = options;
  const [workloads, pods] = await Promise.all([cluster.workloads(), cluster.pods()]);
  const found = workloads.find((one) => one.name === workload);
  if (!found) {
    throw problem("SEA_AIM_EMPTY", { fault: kind, what: `no workload '${workload}' among ${workloads.map((one) => one.name).join(", ") || "none"}` });
  }
  const ready = pods.filter((pod) => pod.workload === workload && pod.ready).sort((a, b) => byName(a, b) || (a.id < b.id ? -1 : 1));
  const wants = typeof count === "number" ? wholeCount(count, `${kind} count`) : Math.max(1, Math.floor(percentFraction(count, `${kind} count`) * ready.length));
  const most = evenLast ? ready.length : ready.length - 1;
  if (wants > most) {
    const last = evenLast ? "" : " beside the last one, which only evenLast: true may take";
    throw problem("SEA_AIM_EMPTY", { fault: kind, what: `${wants} ready pods of ${workload} are wanted${last}; ${ready.length} are ready` });
  }
  const chosen = random.shuffle(ready).slice(0, wants).sort(byName);
  return {
    targets: chosen.map(({ name }) => ({ what: "pod", name })),
    workload,
    wanted: found.wanted,
    pods: chosen.map(({ name, id }) => ({ name, id })),
  };
}

/** Is none of the pods aimed at listed any more, and the workload whole without them? */
export async function podsReplaced(cluster: Cluster, aim: PodAim): Promise<boolean> {
  const gone = new Set(aim.pods.map((pod) => pod.id));
  const listed = await cluster.pods();
  return listed.every((pod) => !gone.has(pod.id)) && podsWhole(cluster, aim);
}

export const podsWhole = (cluster: Cluster, aim: PodAim) => whole(cluster, { [aim.workload]: aim.wanted });
