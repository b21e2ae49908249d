import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { arrivals, journey, scenario, shape, split, times, users, type Pace } from "../../src/index.ts";
import type { Plan, PlannedArrivals, PlannedTimes, PlannedUsers } from "../../src/plan/plan.ts";
import { resolve } from "../../src/plan/resolve.ts";
import { ownedThrough } from "../../src/plan/rota.ts";
import { startsOf, usersAt } from "../../src/plan/schedule.ts";
import { sharded, turnOf } from "../../src/plan/shard.ts";
import { seeded } from "../../src/units/random.ts";

const idle = journey({}, async () => undefined);
const forMs = 5_000;

function planOf(load: Readonly<Record<string, Pace>>): Plan {
  const journeys = Object.fromEntries(Object.keys(load).map((name) => [name, idle]));
  const { plan, problems } = resolve(scenario({ name: "t", journeys, phases: [{ name: "p", for: "5s", load }], budget: {} } as never));
  if (!plan) throw problems[0];
  return plan;
}
const parts = (plan: Plan, of: number): Plan[] => Array.from({ length: of }, (_, index) => sharded(plan, { index, of }));
const paceOf = <P>(plan: Plan, journey: string): P => plan.phases[0]!.load.get(journey) as P;

/** One pace, or one that two journeys share by weight. */
const shared = (pace: Pace, weights: readonly [number, number] | undefined): Record<string, Pace> => (weights ? split(pace, { a: weights[0], b: weights[1] }) : { other: times(1), a: pace });
const weights = fc.option(fc.tuple(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 0, max: 9 })), { nil: undefined });
const workers = fc.integer({ min: 1, max: 7 });

describe("all workers together", () => {
  const openPaces = fc.oneof(
    fc.record({ rate: fc.integer({ min: 0, max: 90 }), to: fc.option(fc.integer({ min: 0, max: 90 }), { nil: undefined }), spread: fc.constantFrom("even" as const, "poisson" as const), most: fc.integer({ min: 1, max: 30 }) })
      .map(({ rate, to, spread, most }) => arrivals(`${rate}/s`, { spread, most, ...(to !== undefined && { to: `${to}/s` as const }) })),
    fc.integer({ min: 1, max: 40 }).map((level) => shape({ arrivals: (s) => level * (1 + Math.sin(s)), most: 9 })),
  );

  test("have every start of an open pace once, at its time, and no more users", () => {
    fc.assert(fc.property(openPaces, weights, workers, fc.nat(), (pace, by, of, seed) => {
      const plan = planOf(shared(pace, by));
      for (const journey of ["a", "b"]) {
        const whole = paceOf<PlannedArrivals | undefined>(plan, journey);
        if (!whole) continue;
        const all = parts(plan, of).map((part) => paceOf<PlannedArrivals>(part, journey));
        const starts = (one: PlannedArrivals) => [...startsOf(one, forMs, seeded(seed))].filter((ms) => ms >= 0);
        expect(all.flatMap(starts).sort((x, y) => x - y)).toEqual(starts(whole));
        expect(all.reduce((sum, { most }) => sum + most, 0)).toBe(whole.most);
        for (const one of all) if (one.most === 0) expect(starts(one)).toEqual([]);
        // Journeys that share a pace draw the same chances, whole or in parts; others do not.
        expect(new Set([whole, ...all].map((one) => one.split))).toEqual(new Set([by !== undefined]));
      }
    }));
  });

  test("have the users of a closed pace at every moment, those held over among them", () => {
    const closed = fc.record({ count: fc.integer({ min: 0, max: 40 }), to: fc.integer({ min: 0, max: 40 }), spawn: fc.option(fc.integer({ min: 1, max: 9 }), { nil: undefined }) })
      .map(({ count, to, spawn }) => users(count, { to, ...(spawn !== undefined && { spawn: `${spawn}/s` as const }) }));
    fc.assert(fc.property(closed, weights, workers, fc.nat(forMs), fc.nat(40), (pace, by, of, ms, before) => {
      const plan = planOf(shared(pace, by));
      for (const journey of ["a", "b"]) {
        const whole = paceOf<PlannedUsers | undefined>(plan, journey);
        if (!whole) continue;
        const all = parts(plan, of).map((part) => paceOf<PlannedUsers>(part, journey));
        const sum = all.reduce((total, one) => total + usersAt(one, ms, ownedThrough(one.shares, before)), 0);
        expect(sum).toBe(usersAt(whole, ms, ownedThrough(whole.shares, before)));
      }
    }));
  });

  test("have the walks of a counted pace, and no more users side by side", () => {
    fc.assert(fc.property(fc.integer({ min: 1, max: 60 }), fc.integer({ min: 1, max: 20 }), fc.boolean(), weights, workers, (count, crew, each, by, of) => {
      const plan = planOf(shared(times(count, { users: crew, each }), by));
      const walksOf = (one: PlannedTimes) => {
        const walkers = Math.max(1, ownedThrough(one.shares, one.users));
        const whole = ownedThrough(one.shares, each ? one.count * one.users : one.count);
        return { walks: each && whole > 0 ? count * walkers : whole, walkers: Math.min(walkers, whole) };
      };
      for (const journey of ["a", "b"]) {
        const whole = paceOf<PlannedTimes | undefined>(plan, journey);
        if (!whole) continue;
        const all = parts(plan, of).map((part) => walksOf(paceOf<PlannedTimes>(part, journey)));
        expect(all.reduce((sum, { walks }) => sum + walks, 0)).toBe(walksOf(whole).walks);
        expect(all.reduce((sum, { walkers }) => sum + walkers, 0)).toBeLessThanOrEqual(Math.max(1, ownedThrough(whole.shares, whole.users)));
      }
    }));
  });
});

test("the one user of many small paces is not always at the same worker", () => {
  const names = ["a", "b", "c", "d", "e", "f"];
  const plan = planOf(Object.fromEntries(names.map((name) => [name, users(1)])));
  const at = parts(plan, 3).map((part) => names.filter((name) => usersAt(paceOf<PlannedUsers>(part, name), 0) === 1).length);
  expect(at).toEqual([2, 2, 2]);
});

test("the users of a journey are numbered alike, however many workers there are", () => {
  const plan = planOf({ a: users(10), b: users(10) });
  for (const of of [1, 2, 3, 4]) {
    for (const journey of ["a", "b"]) {
      const ids = parts(plan, of).flatMap((part, index) => {
        const crew = usersAt(paceOf<PlannedUsers>(part, journey), 0);
        return Array.from({ length: crew }, (_, n) => turnOf(plan, journey, { index, of }) + n * of);
      });
      expect(ids.sort((x, y) => x - y)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    }
  }
});
