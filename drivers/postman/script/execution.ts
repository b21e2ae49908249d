import type { Clock } from "../../../src/units/clock.ts";

/** One assertion of a script. */
export interface Assertion {
  readonly name: string;
  readonly passed: boolean;
  readonly skipped: boolean;
  readonly error: string | undefined;
}

/** A script that waits for something that never comes is given up after so long. */
const longestMs = 60_000;
/** A script may say so many; more would fill the memory. */
const mostAssertions = 10_000;

const messageOf = (error: unknown): string => {
  const { name, message } = (typeof error === "object" && error !== null ? error : {}) as { readonly name?: unknown; readonly message?: unknown };
  return typeof message === "string" ? (name === undefined || name === "AssertionError" ? message : `${String(name)}: ${message}`) : String(error);
};

/** One run of one script: what it said, and what it still waits for. */
export class Execution {
  readonly assertions: Assertion[] = [];
  /** What the script threw, also later on. */
  error: string | undefined;
  /** Set by `setNextRequest`: a name, an id, or null. */
  next: { readonly to: string | null } | undefined;
  skips = false;
  /** `tests["…"] = …` of older scripts. */
  legacy: Record<string, unknown> = {};
  /** Globals that the script changed for itself. */
  readonly changed = new Map<string, unknown>();
  readonly #clock: Clock;
  #pending = 0;
  #wake: (() => void) | undefined;
  #closed = false;
  readonly #timers = new Map<number, () => void>();
  #nextTimer = 1;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Runs the script; answers a promise only where it left something to wait for. */
  run(script: () => unknown): void | Promise<void> {
    this.guard(script);
    if (this.#pending === 0) return this.#close();
    return this.#settle();
  }

  /** Runs code of the script; what it throws is the script's error. */
  guard(call: () => unknown): void {
    try {
      call();
    } catch (error) {
      // To skip the request is no mistake.
      if (!this.skips) this.error ??= messageOf(error);
    }
  }

  async #settle(): Promise<void> {
    const untilMs = this.#clock.now() + longestMs;
    const tooLong = this.#clock.at(untilMs, () => {
      this.error ??= `Error: the script waited for more than ${longestMs / 1_000} seconds`;
      this.#pending = 0;
      this.#wake?.();
    });
    while (this.#pending > 0) {
      await new Promise<void>((resolve) => (this.#wake = resolve));
      // Whoever awaited what has just ended goes on before this does.
      await this.#clock.sleep(0);
    }
    tooLong();
    this.#close();
  }

  #close(): void {
    for (const cancel of this.#timers.values()) cancel();
    this.#timers.clear();
    for (const [name, value] of Object.entries(this.legacy)) this.#say(name, value ? undefined : `expected ${String(value)} to be truthy`);
    this.#closed = true;
  }

  /** Begins something that the script is waited for; the answer ends it, once. */
  hold(): () => void {
    this.#pending += 1;
    let held = true;
    return () => {
      if (!held) return;
      held = false;
      this.#pending -= 1;
      if (this.#pending <= 0) this.#wake?.();
    };
  }

  // --- assertions

  #say(name: string, error: string | undefined, skipped = false): void {
    if (!this.#closed && this.assertions.length < mostAssertions) this.assertions.push({ name: String(name), passed: error === undefined, skipped, error });
  }

  /** `pm.test`: plain, with a callback, or answering a promise. */
  test(name: string, check: unknown): void {
    if (typeof check !== "function") return this.#say(name, undefined);
    let said = false;
    const say = (error?: unknown): void => {
      if (said) return;
      said = true;
      this.#say(name, error === undefined || error === null || error === false ? undefined : messageOf(error));
    };
    try {
      if (check.length > 0) return void (check as (done: (error?: unknown) => void) => unknown)(say);
      const answer: unknown = (check as () => unknown)();
      if (typeof (answer as Promise<unknown> | undefined)?.then !== "function") return say();
      const release = this.hold();
      (answer as Promise<unknown>).then(() => say(), (error: unknown) => say(error ?? new Error("rejected"))).finally(release);
    } catch (error) {
      say(error ?? new Error("threw nothing"));
    }
  }

  skipTest(name: string): void {
    this.#say(name, undefined, true);
  }

  // --- timers

  setTimer(call: unknown, ms: unknown, repeats: boolean, args: readonly unknown[]): number {
    const id = this.#nextTimer++;
    const waitMs = Math.max(1, Number(ms) || 0);
    const release = this.hold();
    const ring = (): void => {
      if (!repeats) this.#timers.delete(id);
      this.guard(() => (call as (...given: unknown[]) => unknown)(...args));
      if (!repeats) release();
      else if (this.#timers.has(id)) arm();
    };
    const arm = (): void => {
      const cancel = this.#clock.at(this.#clock.now() + waitMs, ring);
      this.#timers.set(id, () => (cancel(), release()));
    };
    arm();
    return id;
  }

  clearTimer(id: unknown): void {
    this.#timers.get(Number(id))?.();
    this.#timers.delete(Number(id));
  }
}
