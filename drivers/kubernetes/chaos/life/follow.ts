import { goMs } from "../checks/texts.ts";
import type { KubernetesCluster } from "../../cluster/cluster.ts";
import { pods } from "../../api/resources.ts";
import { isReady, selected, type PodThing } from "../select/pods.ts";
import type { ChaosAim } from "./aim.ts";
import { made } from "./refused.ts";
import { resourceOf, type ChaosThing, type Kind } from "./words.ts";

/** Followers of this process by the storm's name. */
const following = new Map<string, { readonly stop: AbortController; work: Promise<unknown> }>();

const whole = (ms: number): string => `${Math.max(1, Math.ceil(ms / 1_000))}s`;

/** The same fault on one more pod, to end when the first one ends. Both times are the API server's. */
function copyFor(aim: ChaosAim, first: ChaosThing, pod: PodThing): ChaosThing | undefined {
  const { namespace, name, uid, creationTimestamp } = pod.metadata;
  const leftMs = Date.parse(first.metadata.creationTimestamp!) + goMs(aim.manifest.spec["duration"])! - Date.parse(creationTimestamp!);
  if (leftMs <= 0) return undefined;
  return {
    ...aim.manifest,
    metadata: { ...aim.manifest.metadata, name: `${aim.manifest.metadata.name}-${uid!.slice(0, 8)}` },
    spec: { ...aim.manifest.spec, selector: { pods: { [namespace!]: [name] } }, duration: whole(leftMs) },
  };
}

/**
 * Puts the fault on pods that replace those aimed at: never on more at once than were aimed at.
 * Works while this process lives, until the fault is healed; what it made ends by its own time.
 */
export async function follow(cluster: KubernetesCluster, aim: ChaosAim): Promise<void> {
  const { api } = cluster;
  const kind = resourceOf(aim.manifest.kind as Kind);
  const first = await api.read<ChaosThing>(kind, aim.manifest.metadata.name, aim.manifest.metadata.namespace);
  if (!aim.follow || !first) return;
  const covered = new Set(aim.pods.map(({ uid }) => uid));
  const stop = new AbortController();
  const own = { stop, work: Promise.resolve() as Promise<unknown> };
  following.set(aim.manifest.metadata.name, own);

  const cover = async (): Promise<void> => {
    if (stop.signal.aborted) return;
    const now = (await selected(api, aim.follow!)).filter(isReady);
    let live = now.filter(({ metadata }) => covered.has(metadata.uid!)).length;
    for (const pod of now) {
      const copy = live < aim.pods.length && !covered.has(pod.metadata.uid!) && Date.parse(pod.metadata.creationTimestamp!) >= Date.parse(first.metadata.creationTimestamp!) ? copyFor(aim, first, pod) : undefined;
      if (!copy || stop.signal.aborted) continue;
      await made(api, kind, copy);
      covered.add(pod.metadata.uid!);
      live++;
    }
  };
  for (const namespace of aim.follow.namespaces ?? []) {
    const watch = api.watch<PodThing>(pods, { namespace, signal: stop.signal });
    watch.on((change) => {
      // A look that fails is made up for by the next change.
      if (change.kind === "added" || change.kind === "changed") own.work = own.work.then(cover).catch(() => undefined);
    });
    watch.synced.catch(() => undefined);
  }
}

/** Ends the following of a storm; what is under way is waited for, so that it does not land later. */
export async function stopFollowing(aim: ChaosAim): Promise<void> {
  const own = following.get(aim.manifest.metadata.name);
  if (!own) return;
  own.stop.abort();
  await own.work;
  following.delete(aim.manifest.metadata.name);
}
