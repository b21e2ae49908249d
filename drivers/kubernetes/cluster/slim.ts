import { createHash } from "node:crypto";
import type { Meta, Owner, Thing } from "../api/api.ts";

/** What stays of an object while it is watched: a thousand pods must cost kilobytes each, not tens of them. */
interface Slim {
  readonly name: string;
  readonly namespace: string;
  readonly uid: string;
  readonly generation: number;
}

export interface SlimPod extends Slim {
  readonly node: string;
  readonly ready: boolean;
  /** Asked to end, and not gone yet. */
  readonly isEnding: boolean;
  readonly isOver: boolean;
  readonly version: string;
  readonly owner: { readonly kind: string; readonly name: string; readonly uid: string } | undefined;
  /** Of a StatefulSet's pod: the revision that it runs. */
  readonly revision: string;
}

export interface SlimNode extends Slim {
  readonly ready: boolean;
  readonly labels: Readonly<Record<string, string>>;
  readonly providerID: string | undefined;
  readonly addresses: readonly { readonly type: string; readonly address: string }[];
}

/** A Deployment or StatefulSet. */
export interface SlimWorkload extends Slim {
  readonly kind: "Deployment" | "StatefulSet";
  readonly observed: number;
  readonly wanted: number;
  readonly ready: number;
  readonly updated: number;
  /** Names the pod template by its content. */
  readonly template: string;
  readonly version: string;
  /** The platform says that the last rollout is done. */
  readonly isDone: boolean;
  /** How the platform says where the rollout is. */
  readonly reason: string;
  readonly currentRevision: string;
  readonly updateRevision: string;
}

export interface SlimReplicaSet extends Slim {
  readonly deployment: string;
  readonly revision: number;
  readonly replicas: number;
  readonly ready: number;
  readonly template: string;
  readonly version: string;
}

interface Condition {
  readonly type: string;
  readonly status: string;
  readonly reason?: string;
  readonly message?: string;
}

/** What pods are made of. */
export interface Template {
  readonly metadata?: { readonly labels?: Readonly<Record<string, string>>; readonly annotations?: Readonly<Record<string, string>> };
  readonly spec: { readonly containers: readonly { readonly name: string; readonly image: string }[]; readonly [field: string]: unknown };
}

export const versionLabel = "app.kubernetes.io/version";
export const hashLabel = "pod-template-hash";
const revisionLabel = "controller-revision-hash";
const revisionAnnotation = "deployment.kubernetes.io/revision";

const slimOf = ({ name, namespace = "", uid = "", generation = 0 }: Meta): Slim => ({ name, namespace, uid, generation });
const controllerOf = ({ ownerReferences = [] }: Meta): Owner | undefined => ownerReferences.find(({ controller }) => controller);
const isTrue = (conditions: readonly Condition[] | undefined, type: string) => conditions?.some((one) => one.type === type && one.status === "True") ?? false;

/** "1.4" of "shop:1.4" and of "registry:5000/shop:1.4@sha256:…"; the digest's beginning where there is no tag. */
export function tagOf(image: string | undefined): string | undefined {
  const [path, digest] = (image ?? "").split("@");
  const tag = /:([^/:]+)$/.exec(path!)?.[1];
  return tag ?? (digest === undefined ? undefined : digest.replace(/^sha256:/, "").slice(0, 12));
}

/** The version that a pod or template says it is: by its label, else its image's tag, else its template's hash. */
function versionOf(labels: Readonly<Record<string, string>> | undefined, containers: readonly { readonly image: string }[] | undefined, hash: string): string {
  return labels?.[versionLabel] || tagOf(containers?.[0]?.image) || hash;
}

const sorted = (value: unknown): unknown =>
  Array.isArray(value) ? value.map(sorted)
  : typeof value === "object" && value !== null ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, one]) => [key, sorted(one)]))
  : value;

/** Equal for templates of equal content, whether or not a controller has added its label. */
export function signatureOf({ metadata, spec }: Template): string {
  const { [hashLabel]: _, ...labels } = metadata?.labels ?? {};
  return createHash("sha256").update(JSON.stringify(sorted({ labels, annotations: metadata?.annotations ?? {}, spec }))).digest("hex").slice(0, 16);
}

const templateVersion = (template: Template) => versionOf(template.metadata?.labels, template.spec.containers, signatureOf(template));

export function slimPod({ metadata, ...rest }: Thing): SlimPod {
  const spec = rest["spec"] as { readonly nodeName?: string; readonly containers?: readonly { readonly image: string }[] } | undefined;
  const status = rest["status"] as { readonly phase?: string; readonly conditions?: readonly Condition[] } | undefined;
  const owner = controllerOf(metadata);
  const isEnding = metadata.deletionTimestamp !== undefined;
  const revision = metadata.labels?.[revisionLabel] ?? "";
  return {
    ...slimOf(metadata),
    node: spec?.nodeName ?? "",
    ready: !isEnding && isTrue(status?.conditions, "Ready"),
    isEnding,
    isOver: status?.phase === "Succeeded" || status?.phase === "Failed",
    version: versionOf(metadata.labels, spec?.containers, metadata.labels?.[hashLabel] ?? revision),
    owner: owner && { kind: owner.kind, name: owner.name, uid: owner.uid },
    revision,
  };
}

export function slimNode({ metadata, ...rest }: Thing): SlimNode {
  const status = rest["status"] as { readonly conditions?: readonly Condition[]; readonly addresses?: SlimNode["addresses"] } | undefined;
  return {
    ...slimOf(metadata),
    ready: isTrue(status?.conditions, "Ready"),
    labels: metadata.labels ?? {},
    providerID: (rest["spec"] as { readonly providerID?: string } | undefined)?.providerID,
    addresses: (status?.addresses ?? []).map(({ type, address }) => ({ type, address })),
  };
}

export function slimDeployment({ metadata, ...rest }: Thing): SlimWorkload {
  const spec = rest["spec"] as { readonly replicas?: number; readonly template: Template };
  const status = (rest["status"] ?? {}) as { readonly observedGeneration?: number; readonly readyReplicas?: number; readonly updatedReplicas?: number; readonly replicas?: number; readonly conditions?: readonly Condition[] };
  const progress = status.conditions?.find(({ type }) => type === "Progressing");
  const wanted = spec.replicas ?? 1;
  const isDone = (status.updatedReplicas ?? 0) >= wanted && (status.replicas ?? 0) <= (status.updatedReplicas ?? 0) && (progress === undefined || progress.reason === "NewReplicaSetAvailable");
  return {
    ...slimOf(metadata), kind: "Deployment", observed: status.observedGeneration ?? 0, wanted,
    ready: status.readyReplicas ?? 0, updated: status.updatedReplicas ?? 0,
    template: signatureOf(spec.template), version: templateVersion(spec.template),
    isDone, reason: progress?.message ?? "", currentRevision: "", updateRevision: "",
  };
}

export function slimStatefulSet({ metadata, ...rest }: Thing): SlimWorkload {
  const spec = rest["spec"] as { readonly replicas?: number; readonly template: Template };
  const status = (rest["status"] ?? {}) as { readonly observedGeneration?: number; readonly readyReplicas?: number; readonly updatedReplicas?: number; readonly currentRevision?: string; readonly updateRevision?: string };
  const { currentRevision = "", updateRevision = "" } = status;
  return {
    ...slimOf(metadata), kind: "StatefulSet", observed: status.observedGeneration ?? 0, wanted: spec.replicas ?? 1,
    ready: status.readyReplicas ?? 0, updated: status.updatedReplicas ?? 0,
    template: signatureOf(spec.template), version: templateVersion(spec.template),
    isDone: currentRevision === updateRevision, reason: currentRevision === updateRevision ? "" : `${status.updatedReplicas ?? 0} of ${spec.replicas ?? 1} pods are of the new revision`,
    currentRevision, updateRevision,
  };
}

export function slimReplicaSet({ metadata, ...rest }: Thing): SlimReplicaSet {
  const spec = rest["spec"] as { readonly replicas?: number; readonly template: Template };
  const status = rest["status"] as { readonly readyReplicas?: number; readonly replicas?: number } | undefined;
  return {
    ...slimOf(metadata),
    deployment: controllerOf(metadata)?.uid ?? "",
    revision: Number(metadata.annotations?.[revisionAnnotation] ?? 0),
    replicas: Math.max(spec.replicas ?? 0, status?.replicas ?? 0),
    ready: status?.readyReplicas ?? 0,
    template: signatureOf(spec.template), version: templateVersion(spec.template),
  };
}
