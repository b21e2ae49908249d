import type { Even } from "../../../src/model/cluster.ts";
import type { Target } from "../../../src/model/fault.ts";
import { problem, type SeatrialError } from "../../../src/units/errors.ts";
import type { Meta, Thing } from "../api/api.ts";

/** A target with the namespace that it is in; undefined for what is in none. */
export type Placed = Omit<Target, "namespace"> & { readonly namespace: string | undefined };

/** A pod, as far as it matters here. */
export interface Member {
  readonly name: string;
  readonly namespace: string;
  readonly node: string;
  readonly ready: boolean;
  /** What its owner is called, which for a Deployment's pod is the Deployment; its own name where nobody owns it. */
  readonly workload: string;
  /** The kind of its owner; undefined where nobody replaces it. */
  readonly owner: string | undefined;
  /** Carries our own runner, or a part of our fleet. */
  readonly isOurs: boolean;
}

const systems = [/^kube-/, /-system$/, /^amazon-/, /^(chaos-mesh|velero|cert-manager|argo-rollouts|flagger)$/];
const controlPlaneLabels = ["node-role.kubernetes.io/control-plane", "node-role.kubernetes.io/master"];
/** The pods of these come back on a node or with the next run by design; their last one is not a service's. */
const unserving: ReadonlySet<string> = new Set(["DaemonSet", "Node", "Job"]);
/** A pod with this label carries a part of ours: `seatrial.dev/part=runner`. */
const partLabel = "seatrial.dev/part";

export const isSystem = (namespace: string): boolean => systems.some((form) => form.test(namespace));

const full = ({ namespace, name }: { readonly namespace?: string | undefined; readonly name: string }) => (namespace === undefined ? name : `${namespace}/${name}`);

export function memberOf({ metadata, ...rest }: Thing, self: { readonly name: string; readonly namespace: string } | undefined): Member {
  const { name, namespace = "", labels = {}, ownerReferences = [] } = metadata;
  const owner = ownerReferences.find(({ controller }) => controller);
  const spec = rest["spec"] as { readonly nodeName?: string } | undefined;
  const conditions = (rest["status"] as { readonly conditions?: readonly { readonly type: string; readonly status: string }[] } | undefined)?.conditions ?? [];
  const hash = labels["pod-template-hash"];
  return {
    name, namespace,
    node: spec?.nodeName ?? "",
    ready: metadata.deletionTimestamp === undefined && conditions.some(({ type, status }) => type === "Ready" && status === "True"),
    workload: owner === undefined ? name : owner.kind === "ReplicaSet" && hash !== undefined ? owner.name.replace(new RegExp(`-${hash}$`), "") : owner.name,
    owner: owner?.kind,
    isOurs: labels[partLabel] !== undefined || (name === self?.name && namespace === self.namespace),
  };
}

/** Targets in namespaces of the system. */
export function systemTargets(targets: readonly Placed[], { system = [] }: Even): SeatrialError[] {
  const namespaces = targets.flatMap((target) => (target.what === "namespace" ? target.name : (target.namespace ?? [])));
  return [...new Set(namespaces)].filter((one) => isSystem(one) && !system.includes(one)).map((namespace) => problem("SEA_PROTECTED_SYSTEM", { namespace }));
}

/** Targets that are nodes of the control plane. */
export function controlPlaneTargets(targets: readonly Placed[], nodes: readonly { readonly metadata: Meta }[], { controlPlane = [] }: Even): SeatrialError[] {
  const doomed = new Set(targets.filter(({ what }) => what === "node").map(({ name }) => name));
  return nodes
    .filter(({ metadata: { name, labels = {} } }) => doomed.has(name) && !controlPlane.includes(name) && controlPlaneLabels.some((label) => label in labels))
    .map(({ metadata: { name } }) => problem("SEA_PROTECTED_CONTROL_PLANE", { node: name }));
}

/** Pods that go with the targets: those named, and those on nodes that are. */
function doomedOf(targets: readonly Placed[], pods: readonly Member[]): ReadonlySet<Member> {
  const named = new Set(targets.filter(({ what }) => what === "pod").map(full));
  const nodes = new Set(targets.filter(({ what }) => what === "node").map(({ name }) => name));
  return new Set(pods.filter((pod) => named.has(full(pod)) || (nodes.has(pod.node) && !unserving.has(pod.owner ?? ""))));
}

/** Workloads that would be left without a ready replica. */
export function lastReplicas(targets: readonly Placed[], pods: readonly Member[], { last = [] }: Even): SeatrialError[] {
  const doomed = doomedOf(targets, pods);
  const key = (pod: Member) => `${pod.namespace}/${pod.workload}`;
  const hit = new Set([...doomed].filter(({ ready }) => ready).map(key));
  for (const pod of pods) if (pod.ready && !doomed.has(pod)) hit.delete(key(pod));
  return [...hit]
    .filter((workload) => !last.includes(workload) && !last.includes(workload.split("/")[1]!))
    .map((workload) => problem("SEA_PROTECTED_LAST", { workload, name: workload.split("/")[1]! }));
}

/** Nodes that our own runner or fleet is on, and its own pods. */
export function ownTargets(targets: readonly Placed[], pods: readonly Member[], { own = [] }: Even): SeatrialError[] {
  const ours = pods.filter(({ isOurs }) => isOurs);
  const nodes = targets.filter(({ what, name }) => what === "node" && !own.includes(name) && ours.some(({ node }) => node === name));
  const named = new Set(targets.filter(({ what }) => what === "pod").map(full));
  return [
    ...[...new Set(nodes.map(({ name }) => name))].map((node) => problem("SEA_PROTECTED_OWN", { what: `node ${node}`, name: node })),
    ...ours.filter((pod) => named.has(full(pod)) && !own.includes(pod.node)).map((pod) => problem("SEA_PROTECTED_OWN", { what: `pod ${full(pod)}`, name: pod.node })),
  ];
}
