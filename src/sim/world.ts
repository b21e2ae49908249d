import type { Debt } from "../model/cluster.ts";
import type { Clock } from "../units/clock.ts";
import type { Random } from "../units/random.ts";
import { durationMs } from "../units/duration.ts";
import { delays, type SimNode, type SimPod, type WorldPlan } from "./platform.ts";
import { Scope } from "./scope.ts";
import { Store } from "./store.ts";
import { Timers } from "./timers.ts";
import { SimWorkload } from "./workload.ts";

/**
 * The simulated platform. It has no timers of its own: whoever looks first says what time it is
 * (`attach`), and the world catches up, event by event. So a crashed run leaves it standing, and a
 * second clock can go on where the first one stopped.
 */
export class World {
  readonly plan: WorldPlan;
  readonly random: Random;
  readonly nodes: ReadonlyMap<string, SimNode>;
  readonly workloads: ReadonlyMap<string, SimWorkload> = new Map();
  readonly scopes: ReadonlyMap<string, Scope>;
  readonly debts = new Map<string, Debt>();
  /** What services without data of their own keep. */
  readonly store = new Store();
  nowMs = 0;
  readonly #events = new Timers();
  /** Who says what time it is, and how far this world's time is ahead. */
  #driver: { readonly clock: Clock; readonly offsetMs: number } | undefined;

  constructor(plan: WorldPlan, random: Random) {
    this.plan = plan;
    this.random = random;
    this.nodes = new Map(Object.entries(plan.nodes).map(([name, pool]) => [name, { name, pool, state: "up", ready: true, turn: 0 }]));
    this.scopes = new Map(Object.entries(plan.data).map(([name, { backupEvery }]) => [name, new Scope(this, name, backupEvery && durationMs(backupEvery, `data.${name}.backupEvery`))]));
    for (const [name, service] of Object.entries(plan.services)) (this.workloads as Map<string, SimWorkload>).set(name, new SimWorkload(this, name, service));
  }

  /** Lets the clock drive this world from now on; the answer catches up to the clock's time. */
  attach(clock: Clock): () => void {
    const { clock: last, offsetMs: lastMs } = this.#driver ?? { clock, offsetMs: this.nowMs - clock.now() };
    this.#advance(last.now() + lastMs);
    const offsetMs = last === clock ? lastMs : this.nowMs - clock.now();
    this.#driver = { clock, offsetMs };
    return () => this.#advance(clock.now() + offsetMs);
  }

  wallMs(): number {
    const { clock, offsetMs } = this.#driver!;
    return clock.wallMs() - clock.now() - offsetMs + this.nowMs;
  }

  /** About `ms` from now, once the world gets there. */
  later(ms: number, call: () => void): void {
    this.#events.add(this.nowMs + ms * this.random.between(0.8, 1.2), call);
  }

  /** Exactly `ms` from now. */
  after(ms: number, call: () => void): void {
    this.#events.add(this.nowMs + ms, call);
  }

  /** Takes a node's power or network, or gives both back; the platform notices later. */
  setNode(node: SimNode, state: SimNode["state"]): void {
    if (node.state === state) return;
    node.state = state;
    const turn = ++node.turn;
    const workloads = [...this.workloads.values()];
    const standing = () => workloads.flatMap((workload) => workload.pods.filter((pod) => pod.node === node).map((pod) => ({ workload, pod })));
    for (const { workload, pod } of standing()) {
      if (state === "stopped") pod.state = "dead";
      workload.lookAt(pod);
    }
    this.later(delays.node, () => {
      if (node.turn !== turn) return;
      node.ready = state === "up";
      if (!node.ready) for (const { workload, pod } of standing()) workload.replace(pod);
      // Pods that found no node before find this one.
      for (const workload of workloads) workload.reconcile();
    });
  }

  pods(): SimPod[] {
    return [...this.workloads.values()].flatMap((workload) => workload.pods);
  }

  #advance(toMs: number): void {
    while (this.#events.nextMs() <= toMs) {
      this.nowMs = Math.max(this.nowMs, this.#events.nextMs());
      this.#events.take()!();
    }
    this.nowMs = Math.max(this.nowMs, toMs);
  }
}
