import type { Clock } from "../../../src/units/clock.ts";
import type { Api, Resource, Thing } from "../api/api.ts";
import * as resources from "../api/resources.ts";
import type { Watch } from "../watch/watch.ts";
import { Pulse } from "./pulse.ts";
import { slimDeployment, slimNode, slimPod, slimReplicaSet, slimStatefulSet, type SlimNode, type SlimPod, type SlimReplicaSet, type SlimWorkload } from "./slim.ts";

/** A change that was asked for shows in a watch within this, or the watch is in trouble. */
const showsWithinMs = 5_000;

/** Watches of one resource, one a namespace, read as one. */
class Cache<T extends { readonly uid: string }> {
  readonly watches: readonly Watch<T>[];
  readonly #clock: Clock;

  constructor(watches: readonly Watch<T>[], clock: Clock) {
    this.watches = watches;
    this.#clock = clock;
  }

  all(): readonly T[] {
    return this.watches.flatMap((watch) => watch.now());
  }

  find(is: (one: T) => boolean): T | undefined {
    return this.all().find(is);
  }

  /** Waits until one is there that `is` what was asked for; gives up without a word, for the next look tells. */
  async until(is: (one: T) => boolean): Promise<void> {
    if (this.find(is)) return;
    const done = new AbortController();
    const offs = this.watches.map((watch) => watch.on((change) => void ("now" in change && is(change.now) && done.abort())));
    try {
      await this.#clock.sleep(showsWithinMs, done.signal).catch(() => undefined);
    } finally {
      for (const off of offs) off();
    }
  }
}

/** What a cluster is read from, so that reading it ten times a second costs the server nothing. */
export interface Caches {
  readonly pods: Cache<SlimPod>;
  readonly nodes: Cache<SlimNode>;
  readonly workloads: Cache<SlimWorkload>;
  readonly replicaSets: Cache<SlimReplicaSet>;
  readonly pulse: Pulse;
}

/** Opens the watches and waits for their first lists. @throws what listing throws, such as SEA_KUBE_FORBIDDEN with the rule */
export async function openCaches(api: Api, clock: Clock, namespaces: readonly string[], signal: AbortSignal): Promise<Caches> {
  const per = <T extends { readonly uid: string }>(resource: Resource, slim: (thing: Thing) => T) => namespaces.map((namespace) => api.watch(resource, { namespace, slim, signal }));
  const pods = new Cache(per(resources.pods, slimPod), clock);
  const workloads = new Cache([...per(resources.deployments, slimDeployment), ...per(resources.statefulSets, slimStatefulSet)], clock);
  const replicaSets = new Cache(per(resources.replicaSets, slimReplicaSet), clock);
  const nodes = new Cache([api.watch(resources.nodes, { slim: slimNode, signal })], clock);
  const watches = [pods, workloads, replicaSets, nodes].flatMap((cache): readonly Watch<unknown>[] => cache.watches);
  await Promise.all(watches.map(({ synced }) => synced));
  return { pods, nodes, workloads, replicaSets, pulse: new Pulse(api, clock, watches) };
}
