import { describe, expect, test } from "vitest";
import { journey, scenario, setup, times, users, type Driver, type Setup } from "../../src/index.ts";
import { judge } from "../../src/judge/index.ts";
import { resolve } from "../../src/plan/resolve.ts";
import { paceOf, rope, staged } from "./stage.ts";

const line = rope();
const budget = { walk: { errors: "0%" } } as const;
/** Two users in turn in two phases, who say what they were given. */
function trial(prepared: Setup, seen: unknown[] = []) {
  const walk = journey({ line }, async ({ line }, user) => {
    seen.push(user.given(prepared));
    await line.touch(10);
  });
  return scenario({
    name: "t", journeys: { walk }, setup: prepared, budget,
    phases: [{ name: "a", load: { walk: times(2, { users: 2 }) } }, { name: "b", load: { walk: times(1) } }],
  });
}

describe("setup", () => {
  test("comes once before the first user, teardown once after the last, with what it answered", async () => {
    const log: string[] = [];
    const seen: unknown[] = [];
    const prepared = setup({ line }, async ({ line }, { wait }) => {
      await line.touch(500);
      await wait("1.5s");
      log.push(`up with ${seen.length} walks behind it`);
      return { token: "abc", list: [1, 2] };
    }, { teardown: async (_, { token }) => void log.push(`down ${token} with ${seen.length} walks behind it`) });
    const { view, end } = await staged(trial(prepared, seen));
    expect(log).toEqual(["up with 0 walks behind it", "down abc with 3 walks behind it"]);
    expect(seen).toEqual(Array.from({ length: 3 }, () => ({ token: "abc", list: [1, 2] })));
    expect(end.how).toBe("done");
    // The load begins when all is ready, and what was touched before is nobody's.
    expect(view.phases[0]!.beginMs).toBe(2_000);
    expect(view.tally().count).toBe(3);
    expect(judge(view).grade).toBe("pass");
    expect(line.closed).toBe(line.opened);
  });

  test("that takes its time is watched meanwhile, and no phase has begun", async () => {
    const seen: string[] = [];
    const { end } = await staged(trial(setup({}, (_, { wait }) => wait("3500ms"))), {
      stopQuestion: () => undefined,
      onProgress: ({ tMs, phase, users }) => seen.push(`${tMs} ${phase.name} ${phase.elapsedMs} ${users}`),
    });
    expect(end.how).toBe("done");
    expect(seen).toEqual(["1000 a 0 0", "2000 a 0 0", "3000 a 0 0"]);
  });

  test("gives a copy that no user can change", async () => {
    const own = { list: [{ id: 1 }] };
    const changes: string[] = [];
    const prepared = setup({}, async () => own);
    const walk = journey({ line }, async ({ line }, user) => {
      const given = user.given(prepared);
      for (const change of [() => (given.list[0]!.id = 2), () => given.list.push({ id: 3 })]) {
        try {
          change();
        } catch (error) {
          changes.push((error as Error).name);
        }
      }
      await line.touch(1);
    });
    await staged(scenario({ name: "t", journeys: { walk }, setup: prepared, phases: [{ name: "a", load: { walk: times(1) } }] }));
    expect(changes).toEqual(["TypeError", "TypeError"]);
    expect(own).toEqual({ list: [{ id: 1 }] });
  });

  test.each([
    ["throws", async () => { throw new Error("no account to be had"); }, /setup failed: .*no account to be had/],
    ["takes too long", ({}, { wait }: { wait: (time: "2m") => Promise<void> }) => wait("2m"), /SEA_VERB_HANGS|did not answer within 60 s/],
    ["answers what can't be copied", async () => ({ go: () => undefined }), /setup failed: .*can't be handed to the users/],
  ] as const)("that %s: nobody sails, and nothing passes", async (_, prepare, reason) => {
    const torn: string[] = [];
    const { end, view } = await staged(trial(setup({ line }, prepare as never, { teardown: async () => void torn.push("down") })));
    expect(end).toMatchObject({ how: "failed", reason: expect.stringMatching(reason) });
    expect(paceOf(view, "walk").starts).toBe(0);
    expect(judge(view).grade).toBe("unsure");
    expect(torn).toEqual([]);
    expect(line.closed).toBe(line.opened);
  });

  test("is torn down also when somebody stops the run, and a stop while it prepares ends it at once", async () => {
    const stop = new AbortController();
    const torn: unknown[] = [];
    const walk = journey({ line }, ({ line }) => line.touch(100));
    const whole = (prepared: Setup) => scenario({ name: "t", journeys: { walk }, setup: prepared, phases: [{ name: "a", for: "1h", load: { walk: users(1) } }] });
    const { end } = await staged(whole(setup({}, async () => 7, { teardown: async (_, data) => void torn.push(data) })), {
      stop: stop.signal, beside: async (clock) => { await clock.sleep(1_000); stop.abort(); },
    });
    expect([end.how, torn]).toEqual(["interrupted", [7]]);

    const early = new AbortController();
    const { end: ended } = await staged(whole(setup({}, (_, { wait }) => wait("50s"), { teardown: async () => void torn.push("never") })), {
      stop: early.signal, beside: async (clock) => { await clock.sleep(1_000); early.abort(); },
    });
    expect([ended.how, ended.t, torn]).toEqual(["interrupted", 1_000, [7]]);
  });

  test("whose teardown fails or hangs is told, and nothing passes", async () => {
    for (const [teardown, says] of [[async () => { throw new Error("it stayed"); }, /teardown failed: .*it stayed/], [(_: unknown, __: unknown, { wait }: { wait: (time: "2m") => Promise<void> }) => wait("2m"), /did not answer within 5 s/]] as const) {
      const { view } = await staged(trial(setup({}, async () => 1, { teardown: teardown as never, within: "5s" })));
      expect(view.says.map(({ level, text }) => `${level} ${text}`)).toEqual([expect.stringMatching(says)]);
      expect(judge(view).grade).toBe("unsure");
    }
  });

  test("that the scenario does not name gives nothing", async () => {
    const walk = journey({ line }, async (_, user) => void user.given(setup({}, async () => 1)));
    const { view } = await staged(scenario({ name: "t", journeys: { walk }, phases: [{ name: "a", load: { walk: times(1) } }] }));
    expect(view.failures.map(({ cause }) => cause)).toEqual([expect.stringContaining("asks for what another setup would give")]);
  });

  test("is checked with the rest of the scenario", () => {
    const walk = journey({ line }, ({ line }) => line.touch(1));
    const codes = (prepared: unknown) => resolve(scenario({ name: "t", journeys: { walk }, setup: prepared as Setup, phases: [{ name: "a", load: { walk: times(1) } }] })).problems.map(({ code, place }) => `${code} ${place}`);
    expect(codes(async () => 1)).toEqual(["SEA_SETUP setup"]);
    expect(codes(setup({ shop: { open: line.open, service: "shop" } as unknown as Driver<unknown> }, async () => 1, { within: "0s" }))).toEqual(["SEA_SERVICE_WITHOUT_CLUSTER setup.drivers.shop", "SEA_TIME_ZERO setup.within"]);
    expect(codes(setup({ shop: {} as Driver<unknown> }, async () => 1, { within: "1 m" as never }))).toEqual(["SEA_DRIVER setup.drivers.shop", "SEA_UNIT_DURATION setup.within"]);
  });
});

describe("a measure", () => {
  const measured = (ms: number) => {
    const walk = journey({ line }, async ({ line }, user) => {
      await line.touch(10);
      await user.step("pay", async () => user.measure("query", ms));
    });
    return scenario({
      name: "t", journeys: { walk }, phases: [{ name: "a", load: { walk: times(40) } }],
      budget: { walk: { p95: "50ms", steps: { query: { p95: "200ms", max: "300ms" } } } },
    });
  };

  test("stands beside the steps in a budget of its own, and in no sum of touches", async () => {
    const { view } = await staged(measured(150));
    expect(view.tally()).toMatchObject({ count: 40 });
    expect(view.tally().due.maxMs).toBe(10);
    expect(view.tally({ step: "pay › query" }).due.maxMs).toBe(150);
    expect(judge(view).grade).toBe("pass");
  });

  test("that has the very name is meant before a step that has it without its method", async () => {
    const walk = journey({ line }, async ({ line }, user) => {
      await line.touch(400, "ok", "GET query");
      user.measure("query", 100);
    });
    const { view } = await staged(scenario({ name: "t", journeys: { walk }, phases: [{ name: "a", load: { walk: times(40) } }], budget: { walk: { steps: { query: { max: "200ms" } } } } }));
    expect(judge(view).grade).toBe("pass");
  });

  test("breaks it", async () => {
    const { view } = await staged(measured(250));
    expect(judge(view).findings.filter(({ grade }) => grade !== "pass").map(({ id, grade }) => `${id} ${grade}`)).toEqual(["a / walk / query / p95 fail"]);
  });

  test.each([-1, Number.NaN, Infinity])("%d is none", async (ms) => {
    const { view } = await staged(measured(ms));
    expect(view.failures).toEqual([expect.objectContaining({ cause: expect.stringContaining("is no time to measure"), count: 40 })]);
  });
});
