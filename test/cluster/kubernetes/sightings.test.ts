import { expect, test } from "vitest";
import type { Sighting } from "../../../src/model/sighting.ts";
import { clock, sail } from "./sea.ts";

test("what the cluster does after a pod was killed is told as it happens: the pod, its endpoint, its replacement, the events", async () => {
  await sail(async (cluster) => {
    const seen: (Sighting & { readonly t: number })[] = [];
    const stop = new AbortController();
    await cluster.watch!((sighting) => seen.push({ ...sighting, t: clock.now() }), stop.signal);
    // What stood already is not told.
    expect(seen).toEqual([]);
    const [victim] = await cluster.pods();
    const killedMs = clock.now();
    await cluster.killPod(victim!);
    const has = (what: Sighting["what"], turn: Sighting["turn"], name?: string) => seen.find((one) => one.what === what && one.turn === turn && (name === undefined || one.name === name));
    const endMs = clock.now() + 60_000;
    while (!(has("pod", "ready") && has("endpoint", "ready") && has("pod", "gone", victim!.name)) && clock.now() < endMs) await clock.sleep(20);
    expect(has("pod", "gone", victim!.name)).toMatchObject({ of: "shop" });
    expect(has("endpoint", "gone", victim!.name) ?? has("endpoint", "unready", victim!.name)).toMatchObject({ of: "shop" });
    expect(has("pod", "came")!.name).not.toBe(victim!.name);
    expect(has("pod", "ready")!.t).toBeGreaterThanOrEqual(has("pod", "came")!.t);
    expect(seen.some(({ what, name }) => what === "event" && name === "SuccessfulCreate")).toBe(true);
    // The first trace of the harm, however busy the machine; the numbers are the benchmark's.
    expect(seen[0]!.t - killedMs).toBeLessThan(5_000);
    stop.abort();
    const told = seen.length;
    await cluster.killPod((await cluster.pods())[0]!);
    await clock.sleep(500);
    expect(seen).toHaveLength(told);
  });
});
