import { problem } from "../../../src/units/errors.ts";
import type { Api, Resource } from "../api/api.ts";
import * as resources from "../api/resources.ts";
import type { KubernetesCluster } from "../cluster/cluster.ts";
import type { WorkloadThing } from "./things.ts";

/** The resources whose objects faults change, by plural: an aim is plain data, and names them so. */
const known = {
  pods: resources.pods, nodes: resources.nodes, services: resources.services, deployments: resources.deployments,
  statefulsets: resources.statefulSets, secrets: resources.secrets, configmaps: resources.configMaps,
} as const satisfies Readonly<Record<string, Resource>>;

/** Where an object is: this very one. */
export interface Located {
  readonly plural: keyof typeof known;
  readonly namespace?: string;
  readonly name: string;
  readonly uid: string;
}

export const resourceOf = ({ plural }: Pick<Located, "plural">): Resource => known[plural];

/** `"shop"` is in the first namespace of the place, `"back/shop"` in another. */
export function placed(namespaces: readonly string[], name: string): { readonly namespace: string; readonly name: string } {
  const slash = name.indexOf("/");
  return slash < 0 ? { namespace: namespaces[0]!, name } : { namespace: name.slice(0, slash), name: name.slice(slash + 1) };
}

/**
 * The object of a workload by the name that the cluster gives it.
 *
 * @throws SEA_AIM_EMPTY
 */
export async function findWorkload(kind: string, { api, namespaces }: KubernetesCluster, workload: string): Promise<{ readonly at: Located; readonly thing: WorkloadThing }> {
  const { namespace, name } = placed(namespaces, workload);
  for (const plural of ["deployments", "statefulsets"] as const) {
    const thing = namespaces.includes(namespace) ? await api.read<WorkloadThing>(known[plural], name, namespace) : undefined;
    if (thing) return { at: { plural, namespace, name, uid: thing.metadata.uid! }, thing };
  }
  throw problem("SEA_AIM_EMPTY", { fault: kind, what: `no Deployment or StatefulSet '${name}' in ${namespace} (the place names ${namespaces.join(", ")})` });
}

/** The object, when it is still this very one. */
export async function readLocated<T extends WorkloadThing>(api: Api, at: Located): Promise<T | undefined> {
  const thing = await api.read<T>(resourceOf(at), at.name, at.namespace);
  return thing?.metadata.uid === at.uid ? thing : undefined;
}

/** Does the server say that every replica is there, ready and of the newest template? It reads the server, not a watch. */
export async function isWhole(api: Api, at: Located): Promise<boolean> {
  const thing = await readLocated<WorkloadThing>(api, at);
  return thing !== undefined && isWholeThing(thing);
}

/** @param thing a Deployment or StatefulSet */
export function isWholeThing({ metadata, spec, status = {} }: WorkloadThing): boolean {
  const wanted = spec.replicas ?? 1;
  const { observedGeneration = 0, replicas = 0, readyReplicas = 0, updatedReplicas = 0, currentRevision, updateRevision } = status;
  const isNew = updateRevision === undefined ? updatedReplicas >= wanted : currentRevision === updateRevision;
  return observedGeneration >= (metadata.generation ?? 0) && readyReplicas >= wanted && replicas <= wanted && isNew;
}
