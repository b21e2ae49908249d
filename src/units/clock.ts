import { Alarm, Vigil } from "./alarm.ts";

/**
 * Borrowed time. Everything that waits or reads the time takes a clock, so that a rehearsal
 * can play hours in milliseconds. `Date`, `performance` and timers live in this file and `alarm.ts`
 * alone (and in `src/sim/`, which has the virtual one).
 */
export interface Clock {
  /** Milliseconds since the clock was made; never goes back; fractions are microseconds. */
  now(): number;
  /** The wall time of `now()`, in milliseconds since 1970. */
  wallMs(): number;
  /** Calls back once at or after `atMs` (of `now()`); the answer cancels. */
  at(atMs: number, call: () => void): () => void;
  /** Resolves after `ms`; rejects with the signal's reason when it aborts first. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
  /** Resolves at or after `atMs` (of `now()`), never before it; rejects as `sleep` does. */
  until(atMs: number, signal?: AbortSignal): Promise<void>;
}

/** `until` in terms of `at`, shared by every clock. */
export function untilOn(clock: Pick<Clock, "at">, atMs: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason);
    const onAbort = () => {
      cancel();
      reject(signal!.reason);
    };
    const cancel = clock.at(atMs, () => {
      signal?.removeEventListener("abort", onAbort);
      resolve();
    });
    signal?.addEventListener("abort", onAbort, { once: true });
  });
}

/** Where a clock counts from, in terms that all threads of a process share. */
export interface Epoch {
  /** On the machine's monotonic clock. */
  readonly monotonicNs: bigint;
  /** Milliseconds since 1970. */
  readonly wallMs: number;
}

class RealClock implements Clock {
  readonly #startMs: number;
  readonly #wallStartMs: number;
  readonly #vigil = new Vigil();

  constructor(epoch: Epoch | undefined) {
    this.#startMs = performance.now() - (epoch ? Number(process.hrtime.bigint() - epoch.monotonicNs) / 1e6 : 0);
    this.#wallStartMs = epoch?.wallMs ?? Date.now();
  }

  now(): number {
    return performance.now() - this.#startMs;
  }

  wallMs(): number {
    return this.#wallStartMs + this.now();
  }

  at(atMs: number, call: () => void): () => void {
    const alarm = new Alarm(this, this.#vigil, atMs, call);
    return () => alarm.cancel();
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return untilOn(this, this.now() + ms, signal);
  }

  until(atMs: number, signal?: AbortSignal): Promise<void> {
    return untilOn(this, atMs, signal);
  }
}

/** The clock of this machine, from now or from the epoch of another thread's. */
export function realClock(epoch?: Epoch): Clock {
  return new RealClock(epoch);
}

/** What another thread needs to make a clock that shows the same time. */
export function epochOf(clock: Clock): Epoch {
  const nowMs = clock.now();
  return { monotonicNs: process.hrtime.bigint() - BigInt(Math.round(nowMs * 1e6)), wallMs: clock.wallMs() - nowMs };
}
