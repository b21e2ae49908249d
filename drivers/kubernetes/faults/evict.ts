import type { Injected } from "../../../src/model/fault.ts";
import { problem, SeatrialError } from "../../../src/units/errors.ts";
import type { Api, Eviction } from "../api/api.ts";
import type { PlacedPod } from "./pods.ts";

/** A budget is asked again after this, as kubectl does it; the server's own wish of 10 s would find a gap late. */
const blockedMs = 5_000;

interface Evicted {
  readonly going: readonly PlacedPod[];
  /** Those that nobody lets go now, in words. */
  readonly blocked: Injected["left"] | undefined;
}

/**
 * Asks all of them to leave, at once.
 *
 * @throws SEA_EVICTION_BUDGETS for one that no waiting will make go; what calls throw
 */
export async function evictAll(api: Api, pods: readonly PlacedPod[], graceS?: number): Promise<Evicted> {
  const asked = await Promise.all(pods.map(async (pod) => ({ pod, answer: await ask(api, pod, graceS) })));
  const wrong = asked.find(({ answer }) => answer.verdict === "misconfigured");
  if (wrong) throw problem("SEA_EVICTION_BUDGETS", { pod: `${wrong.pod.namespace}/${wrong.pod.name}`, why: wrong.answer.reason });
  const held = asked.filter(({ answer }) => answer.verdict === "blocked");
  return {
    going: asked.filter(({ answer }) => answer.verdict !== "blocked").map(({ pod }) => pod),
    blocked: held.length === 0 ? undefined : { why: sayBlocked(held), againMs: blockedMs },
  };
}

async function ask(api: Api, { name, namespace, id }: PlacedPod, graceS: number | undefined): Promise<Eviction> {
  try {
    return await api.evict(name, namespace, { uid: id, ...(graceS !== undefined && { graceS }) });
  } catch (error) {
    // Nothing can be created in a namespace that ends, evictions included; its pods go all the same.
    if (error instanceof SeatrialError && /being terminated|NamespaceTerminating/.test(error.message)) return { verdict: "blocked", reason: `namespace ${namespace} is being deleted` };
    throw error;
  }
}

/** `"disruption budget shop/tight lets shop-1, shop-2 not go: …"` */
function sayBlocked(held: readonly { readonly pod: PlacedPod; readonly answer: Eviction }[]): string {
  const byReason = Map.groupBy(held, ({ pod, answer }) => (answer.budget === undefined ? answer.reason : `disruption budget ${pod.namespace}/${answer.budget}: ${answer.reason}`));
  return [...byReason].map(([reason, ones]) => `${ones.map(({ pod }) => pod.name).sort().join(", ")} may not go (${reason})`).join("; ");
}
