import type { Backup, ClusterNode, Debt, Pod, PodRef, Release, Workload } from "../../../src/model/cluster.ts";
import type { Guard } from "../../../src/model/consent.ts";
import type { Sighting } from "../../../src/model/sighting.ts";
import { problem } from "../../../src/units/errors.ts";
import type { Api, Thing } from "../api/api.ts";
import { pods as podResource } from "../api/resources.ts";
import type { Machines, NodeRef } from "../machines/machines.ts";
import type { Records } from "../undo/records.ts";
import type { Caches } from "./caches.ts";
import type { KubernetesCluster } from "./cluster.ts";
import type { Names } from "./names.ts";
import { nodeRef, nodeView } from "./nodes.ts";
import { goalOf, history, release as askRelease } from "./rolling.ts";
import { formerOf } from "./rollout.ts";
import type { Address } from "./services.ts";
import type { SlimPod, SlimWorkload } from "./slim.ts";
import { watchSights } from "./sightings.ts";
import { Stands } from "./stands.ts";

export interface LiveParts {
  /** What `--on` names. */
  readonly name: string;
  readonly api: Api;
  readonly run: string;
  readonly namespaces: readonly string[];
  readonly names: Names;
  readonly caches: Caches;
  readonly services: ReadonlyMap<string, Address>;
  readonly machines: Machines | undefined;
  readonly records: Records;
  readonly guard: Guard;
  readonly poolLabel: string | undefined;
  /** Ends the watches and lets go of the server. */
  readonly end: () => void;
}

/** The `Cluster` port on an API server. It reads from watches, and acts by calls. */
export class LiveCluster implements KubernetesCluster {
  readonly kind = "kubernetes";
  readonly name: string;
  readonly api: Api;
  readonly namespaces: readonly string[];
  readonly machines: Machines | undefined;
  readonly run: string;
  readonly guard: Guard;
  readonly #parts: LiveParts;
  readonly #caches: Caches;
  readonly #stands: Stands;

  constructor(parts: LiveParts) {
    this.name = parts.name;
    this.api = parts.api;
    this.namespaces = parts.namespaces;
    this.machines = parts.machines;
    this.run = parts.run;
    this.guard = parts.guard;
    this.#parts = parts;
    this.#caches = parts.caches;
    this.#stands = new Stands(parts.caches, parts.names);
  }

  service(name: string): string | undefined {
    return this.#parts.services.get(name)?.();
  }

  async workloads(): Promise<readonly Workload[]> {
    await this.#caches.pulse.assert();
    return this.#stands.workloads();
  }

  async pods(): Promise<readonly Pod[]> {
    await this.#caches.pulse.assert();
    const workloadOf = this.#owners();
    return this.#caches.pods.all().filter(({ isOver }) => !isOver).map((pod) => ({
      name: this.#parts.names.of(pod), id: pod.uid, workload: workloadOf(pod), node: pod.node, version: pod.version, ready: pod.ready,
    }));
  }

  /** Which workload a pod is of, as things are now. */
  #owners(): (pod: SlimPod) => string {
    const sets = new Map(this.#caches.replicaSets.all().map((set) => [set.uid, set.deployment]));
    const workloads = new Map(this.#caches.workloads.all().map((one) => [one.uid, one]));
    return ({ owner, namespace, name }) => {
      const found = owner && (workloads.get(owner.uid) ?? workloads.get(sets.get(owner.uid) ?? ""));
      return this.#parts.names.of(found ?? { namespace, name: owner?.name ?? name });
    };
  }

  async watch(see: (sighting: Sighting) => void, signal: AbortSignal): Promise<void> {
    const { api, namespaces, names } = this.#parts;
    await watchSights({ api, caches: this.#caches, namespaces, names, workloadOf: (pod) => this.#owners()(pod) }, see, signal);
  }

  async nodes(): Promise<readonly ClusterNode[]> {
    await this.#caches.pulse.assert();
    return this.#caches.nodes.all().map((node) => nodeView(node, this.#parts.poolLabel));
  }

  async killPod({ id }: PodRef): Promise<void> {
    const pod = await this.#pod(id);
    if (pod) await this.api.remove(podResource, pod.name, pod.namespace, { graceS: 0, uid: pod.uid });
  }

  async freezePod({ id }: PodRef): Promise<void> {
    const pod = await this.#pod(id);
    if (!pod) return;
    if (!this.machines?.freeze) throw this.#handless("stop the processes of pods");
    await this.machines.freeze(this.#node(pod.node), pod.uid);
  }

  /** Without hands on the machines nobody has frozen it from here. */
  async thawPod({ id }: PodRef): Promise<void> {
    const pod = await this.#pod(id);
    if (pod) await this.machines?.thaw?.(this.#node(pod.node), pod.uid);
  }

  async stopNode(name: string): Promise<void> {
    await this.#hands(name, "stop nodes").stop(this.#node(name));
  }

  async cutNode(name: string): Promise<void> {
    await this.#hands(name, "cut nodes off").cut(this.#node(name));
  }

  async restoreNode(name: string): Promise<void> {
    const node = this.#node(name);
    if (!this.machines) {
      // Nobody took anything from here; a node that is down for its own reasons needs somebody else.
      if (this.#caches.nodes.find((one) => one.name === name)?.ready) return;
      throw this.#handless("bring nodes back");
    }
    const state = await this.machines.state(node);
    if (state === "stopped" || state === "unknown") await this.machines.start(node);
    if (state === "cut" || state === "unknown") await this.machines.mend(node);
  }

  async ship(name: string, wanted: Release): Promise<void> {
    const workload = await this.#workload(name);
    const { phase, stable, candidate } = this.#stands.rollout(workload);
    if (wanted.version === (candidate ?? stable)) return;
    if (phase === "progressing" && wanted.version === stable) return this.undo(name);
    const { goal } = this.#stands.stand(workload);
    const before = phase === "progressing" ? this.#stands.past(workload)!.stable : goal;
    await this.#change(workload, before, () => (wanted.image === undefined && wanted.env === undefined ? this.#again(workload, wanted.version) : askRelease(this.api, workload, wanted)));
  }

  async undo(name: string): Promise<void> {
    const workload = await this.#workload(name);
    if (this.#stands.rollout(workload).phase !== "progressing") return;
    const past = this.#stands.past(workload);
    const stand = this.#stands.stand(workload);
    if (past?.stable.id === stand.goal.id) return;
    const back = past?.stable ?? formerOf(stand);
    const kept = (await history(this.api, workload)).find(({ id }) => id === back?.id);
    if (!kept) throw problem("SEA_KUBE_HISTORY", { workload: `${workload.namespace}/${workload.name}` });
    await this.#shown(workload, await kept.apply());
  }

  /** Changes the template, and remembers from what to what. */
  async #change(workload: SlimWorkload, before: { readonly id: string; readonly version: string }, ask: () => Promise<Thing>): Promise<void> {
    const after = await ask();
    const candidate = goalOf(after, workload);
    if (candidate.id !== before.id) this.#stands.begin(workload, { stable: before, candidate });
    await this.#shown(workload, after);
  }

  /** Who reads after a change has to see it. */
  async #shown({ uid }: SlimWorkload, { metadata: { generation = 0 } }: Thing): Promise<void> {
    await this.#caches.workloads.until((one) => one.uid === uid && one.generation >= generation);
  }

  async #again(workload: SlimWorkload, version: string): Promise<Thing> {
    const revisions = await history(this.api, workload);
    const kept = revisions.find((one) => one.version === version);
    if (!kept) throw this.#unknown("release", `${workload.name} ${version}`, revisions.map((one) => one.version));
    return kept.apply();
  }

  scopes = async (): Promise<readonly string[]> => [];
  holds = (scope: string): Promise<boolean> => this.#noScope(scope);
  backUp = (scope: string): Promise<Backup> => this.#noScope(scope);
  backups = (scope: string): Promise<readonly Backup[]> => this.#noScope(scope);
  lose = (scope: string): Promise<void> => this.#noScope(scope);
  restore = (scope: string): Promise<void> => this.#noScope(scope);

  owe = (debt: Debt): Promise<void> => this.#parts.records.owe(debt);
  settle = (debt: string): Promise<void> => this.#parts.records.settle(debt);
  debts = (): Promise<readonly Debt[]> => this.#parts.records.debts();

  async close(): Promise<void> {
    this.#parts.end();
  }

  async #pod(id: string): Promise<SlimPod | undefined> {
    await this.#caches.pulse.assert();
    return this.#caches.pods.find(({ uid }) => uid === id);
  }

  async #workload(name: string): Promise<SlimWorkload> {
    await this.#caches.pulse.assert();
    const all = this.#caches.workloads.all();
    const found = all.find((one) => this.#parts.names.of(one) === name);
    if (!found) throw this.#unknown("workload", name, all.map((one) => this.#parts.names.of(one)));
    return found;
  }

  #node(name: string): NodeRef {
    const found = this.#caches.nodes.find((one) => one.name === name);
    if (!found) throw this.#unknown("node", name, this.#caches.nodes.all().map((one) => one.name));
    return nodeRef(found);
  }

  /** The node's name is checked first: a wrong one is the nearer mistake. */
  #hands(node: string, what: string): Machines {
    this.#node(node);
    if (!this.machines) throw this.#handless(what);
    return this.machines;
  }

  #handless = (what: string) => problem("SEA_KUBE_MACHINES", { cluster: this.name, what, kind: this.machines?.kind ?? "none" });

  #unknown = (what: string, name: string, known: readonly string[]) => problem("SEA_CLUSTER_UNKNOWN", { cluster: this.name, what, name, known: [...new Set(known)].sort().join(", ") || "none" });

  async #noScope(scope: string): Promise<never> {
    throw this.#unknown("data scope", scope, []);
  }
}
