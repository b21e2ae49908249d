import type { Release, Rollout } from "../model/cluster.ts";
import { delays } from "./platform.ts";
import type { SimWorkload } from "./workload.ts";
import type { World } from "./world.ts";

/** The candidate's share of new connections, look by look; after the last it is promoted. */
const weights = [0.1, 0.3, 0.6, 1] as const;
/** A candidate with a larger share of errors is taken back. */
const mostErrors = 0.05;
/** So many answers of the candidate are needed to go on, or so many errors to go back. */
const enough = { answers: 10, errors: 3 } as const;
/** So many looks in a row without enough to judge by end a rollout. */
const mostIdleLooks = 30;

/** Rolls a release out step by step, and judges it by its answers. */
export class Canary {
  stable: Release;
  candidate: Release | undefined;
  #phase: Rollout["phase"] = "idle";
  #reason = "";
  #step = -1;
  #answers = 0;
  #errors = 0;
  #idleLooks = 0;
  readonly #known = new Map<string, Release>();
  readonly #world: World;
  readonly #workload: SimWorkload;

  constructor(world: World, workload: SimWorkload, stable: Release) {
    this.#world = world;
    this.#workload = workload;
    this.stable = stable;
    this.#known.set(stable.version, stable);
  }

  get weight(): number {
    return this.candidate ? (weights[this.#step] ?? 0) : 0;
  }

  rollout(): Rollout {
    return { phase: this.#phase, stable: this.stable.version, candidate: this.candidate?.version, weight: this.weight, reason: this.#reason };
  }

  /** How many pods of which release there should be. */
  wants(): Map<Release, number> {
    const wanted = this.#workload.wanted;
    const all = new Map([[this.stable, wanted]]);
    if (this.candidate) all.set(this.candidate, Math.max(1, Math.ceil(this.weight * wanted)));
    return all;
  }

  ship(given: Release): void {
    if (given.version === (this.candidate ?? this.stable).version) return;
    const bare = given.image === undefined && given.env === undefined;
    const release = (bare && this.#known.get(given.version)) || { ...given };
    this.#known.set(release.version, release);
    if (release.version === this.stable.version) return this.#end("rolled-back", "the stable version was shipped again");
    this.candidate = release;
    this.#phase = "progressing";
    this.#reason = "waiting for the candidate to be ready";
    this.#to(-1);
    this.#look(release);
  }

  undo(): void {
    if (this.candidate) this.#end("rolled-back", "undone");
  }

  /** Counts an answer of a release; those of the stable one are not judged. */
  count(release: Release, ok: boolean): void {
    if (release !== this.candidate) return;
    this.#answers++;
    if (!ok) this.#errors++;
  }

  #look(release: Release): void {
    this.#world.later(delays.canary, () => {
      if (this.candidate !== release) return;
      this.#judge();
      if (this.candidate === release) this.#look(release);
    });
  }

  #judge(): void {
    const share = this.#errors / Math.max(1, this.#answers);
    if (share > mostErrors && (this.#errors >= enough.errors || this.#answers >= enough.answers)) {
      return this.#end("rolled-back", `${this.#errors} of ${this.#answers} answers of ${this.candidate!.version} failed`);
    }
    const ready = this.#workload.ready(this.candidate!).length >= this.wants().get(this.candidate!)!;
    if (ready && (this.#step < 0 || this.#answers >= enough.answers)) {
      this.#idleLooks = 0;
      if (this.#step === weights.length - 1) this.#end("promoted", "every step was clean");
      else this.#to(this.#step + 1);
    } else if (++this.#idleLooks >= mostIdleLooks) {
      this.#end("rolled-back", ready ? "too few answers to judge by" : "the candidate did not become ready");
    }
  }

  #to(step: number): void {
    this.#step = step;
    this.#answers = this.#errors = 0;
    if (step >= 0) this.#reason = `candidate at ${weights[step]! * 100}%`;
    this.#workload.reconcile();
  }

  #end(phase: "promoted" | "rolled-back", reason: string): void {
    if (phase === "promoted") this.stable = this.candidate!;
    this.candidate = undefined;
    this.#phase = phase;
    this.#reason = reason;
    this.#step = -1;
    this.#workload.reconcile();
  }
}
