import { podCosts, podsWhole, sayPods, type PodOptions } from "../../../src/faults/pods.ts";
import { problem, SeatrialError } from "../../../src/units/errors.ts";
import type { KubernetesFault } from "../consent/fault.ts";
import type { Need } from "../consent/needs.ts";
import type { KubernetesCluster } from "../cluster/cluster.ts";
import { aimPlacedPods, readPod, type PlacedPod, type PlacedPodAim } from "./pods.ts";
import type { ContainerStatus, PodThing } from "./things.ts";

const kind = "container-kill";
const lookMs = 200;

const needs: readonly Need[] = [
  { verbs: ["get"], group: "", resource: "pods", namespaced: true },
  { verbs: ["create"], group: "", resource: "pods/exec", namespaced: true, for: "harm" },
];

export interface ContainerKillAim extends PlacedPodAim {
  readonly container: string;
  /** The runtime's id of each pod's container: another one has every restart. */
  readonly ids: Readonly<Record<string, string>>;
}

export interface ContainerKillOptions extends PodOptions {
  /** Default: the first of the pod. */
  readonly container?: string;
  /** A program of the image that ends its first process. Default: `kill 1`, by itself or by a shell. */
  readonly command?: readonly string[];
}

const statusOf = (pod: PodThing | undefined, container: string): ContainerStatus | undefined => pod?.status?.containerStatuses?.find(({ name }) => name === container);

/** Has it ended since it was aimed at? A pod that is no more took it along. */
async function hasEnded({ api }: KubernetesCluster, pod: PlacedPod, { container, ids }: ContainerKillAim): Promise<boolean> {
  const thing = await readPod(api, pod);
  const status = statusOf(thing, container);
  return thing === undefined || status?.containerID !== ids[pod.id] || status?.state?.running === undefined;
}

const programs: readonly (readonly string[])[] = [["kill", "1"], ["/bin/sh", "-c", "kill 1"]];

/** @throws SEA_CONTAINER_KILL when the image has no such program, or it fails */
async function kill({ api }: KubernetesCluster, { name, namespace }: PlacedPod, container: string, command: readonly string[] | undefined): Promise<void> {
  let why = "";
  for (const words of command ? [command] : programs) {
    try {
      const { code, err, out } = await api.exec(name, namespace, words, { container });
      // 137 and 143: it went with the container.
      if (code === 0 || code === 137 || code === 143) return;
      why = `\`${words.join(" ")}\` ended with ${code}: ${(err || out).trim().slice(0, 200)}`;
    } catch (error) {
      if (!(error instanceof SeatrialError)) throw error;
      if (error.code === "SEA_KUBE_UNREACHABLE") return; // Its end took the connection along, or will be missed.
      if (error.code !== "SEA_KUBE_REFUSED") throw error;
      why = error.message;
    }
  }
  throw problem("SEA_CONTAINER_KILL", { pod: `${namespace}/${name}`, container, why });
}

/**
 * Ends the first process of a container, from within; the pod stays. Recovered when the kubelet has
 * started it again and the pod is ready. A process that does not end of SIGTERM, as one that has no handler
 * for it is kept from it by the kernel, is said, and proves nothing.
 *
 * @throws SEA_AIM_EMPTY (when aiming); SEA_CONTAINER_KILL where the image has no `kill` and no shell
 * @example containerKill("shop", { container: "sidecar" })
 */
export function containerKill(workload: string, { container, command, ...options }: ContainerKillOptions = {}): KubernetesFault<ContainerKillAim, "platform"> {
  return Object.freeze({
    kind,
    harm: `kills ${container === undefined ? "the first container" : `container ${container}`} of ${sayPods(workload, options)}`,
    mendedBy: { platform: true },
    costs: podCosts(workload, options),
    needs,
    aim: async (cluster, random) => {
      const aim = await aimPlacedPods(kind, cluster, random, workload, options);
      const things = await Promise.all(aim.pods.map((pod) => readPod(cluster.api, pod)));
      const first = container ?? things[0]?.spec.containers[0]?.name ?? "";
      const ids = Object.fromEntries(aim.pods.map((pod, index) => {
        const id = statusOf(things[index], first)?.containerID;
        if (id === undefined) throw problem("SEA_AIM_EMPTY", { fault: kind, what: `pod ${pod.name} runs no container '${first}': it has ${things[index]?.spec.containers.map(({ name }) => name).join(", ") ?? "gone away"}` });
        return [pod.id, id];
      }));
      return { ...aim, container: first, ids };
    },
    inject: async (cluster, aim, turn = 0) => {
      // Asked once: many processes take a second signal as an order to drop everything.
      if (turn === 0) await Promise.all(aim.pods.map((pod) => kill(cluster, pod, aim.container, command)));
      const ended = await Promise.all(aim.pods.map((pod) => hasEnded(cluster, pod, aim)));
      const left = aim.pods.filter((_, index) => !ended[index]).map(({ name }) => name);
      if (left.length === 0) return { harmed: true };
      return { left: { why: `the first process of ${aim.container} goes on in ${left.join(", ")}: it has not ended of SIGTERM yet`, againMs: lookMs } };
    },
    recovered: async (cluster, aim) => {
      const ended = await Promise.all(aim.pods.map((pod) => hasEnded(cluster, pod, aim)));
      return !ended.includes(false) && (await Promise.all(aim.pods.map(async (pod) => statusOf(await readPod(cluster.api, pod), aim.container)?.ready ?? true))).every(Boolean) && podsWhole(cluster, aim);
    },
    heal: podsWhole,
  } satisfies KubernetesFault<ContainerKillAim, "platform">);
}
