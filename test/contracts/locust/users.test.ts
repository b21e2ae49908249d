/** docs/locust.md, "Users and load": what Locust's users do, counted in virtual time. */
import { expect } from "vitest";
import { between, constant, journey, pacing, shape, split, throughput, times, users, type Wait } from "../../../src/index.ts";
import { paceOf, rope } from "../../play/stage.ts";
import { row, touching, trial, walked } from "../sea.ts";

row("class Shopper(HttpUser)", async () => {
  const line = rope();
  const walks = new Map<number, number>();
  const shopper = journey({ line }, async ({ line }, user) => {
    walks.set(user.id, user.walk + 1);
    await line.touch(100);
  });
  await walked(trial({ shopper }, [{ for: "10s", load: { shopper: users(3) } }]));
  // Each user has a session of its own for its whole life, and does its work again and again.
  expect([line.opened, line.closed]).toEqual([3, 3]);
  expect([...walks]).toEqual([[0, 100], [1, 100], [2, 100]]);
});

row("weight", async () => {
  const { users: at } = await walked(trial({ browse: touching(100), buy: touching(100), gone: touching(100) }, [{ for: "3s", load: split(users(200), { browse: 3, buy: 1, gone: 0 }) }]));
  expect([at(1, "browse"), at(1, "buy"), at(1, "gone")]).toEqual([150, 50, 0]);
});

row("fixed_count", async () => {
  const journeys = { admin: touching(100), browse: touching(100), buy: touching(100) };
  const { users: at } = await walked(trial(journeys, [{ for: "3s", load: { admin: users(1), ...split(users(9), { browse: 2, buy: 1 }) } }]));
  expect([at(1, "admin"), at(1, "browse"), at(1, "buy")]).toEqual([1, 6, 3]);
});

row("-u 100 -r 10", async () => {
  const { users: at } = await walked(trial({ walk: touching(100) }, [{ for: "15s", load: { walk: users(100, { spawn: "10/s" }) } }]));
  // Locust starts 10 at each second; here one comes every 100 ms: the same at every full second.
  expect([0, 4, 9, 12].map((second) => at(second))).toEqual([10, 50, 100, 100]);
});

row("-t 5m", async () => {
  const { end, view } = await walked(trial({ walk: touching(1_000) }, [{ for: "5m", load: { walk: users(2) } }]));
  expect([end.how, end.t, paceOf(view, "walk").starts]).toEqual(["done", 300_000, 600]);
});

row("class Stages(LoadTestShape)", async () => {
  const stages = [[10, 5], [20, 15], [30, 2]] as const;
  const wanted = (s: number) => stages.find(([until]) => s < until)?.[1] ?? 0;
  const { users: at, end } = await walked(trial({ walk: touching(50) }, [{ for: "30s", load: { walk: shape({ users: wanted }) } }]));
  expect([at(5), at(15), at(25)]).toEqual([5, 15, 2]);
  // tick() that returns None ends a Locust run; here the phase ends.
  expect(end.t).toBe(30_000);
});

row("tick() with user classes", async () => {
  const { users: at } = await walked(trial({ browse: touching(50), buy: touching(50) }, [{ for: "5s", load: { browse: users(8) } }, { for: "5s", load: { browse: users(2), buy: users(6) } }]));
  expect([at(2, "browse"), at(2, "buy"), at(7, "browse"), at(7, "buy")]).toEqual([8, 0, 2, 6]);
});

row("ramp-down", async () => {
  const last = new Map<number, number>();
  const line = rope();
  const walk = journey({ line }, async ({ line }, user) => {
    await line.touch(100);
    last.set(user.id, user.walk);
  });
  await walked(trial({ walk }, [{ for: "10s", load: { walk: users(4, { to: 1 }) } }]));
  // The latest to come are the first to go.
  const walks = [...last].sort(([a], [b]) => a - b).map(([, count]) => count);
  expect(walks).toEqual([...walks].sort((a, b) => b - a));
  expect(walks[0]).toBe(99);
});

row("--stop-timeout 30", async () => {
  const ends: string[] = [];
  const line = rope();
  const walk = journey({ line }, async ({ line }, user) => {
    await line.touch(user.id === 0 ? 8_000 : user.id === 1 ? 60_000 : 10);
    ends.push(`user ${user.id}`);
  }, { wait: constant("1h") });
  const { end, view } = await walked(trial({ walk }, [{ for: "5s", load: { walk: users(3) } }], { grace: "30s" }));
  // One waits and goes at once, one comes to its end in time, one is cut.
  expect(ends).toEqual(["user 2", "user 0"]);
  expect(paceOf(view, "walk")).toMatchObject({ ended: 2, cut: 1 });
  expect(end.t).toBe(35_000);
});

/** Begins of the walks of one user that takes 400 ms each. */
async function begins(wait: Wait | undefined, seconds = 20): Promise<number[]> {
  const line = rope();
  const at: number[] = [];
  let clock: { now(): number } | undefined;
  const walk = journey({ line }, async ({ line }) => {
    at.push(clock!.now());
    await line.touch(400);
  }, wait ? { wait } : {});
  await walked(trial({ walk }, [{ for: `${seconds}s`, load: { walk: users(1) } }]), { beside: async (virtual) => void (clock = virtual) });
  return at;
}
const gaps = (at: readonly number[]) => at.slice(1).map((ms, index) => ms - at[index]!);

row("wait_time = between(1, 3)", async () => {
  const waits = gaps(await begins(between("1s", "3s"), 400)).map((gap) => gap - 400);
  expect(Math.min(...waits)).toBeGreaterThanOrEqual(1_000);
  expect(Math.max(...waits)).toBeLessThan(3_000);
  expect(waits.reduce((sum, wait) => sum + wait, 0) / waits.length).toBeGreaterThan(1_800);
  expect(waits.reduce((sum, wait) => sum + wait, 0) / waits.length).toBeLessThan(2_200);
});

row("wait_time = constant(1)", async () => {
  expect(new Set(gaps(await begins(constant("1s"))))).toEqual(new Set([1_400]));
});

row("wait_time = constant_pacing(2)", async () => {
  expect(new Set(gaps(await begins(pacing("2s"))))).toEqual(new Set([2_000]));
  // Shorter than the walk: no wait, and nothing is caught up.
  expect(new Set(gaps(await begins(pacing("100ms"))))).toEqual(new Set([400]));
});

row("wait_time = constant_throughput(0.5)", async () => {
  expect(new Set(gaps(await begins(throughput("0.5/s"))))).toEqual(new Set([2_000]));
});

row("def wait_time(self)", async () => {
  let n = 0;
  expect(gaps(await begins(() => 100 * ++n, 4)).slice(0, 4)).toEqual([500, 600, 700, 800]);
});

row("raise StopUser", async () => {
  const { view, end } = await walked(trial({ walk: touching(100) }, [{ load: { walk: times(5, { users: 4, each: true }) } }]));
  expect([paceOf(view, "walk").ended, end.t]).toEqual([20, 500]);
});
