import { describe, expect, test } from "vitest";
import { eventually, look, whole } from "../contract/cluster.ts";
import { sailSim, simFacts, type SimSea } from "./sea.ts";

const on = async ({ cluster }: SimSea, node: string) => (await cluster.pods()).filter((pod) => pod.node === node);
const nodeReady = async ({ cluster }: SimSea, name: string) => (await cluster.nodes()).find((node) => node.name === name)!.ready;
const ask = (sea: SimSea, count: number) => Promise.all(Array.from({ length: count }, () => sea.ask()));

describe("the simulated platform", () => {
  test("takes the pods of a cut node out of service before it gives the node up", async () => {
    await sailSim(async (sea) => {
      const ids = (await on(sea, "workers-1")).map((pod) => pod.id);
      await sea.cluster.cutNode("workers-1");
      await sea.clock.sleep(1_000);
      expect((await on(sea, "workers-1")).map(({ id, ready }) => [id, ready])).toEqual(ids.map((id) => [id, false]));
      expect(await nodeReady(sea, "workers-1")).toBe(true);
      expect(new Set(await ask(sea, 40))).toEqual(new Set([200]));
    });
  });

  test("a cut that ends in time costs no pod", async () => {
    await sailSim(async (sea) => {
      const ids = (await on(sea, "workers-1")).map((pod) => pod.id);
      await sea.cluster.cutNode("workers-1");
      await sea.clock.sleep(1_000);
      await sea.cluster.restoreNode("workers-1");
      await sea.clock.sleep(10_000);
      expect((await on(sea, "workers-1")).map(({ id, ready }) => [id, ready])).toEqual(ids.map((id) => [id, true]));
    });
  });

  test("a node that is back before it was missed stays ready, but what was on it has ended", async () => {
    await sailSim(async (sea) => {
      const ids = (await on(sea, "workers-1")).map((pod) => pod.id);
      await sea.cluster.stopNode("workers-1");
      expect(await ask(sea, 40)).toContain("refused");
      await sea.cluster.cutNode("workers-1");
      expect(await ask(sea, 40)).not.toContain("hung");
      await sea.cluster.restoreNode("workers-1");
      for (let i = 0; i < 100; i++) {
        expect(await nodeReady(sea, "workers-1")).toBe(true);
        await sea.clock.sleep(100);
      }
      const now = await look(sea.cluster, "shop");
      expect(whole(now)).toBe(true);
      for (const pod of now.pods) expect(ids).not.toContain(pod.id);
    });
  });

  test("a pod that starts on a node that is cut off does not come up", async () => {
    await sailSim(async (sea) => {
      const known = (await sea.cluster.pods()).map((pod) => pod.id);
      await sea.cluster.killPod((await sea.cluster.pods())[0]!);
      const fresh = await eventually(sea, { withinMs: 5_000, pollMs: 10 }, "a new pod", async () => (await sea.cluster.pods()).find((pod) => !known.includes(pod.id)));
      await sea.cluster.cutNode(fresh.node);
      await sea.clock.sleep(2_300);
      expect(await nodeReady(sea, fresh.node)).toBe(true);
      expect((await sea.cluster.pods()).find((pod) => pod.id === fresh.id)?.ready).toBe(false);
      await sea.cluster.restoreNode(fresh.node);
      await sea.clock.sleep(10_000);
      expect(whole(await look(sea.cluster, "shop"))).toBe(true);
    });
  });

  test("with no node left it waits for one", async () => {
    await sailSim(async (sea) => {
      for (const { name } of await sea.cluster.nodes()) await sea.cluster.stopNode(name);
      await sea.clock.sleep(20_000);
      expect(await sea.cluster.pods()).toEqual([]);
      await sea.cluster.restoreNode("workers-2");
      await sea.clock.sleep(10_000);
      const now = await look(sea.cluster, "shop");
      expect(whole(now)).toBe(true);
      expect(new Set(now.pods.map((pod) => pod.node))).toEqual(new Set(["workers-2"]));
    });
  });

  test("ends a pod that hangs too long, counted from when it last began to hang", async () => {
    await sailSim(async (sea) => {
      const pod = (await sea.cluster.pods())[0]!;
      const listed = async () => (await sea.cluster.pods()).some((one) => one.id === pod.id);
      for (let i = 0; i < 3; i++) {
        await sea.cluster.freezePod(pod);
        await sea.clock.sleep(2_000);
        await sea.cluster.thawPod(pod);
        await sea.clock.sleep(100);
      }
      await sea.clock.sleep(10_000);
      expect(await listed()).toBe(true);
      await sea.cluster.freezePod(pod);
      await sea.clock.sleep(5_000);
      expect(await listed()).toBe(false);
    });
  });

  test("a release shipped again by name is what it was, good or bad", async () => {
    await sailSim(async (sea) => {
      for (const release of [simFacts.bad, { version: simFacts.bad.version }]) {
        await sea.cluster.ship("shop", release);
        const { now } = await eventually(sea, simFacts, "the end of the rollout", async () => {
          await ask(sea, 8);
          const seen = await look(sea.cluster, "shop");
          return seen.now.rollout.phase !== "progressing" && seen;
        });
        expect(now.rollout).toMatchObject({ phase: "rolled-back", reason: expect.stringMatching(/answers of broken failed/) });
      }
    });
  });

  test("does not promote what nobody asked", async () => {
    await sailSim(async (sea) => {
      await sea.cluster.ship("shop", { version: "better" });
      await sea.clock.sleep(120_000);
      expect((await look(sea.cluster, "shop")).now.rollout).toMatchObject({ phase: "rolled-back", stable: "good", reason: "too few answers to judge by" });
    });
  });

  test("another release takes the place of the candidate, and the stable one ends the rollout", async () => {
    await sailSim(async (sea) => {
      await sea.cluster.ship("shop", { version: "better" });
      await sea.cluster.ship("shop", { version: "best" });
      await sea.clock.sleep(3_000);
      expect(new Set((await sea.cluster.pods()).map((pod) => pod.version))).toEqual(new Set(["good", "best"]));
      await sea.cluster.ship("shop", { version: "good" });
      const { now, pods } = await look(sea.cluster, "shop");
      expect(now.rollout).toMatchObject({ phase: "rolled-back", stable: "good", weight: 0 });
      expect(new Set(pods.map((pod) => pod.version))).toEqual(new Set(["good"]));
    });
  });

  test("data lost while it is restored stays lost", async () => {
    await sailSim(async (sea) => {
      const backup = await sea.cluster.backUp("orders");
      await sea.cluster.restore("orders", backup.id);
      await sea.cluster.lose("orders");
      await sea.clock.sleep(10_000);
      expect(await sea.cluster.holds("orders")).toBe(false);
    });
  });

  test("keeps the newest hundred backups", async () => {
    await sailSim(async (sea) => {
      await sea.clock.sleep(3_600_000);
      const backups = await sea.cluster.backups("orders");
      expect(backups).toHaveLength(100);
      expect(sea.clock.wallMs() - backups[0]!.takenAtMs).toBeLessThanOrEqual(5_000);
    });
  });
});
