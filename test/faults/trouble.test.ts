import { expect, test } from "vitest";
import type { Cluster } from "../../src/model/cluster.ts";
import type { Aim } from "../../src/model/fault.ts";
import { sim, troubled, virtualClock } from "../../src/sim/index.ts";
import { seeded } from "../../src/units/random.ts";
import { eventually, look, whole } from "../contract/cluster.ts";
import { neutralFaults } from "../contract/fault.ts";
import { contextOf, request, shopOptions, simFacts } from "../sim/sea.ts";

const seeds = Array.from({ length: 40 }, (_, seed) => seed);

/** Injects and heals over verbs that fail and half succeed, whenever and however often; answers what is left. */
async function sail(title: string, seed: number) {
  const { fault, recovery } = neutralFaults(simFacts).find((one) => one.title === title)!;
  const clock = virtualClock();
  const random = seeded(seed);
  const tried = <T>(act: () => Promise<T>) => act().catch(() => undefined);
  return clock.run(async () => {
    const place = sim(shopOptions);
    const calm = await place.open(contextOf(clock, seed));
    const rough: Cluster = await troubled(place, { fail: 0.2, half: 0.2 }).open(contextOf(clock, seed));
    const ask = async () => ((await request(calm, clock, "GET", "/items")) as { status?: number }).status ?? "hung";
    const sea = { cluster: calm, clock, ask, write: async () => "", finds: async () => false };
    await clock.sleep(6_000);
    const aim: Aim = await fault.aim(calm, random);
    await tried(() => fault.inject(rough, aim));
    await clock.sleep(random.between(0, 8_000));
    if (recovery && random.next() < 0.5) await tried(async () => recovery.mend(rough, aim, (await recovery.prepare?.(calm, aim)) ?? null, { leave: new AbortController().signal, heal: async () => void (await fault.heal(rough, aim)) }));
    await clock.sleep(random.between(0, 8_000));
    const plain = JSON.parse(JSON.stringify(aim)) as Aim;
    await eventually(sea, simFacts, "healed", async () => {
      await Promise.all([ask(), ask(), ask(), ask()]);
      return (await tried(() => fault.heal(rough, plain))) === true;
    });
    await eventually(sea, simFacts, "whole", async () => whole(await look(calm, "shop")) && (await ask()) === 200);
    const { now, pods } = await look(calm, "shop");
    const nodes = await eventually(sea, simFacts, "all nodes", async () => (await calm.nodes()).every((node) => node.ready) && calm.nodes());
    return { stable: now.rollout.stable, weight: now.rollout.weight, versions: [...new Set(pods.map((pod) => pod.version))], nodes: nodes.length, holds: await calm.holds("orders") };
  });
}

test.each(neutralFaults(simFacts).map(({ title }) => [title] as const))("%s: is healed through failing verbs, whatever the seed", async (title) => {
  for (const seed of seeds) {
    expect(await sail(title, seed), `seed ${seed}`).toEqual({ stable: "good", weight: 0, versions: ["good"], nodes: 3, holds: true });
  }
});
