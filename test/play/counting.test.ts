/** Whatever a user's code does is counted: where it began, once, and under errors where it failed. */
import { describe, expect, test } from "vitest";
import { arrivals, journey, scenario, shape, times, users } from "../../src/index.ts";
import { judge } from "../../src/judge/index.ts";
import { realClock } from "../../src/units/clock.ts";
import { found } from "../judge/trial.ts";
import { paceOf, rope, staged } from "./stage.ts";

const line = rope();
const noErrors = { walk: { errors: "0%" } } as const;

describe("a walk that is cut", () => {
  test("is missing in the phase where it began, and the verdict is unsure there", async () => {
    let walks = 0;
    const walk = journey({ line }, ({ line }) => line.touch(walks++ % 3 === 0 ? 1e9 : 100));
    const { view } = await staged(scenario({
      name: "t", grace: "5s", journeys: { walk }, budget: { walk: { p95: "1s" } },
      phases: [{ name: "peak", for: "10s", load: { walk: arrivals("10/s") } }, { name: "cool", for: "5s", judged: false, load: {} }],
    }));
    const { starts, ended, cut } = paceOf(view, "walk", 0);
    expect({ starts, ended, cut }).toEqual({ starts: 100, ended: 66, cut: 34 });
    expect(paceOf(view, "walk", 1).cut).toBe(0);
    expect(found(judge(view), "peak / cut walks").grade).toBe("unsure");
  });

  test("of users who walk on into a later phase is that phase's own", async () => {
    let walks = 0;
    const walk = journey({ line }, ({ line }) => line.touch(++walks > 20 ? 1e9 : 1_000));
    const { view } = await staged(scenario({
      name: "t", grace: "1s", journeys: { walk },
      phases: [{ name: "one", for: "5s", load: { walk: users(2) } }, { name: "two", for: "10s", load: { walk: users(2) } }],
    }));
    expect([paceOf(view, "walk", 0).cut, paceOf(view, "walk", 1).cut]).toEqual([0, 2]);
  });
});

describe("failures of a journey's own code", () => {
  test("all count, however many messages they have", async () => {
    let n = 0;
    const walk = journey({ line }, async ({ line }) => {
      await line.touch(10);
      throw new Error(`order ${++n} is wrong`);
    });
    const { view } = await staged(scenario({ name: "t", journeys: { walk }, budget: { walk: { errors: "5%" } }, phases: [{ name: "peak", for: "100s", load: { walk: arrivals("10/s") } }] }));
    expect(view.failures.reduce((sum, { count }) => sum + count, 0)).toBe(1_000);
    expect(found(judge(view), "peak / walk / errors")).toMatchObject({ grade: "fail", observed: expect.stringMatching(/1[ ,]?000/) });
  });

  test("count although the journey has more step names than the ledger keeps", async () => {
    const walk = journey({ line }, async ({ line }, user) => {
      for (let i = 0; i < 40; i++) await line.touch(10, "ok", `GET /items/${user.id}-${i}`);
      throw new Error("always");
    });
    const { view } = await staged(scenario({ name: "t", journeys: { walk }, budget: noErrors, phases: [{ name: "peak", for: "10s", load: { walk: users(20) } }] }));
    expect(view.tally({ journey: "walk", type: "walk" }).refused).toBe(paceOf(view, "walk").ended);
    expect(found(judge(view), "peak / walk / errors").grade).toBe("fail");
  });

  test.each(["check", "must"] as const)("a %s before the first touch counts under errors", async (verb) => {
    const walk = journey({ line }, async ({ line }, user) => {
      user[verb]("is even", user.id % 2 === 0);
      await line.touch(10);
    });
    const { view } = await staged(scenario({ name: "t", journeys: { walk }, budget: noErrors, phases: [{ name: "peak", for: "10s", load: { walk: users(4) } }] }));
    expect(found(judge(view), "peak / walk / errors").grade).toBe("fail");
  });

  test("a thrown value that is no text and no error is a crash like any other", async () => {
    const walk = journey({ line }, async ({ line }) => {
      await line.touch(10);
      throw Object.create(null);
    });
    const { view, end } = await staged(scenario({ name: "t", journeys: { walk }, budget: noErrors, phases: [{ name: "peak", load: { walk: times(3) } }] }));
    expect(end.how).toBe("done");
    expect(view.failures).toMatchObject([{ cause: "crash: a value that can't be shown", count: 3 }]);
  });

  test("several failed checks on one touch take back one ok", async () => {
    const walk = journey({ line }, async ({ line }, user) => {
      await line.touch(10);
      for (const name of ["a", "b", "c"]) user.check(name, false);
    });
    const { view } = await staged(scenario({ name: "t", journeys: { walk }, phases: [{ name: "peak", load: { walk: times(10) } }] }));
    expect(view.tally()).toMatchObject({ count: 10, ok: 0, refused: 10 });
    expect(view.failures.map(({ count }) => count)).toEqual([10, 10, 10]);
  });

  test("a failed check takes nothing back from a touch that was refused already", async () => {
    const walk = journey({ line }, async ({ line }, user) => {
      await line.touch(10, "refused").catch(() => undefined);
      user.check("a", false);
    });
    const { view } = await staged(scenario({ name: "t", journeys: { walk }, phases: [{ name: "peak", load: { walk: times(10) } }] }));
    expect(view.tally()).toMatchObject({ count: 10, ok: 0, refused: 10 });
  });
});

describe("load that was asked for and did not come", () => {
  test.each([["shared", times(100, { users: 2 }), 10, 90], ["each its own", times(50, { users: 2, each: true }), 10, 90]])("counted walks, %s, that the phase cut short are dropped", async (_, pace, starts, dropped) => {
    const walk = journey({ line }, ({ line }) => line.touch(1_000));
    const { view } = await staged(scenario({ name: "t", journeys: { walk }, budget: { walk: { dropped: "0%" } }, phases: [{ name: "peak", for: "5s", load: { walk: pace } }] }));
    expect(paceOf(view, "walk")).toMatchObject({ starts, dropped });
    expect(found(judge(view), "peak / walk / dropped").grade).toBe("fail");
  });

  test("a pace that throws is said, and the verdict is unsure", async () => {
    const walk = journey({ line }, ({ line }) => line.touch(10));
    const curve = (s: number) => {
      if (s > 5) throw new Error("oops");
      return 10;
    };
    const { view, says, end } = await staged(scenario({ name: "t", journeys: { walk }, budget: noErrors, phases: [{ name: "peak", for: "60s", load: { walk: shape({ arrivals: curve }) } }] }));
    expect(end.how).toBe("done");
    expect(says).toEqual([expect.stringMatching(/pace of walk broke.*oops/)]);
    expect(judge(view).grade).toBe("unsure");
  });

  test.each([["throws", () => { throw new Error("bad wait"); }, "bad wait"], ["answers NaN", () => Number.NaN, "NaN"]])("a wait that %s ends the user, is said, and the run ends", async (_, wait, why) => {
    const walk = journey({ line }, ({ line }) => line.touch(10), { wait });
    const { view, says, end } = await staged(scenario({ name: "t", journeys: { walk }, budget: noErrors, phases: [{ name: "peak", for: "5s", load: { walk: users(1) } }] }));
    expect(end).toMatchObject({ how: "done", t: 5_000 });
    expect(paceOf(view, "walk")).toMatchObject({ starts: 1, ended: 1 });
    expect(says[0]).toMatch(new RegExp(`wait of walk failed.*${why}`));
    expect(judge(view).grade).toBe("unsure");
  });

  test("on the real clock no start is lost between phases, also when the process stalls", async () => {
    let walks = 0;
    const walk = journey({}, async () => {
      if (++walks % 997 !== 0) return;
      const clock = realClock();
      while (clock.now() < 15);
    });
    // The last start of each is due 0.2 ms before its end, in the same tick of the timers.
    const phases = Array.from({ length: 8 }, (_, n) => ({ name: `p${n}`, for: "200ms" as const, load: { walk: arrivals("5000/s") } }));
    const { view } = await staged(scenario({ name: "t", journeys: { walk }, phases: phases as never }), { clock: Object.assign(realClock(), { run: <T>(act: () => Promise<T>) => act() }) as never });
    const { starts, dropped } = paceOf(view, "walk");
    expect(starts + dropped).toBe(8_000);
  });
});

describe("a user's hooks", () => {
  test("the think time at the end of a walk makes the goodbye not late", async () => {
    const walk = journey({ line }, async ({ line }, user) => {
      await line.touch(10);
      await user.think("1s");
    }, { stop: ({ line }) => line.touch(10, "ok", "logout") });
    const { view } = await staged(scenario({ name: "t", journeys: { walk }, phases: [{ name: "peak", for: "60s", load: { walk: shape({ arrivals: (s) => (s < 2 ? 1 : 0) }) } }] }));
    expect(view.tally({ step: "logout" }).due.maxMs).toBe(10);
  });

  test("under arrivals every walk is a new visitor's, and signs in", async () => {
    let visitors = 0;
    const got: number[] = [];
    const walk = journey({ line }, async ({ line }, _user, visitor: number) => {
      got.push(visitor);
      await line.touch(10);
    }, { start: async () => ++visitors });
    await staged(scenario({ name: "t", journeys: { walk }, phases: [{ name: "peak", for: "5s", load: { walk: arrivals("1/s") } }] }));
    expect(got).toEqual([1, 2, 3, 4, 5]);
  });
});
