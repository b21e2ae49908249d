import type { PlaceContext } from "../../src/model/cluster.ts";
import { SimulatedLoss } from "../../src/model/simulated.ts";
import { sim, virtualClock, type SimCluster, type SimOptions, type VirtualClock } from "../../src/sim/index.ts";
import type { Clock } from "../../src/units/clock.ts";
import { seeded } from "../../src/units/random.ts";
import type { Sea, SeaFacts } from "../contract/cluster.ts";

export const shopOptions = {
  services: { shop: { replicas: 4, data: "orders" }, cart: { replicas: 2 } },
  data: { orders: { backupEvery: "5s" } },
} as const satisfies SimOptions;

export const contextOf = (clock: Clock, seed = 1): PlaceContext =>
  ({ clock, random: seeded(seed), signal: new AbortController().signal, run: "run-1", folder: undefined, say: () => {} });

/** One request, with a user's patience of a second. */
export async function request(cluster: SimCluster, clock: Clock, method: string, path: string, body?: unknown) {
  const control = new AbortController();
  const cancel = clock.at(clock.now() + 1_000, () => control.abort());
  try {
    return await cluster.simulated("shop").request({ method, path, body }, control.signal);
  } catch (error) {
    if (error instanceof SimulatedLoss) return error;
    throw error;
  } finally {
    cancel();
  }
}

export interface SimSea extends Sea {
  readonly cluster: SimCluster;
  readonly clock: VirtualClock;
}

/** Plays on a simulated shop as new, in virtual time. */
export async function sailSim<T>(play: (sea: SimSea) => Promise<T>, { seed = 1, options = shopOptions as SimOptions } = {}): Promise<T> {
  const clock = virtualClock(50);
  return clock.run(async () => {
    const cluster = await sim(options).open(contextOf(clock, seed));
    const answer = async (method: string, path: string, body?: unknown) => {
      const got = await request(cluster, clock, method, path, body);
      return got instanceof SimulatedLoss ? (got.kind === "silence" ? "hung" : "refused") : got.status;
    };
    return play({
      cluster,
      clock,
      ask: () => answer("GET", "/items"),
      async write() {
        const got = await request(cluster, clock, "POST", "/orders", { item: "rope" });
        if (got instanceof SimulatedLoss || got.status !== 201) throw new Error(`not written: ${JSON.stringify(got)}`);
        return (got.body as { id: string }).id;
      },
      finds: async (id) => (await answer("GET", `/orders/${id}`)) === 200,
    });
  });
}

export const simFacts: SeaFacts = {
  workload: "shop",
  stable: "good",
  good: { version: "better" },
  bad: { version: "broken", env: { SHOP_MODE: "failing" } },
  scope: "orders",
  withinMs: 120_000,
  pollMs: 100,
  sail: (play) => sailSim(play),
};
