import type { Release, Workload } from "../model/cluster.ts";
import { Canary } from "./canary.ts";
import { delays, type SimPod, type SimService } from "./platform.ts";
import type { World } from "./world.ts";

/** Keeps so many pods of a release up: notices what is gone, and replaces it elsewhere. */
export class SimWorkload {
  readonly name: string;
  readonly wanted: number;
  readonly data: string | undefined;
  readonly canary: Canary;
  pods: SimPod[] = [];
  readonly #world: World;
  #made = 0;

  constructor(world: World, name: string, service: SimService) {
    this.#world = world;
    this.name = name;
    this.wanted = service.replicas;
    this.data = service.data;
    this.canary = new Canary(world, this, { version: service.version ?? "good" });
    this.reconcile();
    for (const pod of this.pods) {
      pod.state = "alive";
      pod.ready = true;
    }
  }

  listed(): Workload {
    return { name: this.name, wanted: this.wanted, ready: this.pods.filter((pod) => pod.ready).length, rollout: this.canary.rollout() };
  }

  /** Pods that the platform sends traffic to. */
  ready(release: Release): SimPod[] {
    return this.pods.filter((pod) => pod.ready && pod.release === release);
  }

  /** Makes and ends pods until as many are listed as are wanted of each release. */
  reconcile(): void {
    const wanted = this.canary.wants();
    for (const pod of [...this.pods]) if (!wanted.has(pod.release)) this.#end(pod);
    for (const [release, count] of wanted) {
      const have = this.pods.filter((pod) => pod.release === release);
      for (const pod of have.slice(count)) this.#end(pod);
      for (let i = have.length; i < count; i++) this.#make(release);
    }
  }

  /** After something befell a pod: the platform looks, a little later. */
  lookAt(pod: SimPod): void {
    const turn = ++pod.turn;
    this.#world.later(pod.state === "dead" ? delays.deadPod : delays.silentPod, () => {
      if (!this.pods.includes(pod)) return;
      pod.ready = pod.state === "alive" && pod.node.state === "up";
      // What stands on a dead node can't be told from a slow answer before the node is given up.
      if (pod.state === "dead" && pod.node.state === "up") this.replace(pod);
      else if (pod.state === "frozen") this.#world.later(delays.hungPod, () => pod.turn === turn && this.replace(pod));
    });
  }

  replace(pod: SimPod): void {
    this.#end(pod);
    this.reconcile();
  }

  #end(pod: SimPod): void {
    pod.state = "dead";
    pod.ready = false;
    pod.turn++;
    this.pods = this.pods.filter((one) => one !== pod);
  }

  #make(release: Release): void {
    const load = (node: string) => this.pods.filter((pod) => pod.node.name === node).length * 1_000 + this.#world.pods().filter((pod) => pod.node.name === node).length;
    const node = [...this.#world.nodes.values()].filter((one) => one.ready).reduce<SimPod["node"] | undefined>((best, one) => (!best || load(one.name) < load(best.name) ? one : best), undefined);
    if (!node) return;
    let slot = 1;
    while (this.pods.some((pod) => pod.name === `${this.name}-${slot}`)) slot++;
    const name = `${this.name}-${slot}`;
    const pod: SimPod = { name, id: `${name}.${++this.#made}`, node, release, state: "starting", ready: false, turn: 0, busy: 0 };
    this.pods.push(pod);
    this.#world.later(delays.start, () => {
      if (pod.state !== "starting") return;
      pod.state = node.state === "up" ? "alive" : "dead";
      pod.ready = pod.state === "alive";
    });
  }
}
