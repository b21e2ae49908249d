import type { Api, Resource, Thing } from "../api/api.ts";
import * as resources from "../api/resources.ts";
import { plain } from "./keep.ts";

const of = (group: string, kind: string, plural: string, version = "v1"): Resource => ({ group, version, plural, kind, namespaced: true });

/** What a namespace can hold that people make, in an order in which it can be made again. */
export const contentKinds: readonly Resource[] = [
  of("", "LimitRange", "limitranges"), of("", "ResourceQuota", "resourcequotas"),
  resources.serviceAccounts, resources.secrets, resources.configMaps, resources.roles, resources.roleBindings,
  of("", "PersistentVolumeClaim", "persistentvolumeclaims"),
  resources.networkPolicies, resources.services, resources.endpointSlices, of("networking.k8s.io", "Ingress", "ingresses"),
  resources.podDisruptionBudgets, of("", "PodTemplate", "podtemplates"),
  resources.deployments, resources.statefulSets, resources.daemonSets, resources.replicaSets, of("", "ReplicationController", "replicationcontrollers"),
  of("batch", "CronJob", "cronjobs"), resources.jobs, of("autoscaling", "HorizontalPodAutoscaler", "horizontalpodautoscalers", "v2"), resources.pods,
];

interface DefinitionThing extends Thing {
  readonly spec: { readonly group: string; readonly scope: string; readonly names: { readonly kind: string; readonly plural: string }; readonly versions: readonly { readonly name: string; readonly served: boolean; readonly storage: boolean }[] };
}

/** The kinds of custom objects that a namespace can hold. */
async function customKinds(api: Api): Promise<readonly Resource[]> {
  const definitions = await api.list<DefinitionThing>(resources.customResources);
  return definitions.filter(({ spec }) => spec.scope === "Namespaced").flatMap(({ spec }) => {
    const version = spec.versions.find(({ storage, served }) => storage && served) ?? spec.versions.find(({ served }) => served);
    return version ? [of(spec.group, spec.names.kind, spec.names.plural, version.name)] : [];
  });
}

/** An object, and the resource that it is made again by. */
export interface Content {
  readonly resource: Resource;
  readonly thing: Thing;
}

/** Everything in a namespace that its controllers would not make again by themselves. Lists carry no kinds: they are put back. */
export async function contentsOf(api: Api, namespace: string): Promise<readonly Content[]> {
  const kinds = [...contentKinds, ...(await customKinds(api))];
  const found: Content[] = [];
  for (const resource of kinds) {
    for (const thing of await api.list(resource, { namespace })) {
      if (isKept(resource, thing)) found.push({ resource, thing: renewable(resource, { ...thing, apiVersion: resources.apiVersionOf(resource), kind: resource.kind }) });
    }
  }
  return found;
}

interface Loose extends Thing {
  readonly type?: string;
  readonly status?: { readonly conditions?: readonly { readonly type: string; readonly status: string }[]; readonly phase?: string };
}

/** Not what somebody else makes again, and not what has had its time: a job that ran would run twice. */
export function isKept({ plural }: Resource, thing: Thing): boolean {
  const { metadata, type, status } = thing as Loose;
  if (metadata.ownerReferences?.some(({ controller }) => controller)) return false;
  switch (plural) {
    case "configmaps":
      return metadata.name !== "kube-root-ca.crt";
    case "secrets":
      return type !== "kubernetes.io/service-account-token";
    case "endpointslices":
      return metadata.ownerReferences === undefined;
    case "jobs":
      return !status?.conditions?.some((one) => (one.type === "Complete" || one.type === "Failed") && one.status === "True");
    case "pods":
      return status?.phase === "Running" || status?.phase === "Pending";
    default:
      return true;
  }
}

const tokenVolume = /^kube-api-access-/;
const jobLabels = /^(batch\.kubernetes\.io\/)?(controller-uid|job-name)$/;
const without = (labels: Readonly<Record<string, string>> | undefined) => Object.fromEntries(Object.entries(labels ?? {}).filter(([key]) => !jobLabels.test(key)));

/** The object as it can be made again in a new namespace: owners there will have other uids, and some fields are the server's. */
export function renewable({ plural }: Resource, thing: Thing): Thing {
  const { metadata: { ownerReferences: _, ...metadata }, ...rest } = plain(thing) as Thing & { readonly spec?: any };
  const bare = { ...rest, metadata } as Thing & { readonly spec?: any };
  if (plural === "jobs") {
    const { selector: _s, manualSelector: _m, template, ...spec } = bare.spec;
    return { ...bare, metadata: { ...metadata, labels: without(metadata.labels) }, spec: { ...spec, template: { ...template, metadata: { ...template.metadata, labels: without(template.metadata?.labels) } } } } as Thing;
  }
  if (plural === "pods") {
    const { nodeName: _n, volumes = [], ...spec } = bare.spec;
    const unmount = (container: { volumeMounts?: { name: string }[] }) => ({ ...container, volumeMounts: (container.volumeMounts ?? []).filter(({ name }) => !tokenVolume.test(name)) });
    return {
      ...bare,
      spec: { ...spec, volumes: volumes.filter(({ name }: { name: string }) => !tokenVolume.test(name)), containers: spec.containers.map(unmount), ...(spec.initContainers && { initContainers: spec.initContainers.map(unmount) }) },
    } as Thing;
  }
  return bare;
}

/** A Service without the addresses and ports that others may have taken meanwhile. */
export function unaddressed(service: Thing): Thing {
  const { clusterIP, clusterIPs: _, healthCheckNodePort: _h, ports = [], ...spec } = (service as Thing & { readonly spec: any }).spec;
  return { ...service, spec: { ...spec, ...(clusterIP === "None" && { clusterIP }), ports: ports.map(({ nodePort: _p, ...port }: { nodePort?: number }) => port) } } as Thing;
}
