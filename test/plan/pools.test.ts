import { expect, test } from "vitest";
import { arrivals, journey, scenario, times, users, type Pace } from "../../src/index.ts";
import type { Driver, SessionPool } from "../../src/model/driver.ts";
import { poolWarnings } from "../../src/plan/pools.ts";
import { resolve } from "../../src/plan/resolve.ts";

const driver = (pool?: SessionPool): Driver<object> => ({ kind: "line", open: async () => ({}), close: async () => undefined, ...(pool && { pool }) });
const pages: SessionPool = { of: "browser pages", most: 8, memoryMb: 100, cores: 0.25 };
const shared = driver(pages);
const browse = journey({ a: shared }, async () => undefined);
const buy = journey({ a: shared }, async () => undefined);
const many = journey({ a: driver({ ...pages, most: 100 }) }, async () => undefined);
const plain = journey({ a: driver() }, async () => undefined);
const warned = (load: Record<string, Pace>, machine = { memoryMb: 4_000, cores: 2 }) => {
  const { plan, problems } = resolve(scenario({ name: "t", journeys: { browse, buy, many, plain }, phases: [{ name: "p", for: "10s", load }] } as never));
  if (!plan) throw problems[0];
  return poolWarnings(plan, machine).map((text) => text.split(" at ")[0]);
};

test.each<[string, Record<string, Pace>, string[]]>([
  ["as many as there are", { browse: users(8) }, []],
  ["one more", { browse: users(9) }, ["SEA_PLAN_POOL"]],
  ["two journeys of one pool", { browse: users(5), buy: times(4, { users: 4 }) }, ["SEA_PLAN_POOL"]],
  ["an open pace by its bound", { browse: arrivals("1/s", { most: 9 }) }, ["SEA_PLAN_POOL"]],
  ["more than the cores carry", { many: users(9) }, ["SEA_PLAN_MACHINE"]],
  ["two pools together", { browse: users(5), many: users(4) }, ["SEA_PLAN_MACHINE"]],
  ["no pool", { plain: users(1_000) }, []],
])("%s", (_name, load, codes) => expect(warned(load)).toEqual(codes));

test("memory counts too, and a pool's bound is all that it takes", () => {
  expect(warned({ many: users(8) }, { memoryMb: 799, cores: 8 })).toEqual(["SEA_PLAN_MACHINE"]);
  expect(warned({ browse: users(500) }, { memoryMb: 800, cores: 2 })).toEqual(["SEA_PLAN_POOL"]);
});
