import { expect, test } from "vitest";
import { arrivals, journey, scenario, shape, split, times, users, type Pace } from "../../src/index.ts";
import type { Driver } from "../../src/model/driver.ts";
import { resolve } from "../../src/plan/resolve.ts";
import { socketWarnings } from "../../src/plan/sockets.ts";

const driver = (sockets?: number): Driver<object> => ({ kind: "line", open: async () => ({}), close: async () => undefined, ...(sockets !== undefined && { sockets }) });
const one = journey({ a: driver(1) }, async () => undefined);
const seven = journey({ a: driver(6), b: driver(1) }, async () => undefined);
const none = journey({ a: driver() }, async () => undefined);
const warned = (load: Record<string, Pace>, limit: number | undefined = 1_050) => {
  const { plan, problems } = resolve(scenario({ name: "t", journeys: { one, seven, none }, phases: [{ name: "p", for: "10s", load }] } as never));
  if (!plan) throw problems[0];
  return socketWarnings(plan, limit);
};

test.each<[string, Record<string, Pace>, boolean]>([
  ["as many as there may be", { one: users(1_000) }, false],
  ["one more", { one: users(1_001) }, true],
  ["several sockets each", { seven: users(143) }, true],
  ["fewer of those", { seven: users(142) }, false],
  ["two journeys together", { one: users(501), seven: users(72) }, true],
  ["a ramp by its top", { one: users(1, { to: 1_001, over: "5s" }) }, true],
  ["a shape by its top", { one: shape({ users: (s) => 1_001 - Math.abs(s - 5) }) }, true],
  ["an open pace by its bound", { one: arrivals("1/s", { most: 1_001 }) }, true],
  ["a lower bound", { one: arrivals("1000/s", { most: 1_000 }) }, false],
  ["walks side by side", { one: times(5_000, { users: 1_001 }) }, true],
  ["a journey without sockets", { none: users(100_000) }, false],
  ["a share of users", split(users(1_400), { one: 5, none: 2 }), false],
])("%s", (_name, load, warns) => expect(warned(load)).toHaveLength(warns ? 1 : 0));

test("says how many, and what to do", () => {
  expect(warned({ one: users(700), seven: users(100) })).toEqual([expect.stringMatching(/^SEA_PLAN_DESCRIPTORS at phases\[0\] "p": 800 users with up to 1.8 connections each need up to 1450 descriptors, and this process may open 1050 \(ulimit -n/)]);
});

test("is silent where no limit is known, or there is none", () => {
  expect([...warned({ one: users(100_000) }, Infinity), ...socketWarnings({ phases: [] } as never, undefined)]).toEqual([]);
});
