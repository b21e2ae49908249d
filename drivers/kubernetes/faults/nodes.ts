import { aimNodes, type NodeAim, type NodeOptions } from "../../../src/faults/nodes.ts";
import type { Random } from "../../../src/units/random.ts";
import { problem } from "../../../src/units/errors.ts";
import type { Api } from "../api/api.ts";
import * as resources from "../api/resources.ts";
import type { KubernetesCluster } from "../cluster/cluster.ts";
import type { NodeRef } from "../machines/machines.ts";
import { assertUnmarked } from "./swap.ts";
import type { NodeThing, PodThing } from "./things.ts";

/** Chooses nodes as every cluster does, and reads them. Those that `fits` refuses count as not there. */
export async function aimNodeThings(kind: string, cluster: KubernetesCluster, random: Random, options: NodeOptions, fits: (node: NodeThing) => boolean = () => true): Promise<{ readonly aim: NodeAim; readonly things: readonly NodeThing[] }> {
  const all = new Map((await cluster.api.list<NodeThing>(resources.nodes)).map((node) => [node.metadata.name, node]));
  const view = { workloads: () => cluster.workloads(), pods: () => cluster.pods(), nodes: async () => (await cluster.nodes()).filter(({ name }) => all.has(name) && fits(all.get(name)!)) };
  const aim = await aimNodes(kind, view, random, options);
  const things = aim.nodes.map((name) => all.get(name)!);
  for (const thing of things) assertUnmarked(kind, thing);
  return { aim, things };
}

export const podsOn = (api: Api, node: string): Promise<readonly PodThing[]> => api.list<PodThing>(resources.pods, { fields: `spec.nodeName=${node}` });

/** The node as those who have hands on its machine find it; plain data, for it may be gone when they need it. */
export function refOf({ metadata, spec, status }: NodeThing): NodeRef {
  return {
    name: metadata.name,
    ...(spec.providerID !== undefined && { providerID: spec.providerID }),
    addresses: (status?.addresses ?? []).filter(({ type }) => type.endsWith("IP")).map(({ address }) => address),
  };
}

/** @throws SEA_KUBE_MACHINES where the place names nobody */
export function handsOf({ name, machines }: KubernetesCluster, what: string): NonNullable<KubernetesCluster["machines"]> {
  if (!machines) throw problem("SEA_KUBE_MACHINES", { cluster: name, what, kind: "none" });
  return machines;
}
