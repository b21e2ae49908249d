import { describe, expect, test } from "vitest";
import { dataLoss, nodeLoss, podLoss } from "../../src/faults/index.ts";
import type { Debt, Place } from "../../src/model/cluster.ts";
import { sim, simLike, troubled, virtualClock } from "../../src/sim/index.ts";
import { contextOf, request, sailSim, shopOptions } from "./sea.ts";

const debt: Debt = { id: "run-1/0", run: "run-1", fault: "node-loss", aim: null, deadlineMs: 1 };

/** A storm with users, told as it happened. */
const history = (seed: number) => sailSim(async (sea) => {
  const told: unknown[] = [];
  for (let i = 0; i < 400; i++) {
    const got = await request(sea.cluster, sea.clock, "POST", "/orders", { i });
    told.push([sea.clock.now(), got instanceof Error ? got.message : got.status]);
    if (i === 50) await sea.cluster.cutNode("workers-1");
    if (i === 150) await sea.cluster.ship("shop", { version: "failing" });
  }
  return JSON.stringify([told, await sea.cluster.pods(), await sea.cluster.workloads(), await sea.cluster.backups("orders")]);
}, { seed });

describe("a simulated place", () => {
  test("is the same for one seed, and another for another", async () => {
    expect(await history(3)).toBe(await history(3));
    expect(await history(3)).not.toBe(await history(4));
  });

  test("spreads its pods, and backs up on the beat", async () => {
    await sailSim(async (sea) => {
      const nodes = (await sea.cluster.pods()).map((pod) => pod.node);
      expect(nodes.filter((node) => node === "workers-1")).toHaveLength(2);
      await sea.clock.sleep(16_000);
      const backups = await sea.cluster.backups("orders");
      expect(backups.map((backup) => sea.clock.wallMs() - backup.takenAtMs)).toEqual([1_000, 6_000, 11_000]);
    });
  });

  test("what a crashed run broke is there when the place is opened again, on another clock", async () => {
    const place = sim(shopOptions);
    const crashed = virtualClock();
    await crashed.run(async () => {
      const cluster = await place.open(contextOf(crashed));
      await crashed.sleep(60_000);
      await cluster.owe(debt);
      await cluster.stopNode("workers-1");
      await crashed.sleep(10_000);
    });
    const healer = virtualClock();
    await healer.run(async () => {
      const cluster = await place.open(contextOf(healer, 9));
      expect(await cluster.debts()).toEqual([debt]);
      const down = async () => (await cluster.nodes()).filter((node) => !node.ready).map((node) => node.name);
      expect(await down()).toEqual(["workers-1"]);
      await cluster.restoreNode("workers-1");
      await healer.sleep(5_000);
      expect(await down()).toEqual([]);
      await cluster.settle(debt.id);
      await cluster.close();
    });
  });

  test("a run that closed and owes nothing leaves the next one a new world; a debt keeps the old one", async () => {
    const place = sim(shopOptions);
    const clock = virtualClock();
    await clock.run(async () => {
      const first = await place.open(contextOf(clock));
      await first.lose("orders");
      await first.owe(debt);
      await first.close();
      await first.close();
      const second = await place.open(contextOf(clock));
      expect(await second.holds("orders")).toBe(false);
      await second.settle(debt.id);
      expect(await (await place.open(contextOf(clock))).holds("orders")).toBe(false);
      await second.close();
    });
  });

  test("closed by all and free of debt it is new", async () => {
    const place = sim(shopOptions);
    const clock = virtualClock();
    await clock.run(async () => {
      const first = await place.open(contextOf(clock));
      await first.lose("orders");
      await first.close();
      expect(await (await place.open(contextOf(clock))).holds("orders")).toBe(true);
    });
  });

  test("may lose everything unless told otherwise", () => {
    expect(sim(shopOptions).mayLose).toEqual({ pods: "100%", nodes: 3, data: ["orders"], releases: ["shop", "cart"] });
    expect(sim({ ...shopOptions, mayLose: { pods: 1 } }).mayLose).toEqual({ pods: 1 });
  });
});

describe("a stand-in for another place", () => {
  const staging = { kind: "kubernetes", name: "shop-staging", services: ["shop"], mayLose: { nodes: 1, releases: ["cart"] }, address: { context: "x" }, open: () => Promise.reject(new Error("no")) } satisfies Place;

  test("has its services, its consent, and what the faults name", async () => {
    const faults = [podLoss("queue"), nodeLoss({ pool: "spot" }), dataLoss("orders")];
    const place = simLike(staging, faults);
    expect(place).toMatchObject({ kind: "sim", name: "shop-staging", mayLose: staging.mayLose });
    const clock = virtualClock();
    await clock.run(async () => {
      const cluster = await place.open(contextOf(clock));
      expect(cluster.service("shop")).toBeDefined();
      expect((await cluster.workloads()).map((workload) => workload.name)).toEqual(["shop", "cart", "queue"]);
      expect(await cluster.scopes()).toEqual(["orders"]);
      await clock.sleep(3_000);
      expect(await cluster.backups("orders")).toHaveLength(1);
      for (const fault of faults) await fault.aim(cluster, contextOf(clock).random);
    });
  });

  test("of a simulated place is that place", () => {
    const place = sim(shopOptions);
    expect(simLike(place, [podLoss("queue")])).toBe(place);
  });

  test("of no place at all is one service", async () => {
    const clock = virtualClock();
    await clock.run(async () => {
      const cluster = await simLike(undefined).open(contextOf(clock));
      const got = await cluster.simulated("anything").request({ method: "GET", path: "/x/1" }, new AbortController().signal);
      expect(got).toMatchObject({ status: 200, body: { id: "1" } });
    });
  });
});

describe("trouble", () => {
  const open = async (trouble: Parameters<typeof troubled>[1], seed = 1) => {
    const place = sim(shopOptions);
    const clock = virtualClock();
    const control = new AbortController();
    const rough = await troubled(place, trouble).open({ ...contextOf(clock, seed), signal: control.signal });
    return { rough, calm: await place.open(contextOf(clock)), control };
  };

  test("fail: nothing is done; half: it is done and throws; both say so", async () => {
    const failing = await open({ fail: 1, verbs: ["lose"] });
    await expect(failing.rough.lose("orders")).rejects.toMatchObject({ code: "SEA_SIM_TROUBLE" });
    expect(await failing.calm.holds("orders")).toBe(true);
    const half = await open({ half: 1, verbs: ["lose"] });
    await expect(half.rough.lose("orders")).rejects.toMatchObject({ code: "SEA_SIM_TROUBLE" });
    expect(await half.calm.holds("orders")).toBe(false);
    expect(await half.rough.holds("orders")).toBe(false);
  });

  test("hang: no answer until the run's signal", async () => {
    const { rough, calm, control } = await open({ hang: 1 });
    const hung = rough.lose("orders");
    control.abort(new Error("over"));
    await expect(hung).rejects.toThrow("over");
    expect(await calm.holds("orders")).toBe(true);
  });

  test("is drawn by the seed", async () => {
    const draws = async (seed: number) => {
      const { rough } = await open({ fail: 0.3 }, seed);
      const calls = Array.from({ length: 60 }, () => rough.pods().then(() => ".", () => "x"));
      return (await Promise.all(calls)).join("");
    };
    expect(await draws(5)).toBe(await draws(5));
    expect(await draws(5)).not.toBe(await draws(6));
    expect(await draws(5)).toMatch(/x.*\..*x/);
  });
});
