import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { PlannedArrivals, PlannedUsers } from "../../src/plan/plan.ts";
import { levelAt, startsOf, usersAt } from "../../src/plan/schedule.ts";
import { seeded } from "../../src/units/random.ts";

const arrivals = (perSecond: number, more: Partial<PlannedArrivals> = {}): PlannedArrivals => ({
  kind: "arrivals", from: perSecond / 1_000, to: perSecond / 1_000, overMs: 0, most: 10, spread: "even", shares: [], ...more,
});
const all = (pace: PlannedArrivals, lengthMs: number, seed = 1): number[] => [...startsOf(pace, lengthMs, seeded(seed))];

describe("even arrivals", () => {
  test("start i is at i periods, without drift after an hour", () => {
    const starts = all(arrivals(7), 3_600_000);
    expect(starts.length).toBe(25_200);
    starts.forEach((ms, i) => expect(Math.abs(ms - (i * 1_000) / 7)).toBeLessThan(1e-6));
  });

  test("a start that is due as the phase ends is the next phase's: n a minute are n in a minute", () => {
    for (let perMinute = 1; perMinute <= 3_000; perMinute++) expect([perMinute, all(arrivals(perMinute / 60), 60_000).length]).toEqual([perMinute, perMinute]);
  });

  test("a ramp has the starts of its mean rate, and each comes when the integral says", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 200 }), fc.integer({ min: 1, max: 200 }), fc.integer({ min: 1, max: 30 }), (from, to, seconds) => {
        const pace = arrivals(from, { to: to / 1_000, overMs: seconds * 1_000 });
        const starts = all(pace, seconds * 1_000);
        expect(starts.length).toBe(Math.ceil(((from + to) / 2) * seconds));
        starts.forEach((ms, n) => {
          const s = ms / 1_000;
          expect(Math.abs(from * s + ((to - from) * s * s) / (2 * seconds) - n)).toBeLessThan(1e-6 * (n + 1));
        });
      }),
      { numRuns: 50 },
    );
  });

  test("after its ramp the rate stays", () => {
    const starts = all(arrivals(0, { to: 0.1, overMs: 10_000 }), 20_000);
    expect(starts.filter((ms) => ms >= 10_000).length).toBe(1_000);
    expect(starts.filter((ms) => ms < 10_000).length).toBe(500);
  });

  test.each([["none at rate 0", arrivals(0), 0], ["one at once at 1/s for 1 ms", arrivals(1), 1]] as const)("%s", (_, pace, count) => {
    expect(all(pace, 1).length).toBe(count);
  });
});

test("a curve is followed: its integral within one start", () => {
  const pace = arrivals(0, { curve: (s) => 50 + 30 * Math.sin(s) });
  const starts = all(pace, 20_000);
  expect(Math.abs(starts.length - (50 * 20 + 30 * (1 - Math.cos(20))))).toBeLessThan(2);
  expect(levelAt(pace, 0)).toBe(50);
});

test("poisson starts have the mean and the spread of independent visitors, and repeat with their seed", () => {
  const pace = arrivals(100, { spread: "poisson" });
  const starts = all(pace, 100_000);
  expect(Math.abs(starts.length - 10_000)).toBeLessThan(400);
  const gaps = starts.slice(1).map((ms, i) => ms - starts[i]!);
  const mean = gaps.reduce((a, b) => a + b, 0) / gaps.length;
  const deviation = Math.sqrt(gaps.reduce((sum, gap) => sum + (gap - mean) ** 2, 0) / gaps.length);
  expect(deviation / mean).toBeGreaterThan(0.95);
  expect(deviation / mean).toBeLessThan(1.05);
  expect(all(pace, 1_000)).toEqual(all(pace, 1_000));
  expect(all(pace, 1_000)).not.toEqual(all(pace, 1_000, 2));
});

test("shares of one pace are the pace: together they have every start once, in any spread", () => {
  for (const spread of ["even", "poisson"] as const) {
    const whole = all(arrivals(50, { spread }), 10_000);
    const parts = [0, 1, 2].flatMap((index) => all(arrivals(50, { spread, shares: [{ weights: [5, 3, 2], index }] }), 10_000));
    expect(parts.sort((a, b) => a - b)).toEqual(whole);
  }
});

describe("a pace that never starts anybody again", () => {
  /** As many answers as anybody would wait for; what goes on for ever inside never comes back. */
  const some = (pace: PlannedArrivals, lengthMs: number) => {
    const answers: number[] = [];
    for (const ms of startsOf(pace, lengthMs, seeded(1))) if (answers.push(ms) === 5) break;
    return answers;
  };

  test("a curve that rests in a phase without a length is looked at minute by minute", () => {
    const answers = some(arrivals(0, { curve: (s) => (s < 1 ? 2 : 0) }), Infinity);
    expect(answers.filter((ms) => ms >= 0)).toEqual([0, expect.closeTo(500, -2)]);
    expect(answers.filter((ms) => ms < 0)).toEqual([-60_000, -120_000, -180_000]);
  });

  test("a curve that wakes again is found", () => {
    const answers = [...startsOf(arrivals(0, { curve: (s) => (s >= 200 && s < 201 ? 2 : 0) }), 300_000, seeded(1))].filter((ms) => ms > 0);
    expect(answers.length).toBeGreaterThanOrEqual(1);
    for (const ms of answers) expect(Math.abs(ms - 200_500)).toBeLessThanOrEqual(520);
  });

  test("a share of weight 0 has no starts", () => {
    expect(some(arrivals(10, { shares: [{ weights: [1, 0], index: 1 }] }), Infinity)).toEqual([]);
  });
});

describe("users", () => {
  const users = (from: number, more: Partial<PlannedUsers> = {}): PlannedUsers => ({ kind: "users", from, to: from, overMs: 0, spawn: Infinity, shares: [], ...more });

  test.each([
    ["all at once", users(20), 0, 0, 20],
    ["joining at 2/s: the first at once", users(20, { spawn: 0.002 }), 0, 0, 1],
    ["joining at 2/s: after 3 s", users(20, { spawn: 0.002 }), 3_000, 0, 7],
    ["joining never goes beyond the count", users(20, { spawn: 0.002 }), 60_000, 0, 20],
    ["those held over stay while others join", users(20, { spawn: 0.002 }), 0, 12, 12],
    ["those held over leave when fewer are wanted", users(5, { spawn: 0.002 }), 0, 12, 5],
    ["half-way up a ramp", users(10, { to: 20, overMs: 10_000 }), 5_000, 0, 15],
    ["down a ramp", users(20, { to: 0, overMs: 10_000 }), 10_000, 0, 0],
    ["by a curve", users(0, { curve: (s) => s * 3 }), 4_000, 0, 12],
    ["never below none", users(0, { curve: () => -5 }), 0, 0, 0],
  ] as const)("%s", (_, pace, ms, held, count) => {
    expect(usersAt(pace, ms, held)).toBe(count);
  });

  test("shares add up at every moment of a ramp", () => {
    for (let ms = 0; ms <= 10_000; ms += 137) {
      const part = (index: number) => usersAt(users(3, { to: 61, overMs: 10_000, shares: [{ weights: [8, 2], index }] }), ms);
      expect(part(0) + part(1)).toBe(usersAt(users(3, { to: 61, overMs: 10_000 }), ms));
    }
  });
});
