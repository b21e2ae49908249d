import type { Release, Rollout } from "../../../src/model/cluster.ts";
import { timing } from "../timing.ts";

/** What a canary is judged by. */
export interface Seen {
  /** Replicas of the candidate that are ready. */
  readonly ready: number;
  readonly wanted: number;
}

type State =
  | { readonly is: "idle" | "promoted" | "rolled-back"; readonly reason: string }
  | { readonly is: "canary"; readonly candidate: string; readonly sinceMs: number; goodFromMs: number | undefined; answers: number; errors: number; reason: string }
  | { readonly is: "promoting"; readonly candidate: string; share: number; reason: string };

/**
 * The way of one workload from a stable version to the next: canary → promoting → promoted, or back
 * from either. It decides from what it is shown; the controller does the work.
 */
export class Canary {
  #stable: string;
  #state: State = { is: "idle", reason: "" };
  /** Versions it has seen, with their settings, so that one can be shipped again by its name. */
  readonly #releases = new Map<string, Release>();

  constructor(stable: Release) {
    this.#stable = stable.version;
    this.#releases.set(stable.version, stable);
  }

  get stable(): string {
    return this.#stable;
  }

  get candidate(): string | undefined {
    return "candidate" in this.#state ? this.#state.candidate : undefined;
  }

  get rollout(): Rollout {
    const { is, reason } = this.#state;
    const phase = is === "canary" || is === "promoting" ? "progressing" : is;
    return { phase, stable: this.#stable, candidate: this.candidate, weight: this.#weight(), reason };
  }

  env(version: string): Readonly<Record<string, string>> {
    return this.#releases.get(version)?.env ?? {};
  }

  weights(): Readonly<Record<string, number>> {
    const weight = this.#weight();
    return this.candidate === undefined ? { [this.#stable]: 1 } : { [this.#stable]: 1 - weight, [this.candidate]: weight };
  }

  /** How many replicas of each version there should be now. */
  counts({ ready, wanted }: Seen): { readonly stable: number; readonly candidate: number } {
    switch (this.#state.is) {
      case "canary":
        return { stable: wanted, candidate: 1 };
      case "promoting":
        return { stable: Math.max(0, wanted - ready), candidate: Math.min(wanted, ready + 1) };
      default:
        return { stable: wanted, candidate: 0 };
    }
  }

  ship(release: Release, nowMs: number): void {
    if (release.version === this.candidate) return;
    if (release.version === this.#stable) return this.undo();
    if (release.env || !this.#releases.has(release.version)) this.#releases.set(release.version, release);
    this.#state = { is: "canary", candidate: release.version, sinceMs: nowMs, goodFromMs: undefined, answers: 0, errors: 0, reason: "waiting for the candidate to be ready" };
  }

  undo(): void {
    if (this.candidate !== undefined) this.#back("undone");
  }

  /** What the balancer saw of the candidate. */
  count(version: string, answers: number, errors: number): void {
    if (this.#state.is !== "canary" || this.#state.candidate !== version) return;
    this.#state.answers += answers;
    this.#state.errors += errors;
  }

  /** Goes on, or back. */
  step({ ready, wanted }: Seen, nowMs: number): void {
    const state = this.#state;
    if (state.is === "canary") {
      if (ready > 0) state.goodFromMs ??= nowMs;
      const share = state.errors / Math.max(1, state.answers);
      const judged = state.answers >= timing.canaryAnswers;
      state.reason = state.goodFromMs === undefined ? state.reason : `${state.errors} of the candidate's ${state.answers} answers were 5xx`;
      if (judged && share > timing.canaryErrors) return this.#back(state.reason);
      if (state.goodFromMs === undefined) {
        if (nowMs - state.sinceMs >= timing.canaryReadyMs) this.#back(`the candidate was not ready within ${timing.canaryReadyMs} ms`);
      } else if (judged && nowMs - state.goodFromMs >= timing.canaryGoodMs) {
        this.#state = { is: "promoting", candidate: state.candidate, share: timing.canaryWeight, reason: state.reason };
      }
    } else if (state.is === "promoting") {
      state.share = Math.max(state.share, ready / wanted);
      if (ready < wanted) return;
      this.#stable = state.candidate;
      this.#state = { is: "promoted", reason: state.reason };
    }
  }

  #back(reason: string): void {
    this.#state = { is: "rolled-back", reason };
  }

  #weight(): number {
    switch (this.#state.is) {
      case "canary":
        return this.#state.goodFromMs === undefined ? 0 : timing.canaryWeight;
      case "promoting":
        return this.#state.share;
      default:
        return 0;
    }
  }
}
