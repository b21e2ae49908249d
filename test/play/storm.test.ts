import { describe, expect, test } from "vitest";
import { arrivals, badCanary, dataLoss, everyNoted, journey, lift, nodeLoss, podLoss, restore, scenario, type Aim, type Fault, type Recovery, type Survival } from "../../src/index.ts";
import { judge } from "../../src/judge/index.ts";
import type { Line, StormLine } from "../../src/ledger/lines.ts";
import type { Cluster, Place } from "../../src/model/cluster.ts";
import { sim, virtualClock, type SimCluster, type VirtualClock } from "../../src/sim/index.ts";
import { problem } from "../../src/units/errors.ts";
import { seeded } from "../../src/units/random.ts";
import { found } from "../judge/trial.ts";
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

test("what the cluster does is watched while a storm lasts, and stands in the ledger", async () => {
  const { view } = await weathered({ fault: podLoss("shop") });
  const storm = view.storms[0]!;
  expect(view.sights.map(({ turn }) => turn)).toEqual(["gone", "came", "ready"]);
  expect(view.sights.every(({ phase, t }) => phase === 1 && t > storm.injectMs!)).toBe(true);
  const { storms: [around] } = judge(view);
  expect(around!.moments.find(({ name }) => name === "replaced")!.t! - storm.recoveredMs!).toBeLessThan(200);
});

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

  test("an aim is told by when the harm must be over", async () => {
    let harmMs: number | undefined;
    const aim: Fault["aim"] = async (_cluster, _random, bounds) => ((harmMs = bounds?.harmMs), { targets: [] });
    await weathered({ fault: flag({ aim }) });
    expect(harmMs).toBe(20_000 + 120_000);
  });

  test("one that ends by itself needs nobody, and the ledger says so", async () => {
    const { steps, view } = await weathered({ fault: flag({ mendedBy: { end: true } as never }), recover: { by: "end", within: "20s" } });
    expect(steps).toEqual(["aim", "inject", "injected", "harmed", "recovered", "healing", "healed"]);
    expect(view.phases[1]!.storm).toMatchObject({ by: "end", recovery: "end" });
  });

  test("a harm that never took hold is not waited for, and proves nothing", async () => {
    let looks = 0;
    const missed = flag({
      recovered: async () => {
        if (++looks > 1) throw problem("SEA_HARM_MISSED", { fault: "flag", why: "no flag", mend: "find one" });
        return false;
      },
    });
    const { steps, view } = await weathered({ fault: missed });
    expect(steps).toEqual(["aim", "inject", "injected", "harmed", "error", "healing", "healed"]);
    expect(view.storms[0]!.healedMs! - view.storms[0]!.injectMs!).toBeLessThan(1_000);
    expect(found(judge(view), "storm / recovery")).toMatchObject({ grade: "unsure", observed: "the harm never took hold", reason: expect.stringContaining("no flag") });
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

describe("a harm of several turns", () => {
  const blocked = (turns: number, more: Parameters<typeof flag>[0] = {}) => {
    const asked: number[] = [];
    const fault = flag({
      inject: async (_cluster, _aim, turn = 0) => {
        asked.push(turn);
        if (turn < turns) return { left: { why: "a budget allows nothing", againMs: 2_000 } };
        fault.harmed = true;
        return undefined;
      },
      ...more,
    });
    return { fault, asked };
  };
  const told = (played: Played) => played.lines.flatMap((one) => (one.k === "say" ? [one.text] : [])).filter((text) => text.includes("a budget"));

  test("is asked again until nothing is left, and says once what holds it up", async () => {
    const { fault, asked } = blocked(3);
    const played = await weathered({ fault });
    expect(asked).toEqual([0, 1, 2, 3]);
    expect(played.steps).toEqual(["aim", "inject", "injected", "harmed", "recovered", "healing", "healed"]);
    const [storm] = played.view.storms;
    expect(storm!.harmedMs! - storm!.injectMs!).toBeGreaterThanOrEqual(6_000);
    expect(told(played)).toEqual(["flag: a budget allows nothing"]);
  });

  test("that is never whole proves nothing, says why, and is healed in time", async () => {
    const { fault } = blocked(Infinity);
    const { steps, view } = await weathered({ fault });
    expect(steps).toEqual(["aim", "inject", "error", "healing", "healed"]);
    expect(view.storms[0]!.healedMs! - view.storms[0]!.injectMs!).toBeLessThanOrEqual(20_000);
    expect(found(judge(view), "storm / recovery")).toMatchObject({ grade: "unsure", reason: expect.stringContaining("a budget allows nothing") });
  });

  test("that harms and never ends is overdue", async () => {
    const { fault } = blocked(Infinity, { inject: async () => ({ harmed: true, left: { why: "a budget holds the rest", againMs: 1_000 } }) });
    const { steps, view } = await weathered({ fault });
    expect(steps).toEqual(["aim", "inject", "harmed", "overdue", "error", "healing", "healed"]);
    expect(found(judge(view), "storm / recovery")).toMatchObject({ grade: "fail", reason: expect.stringContaining("a budget holds the rest") });
  });

  test("that was seen before anybody looked is recovered at the first look, and its recovery acts", async () => {
    const acts: string[] = [];
    const fault = flag({ mendedBy: { lift: true } as never, inject: async () => ({ harmed: true }), heal: async () => (acts.push("lifted"), true) });
    const { steps } = await weathered({ fault, recover: { by: lift(), within: "20s" } });
    expect(steps).toEqual(["aim", "inject", "harmed", "injected", "mending", "mended", "recovered", "healing", "healed"]);
    expect(acts).toEqual(["lifted", "lifted"]);
  });

  test("goes on after a turn that failed, but not after the first", async () => {
    const { fault, asked } = blocked(2);
    const { inject } = fault;
    const stumbling: Fault["inject"] = async (cluster, aim, turn) => {
      if (turn === 1) throw new Error("the server is away");
      return inject(cluster, aim, turn);
    };
    expect((await weathered({ fault: Object.assign(fault, { inject: stumbling }) })).steps).not.toContain("error");
    expect(asked).toEqual([0, 2]);
    expect((await weathered({ fault: flag({ inject: () => Promise.reject(new Error("no")) }) })).steps).toEqual(["aim", "inject", "error", "healing", "healed"]);
  });

  test("is healed at once when the run is stopped between two turns", async () => {
    const stop = new AbortController();
    const { view } = await weathered({ fault: blocked(Infinity).fault, recover: { by: "platform", within: "10m" } }, {
      stop: stop.signal,
      beside: async (clock) => {
        await clock.sleep(10_000);
        stop.abort();
      },
    });
    expect(view.storms[0]!.healedMs).toBeLessThan(11_000);
  });
});

describe("a harm that is held", () => {
  const held = (more: Parameters<typeof flag>[0] = {}) => flag({ clearsAfterLooks: Infinity, mendedBy: { lift: true } as never, ...more });
  const at = (view: Played["view"], step: string) => view.storms[0]!.steps.find((line) => line.step === step)?.t;

  test("is lifted after its time, as often as it takes, and then the platform has to be whole", async () => {
    let asked = 0;
    const fault = held({
      heal: async () => {
        if (++asked === 1) throw new Error("stumbled");
        fault.harmed &&= asked < 3;
        return asked >= 3;
      },
    });
    const { steps, view } = await weathered({ fault, recover: { by: lift({ after: "8s" }), within: "20s" } });
    expect(steps).toEqual(["aim", "inject", "injected", "harmed", "mending", "mended", "recovered", "healing", "healed"]);
    expect(at(view, "mending")! - at(view, "harmed")!).toBeCloseTo(8_000, -2);
    expect(found(judge(view), "storm / recovery")).toMatchObject({ grade: "pass", expected: expect.stringContaining("by lifting it after 8s") });
  });

  test("that ends before its time is over is recovered, and not lifted", async () => {
    const { steps, view } = await weathered({ fault: held({ clearsAfterLooks: 20 }), recover: { by: lift({ after: "15s" }), within: "20s" } });
    expect(steps).toEqual(["aim", "inject", "injected", "harmed", "recovered", "healing", "healed"]);
    expect(at(view, "recovered")! - at(view, "inject")!).toBeLessThan(3_000);
  });

  test("is healed at once when the run is stopped", async () => {
    const stop = new AbortController();
    const { steps, view } = await weathered({ fault: held(), recover: { by: lift({ after: "9m" }), within: "10m" } }, {
      stop: stop.signal,
      beside: async (clock) => {
        await clock.sleep(10_000);
        stop.abort();
      },
    });
    expect(steps).toEqual(["aim", "inject", "injected", "harmed", "healing", "healed"]);
    expect(view.storms[0]!.healedMs).toBeLessThan(11_000);
  });

  test("whose platform stays broken after the lifting is overdue", async () => {
    const { steps, view } = await weathered({ fault: held({ heal: async () => true }), recover: { by: lift({ after: "2s" }), within: "10s" } });
    expect(steps).toEqual(["aim", "inject", "injected", "harmed", "mending", "mended", "overdue", "healing", "healed"]);
    expect(found(judge(view), "storm / recovery").grade).toBe("fail");
  });
});

describe("the cure is written before the harm", () => {
  test("a record that can't be cleared is no harm, and is told", async () => {
    const { steps, lines, end } = await weathered({ fault: flag() }, { touch: (cluster) => ({ ...cluster, settle: async () => Promise.reject(problem("SEA_NOT_ALLOWED", { cost: "records", cluster: "sim" })) }) });
    expect(steps.at(-1)).toBe("healed");
    expect(end.how).toBe("done");
    expect(lines.flatMap((one) => (one.k === "say" ? [one.text] : [])).join("\n")).toMatch(/flag is healed, but its undo record .* could not be cleared: SEA_NOT_ALLOWED/);
  });

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

describe("harm and healing never cross", () => {
  const clocked = async (make: (clock: () => VirtualClock) => Fault & { harmed: boolean }, storm: object = {}, stage: Stage & { touch?: (cluster: Cluster, clock: VirtualClock) => Cluster } = {}) => {
    const clock = virtualClock();
    const fault = make(() => clock);
    const { touch, ...rest } = stage;
    const on = place();
    const raw = await clock.run(() => opened(on, clock));
    const cluster = touch?.(raw, clock) ?? raw;
    const played = await staged(scenario({
      name: "t", journeys: { walk }, cluster: on,
      phases: [{ name: "storm", load, recover: { by: "platform", within: "20s" }, ...storm, fault } as never],
    }), { clock, cluster, mayLose: on.mayLose, ...rest });
    const marks = (played.lines.filter(({ k }) => k === "storm") as StormLine[]);
    return { ...played, fault, cluster, marks, steps: marks.map(({ step }) => step) };
  };

  test("a stop while the undo record is written harms nothing", async () => {
    const stop = new AbortController();
    const injected: string[] = [];
    const { steps, end, cluster } = await clocked(() => flag({ inject: async () => void injected.push("inject") }), {}, {
      stop: stop.signal,
      touch: (cluster, clock) => ({
        ...cluster,
        owe: async (debt) => {
          await clock.sleep(5_000);
          stop.abort();
          await cluster.owe(debt);
        },
      }),
    });
    expect(injected).toEqual([]);
    expect(steps).toEqual(["aim", "healing", "healed"]);
    expect(end.how).toBe("interrupted");
    expect(await cluster.debts()).toEqual([]);
  });

  test("an inject that lands after its time is waited for, and then healed", async () => {
    let landed = false;
    const { fault, steps, marks, cluster, view } = await clocked((clock) => {
      const own: ReturnType<typeof flag> = flag({
        inject: async () => {
          await clock().sleep(70_000);
          own.harmed = landed = true;
        },
      });
      return own;
    }, { hold: "30s" });
    expect(landed).toBe(true);
    expect(fault.harmed).toBe(false);
    expect(steps).toEqual(["aim", "inject", "error", "healing", "healed"]);
    expect(marks.at(-1)!.t).toBeGreaterThanOrEqual(70_000);
    expect(await cluster.debts()).toEqual([]);
    expect(found(judge(view), "storm / recovery").grade).toBe("unsure");
  });

  test("one that never comes back keeps its debt, and the verdict lists it", async () => {
    const { steps, cluster, view } = await clocked(() => flag({ inject: () => new Promise(() => undefined) }));
    expect(steps.at(-1)).toBe("unhealed");
    expect(await cluster.debts()).toHaveLength(1);
    expect(judge(view).unhealed).toHaveLength(1);
  });

  test("a stop does not wait for a mend that hangs longer than 15 s", async () => {
    const stop = new AbortController();
    // Whole again as soon as anybody looks twice, while its mend is still under way.
    let looks = 0;
    const { end, steps } = await clocked(() => flag({ mendedBy: { restore: true } as Fault["mendedBy"], recovered: async () => looks++ > 0 }), {
      recover: { by: { by: "restore", name: "hangs", mend: () => new Promise<void>(() => undefined) }, within: "10m" },
    }, {
      stop: stop.signal,
      beside: async (clock) => {
        await clock.sleep(5_000);
        stop.abort();
      },
    });
    expect(end.how).toBe("interrupted");
    expect(end.t).toBeLessThanOrEqual(20_000);
    expect(steps.slice(-2)).toEqual(["healing", "healed"]);
  });

  test("a mend that waits is told when nobody waits for it any more", async () => {
    const by: Recovery = { by: "lift", name: "lift", mend: async (_cluster, _aim, _prepared, { leave }) => new Promise((done) => leave.addEventListener("abort", () => done(), { once: true })) };
    const stop = new AbortController();
    const { view } = await weathered({ fault: flag({ clearsAfterLooks: Infinity, mendedBy: { lift: true } as never }), recover: { by, within: "10m" } }, {
      stop: stop.signal,
      beside: async (clock) => {
        await clock.sleep(10_000);
        stop.abort();
      },
    });
    expect(view.storms[0]!.steps.map(({ step }) => step)).toContain("mended");
    expect(view.storms[0]!.healedMs).toBeLessThan(11_000);
  });

  test("a mend under way ends before the healing begins, when it ends soon", async () => {
    const order: string[] = [];
    const stop = new AbortController();
    const recover = (clock: () => VirtualClock) => ({
      by: {
        by: "restore", name: "slow",
        mend: async () => {
          await clock().sleep(10_000);
          order.push("mended");
        },
      },
      within: "10m",
    });
    let own: () => VirtualClock = () => virtualClock();
    await clocked((clock) => {
      own = clock;
      return flag({ mendedBy: { restore: true } as Fault["mendedBy"], clearsAfterLooks: Infinity, heal: async () => (order.push("healed"), true) });
    }, { recover: recover(() => own()) }, {
      stop: stop.signal,
      beside: async (clock) => {
        await clock.sleep(5_000);
        stop.abort();
      },
    });
    expect(order).toEqual(["mended", "healed"]);
  });

  test("an unjudged storm does not swallow what a judged phase began", async () => {
    let touches = 0;
    const slowly = journey({ line }, ({ line }) => (++touches > 80 ? line.touch(5_000, "unsure") : line.touch(20)));
    const clock = virtualClock();
    const on = place();
    const cluster = await clock.run(() => opened(on, clock));
    const { view } = await staged(scenario({
      name: "t", journeys: { slowly }, cluster: on, budget: { slowly: { errors: "0%" } },
      phases: [
        { name: "calm", for: "10s", load: { slowly: arrivals("10/s") } },
        { name: "storm", judged: false, load: {}, after: "10s", fault: podLoss("shop"), recover: { by: "platform", within: "60s" } },
      ],
    }), { clock, cluster, mayLose: on.mayLose });
    expect(view.tally({ phase: 0 })).toMatchObject({ ok: 80, unsure: 20 });
    expect(found(judge(view), "calm / slowly / errors").grade).toBe("fail");
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

  describe("and asked for", () => {
    const surveyed = async (keep: Parameters<typeof everyNoted>[1], stage: Stage = {}) => {
      const clock = virtualClock();
      const on = place();
      const cluster = await clock.run(() => opened(on, clock));
      const buy = journey({ line }, async ({ line }, user) => {
        await line.touch(20);
        user.note("order", `${user.id}-${user.walk}`);
      });
      return staged(scenario({
        name: "t", journeys: { buy }, cluster: on,
        phases: [
          { name: "calm", for: "6s", load: { buy: arrivals("10/s") } },
          { name: "storm", load: {}, fault: podLoss("shop"), recover: { by: "platform", within: "60s", keeps: [everyNoted("order", keep)] } },
        ],
      }), { clock, cluster, mayLose: on.mayLose, ...stage });
    };
    const hangs = <T>() => new Promise<T>(() => undefined);

    test("a listing that fails is unsure: what nobody asked for can't be told", async () => {
      const { view } = await surveyed({ drivers: { line }, find: async () => true, list: () => Promise.reject(new Error("status 500")) });
      expect(view.survivals[0]).toMatchObject({ noted: 60, found: 60, unknown: 0, error: expect.stringMatching(/status 500/) });
      expect(found(judge(view), "storm / survival / order").grade).toBe("unsure");
    });

    const deaf: readonly (readonly [string, Pick<Survival<any>, "find" | "list">])[] = [["find", { find: () => hangs() }], ["list", { find: async () => true, list: () => hangs() }]];
    test.each(deaf)("a stop does not wait for a %s that hangs", async (_, keep) => {
      const stop = new AbortController();
      let asking = false;
      let stoppedMs = 0;
      const { end } = await surveyed({ drivers: { line }, ...keep }, {
        stop: stop.signal,
        beside: async (clock) => {
          while (stoppedMs === 0) {
            await clock.sleep(100);
            if (asking) stop.abort(), (stoppedMs = clock.now());
          }
        },
        write: (one) => void (one.k === "storm" && one.step === "healed" && (asking = true)),
      });
      expect(end.how).toBe("interrupted");
      expect(end.t - stoppedMs).toBeLessThan(1_000);
    });

    test("takes no longer than ten minutes; what was not asked by then is unknown", async () => {
      const { view, end } = await surveyed({ drivers: { line }, find: () => hangs<boolean>() });
      const [survival] = view.survivals;
      expect(survival).toMatchObject({ noted: 60, found: 0, lostCount: 0, unknown: 60 });
      expect(end.how).toBe("done");
      expect(survival!.t - view.storms[0]!.healedMs!).toBeLessThan(600_500);
      expect(found(judge(view), "storm / survival / order").grade).toBe("unsure");
    });
  });
});
