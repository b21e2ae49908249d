import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { journey, scenario, split, times, users, type Pace } from "../../src/index.ts";
import { regressed } from "../../src/plan/regress.ts";
import type { Plan, PlannedTimes } from "../../src/plan/plan.ts";
import { resolve } from "../../src/plan/resolve.ts";
import { sharded, userNumbers } from "../../src/plan/shard.ts";
import { walkNumbers, walksIn } from "../../src/plan/walks.ts";

const walk = journey({}, async () => undefined);

function planOf(load: Readonly<Record<string, Pace>>): Plan {
  const names = Object.keys(load);
  const { plan, problems } = resolve(scenario({ name: "s", journeys: Object.fromEntries(names.map((name) => [name, walk])), phases: [{ name: "all", load: load as never }] }));
  if (!plan) throw problems[0];
  return plan;
}

function must(plan: Plan, regression: Parameters<typeof regressed>[1]): Plan {
  const { plan: made, problems } = regressed(plan, regression);
  if (!made) throw problems[0];
  return made;
}

const walksOf = (plan: Plan): string[] => [...plan.phases[0]!.load].flatMap(([name, pace]) => [...walkNumbers(pace as PlannedTimes)].map((n) => `${name} ${n}`));

const anyLoad = fc.array(fc.record({ count: fc.integer({ min: 1, max: 12 }), users: fc.integer({ min: 1, max: 5 }), each: fc.boolean() }), { minLength: 1, maxLength: 6 })
  .map((paces) => Object.fromEntries(paces.map(({ count, users, each }, n) => [`j${n}`, times(count, { users, each })])));

test("shards, each with workers of its own number, walk every walk once", () => {
  fc.assert(fc.property(anyLoad, fc.integer({ min: 1, max: 7 }), fc.integer({ min: 1, max: 4 }), fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 7, maxLength: 7 }), (load, of, repeat, workers) => {
    const whole = walksOf(must(planOf(load), { repeat, retries: 1 }));
    const seen: string[] = [];
    for (let index = 0; index < of; index++) {
      const { plan } = regressed(planOf(load), { repeat, shard: { index, of } });
      if (!plan) continue;
      for (let worker = 0; worker < workers[index]!; worker++) seen.push(...walksOf(sharded(plan, { index: worker, of: workers[index]! })));
    }
    expect(seen.sort()).toEqual(whole.sort());
  }));
});

test("as many walks as are counted have a number, and users of no two shards have one", () => {
  fc.assert(fc.property(anyLoad, fc.integer({ min: 1, max: 5 }), (load, of) => {
    const firsts: string[] = [];
    for (let index = 0; index < of; index++) {
      const { plan } = regressed(planOf(load), { shard: { index, of } });
      if (!plan) continue;
      for (const pace of plan.phases[0]!.load.values()) expect([...walkNumbers(pace as PlannedTimes)]).toHaveLength(walksIn(pace as PlannedTimes));
      for (const worker of [0, 1, 2]) {
        const { first, step } = userNumbers(plan, "j0", { index: worker, of: 3 }, 0);
        expect(step).toBe(of * 3);
        firsts.push(String(first % step));
      }
    }
    expect(new Set(firsts).size).toBe(firsts.length);
  }));
});

test("ten journeys that are walked once are shared out evenly, among the workers of a shard, too", () => {
  const plan = planOf(Object.fromEntries(Array.from({ length: 12 }, (_, n) => [`j${n}`, times(1)])));
  for (const index of [0, 1, 2]) {
    const own = must(plan, { shard: { index, of: 3 } });
    expect(own.phases[0]!.load.size).toBe(4);
    expect([0, 1].map((worker) => walksOf(sharded(own, { index: worker, of: 2 })).length)).toEqual([2, 2]);
  }
});

test("split walks are shared out as well", () => {
  const load = split(times(10), { a: 7, b: 3 });
  const seen = [0, 1, 2].flatMap((index) => walksOf(must(planOf(load), { shard: { index, of: 3 } })));
  expect(seen.sort()).toEqual(walksOf(planOf(load)).sort());
  expect(seen).toHaveLength(10);
});

test("a part of a split pace that no user falls to walks with one of its own", () => {
  const plan = planOf(split(times(2, { users: 1, each: true }), { a: 1, b: 3 }));
  const counts = [...plan.phases[0]!.load.values()].map((pace) => [...walkNumbers(pace as PlannedTimes)].length === walksIn(pace as PlannedTimes));
  expect(counts).toEqual([true, true]);
  const both = planOf(split(times(2, { users: 1, each: true }), { a: 1, b: 1 }));
  expect([...both.phases[0]!.load.values()].map((pace) => [...walkNumbers(pace as PlannedTimes)])).toEqual([[0, 1], [0, 1]]);
});

test("repeat walks every walk so often, for each user where each has its own", () => {
  expect(walksOf(must(planOf({ a: times(2), b: times(1, { users: 3, each: true }) }), { repeat: 3 }))).toHaveLength(6 + 9);
});

describe("what makes no sense is refused", () => {
  const codes = (plan: Plan, regression: Parameters<typeof regressed>[1]) => regressed(plan, regression).problems.map(({ code, place }) => [code, place]);

  test("open paces, every one of them", () => {
    const { plan } = resolve(scenario({ name: "s", journeys: { a: walk, b: walk }, phases: [{ name: "all", for: "1s", load: { a: users(1), b: users(1) } }] }));
    expect(codes(plan!, { bail: 1 })).toEqual([["SEA_NOT_COUNTED", 'phases[0] "all".load.a'], ["SEA_NOT_COUNTED", 'phases[0] "all".load.b']]);
    expect(regressed(plan!, {}).plan).toBe(plan);
  });

  test("a shard with nothing to walk", () => {
    expect(codes(planOf({ a: times(2) }), { shard: { index: 2, of: 3 } })).toEqual([["SEA_SHARD_EMPTY", "--shard"]]);
  });
});
