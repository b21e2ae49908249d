import { describe, expect, test } from "vitest";
import { SimulatedLoss } from "../../src/model/simulated.ts";
import type { SimOptions } from "../../src/sim/index.ts";
import { request, sailSim, type SimSea } from "./sea.ts";

const one = (version: string): SimOptions => ({ services: { shop: { replicas: 1, version, data: "orders" } } });

/** Kinds and statuses of many requests, in the order asked. */
async function many(sea: SimSea, count: number, atOnce = 1): Promise<(number | string)[]> {
  const seen: (number | string)[] = [];
  for (let i = 0; i < count; i += atOnce) {
    const got = await Promise.all(Array.from({ length: atOnce }, () => request(sea.cluster, sea.clock, "GET", "/items/1")));
    seen.push(...got.map((answer) => (answer instanceof SimulatedLoss ? answer.kind : answer.status)));
  }
  return seen;
}

async function medianMs(sea: SimSea, count: number, atOnce: number): Promise<number> {
  const took = await Promise.all(Array.from({ length: atOnce }, async () => {
    const list: number[] = [];
    for (let i = 0; i < count; i++) {
      const beganMs = sea.clock.now();
      await request(sea.cluster, sea.clock, "GET", "/items/1");
      list.push(sea.clock.now() - beganMs);
    }
    return list;
  }));
  return took.flat().sort((a, b) => a - b)[Math.floor((count * atOnce) / 2)]!;
}

describe("the simulated service", () => {
  test("takes about 8 ms, and longer the more it has to do", async () => {
    const alone = await sailSim((sea) => medianMs(sea, 400, 1), { options: one("good") });
    const crowded = await sailSim((sea) => medianMs(sea, 40, 40), { options: one("good") });
    const shared = await sailSim((sea) => medianMs(sea, 40, 40));
    expect(alone).toBeGreaterThan(7);
    expect(alone).toBeLessThan(9.5);
    expect(crowded).toBeGreaterThan(2 * alone);
    expect(shared).toBeLessThan(crowded / 1.5);
  });

  test("a failing version answers 500 half the time, a slow one slowly, and both say who they are", async () => {
    const failing = await sailSim((sea) => many(sea, 400), { options: one("always-500") });
    const share = failing.filter((status) => status === 500).length / failing.length;
    expect(share).toBeGreaterThan(0.4);
    expect(share).toBeLessThan(0.6);
    expect(await sailSim((sea) => medianMs(sea, 100, 1), { options: one("slow") })).toBeGreaterThan(100);
    const got = await sailSim((sea) => request(sea.cluster, sea.clock, "GET", "/items"), { options: one("v7") });
    expect(got).toMatchObject({ status: 200, headers: { "x-version": "v7" } });
  });

  test("a dead pod refuses until the platform sees it, then the others answer all", async () => {
    await sailSim(async (sea) => {
      await sea.cluster.killPod((await sea.cluster.pods())[0]!);
      const early = await many(sea, 40, 40);
      expect(new Set(early)).toEqual(new Set([200, "refused"]));
      await sea.clock.sleep(1_000);
      expect(new Set(await many(sea, 40, 40))).toEqual(new Set([200]));
    });
  });

  test("with every pod dead all are refused, and later served again", async () => {
    await sailSim(async (sea) => {
      for (const pod of await sea.cluster.pods()) await sea.cluster.killPod(pod);
      expect(new Set(await many(sea, 10, 10))).toEqual(new Set(["refused"]));
      await sea.clock.sleep(1_000);
      expect(new Set(await many(sea, 10, 10))).toEqual(new Set(["refused"]));
      await sea.clock.sleep(5_000);
      expect(new Set(await many(sea, 10, 10))).toEqual(new Set([200]));
    });
  });

  test("a request under way is reset with its pod, though its write was done", async () => {
    await sailSim(async (sea) => {
      const asked = request(sea.cluster, sea.clock, "POST", "/orders", { id: "unsure" });
      await sea.clock.sleep(0.5);
      await sea.cluster.killPod((await sea.cluster.pods())[0]!);
      expect(await asked).toMatchObject({ kind: "reset" });
      await sea.clock.sleep(5_000);
      expect(await sea.finds("unsure")).toBe(true);
    }, { options: one("good") });
  });

  test("frozen and cut-off pods are silent, also to requests under way, and do not write", async () => {
    for (const harm of ["freezePod", "cutNode"] as const) {
      await sailSim(async (sea) => {
        const [pod] = await sea.cluster.pods();
        const asked = request(sea.cluster, sea.clock, "GET", "/items");
        await sea.clock.sleep(0.5);
        await (harm === "freezePod" ? sea.cluster.freezePod(pod!) : sea.cluster.cutNode(pod!.node));
        const late = request(sea.cluster, sea.clock, "POST", "/orders", { id: "never" });
        expect(await asked).toMatchObject({ kind: "silence" });
        expect(await late).toMatchObject({ kind: "silence" });
        await sea.cluster.thawPod(pod!);
        await sea.cluster.restoreNode(pod!.node);
        await sea.clock.sleep(10_000);
        await sea.write();
        expect(await sea.finds("never")).toBe(false);
      }, { options: one("good") });
    }
  });

  test("answers 503 while its data is lost, and afterwards what the backup held", async () => {
    await sailSim(async (sea) => {
      const kept = await sea.write();
      await sea.clock.sleep(5_000);
      const late = await sea.write();
      await sea.cluster.lose("orders");
      expect(new Set(await many(sea, 10))).toEqual(new Set([503]));
      await sea.clock.sleep(20_000);
      const backups = await sea.cluster.backups("orders");
      expect(backups).toHaveLength(1);
      await sea.cluster.restore("orders", backups[0]!.id);
      expect(new Set(await many(sea, 3))).toEqual(new Set([503]));
      await sea.clock.sleep(3_000);
      expect(await sea.finds(kept)).toBe(true);
      expect(await sea.finds(late)).toBe(false);
    });
  });

  test("a user who leaves gets the reason of the signal", async () => {
    await sailSim(async (sea) => {
      const control = new AbortController();
      const asked = sea.cluster.simulated().request({ method: "GET", path: "/" }, control.signal);
      control.abort(new Error("left"));
      await expect(asked).rejects.toThrow("left");
      await expect(sea.cluster.simulated().request({ method: "GET", path: "/" }, control.signal)).rejects.toThrow("left");
    });
  });

  test("the candidate gets its share of the traffic, and no more", async () => {
    await sailSim(async (sea) => {
      await sea.cluster.ship("shop", { version: "better" });
      let weight = 0;
      const versions: string[] = [];
      for (let i = 0; i < 4_000 && weight <= 0.1; i++) {
        const got = await request(sea.cluster, sea.clock, "GET", "/items");
        weight = (await sea.cluster.workloads())[0]!.rollout.weight;
        if (weight === 0.1 && !(got instanceof SimulatedLoss)) versions.push(got.headers["x-version"]!);
      }
      const share = versions.filter((version) => version === "better").length / versions.length;
      expect(versions.length).toBeGreaterThan(100);
      expect(share).toBeGreaterThan(0.04);
      expect(share).toBeLessThan(0.18);
    });
  });
});
