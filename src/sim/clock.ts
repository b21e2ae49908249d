import { untilOn, type Clock } from "../units/clock.ts";
import { problem } from "../units/errors.ts";
import { sayMs } from "../units/duration.ts";
import { Timers } from "./timers.ts";

/** 2026-01-01: rehearsals of one seed are the same on every day. */
const epochMs = 1_767_225_600_000;

/** Work of Node that will go on by itself: a file under way, a `setImmediate`. */
const underWay = /^(FSReq|CloseReq|Immediate)/;

/** What else the event loop has to do gets its turn this often. */
const realTurnEvery = 256;

/** A clock whose time moves only while `run` runs, and only when nothing else can happen. */
export interface VirtualClock extends Clock {
  /**
   * Plays `main` to its end: again and again lets all promises settle, then jumps to the next timer.
   *
   * @throws SEA_SIM_STUCK when `main` waits and no timer is left
   * @example await clock.run(async () => { await clock.sleep(3_600_000); }); // takes a millisecond
   */
  run<T>(main: () => Promise<T>): Promise<T>;
}

class Virtual implements VirtualClock {
  readonly #timers = new Timers();
  readonly #patienceMs: number;
  #nowMs = 0;

  constructor(patienceMs: number) {
    this.#patienceMs = patienceMs;
  }

  now(): number {
    return this.#nowMs;
  }

  wallMs(): number {
    return epochMs + this.#nowMs;
  }

  at(atMs: number, call: () => void): () => void {
    return this.#timers.add(Math.max(atMs, this.#nowMs), call);
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return untilOn(this, this.#nowMs + ms, signal);
  }

  until(atMs: number, signal?: AbortSignal): Promise<void> {
    return untilOn(this, atMs, signal);
  }

  run<T>(main: () => Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      let over = false;
      let idleSinceMs: number | undefined;
      const end = <V>(settle: (value: V) => void) => (value: V) => {
        over = true;
        settle(value);
      };
      // One timer a turn is all the order there is: what a timer sets off has run before the next. A
      // tick that is asked for by a microtask comes when every promise has settled; a real turn of the
      // event loop would do as well, and takes several times as long.
      let turns = 0;
      const next = (): void => {
        if (++turns % realTurnEvery === 0) setImmediate(turn);
        else queueMicrotask(() => process.nextTick(turn));
      };
      const turn = (): void => {
        if (over) return;
        if (process.getActiveResourcesInfo().some((name) => underWay.test(name))) return void setImmediate(turn);
        const atMs = this.#timers.nextMs();
        if (atMs === Infinity) return wait();
        idleSinceMs = undefined;
        this.#nowMs = atMs;
        try {
          this.#timers.take()!();
        } catch (error) {
          return end(reject)(error);
        }
        next();
      };
      // Work that Node does not show, such as a module being loaded, gets a little real time.
      const wait = (): void => {
        idleSinceMs ??= performance.now();
        if (performance.now() - idleSinceMs < this.#patienceMs) setTimeout(turn, 1);
        else end(reject)(problem("SEA_SIM_STUCK", { at: sayMs(this.#nowMs) }));
      };
      setImmediate(turn);
      Promise.resolve().then(main).then(end(resolve), end(reject));
    });
  }
}

/** Virtual time, from 0. With no timer left, `run` waits `patienceMs` of real time before it calls itself stuck. */
export function virtualClock(patienceMs = 2_000): VirtualClock {
  return new Virtual(patienceMs);
}
