import type { Duration } from "../units/duration.ts";
import type { Random } from "../units/random.ts";
import type { Drivers, Sessions } from "./driver.ts";

/** What setup and teardown have beside their sessions. */
export interface Shore {
  readonly random: Random;
  /** Aborts when the time is over, or the run is told to stop. */
  readonly signal: AbortSignal;
  /** Waits; in a rehearsal, in virtual time. */
  wait(time: Duration): Promise<void>;
}

export interface SetupOptions<D extends Drivers, Data> {
  /** Once, after the last user is gone, however the run ended; not when the setup failed. */
  readonly teardown?: (sessions: Sessions<D>, data: Data, shore: Shore) => Promise<void>;
  /** How long each of the two may take. Default `"60s"`. */
  readonly within?: Duration;
}

/** Once a run: what has to be there before the first user, and has to go after the last. */
export interface Setup<Data = any, D extends Drivers = any> extends SetupOptions<D, Data> {
  readonly drivers: D;
  readonly prepare: (sessions: Sessions<D>, shore: Shore) => Promise<Data>;
}

/** The time that setup and teardown have each unless they say another. */
export const defaultSetupTime: Duration = "60s";

/**
 * What a scenario does once before its first user. The answer is plain data (text, numbers, lists,
 * objects of these): every user reads the same, on whichever core, with `user.given(…)`. What is
 * touched here is in no budget; a setup that fails ends the run before it began.
 *
 * @example
 * const account = setup({ shop }, async ({ shop }) => {
 *   const { token } = (await shop.post("/accounts", { name: "trial" })).json<{ token: string }>();
 *   return { token };
 * }, { teardown: async ({ shop }, { token }) => void (await shop.delete(`/accounts/${token}`)) });
 */
export function setup<const D extends Drivers, Data>(
  drivers: D,
  prepare: (sessions: Sessions<D>, shore: Shore) => Promise<Data>,
  options: SetupOptions<D, Data> = {},
): Setup<Data, D> {
  return Object.freeze({ ...options, drivers, prepare });
}
