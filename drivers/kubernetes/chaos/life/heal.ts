import { whole } from "../../../../src/faults/whole.ts";
import { realClock } from "../../../../src/units/clock.ts";
import { problem } from "../../../../src/units/errors.ts";
import type { Api } from "../../api/api.ts";
import type { KubernetesCluster } from "../../cluster/cluster.ts";
import type { ChaosAim } from "./aim.ts";
import { stopFollowing } from "./follow.ts";
import { madeFor, ownOf, stepsOf } from "./found.ts";
import { stateOf } from "./state.ts";
import { annotations, resourceOf, type ChaosThing, type Kind } from "./words.ts";

/** A deletion that takes longer waits for something. */
const promptMs = 10_000;

/** Says what holds a deletion up, once it does. @throws SEA_CHAOS_STUCK */
function assertGoing(thing: ChaosThing, kind: string): void {
  const { deletionTimestamp, finalizers = [], name, namespace = "" } = thing.metadata;
  if (deletionTimestamp === undefined || finalizers.length === 0) return;
  const held = stateOf(thing).marks.filter((mark) => !mark.recovered && (mark.injected || mark.trouble));
  const failing = held.find(({ trouble }) => trouble?.act === "recover");
  if (!failing && realClock().wallMs() - Date.parse(deletionTimestamp) < promptMs) return;
  throw problem("SEA_CHAOS_STUCK", {
    kind, name, namespace, finalizer: finalizers.join(", "),
    targets: held.map(({ id }) => id).join(", ") || "Chaos Mesh",
    why: (failing ?? held.find(({ trouble }) => trouble))?.trouble?.why ?? "chaos-controller-manager has not answered: see whether it runs",
  });
}

async function removed(api: Api, thing: ChaosThing, kind: Kind): Promise<void> {
  if (thing.metadata.deletionTimestamp === undefined) await api.remove(resourceOf(kind), thing.metadata.name, thing.metadata.namespace, { uid: thing.metadata.uid!, propagation: "Background" });
  else assertGoing(thing, kind);
}

/** Aborts a workflow, unless it is or has ended: it begins nothing new, and takes away what it did. */
async function aborted(api: Api, thing: ChaosThing): Promise<boolean> {
  if (thing.metadata.annotations?.[annotations.abort] === "true" || thing.metadata.deletionTimestamp !== undefined) return false;
  await api.patch(resourceOf("Workflow"), thing.metadata.name, thing.metadata.namespace, { merge: { metadata: { annotations: { [annotations.abort]: "true" } } } });
  return true;
}

/**
 * Takes everything away that the storm made, a step at each call: a workflow is aborted before it is
 * deleted, what a schedule made goes with it. Needs nothing but the aim.
 *
 * @throws SEA_CHAOS_STUCK while a deletion waits for something; ask again
 */
export async function healChaos(cluster: KubernetesCluster, aim: ChaosAim): Promise<boolean> {
  const { api } = cluster;
  await stopFollowing(aim);
  const kind = aim.manifest.kind as Kind;
  const [own, more] = await Promise.all([ownOf(api, aim), madeFor(api, aim)]);
  // A schedule goes first and a workflow last: neither may begin anew what is taken away.
  if (kind !== "Workflow") for (const thing of own) await removed(api, thing, kind);
  for (const thing of [...own, ...more]) if (thing.kind === "Workflow" && (await aborted(api, thing))) return false;
  for (const thing of more) await removed(api, thing, thing.kind as Kind);
  if (kind === "Workflow" && more.length === 0) for (const thing of own) await removed(api, thing, kind);
  if (own.length > 0 || more.length > 0 || (kind === "Workflow" && (await stepsOf(api, aim)).length > 0)) return false;
  return whole(cluster, aim.wanted);
}
