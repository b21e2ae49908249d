import type { Sessions } from "../model/driver.ts";
import type { Setup, Shore } from "../model/setup.ts";
import type { PlannedSetup } from "../plan/plan.ts";
import { durationMs } from "../units/duration.ts";
import { problem } from "../units/errors.ts";
import { withDeadline } from "./deadline.ts";
import { unrecorded } from "./survival.ts";
import type { Voyage } from "./voyage.ts";

/**
 * Prepares what the run needs, once, and answers it as a copy that nobody can change: what users on
 * other cores get is a copy, too.
 *
 * @throws what the setup threw, SEA_VERB_HANGS when it takes too long, SEA_SETUP_DATA for an answer that is not plain data
 */
export async function prepared(voyage: Voyage, { setup, withinMs }: PlannedSetup, stop: AbortSignal): Promise<unknown> {
  const answer = await ashore(voyage, setup, "setup", withinMs, stop, (sessions, shore) => setup.prepare(sessions, shore));
  try {
    return frozen(structuredClone(answer));
  } catch (cause) {
    throw problem("SEA_SETUP_DATA", { error: (cause as Error).message }, "setup", cause);
  }
}

/** @throws what the teardown threw, SEA_VERB_HANGS when it takes too long */
export async function cleared(voyage: Voyage, { setup, withinMs }: PlannedSetup, data: unknown, halt: AbortSignal): Promise<void> {
  if (setup.teardown) await ashore(voyage, setup, "teardown", withinMs, halt, (sessions, shore) => setup.teardown!(sessions, data, shore));
}

async function ashore<T>(voyage: Voyage, { drivers }: Setup, what: string, withinMs: number, stop: AbortSignal, act: (sessions: Sessions<any>, shore: Shore) => Promise<T>): Promise<T> {
  const { clock } = voyage;
  const random = voyage.random.fork(what);
  const over = new AbortController();
  const signal = AbortSignal.any([over.signal, stop]);
  const shore: Shore = { random, signal, wait: (time) => clock.sleep(durationMs(time, what), signal) };
  const whole = async (): Promise<T> => {
    const sessions = await voyage.openSessions(drivers, unrecorded, signal, random);
    try {
      return await act(sessions, shore);
    } finally {
      await voyage.closeSessions(drivers, sessions);
    }
  };
  try {
    return await withDeadline(clock, withinMs, `the ${what}`, whole, stop);
  } finally {
    over.abort();
  }
}

/** A value of plain data that nobody can change any more. */
export function frozen<T>(value: T): T {
  const isPlain = Array.isArray(value) || (typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype);
  if (!isPlain || Object.isFrozen(value)) return value;
  Object.freeze(value);
  Object.values(value as object).forEach(frozen);
  return value;
}
