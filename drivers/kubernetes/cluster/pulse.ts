import type { Clock } from "../../../src/units/clock.ts";
import { problem } from "../../../src/units/errors.ts";
import type { Api } from "../api/api.ts";
import type { Watch } from "../watch/watch.ts";

/** What was heard so long ago is asked for again before anybody relies on it. */
const freshMs = 3_000;
const patienceMs = 5_000;

/**
 * Are the watches worth reading? An API server that hangs, or a network that swallows, leaves them as they
 * are: whoever read them then would see a cluster that is whole.
 */
export class Pulse {
  readonly #api: Api;
  readonly #clock: Clock;
  readonly #watches: readonly Watch<unknown>[];
  #heardMs: number;
  #asking: Promise<void> | undefined;

  constructor(api: Api, clock: Clock, watches: readonly Watch<unknown>[]) {
    this.#api = api;
    this.#clock = clock;
    this.#watches = watches;
    this.#heardMs = clock.now();
  }

  /** @throws SEA_KUBE_AWAY while a watch hears nothing, and what a call throws when the server does not answer one */
  async assert(): Promise<void> {
    const away = this.#watches.find(({ awaySinceMs }) => awaySinceMs !== undefined);
    if (away) throw problem("SEA_KUBE_AWAY", { server: this.#api.server, seconds: ((this.#clock.now() - away.awaySinceMs!) / 1_000).toFixed(1) });
    if (this.#clock.now() - this.#heardMs < freshMs) return;
    this.#asking ??= this.#ask().finally(() => (this.#asking = undefined));
    await this.#asking;
  }

  async #ask(): Promise<void> {
    const done = new AbortController();
    try {
      await Promise.race([
        this.#api.version(),
        this.#clock.sleep(patienceMs, done.signal).then(() => {
          throw problem("SEA_KUBE_AWAY", { server: this.#api.server, seconds: ((this.#clock.now() - this.#heardMs) / 1_000).toFixed(1) });
        }),
      ]);
      this.#heardMs = this.#clock.now();
    } finally {
      done.abort();
    }
  }
}
