import type { PodThing } from "./things.ts";

/** What a drain may do to pods beyond those that somebody replaces; as the flags of kubectl drain. */
export interface DrainRules {
  /** Also pods whose emptyDir volumes are lost with them (--delete-emptydir-data). Default false. */
  readonly emptyDir?: boolean;
  /** Also pods that nobody owns, and so nobody replaces (--force). Default false. */
  readonly orphans?: boolean;
}

/** What a drain does with a pod. */
export type DrainFate =
  | { readonly fate: "evicted" }
  | { readonly fate: "left"; readonly why: string }
  | { readonly fate: "refused"; readonly why: string };

const evicted: DrainFate = { fate: "evicted" };
const mirror = "kubernetes.io/config.mirror";

/**
 * The rules of kubectl drain --ignore-daemonsets, in its order. Any pod that is refused keeps the whole
 * node from being drained.
 *
 * @param daemonSets uids of those that there are: a pod whose DaemonSet is gone is nobody's
 */
export function fateOf(pod: PodThing, daemonSets: ReadonlySet<string>, { emptyDir = false, orphans = false }: DrainRules): DrainFate {
  const owner = pod.metadata.ownerReferences?.find(({ controller }) => controller);
  const isOver = pod.status?.phase === "Succeeded" || pod.status?.phase === "Failed";
  if (owner?.kind === "DaemonSet" && !isOver) {
    if (daemonSets.has(owner.uid)) return { fate: "left", why: `DaemonSet ${owner.name} would start it again here at once` };
    return orphans ? evicted : { fate: "refused", why: `its DaemonSet ${owner.name} is gone (orphans: true ends it)` };
  }
  if (pod.metadata.annotations?.[mirror] !== undefined) return { fate: "left", why: "the kubelet runs it from a file" };
  if (!isOver && !emptyDir && pod.spec.volumes?.some((volume) => volume.emptyDir !== undefined && volume.emptyDir !== null)) {
    return { fate: "refused", why: "its emptyDir would be lost (emptyDir: true loses it)" };
  }
  if (!isOver && owner === undefined && !orphans) return { fate: "refused", why: "nobody owns it, so nobody replaces it (orphans: true ends it)" };
  return evicted;
}
