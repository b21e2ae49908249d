import type { Permits } from "../../../src/model/consent.ts";
import type { Api, Call } from "../api/api.ts";
import { callsOf, needOf, sayCall, type Need } from "./needs.ts";
import { rolesOf, sayManifests } from "./roles.ts";

/** So many questions at once: a server has a limit of its own for one user. */
const atOnce = 8;

/** Asks the server about every call (SelfSubjectAccessReview), and says what is missing as rules that can be applied. */
export async function permitsOf(api: Api, needs: readonly Need[], namespaces: readonly string[]): Promise<Permits> {
  const calls = callsOf(needs, namespaces);
  const missing: Call[] = [];
  const queue = [...calls];
  const ask = async () => {
    for (let call = queue.shift(); call; call = queue.shift()) if (!(await api.may(call)).allowed) missing.push(call);
  };
  await Promise.all(Array.from({ length: atOnce }, ask));
  const order = (call: Call) => calls.indexOf(call);
  missing.sort((a, b) => order(a) - order(b));
  const remedy = missing.length === 0 ? "" : await sayManifests(rolesOf(missing.map(needOf), namespaces, { name: "seatrial-missing" }));
  return { asked: calls.length, missing: missing.map(sayCall), remedy };
}
