import type { KubernetesPlace } from "../../drivers/kubernetes/place.ts";
import type { PlannedStorm } from "../plan/plan.ts";
import { problem } from "../units/errors.ts";
import type { ScenarioOptions } from "./scenario.ts";
import { ready } from "./scenario.ts";

/** The place on Kubernetes of a scenario, and its storms; undefined (and the exit code set) where the scenario is wrong. */
export async function onKubernetes(file: string, options: ScenarioOptions): Promise<{ readonly place: KubernetesPlace; readonly storms: readonly PlannedStorm[]; readonly name: string } | undefined> {
  const known = await ready(file, options);
  if (!known) return undefined;
  const { plan, place } = known;
  if (place?.kind !== "kubernetes") throw problem("SEA_USAGE", { what: `'${place?.name ?? "no cluster"}' has no access rules`, hint: "name the scenario's cluster on Kubernetes with --on" }, "--on");
  return { place: place as unknown as KubernetesPlace, storms: plan.phases.flatMap((phase) => phase.storm ?? []), name: plan.name };
}
