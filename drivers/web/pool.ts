import type { Clock } from "../../src/units/clock.ts";
import { EngineFailure, lostCause, type Engine, type EngineBrowser, type PageVitals, type Visitor } from "./engine.ts";

/** A user's place in a browser, until it is given back. */
export interface Lease {
  readonly visitor: Visitor;
  /** Ends the visit and frees the place; once more is no harm. */
  release(): Promise<void>;
}

interface Asking {
  readonly clock: Clock;
  /** Aborts when nobody wants the place any more. */
  readonly signal: AbortSignal;
  /** Longest wait for a free place. */
  readonly queueMs: number;
  readonly onVitals: (vitals: PageVitals) => void;
}

/** One browser, and how many places in it are taken. */
class Berth {
  readonly browser: Promise<EngineBrowser>;
  taken = 0;
  lost = false;

  constructor(browser: Promise<EngineBrowser>) {
    this.browser = browser;
    browser.catch(() => (this.lost = true));
  }
}

/**
 * The browsers that all sessions of a driver share: so many, with so many places each. Who finds none
 * free waits in line, but not for ever. After the last session left, no browser is left.
 */
export class Pool {
  readonly #load: () => Promise<Engine>;
  readonly #browsers: number;
  readonly #places: number;
  #engine: Promise<Engine> | undefined;
  #berths: Berth[] = [];
  readonly #line: (() => void)[] = [];
  #sessions = 0;
  #closing: Promise<unknown> = Promise.resolve();

  constructor(load: () => Promise<Engine>, browsers: number, places: number) {
    this.#load = load;
    this.#browsers = browsers;
    this.#places = places;
  }

  /** A session opened. */
  enter(): void {
    this.#sessions += 1;
  }

  /** A session closed, and gave its lease back before. */
  async leave(): Promise<void> {
    this.#sessions -= 1;
    if (this.#sessions > 0) return this.#closing.then(() => undefined);
    const [berths, engine] = [this.#berths, this.#engine];
    this.#berths = [];
    this.#engine = undefined;
    this.#closing = Promise.all([this.#closing, ...berths.map(async ({ browser }) => (await browser).close())])
      .catch(() => undefined)
      .then(async () => (await engine)?.close())
      .catch(() => undefined);
    await this.#closing;
  }

  /**
   * @throws EngineFailure `no browser` after the longest wait; the signal's reason; SEA_WEB_LAUNCH
   */
  async lease(asking: Asking): Promise<Lease> {
    await this.#closing;
    for (let turn = 0; ; turn++) {
      try {
        return await this.#board(this.#take() ?? (await this.#wait(asking)), asking);
      } catch (error) {
        // A browser that ended a moment ago is known for it only now; there is another.
        if (!(error instanceof EngineFailure) || error.cause !== lostCause || turn === this.#browsers) throw error;
      }
    }
  }

  async #board(berth: Berth, asking: Asking): Promise<Lease> {
    try {
      const browser = await berth.browser;
      if (browser.lost) berth.lost = true;
      asking.signal.throwIfAborted();
      const visitor = await browser.visitor(asking.onVitals);
      const release = async (): Promise<void> => {
        await visitor.close().catch(() => undefined);
        this.#free(berth, browser);
      };
      let released: Promise<void> | undefined;
      return { visitor, release: () => (released ??= release()) };
    } catch (error) {
      if (error instanceof EngineFailure) berth.lost = true;
      this.#free(berth, await berth.browser.catch(() => undefined));
      throw error;
    }
  }

  /** The first browser with a free place, so that a few users wake no second one. */
  #take(): Berth | undefined {
    this.#berths = this.#berths.filter(({ lost }) => !lost);
    let berth = this.#berths.find(({ taken }) => taken < this.#places);
    if (!berth && this.#berths.length < this.#browsers) {
      const engine = (this.#engine ??= this.#load());
      // A package that was missing may be there for the next one.
      engine.catch(() => (this.#engine = undefined));
      this.#berths.push((berth = new Berth(engine.then((loaded) => loaded.launch()))));
    }
    if (berth) berth.taken += 1;
    return berth;
  }

  #wait({ clock, signal, queueMs }: Asking): Promise<Berth> {
    return new Promise((resolve, reject) => {
      const leave = () => {
        cancel();
        signal.removeEventListener("abort", aborted);
        const at = this.#line.indexOf(next);
        if (at >= 0) this.#line.splice(at, 1);
      };
      const next = () => {
        const berth = this.#take();
        if (!berth) return;
        leave();
        resolve(berth);
      };
      const aborted = () => {
        leave();
        reject(signal.reason);
      };
      const cancel = clock.at(clock.now() + queueMs, () => {
        leave();
        reject(new EngineFailure("refused", "no browser", `no place in ${this.#browsers} browsers of ${this.#places} within ${Math.round(queueMs)} ms`));
      });
      this.#line.push(next);
      if (signal.aborted) aborted();
      else signal.addEventListener("abort", aborted, { once: true });
    });
  }

  #free(berth: Berth, browser: EngineBrowser | undefined): void {
    berth.taken -= 1;
    if (!browser || browser.lost) berth.lost = true;
    if (berth.lost && berth.taken === 0) void browser?.close().catch(() => undefined);
    this.#line[0]?.();
  }
}
