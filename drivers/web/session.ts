import type { OpenContext } from "../../src/model/driver.ts";
import type { EngineTab, PageVitals } from "./engine.ts";
import type { Lease, Pool } from "./pool.ts";
import type { Settings } from "./settings.ts";
import { OpenTab } from "./tab.ts";
import { pageName, vitalNames } from "./vitals.ts";

/** The measure of how long a user waited for a place in a browser, and for the browser to be there. */
const waitMeasure = "browser wait";

/** A user's first tab, with the verbs of its driver. The browser is taken by the first touch, not before. */
export class OpenSession extends OpenTab {
  readonly #context: OpenContext;
  readonly #pool: Pool;
  readonly #settings: Settings;
  readonly #end: AbortController;
  #lease: Promise<Lease> | undefined;
  #held: Lease | undefined;
  /** Places that are being given back. */
  readonly #leaving = new Set<Promise<void>>();
  /** How a journey calls the pages that it opens. */
  readonly #names: Map<string, string>;
  #closed: Promise<void> | undefined;

  constructor(context: OpenContext, pool: Pool, base: URL, settings: Settings) {
    const end = new AbortController();
    const names = new Map<string, string>();
    super({
      desk: { context, ended: end.signal, lost: () => this.rest() },
      base, timeoutMs: settings.timeoutMs, isOwn: false,
      ready: () => this.#ready(), now: () => this.#held?.visitor.tab,
      naming: (path, name) => void (name === undefined ? names.delete(path) : names.set(path, name)),
    });
    this.#context = context;
    this.#pool = pool;
    this.#settings = settings;
    this.#end = end;
    this.#names = names;
    pool.enter();
    if (context.signal.aborted) this.#cut();
    else context.signal.addEventListener("abort", this.#cut, { once: true });
  }

  /** Whatever the visitor had is gone with its place; the next touch takes a new one. */
  rest(): void {
    const lease = this.#lease;
    this.#lease = this.#held = undefined;
    this.#names.clear();
    if (!lease) return;
    const leaving = lease.then((held) => held.release()).catch(() => undefined).finally(() => this.#leaving.delete(leaving));
    this.#leaving.add(leaving);
  }

  end(): Promise<void> {
    this.#closed ??= this.#leave();
    return this.#closed;
  }

  async #leave(): Promise<void> {
    this.#context.signal.removeEventListener("abort", this.#cut);
    this.#cut();
    this.rest();
    await Promise.all(this.#leaving);
    await this.#pool.leave();
  }

  readonly #cut = (): void => this.#end.abort(new Error("cut"));

  async #ready(): Promise<EngineTab> {
    if (this.#held?.visitor.lost) this.rest();
    const lease = (this.#lease ??= this.#take());
    const held = await lease.catch((error: unknown) => {
      if (this.#lease === lease) this.#lease = undefined;
      throw error;
    });
    if (this.#lease === lease) this.#held = held;
    return held.visitor.tab;
  }

  async #take(): Promise<Lease> {
    const { clock, record } = this.#context;
    const beganMs = clock.now();
    const lease = await this.#pool.lease({ clock, signal: this.#end.signal, queueMs: this.#settings.queueMs, onVitals: (vitals) => this.#measured(vitals) });
    record.learned(waitMeasure, clock.now() - beganMs);
    return lease;
  }

  #measured({ url, values }: PageVitals): void {
    const page = this.#names.get(new URL(url).pathname) ?? pageName(url);
    for (const name of vitalNames) {
      const value = values[name];
      if (value !== undefined && value >= 0 && value < Infinity) this.#context.record.learned(`${name} of ${page}`, value);
    }
  }
}
