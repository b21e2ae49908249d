import type { Rollout, Workload } from "../../../src/model/cluster.ts";
import type { Caches } from "./caches.ts";
import type { Names } from "./names.ts";
import { rolloutOf, type Past, type Stand, type Variant } from "./rollout.ts";
import type { SlimPod, SlimWorkload } from "./slim.ts";

/** What the watches show of workloads and their rollouts; it remembers how the last ones ended. */
export class Stands {
  readonly #caches: Caches;
  readonly #names: Names;
  readonly #pasts = new Map<string, Past>();

  constructor(caches: Caches, names: Names) {
    this.#caches = caches;
    this.#names = names;
    // Rollouts that somebody else begins count as well, also those that nobody looks at meanwhile.
    for (const watch of caches.workloads.watches) watch.on((change) => void ("now" in change && this.rollout(change.now)));
  }

  workloads(): readonly Workload[] {
    return this.#caches.workloads.all().map((one) => ({ name: this.#names.of(one), wanted: one.wanted, ready: one.ready, rollout: this.rollout(one) }));
  }

  rollout(workload: SlimWorkload): Rollout {
    const { rollout, past } = rolloutOf(this.stand(workload), this.#pasts.get(workload.uid));
    if (past) this.#pasts.set(workload.uid, past);
    else this.#pasts.delete(workload.uid);
    return rollout;
  }

  /** A release was asked for: what ran before is known now, and not always later. */
  begin(workload: SlimWorkload, past: Past): void {
    this.#pasts.set(workload.uid, past);
  }

  past(workload: SlimWorkload): Past | undefined {
    return this.#pasts.get(workload.uid);
  }

  stand(workload: SlimWorkload): Stand {
    return workload.kind === "Deployment" ? this.#deployment(workload) : this.#statefulSet(workload);
  }

  #deployment(workload: SlimWorkload): Stand {
    const variants: Variant[] = this.#caches.replicaSets.all()
      .filter(({ deployment }) => deployment === workload.uid)
      .map(({ template, version, revision, replicas, ready }) => ({ id: template, version, revision, replicas, ready }));
    const others = variants.some(({ id, replicas }) => id !== workload.template && replicas > 0);
    const goal = variants.some(({ id, replicas }) => id === workload.template && replicas > 0) || workload.wanted === 0;
    // A change that the controller has not looked at yet is a rollout only where it is one of the template.
    const isDone = !others && goal && (workload.isDone || workload.observed < workload.generation);
    return { goal: { id: workload.template, version: workload.version }, variants, isDone, reason: workload.reason };
  }

  /** A StatefulSet's pods tell its revisions apart; the version names them, for their number is not known before the controller looked. */
  #statefulSet(workload: SlimWorkload): Stand {
    const byVersion = new Map<string, Variant>();
    for (const pod of this.podsOf(workload)) {
      const { revision, replicas, ready } = byVersion.get(pod.version) ?? { revision: pod.revision === workload.updateRevision ? 2 : 1, replicas: 0, ready: 0 };
      byVersion.set(pod.version, { id: pod.version, version: pod.version, revision, replicas: replicas + 1, ready: ready + (pod.ready ? 1 : 0) });
    }
    const variants = [...byVersion.values()];
    const isDone = workload.observed >= workload.generation && workload.isDone && variants.every(({ id }) => id === workload.version);
    return { goal: { id: workload.version, version: workload.version }, variants, isDone, reason: workload.reason };
  }

  podsOf(workload: SlimWorkload): readonly SlimPod[] {
    return this.#caches.pods.all().filter(({ owner }) => owner?.uid === workload.uid);
  }
}
