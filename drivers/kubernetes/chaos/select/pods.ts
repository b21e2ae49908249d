import type { Api, Thing } from "../../api/api.ts";
import { nodes, pods } from "../../api/resources.ts";
import type { Kinds } from "../kinds.ts";

/** As Chaos Mesh has it; `namespaces` filled in. */
export type AnySelector = Kinds["PodChaos"]["spec"]["selector"];

export interface PodThing extends Thing {
  readonly spec: {
    readonly nodeName?: string;
    readonly hostNetwork?: boolean;
    readonly containers: readonly { readonly name: string }[];
  };
  readonly status?: {
    readonly phase?: string;
    readonly conditions?: readonly { readonly type: string; readonly status: string }[];
    readonly containerStatuses?: readonly { readonly name: string; readonly restartCount: number }[];
  };
}

/** Takes traffic, and is not on its way out. */
export const isReady = (pod: PodThing): boolean =>
  pod.metadata.deletionTimestamp === undefined && (pod.status?.conditions ?? []).some(({ type, status }) => type === "Ready" && status === "True");

/** The selector's labels as the API server asks for them. */
export function labelText({ labelSelectors = {}, expressionSelectors = [] }: AnySelector): string | undefined {
  const parts = [
    ...Object.entries(labelSelectors).map(([key, value]) => `${key}=${value}`),
    ...expressionSelectors.map(({ key, operator, values = [] }) => {
      if (operator === "Exists") return key;
      if (operator === "DoesNotExist") return `!${key}`;
      return `${key} ${operator === "In" ? "in" : "notin"} (${values.join(",")})`;
    }),
  ];
  return parts.length > 0 ? parts.join(",") : undefined;
}

const holds = (wanted: Readonly<Record<string, string>> | undefined, has: Readonly<Record<string, string>> | undefined): boolean =>
  Object.entries(wanted ?? {}).every(([key, value]) => has?.[key] === value);

/** One of the phases wanted, and none of those with a `!`. */
function inPhase(phases: readonly string[], phase: string): boolean {
  const wanted = phases.filter((one) => !one.startsWith("!"));
  return (wanted.length === 0 || wanted.includes(phase)) && !phases.includes(`!${phase}`);
}

/**
 * The pods that a selector of Chaos Mesh means, by its own rules: named ones outdo everything else,
 * and all other parts must hold. In the order of their names.
 */
export async function selected(api: Api, selector: AnySelector): Promise<readonly PodThing[]> {
  const { namespaces = [], pods: named, fieldSelectors = {}, annotationSelectors, nodeSelectors, nodes: onNodes = [], podPhaseSelectors = [] } = selector;
  if (named && Object.keys(named).length > 0) {
    const found = await Promise.all(Object.entries(named).flatMap(([namespace, names]) => names.map((name) => api.read<PodThing>(pods, name, namespace))));
    return found.filter((pod) => pod !== undefined).sort(byPlace);
  }
  const labels = labelText(selector);
  const fields = Object.entries(fieldSelectors).map(([key, value]) => `${key}=${value}`).join(",");
  const where = nodeSelectors && Object.keys(nodeSelectors).length > 0
    ? new Set((await api.list(nodes, { labels: labelText({ labelSelectors: nodeSelectors })! })).map(({ metadata }) => metadata.name))
    : undefined;
  const lists = await Promise.all(namespaces.map((namespace) => api.list<PodThing>(pods, { namespace, ...(labels !== undefined && { labels }), ...(fields !== "" && { fields }) })));
  return lists
    .flat()
    .filter((pod) => holds(annotationSelectors, pod.metadata.annotations))
    // Nodes by name and nodes by label add up, as in Chaos Mesh.
    .filter((pod) => (onNodes.length === 0 && !where) || onNodes.includes(pod.spec.nodeName ?? "") || (where?.has(pod.spec.nodeName ?? "") ?? false))
    .filter((pod) => inPhase(podPhaseSelectors, pod.status?.phase ?? ""))
    .sort(byPlace);
}

const placeOf = ({ metadata }: Thing): string => `${metadata.namespace}/${metadata.name}`;
const byPlace = (a: Thing, b: Thing): number => (placeOf(a) < placeOf(b) ? -1 : 1);
