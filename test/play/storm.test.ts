import { describe, expect, test } from "vitest";
import { arrivals, badCanary, dataLoss, everyNoted, journey, nodeLoss, podLoss, restore, scenario, type Aim, type Fault } from "../../src/index.ts";
import type { Line, StormLine } from "../../src/ledger/lines.ts";
import type { Cluster, Place } from "../../src/model/cluster.ts";
import { sim, virtualClock, type SimCluster, type VirtualClock } from "../../src/sim/index.ts";
import { seeded } from "../../src/units/random.ts";
import { rope, staged, type Played, type Stage } from "./stage.ts";

const place = () => sim({ services: { shop: { replicas: 4, data: "orders" } }, data: { orders: { backupEvery: "2s" } } });
const opened = (from: Place<SimCluster>, clock: VirtualClock): Promise<SimCluster> =>
  from.open({ clock, random: seeded(1), signal: new AbortController().signal, run: "run", folder: undefined, say: () => undefined });

const line = rope();
const walk = journey({ line }, ({ line }) => line.touch(20));
const load = { walk: arrivals("10/s") };

async function weathered(storm: object, stage: Stage & { on?: Place<SimCluster>; touch?: (cluster: Cluster) => Cluster } = {}): Promise<Played & { cluster: Cluster; steps: string[] }> {
  const clock = virtualClock();
  const on = stage.on ?? place();
  const raw = await clock.run(() => opened(on, clock));
  const cluster = stage.touch?.(raw) ?? raw;
  const played = await staged(
    scenario({
      name: "t", journeys: { walk }, cluster: on,
      phases: [{ name: "calm", for: "5s", load }, { name: "storm", load, recover: { by: "platform", within: "20s" }, ...storm } as never, { name: "after", for: "5s", load }],
    }),
    { clock, cluster, mayLose: on.mayLose, ...stage },
  );
  return { ...played, cluster, steps: (played.lines.filter(({ k }) => k === "storm") as StormLine[]).map(({ step }) => step) };
}

/** A fault of our own: a flag that the test's platform clears after a while. */
function flag(more: Partial<Fault> & { clearsAfterLooks?: number } = {}): Fault & { harmed: boolean; looks: number } {
  const fault: Fault & { harmed: boolean; looks: number } = {
    kind: "flag", harm: "raises a flag", mendedBy: { platform: true } as Fault["mendedBy"], costs: [], harmed: false, looks: 0,
    aim: async (): Promise<Aim> => ({ targets: [] }),
    inject: async () => void (fault.harmed = true),
    recovered: async () => {
      if (fault.harmed && ++fault.looks >= (more.clearsAfterLooks ?? 5)) fault.harmed = false;
      return !fault.harmed;
    },
    heal: async () => {
      fault.harmed = false;
      return true;
    },
    ...more,
  };
  return fault;
}

describe("a storm that the platform repairs", () => {
  test("goes through its states in order, and leaves no debt", async () => {
    const { steps, view, cluster } = await weathered({ fault: podLoss("shop") });
    expect(steps).toEqual(["aim", "inject", "injected", "harmed", "recovered", "healing", "healed"]);
    const [storm] = view.storms;
    expect(storm!.injectMs).toBeGreaterThanOrEqual(5_000);
    expect(storm!.recoveredMs! - storm!.injectMs!).toBeLessThan(20_000);
    expect(view.phases[2]!.beginMs).toBeGreaterThanOrEqual(storm!.healedMs!);
    expect(await cluster.debts()).toEqual([]);
  });

  test("a lost node is whole again on others, and the node itself comes back by the healing", async () => {
    const { steps, cluster } = await weathered({ fault: nodeLoss() });
    expect(steps.slice(-3)).toEqual(["recovered", "healing", "healed"]);
    expect((await cluster.nodes()).every(({ ready }) => ready)).toBe(true);
  });

  test("waits before and holds after", async () => {
    const { view } = await weathered({ fault: flag(), after: "3s", hold: "4s" });
    expect(view.storms[0]!.aimMs! - view.phases[1]!.beginMs!).toBeGreaterThanOrEqual(3_000);
    expect(view.phases[1]!.endMs! - view.storms[0]!.healedMs!).toBeGreaterThanOrEqual(4_000);
  });

  test("a bad canary is rolled back", async () => {
    const canary = badCanary("shop", { version: "bad", env: { MODE: "failing" } });
    let asked: SimCluster;
    // The platform judges a canary by what users get from it, so somebody must ask.
    const ask = async (clock: VirtualClock) => {
      for (let n = 0; n < 600; n++) {
        void asked.simulated("shop").request({ method: "GET", path: "/items" }, new AbortController().signal).catch(() => undefined);
        await clock.sleep(50);
      }
    };
    const { steps, cluster } = await weathered({ fault: canary, recover: { by: "platform", within: "60s" } }, { beside: ask, touch: (cluster) => (asked = cluster as SimCluster) });
    expect(steps).toContain("recovered");
    expect((await cluster.workloads())[0]!.rollout.stable).toBe("good");
  });
});

describe("the cure is written before the harm", () => {
  test("aim on disk and in the cluster, then inject", async () => {
    const order: string[] = [];
    const fault = flag({ inject: async () => void order.push("inject") });
    await weathered({ fault }, {
      write: (one: Line) => one.k === "storm" && order.push(one.step),
      flush: () => order.push("flush"),
      touch: (cluster) => ({ ...cluster, owe: async (debt) => (order.push("owe"), cluster.owe(debt)), settle: async (id) => (order.push("settle"), cluster.settle(id)) }),
    });
    expect(order.slice(0, 5)).toEqual(["aim", "flush", "owe", "inject", "inject"]);
    expect(order.slice(-2)).toEqual(["settle", "healed"]);
  });

  test("an aim that can't be put on disk harms nothing", async () => {
    const fault = flag();
    const { end } = await weathered({ fault }, { flush: () => { throw new Error("disk full"); } });
    expect(fault.looks).toBe(0);
    expect(fault.harmed).toBe(false);
    expect(end.how).toBe("done");
  });

  test("an undo record that can't be written harms nothing", async () => {
    const fault = flag();
    const { steps } = await weathered({ fault }, { touch: (cluster) => ({ ...cluster, owe: () => Promise.reject(new Error("no rights")) }) });
    expect(steps).toEqual(["aim", "error", "healing", "healed"]);
    expect(fault.looks).toBe(0);
  });
});

describe("whatever goes wrong, the healing follows", () => {
  test.each([
    ["nothing to aim at", flag({ aim: () => Promise.reject(new Error("nobody there")) }), ["error"]],
    ["inject throws", flag({ inject: () => Promise.reject(new Error("no")) }), ["aim", "inject", "error", "healing", "healed"]],
    // Nobody knows whether it will still land: the undo record stays.
    ["inject hangs", flag({ inject: () => new Promise(() => undefined) }), ["aim", "inject", "error", "healing", "error", "unhealed"]],
    ["no harm is ever seen", flag({ inject: async () => undefined }), ["aim", "inject", "injected", "error", "healing", "healed"]],
    ["nobody repairs it in time", flag({ clearsAfterLooks: Infinity }), ["aim", "inject", "injected", "harmed", "overdue", "healing", "healed"]],
    ["looking throws", flag({ recovered: () => Promise.reject(new Error("no answer")) }), ["aim", "inject", "injected", "error", "error", "healing", "healed"]],
    ["looking hangs", flag({ recovered: () => new Promise(() => undefined) }), ["aim", "inject", "injected", "error", "error", "healing", "healed"]],
    ["the healing throws for ever", flag({ heal: () => Promise.reject(new Error("no")) }), ["aim", "inject", "injected", "harmed", "recovered", "healing", "unhealed"]],
    ["the healing hangs", flag({ heal: () => new Promise(() => undefined) }), ["aim", "inject", "injected", "harmed", "recovered", "healing", "unhealed"]],
    ["the harm does not go", flag({ heal: async () => false }), ["aim", "inject", "injected", "harmed", "recovered", "healing", "unhealed"]],
  ] as const)("%s", async (_, fault, states) => {
    const { steps, end, view, cluster } = await weathered({ fault });
    expect(steps).toEqual(states);
    expect(end.how).toBe("done");
    expect(view.phases[2]!.endMs).toBeDefined();
    expect((await cluster.debts()).length).toBe(states.includes("unhealed" as never) ? 1 : 0);
  });

  test("more than may be lost is refused at the aim, before anything is armed", async () => {
    const { steps, view } = await weathered({ fault: flag({ aim: async () => ({ targets: ["a", "b", "c"].map((name) => ({ what: "node" as const, name })) }) }) }, { mayLose: { nodes: 2 } });
    expect(steps).toEqual(["error"]);
    expect(view.storms[0]!.error).toMatch(/SEA_NOT_ALLOWED/);
  });

  test.each([["in the calm", 2_000, []], ["in the storm", 6_000, ["aim", "inject", "injected", "harmed", "healing", "healed"]], ["after it", 29_000, ["aim", "inject", "injected", "harmed", "overdue", "healing", "healed"]]] as const)(
    "stopped %s the run ends interrupted and healed", async (_, atMs, states) => {
      const stop = new AbortController();
      const fault = flag({ clearsAfterLooks: Infinity });
      const { steps, end } = await weathered({ fault }, { stop: stop.signal, beside: async (clock) => { await clock.sleep(atMs); stop.abort(); } });
      expect(steps).toEqual(states);
      expect(end.how).toBe("interrupted");
      expect(end.t).toBeLessThan(atMs + 1_500);
      expect(fault.harmed).toBe(false);
    },
  );

  test("a ledger that can't be written any more stops the run, healed", async () => {
    const fault = flag({ clearsAfterLooks: Infinity });
    let full = false;
    const { end } = await weathered({ fault }, {
      write: () => { if (full) throw new Error("disk full"); },
      beside: async (clock) => { await clock.sleep(8_000); full = true; },
    });
    expect(end).toMatchObject({ how: "failed" });
    expect(end.reason).toMatch(/disk full/);
    expect(fault.harmed).toBe(false);
  });
});

describe("data that is lost", () => {
  const drivers = {};
  const recover = (cluster: () => Cluster, found: (id: string) => boolean, losing: "0s" | "4s") => ({
    by: restore(), within: "30s" as const, keeps: [everyNoted("order", { drivers, losing, find: async (_, id) => (await cluster().holds("orders")) && found(id) })],
  });
  /** One order a second, noted. */
  const noting = (cluster: Cluster, notes: string[], found: (id: string) => boolean, losing: "0s" | "4s", clock: VirtualClock) => {
    const buy = journey({ line }, async ({ line }, user) => {
      await line.touch(10);
      notes.push(`o${notes.length}`);
      user.note("order", notes.at(-1)!);
    });
    return staged(scenario({
      name: "t", journeys: { buy }, cluster: place() as Place<Cluster>,
      phases: [{ name: "calm", for: "10s", load: { buy: arrivals("1/s") } }, { name: "storm", load: {}, fault: dataLoss("orders"), recover: recover(() => cluster, found, losing) }],
    }), { clock, cluster, mayLose: { data: ["orders"] } });
  };

  test.each([
    ["all are found", () => true, "0s", { noted: 10, found: 10, lostCount: 0, forgiven: 0 }],
    ["the last ones may be lost", (id: string) => Number(id.slice(1)) < 8, "4s", { noted: 6, found: 6, forgiven: 2, lostCount: 0 }],
    ["an old one is missing", (id: string) => id !== "o2", "4s", { noted: 6, found: 5, forgiven: 0, lostCount: 1, lost: ["o2"] }],
    ["nothing may be lost", (id: string) => id !== "o9", "0s", { found: 9, lostCount: 1, lost: ["o9"] }],
  ] as const)("%s", async (_, found, losing, expected) => {
    const clock = virtualClock();
    const cluster = await clock.run(() => opened(place(), clock));
    const { view } = await noting(cluster, [], found as (id: string) => boolean, losing, clock);
    expect(view.storms[0]!.steps.map(({ step }) => step)).toEqual(["aim", "inject", "injected", "harmed", "mending", "mended", "recovered", "healing", "healed"]);
    expect(view.survivals[0]).toMatchObject(expected);
  });

  test("writes that can't be asked for are unknown, not lost and not found", async () => {
    const clock = virtualClock();
    const cluster = await clock.run(() => opened(place(), clock));
    const { view } = await noting(cluster, [], () => { throw new Error("no answer"); }, "0s", clock);
    expect(view.survivals[0]).toMatchObject({ noted: 10, found: 0, lostCount: 0, unknown: 10, error: expect.stringMatching(/no answer/) });
  });
});
