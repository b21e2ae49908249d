import type { Drivers, Sessions } from "./driver.ts";
import type { User } from "./user.ts";
import type { Wait } from "./wait.ts";

/** What a journey may say beside what its users do. */
export interface JourneyOptions<D extends Drivers, State> {
  /**
   * Before a user's first walk: sign in, fetch a token. Its answer is the third argument of every
   * walk. Under `arrivals` every walk is a new visitor's, and begins with it.
   */
  readonly start?: (sessions: Sessions<D>, user: User) => Promise<State>;
  /** Once per user, after the last walk; not when the user was cut. */
  readonly stop?: (sessions: Sessions<D>, user: User, state: State) => Promise<void>;
  /** How long a user of a closed pace waits between two walks. Default: not at all. */
  readonly wait?: Wait;
  /** For `--tag` and `--grep`. */
  readonly tags?: readonly string[];
  /**
   * True: where the machine lacks what the drivers need, a browser or a package, a run goes on without
   * this journey, and every report says so. False refuses such a run. Default false.
   */
  readonly optional?: boolean;
}

/** What a user does: one async function with the drivers that it needs. */
export interface Journey<D extends Drivers = Drivers, State = any> extends JourneyOptions<D, State> {
  readonly drivers: D;
  readonly walk: (sessions: Sessions<D>, user: User, state: State) => Promise<void>;
}

/** Journeys by name. */
export type Journeys = Readonly<Record<string, Journey<any, any>>>;

/**
 * A journey.
 *
 * @example
 * const shop = http({ base: "https://shop.staging.example" });
 * const browse = journey({ shop }, async ({ shop }, user) => {
 *   await shop.get("/items");
 *   await user.think("1s", "3s");
 * });
 */
export function journey<const D extends Drivers, State = undefined>(
  drivers: D,
  walk: (sessions: Sessions<D>, user: User, state: State) => Promise<void>,
  options: JourneyOptions<D, State> = {},
): Journey<D, State> {
  return Object.freeze({ ...options, drivers, walk });
}
