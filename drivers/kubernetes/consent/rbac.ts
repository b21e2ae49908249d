import type { Needy } from "../../../src/model/consent.ts";
import type { KubernetesPlace } from "../place.ts";
import { needsOf } from "./needed.ts";
import { rolesOf, sayManifests, subjectOf } from "./roles.ts";

/**
 * The least access rules under which a scenario can be run, as YAML.
 *
 * @param to whom they are bound: `"user:mary"`, `"group:sre"`, `"serviceaccount:shop/seatrial"`
 * @throws SEA_SUBJECT
 */
export async function rbacOf({ sailing }: KubernetesPlace, storms: readonly Needy[], { name, to }: { readonly name: string; readonly to: string }): Promise<string> {
  return sayManifests(rolesOf(needsOf(storms, sailing), sailing.namespaces, { name, subject: subjectOf(to) }));
}
