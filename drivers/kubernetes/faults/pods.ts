import { aimPods, type PodAim, type PodOptions } from "../../../src/faults/pods.ts";
import type { PodRef } from "../../../src/model/cluster.ts";
import type { Random } from "../../../src/units/random.ts";
import type { Api } from "../api/api.ts";
import * as resources from "../api/resources.ts";
import type { KubernetesCluster } from "../cluster/cluster.ts";
import { placed } from "./located.ts";
import type { PodThing } from "./things.ts";

/** A pod with the name and namespace that the server knows it by; its id is the uid. */
export interface PlacedPod extends PodRef {
  readonly namespace: string;
}

export interface PlacedPodAim extends PodAim {
  readonly pods: readonly PlacedPod[];
}

/** Chooses pods as every cluster does, by what the server calls them. */
export async function aimPlacedPods(kind: string, cluster: KubernetesCluster, random: Random, workload: string, options: PodOptions): Promise<PlacedPodAim> {
  const aim = await aimPods(kind, cluster, random, workload, options);
  const pods = aim.pods.map(({ name, id }) => ({ ...placed(cluster.namespaces, name), id }));
  return { ...aim, targets: pods.map(({ name, namespace }) => ({ what: "pod", name, namespace })), pods };
}

/** The pod, when it is still this very one. */
export async function readPod(api: Api, { name, namespace, id }: PlacedPod): Promise<PodThing | undefined> {
  const pod = await api.read<PodThing>(resources.pods, name, namespace);
  return pod?.metadata.uid === id ? pod : undefined;
}
