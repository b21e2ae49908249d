import type { Aim } from "../../../src/model/fault.ts";
import { problem } from "../../../src/units/errors.ts";
import type { Random } from "../../../src/units/random.ts";
import type { Api, Thing } from "../api/api.ts";
import { endpointSlices, services } from "../api/resources.ts";
import type { KubernetesFault } from "../consent/fault.ts";
import type { Need } from "../consent/needs.ts";
import type { KubernetesCluster } from "../cluster/cluster.ts";
import { placed } from "./located.ts";
import { assertUnmarked, fieldOf, isSwapped, markLabel, markOf, swap, swapBack, type Swap } from "./swap.ts";
import type { ServiceThing } from "./things.ts";

export interface EndpointAim extends Aim {
  readonly swap: Swap;
  /** So many ready addresses it had, or fewer where pods are fewer now. */
  readonly ready: number;
}

interface SliceThing extends Thing {
  readonly endpoints?: readonly { readonly addresses: readonly string[]; readonly conditions?: { readonly ready?: boolean } }[] | null;
}

/** How many addresses of the service take traffic. */
async function readyOf(api: Api, namespace: string, service: string): Promise<number> {
  const slices = await api.list<SliceThing>(endpointSlices, { namespace, labels: `kubernetes.io/service-name=${service}` });
  return slices.flatMap(({ endpoints }) => endpoints ?? []).filter(({ conditions }) => conditions?.ready !== false).length;
}

export async function healEndpointLoss({ api }: KubernetesCluster, aim: EndpointAim): Promise<boolean> {
  await swapBack(api, aim.swap);
  return (await readyOf(api, aim.swap.at.namespace!, aim.swap.at.name)) >= Math.min(1, aim.ready);
}

async function aimAt(kind: string, cluster: KubernetesCluster, random: Random, thing: ServiceThing): Promise<EndpointAim> {
  const { name, namespace = "", uid = "" } = thing.metadata;
  assertUnmarked(kind, thing);
  const ready = await readyOf(cluster.api, namespace, name);
  if (!thing.spec.selector || ready === 0) throw problem("SEA_AIM_EMPTY", { fault: kind, what: `service ${namespace}/${name} ${thing.spec.selector ? "has no ready address" : "selects no pods"}` });
  const mark = markOf(cluster.run, random);
  // One more thing to ask for, which no pod has: what was there is not touched.
  const fields = [fieldOf(thing, ["spec", "selector", markLabel], mark)];
  return { targets: [{ what: "object", name: `service/${name}`, namespace }], swap: { at: { plural: "services", namespace, name, uid }, mark, fields }, ready };
}

const verbs = {
  inject: async ({ api }: KubernetesCluster, aim: EndpointAim) => void (await swap(api, aim.swap)),
  recovered: async (cluster: KubernetesCluster, aim: EndpointAim) => !(await isSwapped(cluster.api, aim.swap)) && (await readyOf(cluster.api, aim.swap.at.namespace!, aim.swap.at.name)) >= Math.min(1, aim.ready),
  heal: healEndpointLoss,
};

const needs = (namespaces?: readonly string[]): readonly Need[] => [
  { verbs: ["get", "patch", ...(namespaces ? ["list"] : [])], group: "", resource: "services", namespaced: true, ...(namespaces && { namespaces }) },
  { verbs: ["list"], group: "discovery.k8s.io", resource: "endpointslices", namespaced: true, ...(namespaces && { namespaces }) },
];

/**
 * Takes all endpoints from a Service, by a selector that no pod meets: its pods live, and nobody is sent to
 * them. Ends when it is lifted; recovered when it has ready addresses again.
 *
 * @throws SEA_AIM_EMPTY (when aiming) for a service without a selector, or without a ready pod
 * @example { fault: endpointLoss("cart"), recover: { by: lift({ after: "30s" }), within: "1m" } }
 */
export function endpointLoss(service: string): KubernetesFault<EndpointAim, "platform" | "lift"> {
  const kind = "endpoint-loss";
  return Object.freeze({
    kind,
    harm: `takes all endpoints from service ${service}`,
    mendedBy: { platform: true, lift: true },
    costs: [{ what: "object", name: `service/${service.slice(service.indexOf("/") + 1)}` }],
    needs: needs(),
    aim: async (cluster, random) => {
      const { namespace, name } = placed(cluster.namespaces, service);
      const thing = cluster.namespaces.includes(namespace) ? await cluster.api.read<ServiceThing>(services, name, namespace) : undefined;
      if (!thing) throw problem("SEA_AIM_EMPTY", { fault: kind, what: `no service '${name}' in ${namespace} (the place names ${cluster.namespaces.join(", ")})` });
      return aimAt(kind, cluster, random, thing);
    },
    ...verbs,
  } satisfies KubernetesFault<EndpointAim, "platform" | "lift">);
}

const system = "kube-system";

/**
 * Takes the cluster's name service away from all of its pods, as `endpointLoss` does it to a Service: what
 * resolves no names soon fails. It is in kube-system, and so protected: `mayLose` needs both
 * `objects: ["service/kube-dns"]` and `even: { system: ["kube-system"] }`. Ends when it is lifted.
 *
 * @throws SEA_AIM_EMPTY (when aiming) when no Service there has the label k8s-app=kube-dns, which that of CoreDNS has
 * @example { fault: dnsLoss(), recover: { by: lift({ after: "20s" }), within: "2m" } }
 */
export function dnsLoss(): KubernetesFault<EndpointAim, "platform" | "lift"> {
  const kind = "dns-loss";
  return Object.freeze({
    kind,
    harm: "takes the cluster's name service away",
    mendedBy: { platform: true, lift: true },
    costs: [{ what: "object", name: "service/kube-dns" }],
    needs: needs([system]),
    aim: async (cluster, random) => {
      const [thing] = (await cluster.api.list<ServiceThing>(services, { namespace: system, labels: "k8s-app=kube-dns" })).toSorted((a, b) => (a.metadata.name < b.metadata.name ? -1 : 1));
      if (!thing) throw problem("SEA_AIM_EMPTY", { fault: kind, what: `no service in ${system} has the label k8s-app=kube-dns` });
      const aim = await aimAt(kind, cluster, random, thing);
      return { ...aim, targets: [{ what: "object", name: "service/kube-dns", namespace: system }] };
    },
    ...verbs,
  } satisfies KubernetesFault<EndpointAim, "platform" | "lift">);
}
