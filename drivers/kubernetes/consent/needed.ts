import type { Needy } from "../../../src/model/consent.ts";
import type { KubernetesFault } from "./fault.ts";
import type { Need } from "./needs.ts";

/** A place, as far as it says what it needs. */
export interface Sailing {
  readonly namespaces: readonly string[];
  /** Services whose address is looked for. */
  readonly services: readonly string[];
  /** What those who have hands on its machines need of the API server. */
  readonly machines: readonly Need[];
}

const inNamespaces = (verbs: readonly string[], group: string, ...resources: readonly string[]): readonly Need[] => resources.map((resource) => ({ verbs, group, resource, namespaced: true }));
const across = (verbs: readonly string[], group: string, resource: string, names?: readonly string[]): Need => ({ verbs, group, resource, namespaced: false, ...(names && { names }) });

/** What every run reads, whatever it breaks. */
const reads = ({ services }: Sailing): readonly Need[] => [
  ...inNamespaces(["list", "watch"], "", "pods"),
  ...inNamespaces(["list", "watch"], "apps", "deployments", "replicasets", "statefulsets"),
  across(["list", "watch"], "", "nodes"),
  ...(services.length > 0 ? [{ verbs: ["get"], group: "", resource: "services", namespaced: true, names: services }] : []),
];

/** What undo records need: written in the first namespace, looked for in all. */
const recordNeeds = (namespaces: readonly string[]): readonly Need[] => [
  ...inNamespaces(["list"], "", "configmaps"),
  { verbs: ["create"], group: "", resource: "configmaps", namespaced: true, namespaces: [namespaces[0]!], for: "harm" },
  { verbs: ["delete"], group: "", resource: "configmaps", namespaced: true, namespaces: [namespaces[0]!] },
];

/** What the guard looks at; nodes carry pods of all namespaces. */
const guardNeeds = (storms: readonly Needy[], namespaces: readonly string[]): readonly Need[] => [
  { ...across(["get"], "", "namespaces", namespaces), for: "harm" },
  ...(storms.some(({ fault }) => fault.costs.some(({ what }) => what === "node")) ? [{ ...across(["list"], "", "pods"), for: "harm" } as const] : []),
];

/** What is watched while a storm lasts, for its time line. */
const sightNeeds: readonly Need[] = [...inNamespaces(["list", "watch"], "discovery.k8s.io", "endpointslices"), ...inNamespaces(["list", "watch"], "", "events")].map((need) => ({ ...need, for: "harm" }));

const rollout: readonly Need[] = [
  ...inNamespaces(["get", "patch"], "apps", "deployments", "statefulsets"),
  ...inNamespaces(["list"], "apps", "replicasets", "controllerrevisions"),
];

/** Faults and recoveries that any cluster can have know nothing of access rules: their verbs come to these calls here. */
const neutralFaults: Readonly<Record<string, (sailing: Sailing) => readonly Need[]>> = {
  "pod-loss": () => [{ verbs: ["delete"], group: "", resource: "pods", namespaced: true, for: "harm" }],
  "pod-freeze": ({ machines }) => machines,
  "node-loss": ({ machines }) => machines,
  "node-cut": ({ machines }) => machines,
  "bad-canary": () => rollout,
};
const neutralRecoveries: Readonly<Record<string, readonly Need[]>> = { rollback: rollout };

function stormNeeds({ fault, recovery }: Needy, sailing: Sailing): readonly Need[] {
  const own = (fault as Partial<KubernetesFault>).needs ?? neutralFaults[fault.kind]?.(sailing) ?? [];
  const mending = recovery && ((recovery as { readonly needs?: readonly Need[] }).needs ?? neutralRecoveries[recovery.by] ?? []);
  return [...own, ...(mending ?? [])];
}

/** All that a run with these storms asks of the API server. */
export function needsOf(storms: readonly Needy[], sailing: Sailing): readonly Need[] {
  const harm = storms.length === 0 ? [] : [...recordNeeds(sailing.namespaces), ...guardNeeds(storms, sailing.namespaces), ...sightNeeds];
  return [...reads(sailing), ...harm, ...storms.flatMap((storm) => stormNeeds(storm, sailing))];
}

/** All that healing these storms asks of it. */
export const healingNeedsOf = (storms: readonly Needy[], sailing: Sailing): readonly Need[] => needsOf(storms, sailing).filter((need) => need.for !== "harm");
