import type { Need } from "../consent/needs.ts";
import { madeKinds } from "./life/found.ts";
import { resourceOf, type ChaosThing, type Kind } from "./life/words.ts";

const group = "chaos-mesh.org";

/**
 * The least that a fault needs, beyond what a place reads anyway. Chaos Mesh asks for leave to create
 * the kind in every namespace that is selected, and for schedules and workflows by its singular.
 */
export function needsOf({ kind, spec }: Pick<ChaosThing, "kind" | "spec">): readonly Need[] {
  const of = (verbs: readonly string[], resource: string): Need => ({ verbs, group, resource, namespaced: true });
  const own = resourceOf(kind as Kind).plural;
  const wraps = kind === "Schedule" || kind === "Workflow";
  return [
    { ...of(["create"], own), for: "harm" },
    ...(wraps ? [{ ...of(["create"], kind.toLowerCase()), for: "harm" } as const] : []),
    of(["get", "list", "delete", ...(kind === "Workflow" ? ["patch"] : [])], own),
    ...madeKinds(kind, spec).map((made) => of(["list", "delete", ...(made === "Workflow" ? ["patch"] : [])], resourceOf(made).plural)),
    ...(kind === "Workflow" ? [of(["list"], resourceOf("WorkflowNode").plural)] : []),
    { verbs: ["list"], group: "", resource: "events", namespaced: true },
    { verbs: ["get"], group: "", resource: "pods", namespaced: true },
  ];
}
