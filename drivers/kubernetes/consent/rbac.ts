import type { KubernetesPlace } from "../place.ts";
import { needsOf, type Needy, type Sailing } from "./needed.ts";
import { rolesOf, sayManifests, subjectOf } from "./roles.ts";

/** A place as one that says what it needs, without opening it. */
export const sailingOf = ({ namespaces, services, machines }: KubernetesPlace): Sailing => ({ namespaces, services, machines: machines?.rules ?? [] });

/**
 * The least access rules under which a scenario can be run, as YAML.
 *
 * @param to whom they are bound: `"user:mary"`, `"group:sre"`, `"serviceaccount:shop/seatrial"`
 * @throws SEA_SUBJECT
 */
export async function rbacOf(place: KubernetesPlace, storms: readonly Needy[], { name, to }: { readonly name: string; readonly to: string }): Promise<string> {
  const sailing = sailingOf(place);
  return sayManifests(rolesOf(needsOf(storms, sailing), sailing.namespaces, { name, subject: subjectOf(to) }));
}
