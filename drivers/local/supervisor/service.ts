import type { ServiceSpec } from "../settings.ts";
import { timing } from "../timing.ts";
import type { Replica } from "./replica.ts";
import { Canary } from "./rollout.ts";

/** One workload: what it runs, and how its replicas have fared. */
export class Service {
  readonly spec: ServiceSpec;
  readonly canary: Canary;
  /** Nothing of it is started before. */
  notBeforeMs = 0;
  /** Replicas that ended by themselves or were killed. */
  ends = 0;
  lastEnd: { readonly how: string; readonly log: string } | undefined;
  /** Replicas in a row that ended before they were ready. */
  #stillborn = 0;

  constructor(spec: ServiceSpec) {
    this.spec = spec;
    this.canary = new Canary({ version: spec.version });
  }

  /** A replica ended that was wanted: when may the next start? */
  ended(replica: Replica, how: string, nowMs: number): void {
    this.ends++;
    this.lastEnd = { how, log: replica.log };
    this.#stillborn = replica.came ? 0 : this.#stillborn + 1;
    this.notBeforeMs = nowMs + Math.min(timing.restartMostMs, timing.restartMs * 2 ** Math.max(0, this.#stillborn - 1));
  }
}
