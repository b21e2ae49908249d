import { describe, expect, test } from "vitest";
import { arrivals, journey, probe, rows, scenario, times, users } from "../../src/index.ts";
import { paceOf, rope, staged } from "./stage.ts";

describe("the end of a run", () => {
  const slow = (ms: number) => {
    const line = rope();
    return { line, walk: journey({ line }, ({ line }) => line.touch(ms)) };
  };

  test("walks under way get the grace to finish", async () => {
    const { walk, line } = slow(3_000);
    const { view, end } = await staged(scenario({ name: "t", grace: "10s", journeys: { walk }, phases: [{ name: "p", for: "5s", load: { walk: users(2) } }] }));
    expect(paceOf(view, "walk")).toMatchObject({ starts: 4, ended: 4, cut: 0 });
    expect(end).toMatchObject({ how: "done", t: 6_000 });
    expect(line.closed).toBe(2);
  });

  test("and are cut after it: counted as cut, in nobody's errors", async () => {
    const { walk, line } = slow(60_000);
    const { view, end } = await staged(scenario({ name: "t", grace: "2s", journeys: { walk }, phases: [{ name: "p", for: "5s", load: { walk: users(3) } }] }));
    expect(paceOf(view, "walk")).toMatchObject({ starts: 3, ended: 0, cut: 3 });
    expect(view.tally().count).toBe(0);
    expect(end.t).toBe(7_000);
    expect(line.closed).toBe(3);
  });

  test("a second stop cuts at once", async () => {
    const { walk } = slow(60_000);
    const [stop, halt] = [new AbortController(), new AbortController()];
    const { end } = await staged(scenario({ name: "t", grace: "30s", journeys: { walk }, phases: [{ name: "p", for: "60s", load: { walk: users(3) } }] }), {
      stop: stop.signal, halt: halt.signal,
      beside: async (clock) => {
        await clock.sleep(2_000);
        stop.abort();
        await clock.sleep(1_000);
        halt.abort();
      },
    });
    expect(end).toMatchObject({ how: "interrupted", t: 3_000 });
  });

  test("a walk that ignores its cut is left behind, and writes nothing any more", async () => {
    const line = rope();
    let release: () => void = () => undefined;
    const walk = journey({ line }, async ({ line }, user) => {
      await new Promise<void>((resolve) => (release = resolve));
      await line.touch(0).catch(() => undefined);
      user.note("order", "late");
    });
    const { end, lines } = await staged(scenario({ name: "t", grace: "1s", journeys: { walk }, phases: [{ name: "p", for: "1s", load: { walk: users(1) } }] }));
    expect(end.t).toBe(5_000);
    const count = lines.length;
    release();
    await new Promise((resolve) => setImmediate(resolve));
    expect(lines.length).toBe(count);
    expect(lines.at(-1)!.k).toBe("end");
  });

  test("a reason to stop ends the run as aborted", async () => {
    const { walk } = slow(10);
    let asked = 0;
    const { end, view } = await staged(scenario({ name: "t", journeys: { walk }, phases: [{ name: "p", for: "60s", load: { walk: arrivals("10/s") } }, { name: "q", for: "60s", load: {} }] }), {
      stopQuestion: () => (++asked >= 5 ? "too many errors" : undefined),
    });
    expect(end).toMatchObject({ how: "aborted", reason: "too many errors" });
    expect(end.t).toBeLessThan(6_000);
    expect(view.phases[1]!.beginMs).toBeUndefined();
  });
});

describe("phases", () => {
  test("a touch that reaches into a storm belongs to the storm, others to where they began", async () => {
    const line = rope();
    const walk = journey({ line }, ({ line }) => line.touch(4_000));
    const { view } = await staged(scenario({ name: "t", journeys: { walk }, phases: [{ name: "a", for: "3s", load: { walk: times(1) } }, { name: "b", for: "3s", load: {} }] }));
    expect(view.tally({ phase: 0 }).count).toBe(1);
    expect(view.tally({ phase: 1 }).count).toBe(0);
  });
});

describe("a probe that heeds no signal", () => {
  const line = rope();
  const walk = journey({ line }, ({ line }) => line.touch(10));
  const deaf = probe("deaf", { every: "10m", ask: () => new Promise(() => undefined) });

  test("holds up no phase: the next begins in time, without a burst", async () => {
    const { view, end } = await staged(scenario({
      name: "t", journeys: { walk },
      phases: [{ name: "a", for: "5s", load: { walk: users(1) }, probes: [deaf] }, { name: "b", for: "5s", load: { walk: arrivals("10/s") } }],
    }));
    expect(end).toMatchObject({ how: "done", t: 10_000 });
    const starts = view.pace.filter(({ cell: [phase] }) => phase === 1).map(({ cell: [, , starts] }) => starts);
    expect(starts.reduce((sum, count) => sum + count, 0)).toBe(50);
    expect(Math.max(...starts)).toBe(10);
  });

  test("holds up no stop", async () => {
    const stop = new AbortController();
    const { end } = await staged(scenario({ name: "t", journeys: { walk }, probes: [deaf], phases: [{ name: "a", for: "60s", load: { walk: users(1) } }] }), {
      stop: stop.signal,
      beside: async (clock) => {
        await clock.sleep(2_000);
        stop.abort();
      },
    });
    expect(end.how).toBe("interrupted");
    expect(end.t).toBeLessThan(2_500);
  });
});

describe("feeders", () => {
  const fed = async (order: "sequential" | "shuffled" | "random" | "unique", walks: ReturnType<typeof times>) => {
    const got: [number, number][] = [];
    const data = rows([10, 20, 30], { order });
    const walk = journey({}, async (_, user) => void got.push([user.id, await user.feed(data)]));
    const { view } = await staged(scenario({ name: "t", journeys: { walk }, phases: [{ name: "p", load: { walk: walks } }] }));
    return { got, crashes: view.failures.filter(({ cause }) => cause.includes("SEA_FEED_EMPTY")) };
  };

  test("sequential begins again at the end", async () => {
    expect((await fed("sequential", times(5))).got.map(([, row]) => row)).toEqual([10, 20, 30, 10, 20]);
  });
  test("shuffled has every row once before any twice", async () => {
    const { got } = await fed("shuffled", times(6));
    expect(got.slice(0, 3).map(([, row]) => row).sort()).toEqual([10, 20, 30]);
    expect(got.slice(3).map(([, row]) => row)).toEqual(got.slice(0, 3).map(([, row]) => row));
  });
  test("random repeats with the seed", async () => {
    expect((await fed("random", times(9))).got).toEqual((await fed("random", times(9))).got);
  });
  test("unique gives each user its own row, and a user too many an error", async () => {
    const { got, crashes } = await fed("unique", times(2, { users: 4, each: true }));
    const byUser = new Map(got);
    expect(new Set(byUser.values()).size).toBe(3);
    for (const [user, row] of got) expect(byUser.get(user)).toBe(row);
    expect(crashes[0]!.count).toBe(2);
  });
});

describe("probes", () => {
  test("ask on their beat, for the run or for a phase; a slow answer does not pile up, a late one is an error", async () => {
    const walk = journey({}, async () => undefined);
    let n = 0;
    const { view } = await staged(scenario({
      name: "t", journeys: { walk },
      probes: [probe("whole", { every: "2s", ask: async () => ({ value: ++n }) }), probe("late", { every: "1s", ask: () => new Promise(() => undefined) })],
      phases: [{ name: "a", for: "5s", load: {} }, { name: "b", for: "5s", load: {}, probes: [probe("part", { every: "1s", ask: async () => ({ ok: false, text: "no" }) })] }],
    }));
    const of = (name: string) => view.probes.filter((line) => line.name === name);
    expect(of("whole").map(({ t, value }) => [t, value])).toEqual([[0, 1], [2_000, 2], [4_000, 3], [6_000, 4], [8_000, 5]]);
    expect(of("part").map(({ t }) => t)).toEqual([5_000, 6_000, 7_000, 8_000, 9_000]);
    expect(of("part")[0]).toMatchObject({ phase: 1, ok: false, text: "no" });
    expect(of("late").length).toBeGreaterThanOrEqual(9);
    expect(of("late").every(({ error }) => error?.includes("SEA_VERB_HANGS"))).toBe(true);
  });
});
