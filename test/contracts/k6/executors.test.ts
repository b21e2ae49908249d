/** docs/k6.md, "Scenarios and executors": starts and users counted in virtual time. */
import { expect } from "vitest";
import { arrivals, journey, pacing, shape, split, times, users } from "../../../src/index.ts";
import { paceOf, rope } from "../../play/stage.ts";
import { row, touching, trial, walked } from "../sea.ts";

const line = rope();

row("shared-iterations", async () => {
  const ids = new Set<number>();
  const walk = journey({ line }, async ({ line }, user) => {
    ids.add(user.id);
    await line.touch(user.id === 0 ? 500 : 100);
  });
  const { view, end } = await walked(trial({ walk }, [{ load: { walk: times(20, { users: 4 }) } }]));
  // The quick users do more than the slow one.
  expect([paceOf(view, "walk").ended, ids.size, end.t]).toEqual([20, 4, 1_000]);
});

row("per-vu-iterations", async () => {
  const walks = new Map<number, number>();
  const walk = journey({ line }, async ({ line }, user) => {
    walks.set(user.id, user.walk + 1);
    await line.touch(user.id === 0 ? 500 : 100);
  });
  const { end } = await walked(trial({ walk }, [{ load: { walk: times(5, { users: 4, each: true }) } }]));
  expect([[...walks.values()], end.t]).toEqual([[5, 5, 5, 5], 2_500]);
});

row("maxDuration", async () => {
  const { view, end } = await walked(trial({ walk: touching(1_000) }, [{ for: "5s", load: { walk: times(20, { users: 2 }) } }]));
  // What did not begin in time was due, and is counted as dropped: k6 counts it so, too.
  expect(paceOf(view, "walk")).toMatchObject({ starts: 10, ended: 10, dropped: 10 });
  expect(end.t).toBe(5_000);
});

row("constant-vus", async () => {
  const { view, users: at } = await walked(trial({ walk: touching(100) }, [{ for: "10s", load: { walk: users(5) } }]));
  expect([at(0), at(9), paceOf(view, "walk").ended]).toEqual([5, 5, 500]);
});

row("ramping-vus", async () => {
  const { users: at } = await walked(trial({ walk: touching(50) }, [
    { for: "10s", load: { walk: users(1, { to: 11 }) } }, { for: "10s", load: { walk: users(11) } }, { for: "10s", load: { walk: users(11, { to: 1 }) } },
  ]));
  // Evenly from stage to stage, as k6 does.
  expect([at(0), at(4), at(15), at(24), at(29)]).toEqual([1, 5, 11, 6, 2].map((n) => expect.toSatisfy((seen: number) => Math.abs(seen - n) <= 1)));
  const whole = await walked(trial({ walk: touching(50) }, [{ for: "30s", load: { walk: shape({ users: (s) => (s < 10 ? 1 + s : s < 20 ? 11 : 31 - s) }) } }]));
  expect([5, 15, 25].map((s) => whole.users(s))).toEqual([5, 15, 25].map((s) => at(s)));
});

row("constant-arrival-rate", async () => {
  const begins: number[] = [];
  let now = () => 0;
  const walk = journey({ line }, async ({ line }) => {
    begins.push(now());
    await line.touch(700);
  });
  const { view } = await walked(trial({ walk }, [{ for: "10s", load: { walk: arrivals("20/s") } }]), { beside: async (clock) => void (now = () => clock.now()) });
  expect(paceOf(view, "walk")).toMatchObject({ starts: 200, dropped: 0 });
  // Start i is at i times the period, whatever the walks take.
  begins.forEach((ms, index) => expect(ms).toBeCloseTo(index * 50, 3));
});

row("ramping-arrival-rate", async () => {
  const { view } = await walked(trial({ walk: touching(10) }, [{ for: "10s", load: { walk: arrivals("0/s", { to: "100/s" }) } }, { for: "10s", load: { walk: arrivals("100/s") } }]));
  expect([paceOf(view, "walk", 0).starts, paceOf(view, "walk", 1).starts]).toEqual([500, 1_000]);
});

row('timeUnit: "1m"', async () => {
  const { view } = await walked(trial({ walk: touching(10) }, [{ for: "1m", load: { walk: arrivals("30/m") } }]));
  expect(paceOf(view, "walk").starts).toBe(30);
});

row("preAllocatedVUs, maxVUs", async () => {
  const { view } = await walked(trial({ walk: touching(1_000) }, [{ for: "10s", load: { walk: arrivals("10/s", { most: 4 }) } }]));
  expect(paceOf(view, "walk")).toMatchObject({ mostUsers: 4, starts: 40 });
});

row("dropped_iterations", async () => {
  const { view } = await walked(trial({ walk: touching(1_000) }, [{ for: "10s", load: { walk: arrivals("10/s", { most: 4 }) } }]));
  const { starts, dropped } = paceOf(view, "walk");
  expect([starts + dropped, dropped]).toEqual([100, 60]);
});

row('startTime: "30s"', async () => {
  const opened = line.opened;
  const walk = journey({ line }, ({ line }) => line.touch(100));
  const { users: at } = await walked(trial({ browse: walk, buy: walk }, [{ for: "30s", load: { browse: users(3) } }, { for: "30s", load: { browse: users(3), buy: users(2) } }]));
  expect([at(28, "browse"), at(28, "buy"), at(31, "browse"), at(31, "buy")]).toEqual([3, 0, 3, 2]);
  // Those of browse are the same three all the time.
  expect(line.opened - opened).toBe(5);
});

row('gracefulStop: "30s"', async () => {
  const walk = journey({ line }, ({ line }, user) => line.touch(user.id === 0 ? 20_000 : 90_000));
  const { view, end } = await walked(trial({ walk }, [{ for: "5s", load: { walk: users(2) } }], { grace: "30s" }));
  expect([paceOf(view, "walk").ended, paceOf(view, "walk").cut, end.t]).toEqual([1, 1, 35_000]);
  // A walk that was cut has no time of its own.
  expect(view.tally({ type: "walk" }).count).toBe(1);
});

row("gracefulRampDown", async () => {
  const walk = journey({ line }, ({ line }) => line.touch(4_000));
  const { view, users: at } = await walked(trial({ walk }, [{ for: "2s", load: { walk: users(5) } }, { for: "10s", load: { walk: users(1) } }]));
  // Four are to go at 2 s. They finish what they do, and nobody is cut.
  expect([at(3), at(5)]).toEqual([5, 1]);
  expect(paceOf(view, "walk").cut).toBe(0);
});

row("scenarios side by side, exec", async () => {
  const { view } = await walked(trial({ browse: touching(10), buy: touching(10), report: touching(10) }, [{ for: "10s", load: { browse: users(2), buy: arrivals("3/s"), report: times(4) } }]));
  expect([paceOf(view, "browse").ended, paceOf(view, "buy").ended, paceOf(view, "report").ended]).toEqual([2_000, 30, 4]);
});

row("no options: 1 VU, 1 iteration", async () => {
  const { view } = await walked(trial({ walk: touching(10) }, [{ load: { walk: times(1) } }]));
  expect(paceOf(view, "walk").ended).toBe(1);
});

row("execution segments", async () => {
  const { view } = await walked(trial({ a: touching(1), b: touching(1), c: touching(1) }, [{ for: "10s", load: split(arrivals("10/s"), { a: 1, b: 1, c: 1 }) }]));
  const starts = ["a", "b", "c"].map((name) => paceOf(view, name).starts);
  // Striped, nothing lost and nothing doubled.
  expect([starts.reduce((sum, n) => sum + n, 0), Math.max(...starts) - Math.min(...starts)]).toEqual([100, 1]);
});

row('minIterationDuration: "2s"', async () => {
  const { view } = await walked(trial({ walk: touching(300, { wait: pacing("2s") }) }, [{ for: "20s", load: { walk: users(1) } }]));
  expect(paceOf(view, "walk").starts).toBe(10);
});
