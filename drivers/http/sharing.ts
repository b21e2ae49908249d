import type { Clock } from "../../src/units/clock.ts";
import type { Engine } from "./engine.ts";

/** One engine of many sessions. */
interface Shared {
  readonly engine: Promise<Engine>;
  sessions: number;
}

/** The engine that the users of one driver have together: made for the first session of a run, closed with its last. */
export class Sharing {
  /** Runs have a clock each, and share nothing. */
  readonly #shared = new Map<Clock, Shared>();

  /** The common engine as one session's own; to close it is to leave it. */
  async join(clock: Clock, make: () => Promise<Engine>): Promise<Engine> {
    let shared = this.#shared.get(clock);
    if (!shared) this.#shared.set(clock, (shared = { engine: make(), sessions: 0 }));
    shared.sessions += 1;
    const one = shared;
    let engine: Engine;
    try {
      engine = await one.engine;
    } catch (error) {
      this.#forget(clock, one);
      throw error;
    }
    let closing: Promise<void> | undefined;
    return {
      dispatch: (request, hearer) => engine.dispatch(request, hearer),
      close: () => (closing ??= this.#leave(clock, one, engine)),
    };
  }

  async #leave(clock: Clock, shared: Shared, engine: Engine): Promise<void> {
    shared.sessions -= 1;
    if (shared.sessions > 0) return;
    this.#forget(clock, shared);
    await engine.close();
  }

  #forget(clock: Clock, shared: Shared): void {
    if (this.#shared.get(clock) === shared) this.#shared.delete(clock);
  }
}
