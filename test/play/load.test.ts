import { describe, expect, test } from "vitest";
import { arrivals, constant, journey, pacing, scenario, shape, split, throughput, times, users } from "../../src/index.ts";
import { paceOf, rope, staged } from "./stage.ts";

describe("arrivals", () => {
  test("every start happens at its time, whatever the service takes", async () => {
    const line = rope();
    const begins: number[] = [];
    const walk = journey({ line }, async ({ line }, user) => {
      begins.push(user.walk === 0 ? user.id : -1);
      await line.touch(700);
    });
    const { view, end } = await staged(scenario({ name: "t", journeys: { walk }, phases: [{ name: "p", for: "10s", load: { walk: arrivals("20/s") } }] }));
    expect(end.how).toBe("done");
    expect(paceOf(view, "walk")).toMatchObject({ starts: 200, dropped: 0, ended: 200, cut: 0 });
    // 700 ms at 20/s need 14 or 15 users, and no more were made.
    expect(paceOf(view, "walk").mostUsers).toBeLessThanOrEqual(15);
    expect(line.closed).toBe(line.opened);
  });

  test("a start that finds no free user is dropped and counted, never made up for", async () => {
    const line = rope();
    const walk = journey({ line }, ({ line }) => line.touch(1_000));
    const { view } = await staged(scenario({ name: "t", journeys: { walk }, phases: [{ name: "p", for: "10s", load: { walk: arrivals("10/s", { most: 4 }) } }] }));
    const { starts, dropped } = paceOf(view, "walk");
    expect(starts + dropped).toBe(100);
    expect(starts).toBe(40);
  });

  test("each arrival is a new visitor on kept connections", async () => {
    const line = rope();
    const renewals: number[] = [];
    const walk = journey({ line }, async ({ line }) => {
      renewals.push(line.renewed);
      await line.touch(10);
    });
    await staged(scenario({ name: "t", journeys: { walk }, phases: [{ name: "p", for: "5s", load: { walk: arrivals("1/s") } }] }));
    expect(line.opened).toBe(1);
    expect(renewals).toEqual([0, 1, 2, 3, 4]);
  });

  test("a ramp and the phase after it meet without a dent", async () => {
    const line = rope();
    const walk = journey({ line }, ({ line }) => line.touch(5));
    const { view } = await staged(scenario({
      name: "t", journeys: { walk },
      phases: [{ name: "up", for: "10s", load: { walk: arrivals("0/s", { to: "100/s" }) } }, { name: "on", for: "10s", load: { walk: arrivals("100/s") } }],
    }));
    expect([paceOf(view, "walk", 0).starts, paceOf(view, "walk", 1).starts]).toEqual([500, 1_000]);
    expect(view.phases[1]!.beginMs).toBe(view.phases[0]!.endMs);
  });
});

describe("users", () => {
  test.each([
    ["no wait", undefined, 100],
    ["constant 900 ms", constant("900ms"), 10],
    ["pacing 1 s counts from the walk's begin", pacing("1s"), 10],
    ["throughput 2/s", throughput("2/s"), 20],
  ] as const)("%s: %i", async (_, wait, walks) => {
    const line = rope();
    const walk = journey({ line }, ({ line }) => line.touch(100), wait ? { wait } : {});
    const { view } = await staged(scenario({ name: "t", journeys: { walk }, phases: [{ name: "p", for: "10s", load: { walk: users(3) } }] }));
    expect(paceOf(view, "walk").starts).toBe(3 * walks);
  });

  test("stay aboard from phase to phase, and the latest leave first", async () => {
    const line = rope();
    const seen = new Map<number, number>();
    const walk = journey({ line }, async ({ line }, user) => {
      await line.touch(100);
      seen.set(user.id, user.walk);
    });
    const { view } = await staged(scenario({
      name: "t", journeys: { walk },
      phases: [{ name: "a", for: "5s", load: { walk: users(4) } }, { name: "b", for: "5s", load: { walk: users(2) } }],
    }));
    expect(line.opened).toBe(4);
    expect([...seen].filter(([, walks]) => walks > 90).map(([id]) => id)).toEqual([0, 1]);
    expect(view.pace.find((row) => row.s === 8)!.cell[6]).toBe(2);
  });

  test("split gives each journey its weight of one crowd", async () => {
    const line = rope();
    const walk = journey({ line }, ({ line }) => line.touch(100));
    const { view } = await staged(scenario({ name: "t", journeys: { browse: walk, buy: walk }, phases: [{ name: "p", for: "5s", load: split(users(10), { browse: 8, buy: 2 }) }] }));
    expect([paceOf(view, "browse").mostUsers, paceOf(view, "buy").mostUsers]).toEqual([8, 2]);
  });

  test("follow a shape up and down", async () => {
    const line = rope();
    const walk = journey({ line }, ({ line }) => line.touch(50));
    const { view } = await staged(scenario({ name: "t", journeys: { walk }, phases: [{ name: "p", for: "10s", load: { walk: shape({ users: (s) => (s < 5 ? 6 : 2) }) } }] }));
    const at = (s: number) => view.pace.find((row) => row.s === s)!.cell[6];
    expect([at(2), at(8)]).toEqual([6, 2]);
  });

  test("a walk that fails at once does not become a tight loop", async () => {
    const line = rope();
    const walk = journey({ line }, ({ line }) => line.touch(0, "refused"));
    const { view } = await staged(scenario({ name: "t", journeys: { walk }, phases: [{ name: "p", for: "10s", load: { walk: users(1) } }] }));
    expect(paceOf(view, "walk").starts).toBe(200);
    expect(view.tally().refused).toBe(200);
  });
});

describe("times", () => {
  test.each([
    ["shared", times(10, { users: 3 }), 10],
    ["each", times(10, { users: 3, each: true }), 30],
    ["fewer walks than users", times(2, { users: 9 }), 2],
  ] as const)("%s: %i walks, then the phase is over", async (_, pace, walks) => {
    const line = rope();
    const walk = journey({ line }, ({ line }) => line.touch(100));
    const { view, end } = await staged(scenario({ name: "t", journeys: { walk }, phases: [{ name: "p", load: { walk: pace } }] }));
    expect(paceOf(view, "walk")).toMatchObject({ starts: walks, ended: walks });
    expect(end.t).toBe(Math.ceil(walks / (pace.users ?? 1)) * 100 || 100);
  });
});

describe("a journey", () => {
  test("has a start hook once a user, a stop hook once, and its state in between", async () => {
    const line = rope();
    const log: string[] = [];
    const walk = journey({ line }, async ({ line }, user, token: string) => {
      log.push(`walk ${user.walk} with ${token}`);
      await line.touch(10);
    }, {
      start: async (_, user) => `token ${user.id}`,
      stop: async (_, user, token) => void log.push(`stop ${user.id} with ${token}`),
    });
    await staged(scenario({ name: "t", journeys: { walk }, phases: [{ name: "p", load: { walk: times(2) } }] }));
    expect(log).toEqual(["walk 0 with token 0", "walk 1 with token 0", "stop 0 with token 0"]);
  });

  test("whose start fails tries again with its next walk, and leaks no session", async () => {
    const line = rope();
    let tries = 0;
    const walk = journey({ line }, ({ line }) => line.touch(10), {
      start: async () => {
        if (++tries < 3) throw new Error("no token yet");
      },
    });
    const { view } = await staged(scenario({ name: "t", journeys: { walk }, phases: [{ name: "p", load: { walk: times(4) } }] }));
    expect(view.tally({ type: "walk" })).toMatchObject({ ok: 2, refused: 2 });
    expect(line.opened).toBe(3);
    expect(line.closed).toBe(3);
  });

  test("checks refuse the latest op; must ends the walk; crashes are told apart from failed touches", async () => {
    const line = rope();
    const after: number[] = [];
    const walk = journey({ line }, async ({ line }, user) => {
      await line.touch(10);
      if (user.walk === 0) expect(user.check("soft", false)).toBe(false);
      if (user.walk === 1) user.must("hard", false);
      if (user.walk === 2) await line.touch(5, "unsure");
      if (user.walk === 3) throw new TypeError("a mistake");
      after.push(user.walk);
    });
    const { view } = await staged(scenario({ name: "t", journeys: { walk }, phases: [{ name: "p", load: { walk: times(5) } }] }));
    expect(after).toEqual([0, 4]);
    const ops = view.tally();
    expect([ops.ok, ops.refused, ops.unsure]).toEqual([3, 2, 1]);
    const walks = view.tally({ type: "walk" });
    expect([walks.ok, walks.refused, walks.unsure]).toEqual([1, 3, 1]);
    expect(view.failures.map(({ cause, count }) => `${cause} ${count}`).sort()).toEqual(["check: hard 1", "check: soft 1", "crash: TypeError: a mistake 1", "unsure 1"]);
  });

  test("names its steps, nested, and the whole of each", async () => {
    const line = rope();
    const walk = journey({ line }, async ({ line }, user) => {
      await user.step("shop", async () => {
        await line.touch(10);
        await user.step("pay", () => line.touch(20));
      });
      await line.touch(1);
    });
    const { view } = await staged(scenario({ name: "t", journeys: { walk }, phases: [{ name: "p", load: { walk: times(1) } }] }));
    expect(view.series.map(({ type, step }) => `${type} ${step}`).sort()).toEqual(["group shop", "group shop › pay", "op shop › pay › touch", "op shop › touch", "op touch", "walk "]);
    expect(view.tally({ step: "shop" }).due.maxMs).toBe(30);
    expect(view.tally().count).toBe(3);
  });

  test("that forgets an await is told so: nobody saw what became of the touch", async () => {
    const line = rope();
    const walk = journey({ line }, async ({ line }) => void line.touch(5_000).catch(() => undefined));
    const { view } = await staged(scenario({ name: "t", journeys: { walk }, phases: [{ name: "p", load: { walk: times(3) } }] }));
    expect(view.says.map(({ level, text }) => `${level} ${text}`)).toEqual([expect.stringMatching(/^error walk \/ touch was still under way/)]);
  });

  test("whose sessions all find out the same says it once; the report's patience has an end", async () => {
    const line = rope();
    const told = { ...line, open: (context: Parameters<typeof line.open>[0]) => {
      for (const origin of ["shop", "shop", `far ${context.random.next()}`]) context.say(`${origin} speaks HTTP/2`);
      return line.open(context);
    } };
    const walk = journey({ line: told }, ({ line }) => line.touch(1));
    const { view } = await staged(scenario({ name: "t", journeys: { walk }, phases: [{ name: "p", for: "1s", load: { walk: users(200) } }] }));
    expect(view.says.filter(({ level, text }) => `${level} ${text}` === "info shop speaks HTTP/2")).toHaveLength(1);
    expect(view.says).toHaveLength(50);
  });

  test("thinks by its own seeded chance", async () => {
    const thinks = async (seed: number) => {
      const line = rope();
      const ends: number[] = [];
      const walk = journey({ line }, async ({ line }, user) => {
        await user.think("1s", "3s");
        await line.touch(1);
        ends.push(user.random.next());
      });
      const { end } = await staged(scenario({ name: "t", journeys: { walk }, phases: [{ name: "p", load: { walk: times(5) } }] }), { seed });
      return [end.t, ...ends];
    };
    expect(await thinks(1)).toEqual(await thinks(1));
    expect(await thinks(1)).not.toEqual(await thinks(2));
  });
});
