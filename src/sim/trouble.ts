import type { Cluster, Place } from "../model/cluster.ts";
import { problem } from "../units/errors.ts";

type Verb = { [K in keyof Cluster]-?: Cluster[K] extends (...args: never) => Promise<unknown> ? K : never }[keyof Cluster];

/** Chances, 0 to 1, of what befalls a call of a verb. */
export interface Trouble {
  /** It throws, and nothing was done. */
  readonly fail?: number;
  /** It is done, and throws all the same. */
  readonly half?: number;
  /** Nothing is done, and it never answers until the run's signal aborts. */
  readonly hang?: number;
  /** The verbs that may meet trouble. Default: all but `close`. */
  readonly verbs?: readonly Verb[];
}

const verbs: readonly Verb[] = [
  "workloads", "pods", "nodes", "killPod", "freezePod", "thawPod", "stopNode", "cutNode", "restoreNode", "ship", "undo",
  "scopes", "holds", "backUp", "backups", "lose", "restore", "owe", "settle", "debts",
];

/**
 * The same place in rough weather, for tests of whoever uses it: what it opens shares its world
 * with what the calm place opens.
 */
export function troubled<C extends Cluster>(place: Place<C>, trouble: Trouble): Place<C> {
  const { fail = 0, half = 0, hang = 0 } = trouble;
  return Object.freeze({
    ...place,
    async open(context) {
      const cluster = await place.open(context);
      const random = context.random.fork("trouble");
      const rough = (verb: Verb) => async (...args: never[]): Promise<unknown> => {
        const call = () => (cluster[verb] as (...args: never[]) => Promise<unknown>)(...args);
        const drawn = random.next();
        if (drawn < fail) throw problem("SEA_SIM_TROUBLE", { verb, how: "nothing was done" });
        if (drawn < fail + half) {
          await call();
          throw problem("SEA_SIM_TROUBLE", { verb, how: "it was done all the same" });
        }
        if (drawn < fail + half + hang) return hung(context.signal);
        return call();
      };
      const table = new Map<string | symbol, unknown>((trouble.verbs ?? verbs).map((verb) => [verb, rough(verb)]));
      return new Proxy(cluster, {
        get(target, key) {
          const own: unknown = Reflect.get(target, key);
          return table.get(key) ?? (typeof own === "function" ? own.bind(target) : own);
        },
      });
    },
  } satisfies Place<C>);
}

const hung = (signal: AbortSignal): Promise<never> =>
  new Promise((_, reject) => {
    if (signal.aborted) return reject(signal.reason);
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
  });
