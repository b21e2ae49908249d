import type { Duration } from "../units/duration.ts";
import type { Drivers, Sessions } from "./driver.ts";

/** Asks after a storm for every write that was noted before. */
export interface Survival<D extends Drivers = Drivers> {
  /** The kind given to `user.note`. */
  readonly kind: string;
  readonly drivers: D;
  /** True when the write is there, false when it is surely not. Throwing, or a refused answer, leaves it unknown. */
  readonly find: (sessions: Sessions<D>, id: string) => Promise<boolean>;
  /** Everything that is there, for writes nobody asked for. */
  readonly list?: (sessions: Sessions<D>) => Promise<readonly string[]>;
  /** Writes noted within this time before the harm may be lost: the recovery point. Default: none may. */
  readonly losing?: Duration;
}

/**
 * Every noted write of a kind must be found again.
 *
 * @example
 * everyNoted("order", {
 *   drivers: { shop },
 *   find: async ({ shop }, id) => (await shop.get(`/orders/${id}`, { expect: [200, 404] })).status === 200,
 *   losing: "10s",
 * })
 */
export function everyNoted<const D extends Drivers>(kind: string, options: Omit<Survival<D>, "kind">): Survival<D> {
  return Object.freeze({ kind, ...options });
}
