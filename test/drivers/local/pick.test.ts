import fc from "fast-check";
import { expect, test } from "vitest";
import { noTurns, pick } from "../../../drivers/local/balancer/pick.ts";
import type { Backend } from "../../../drivers/local/wire.ts";

const backend = (version: string, i: number): Backend => ({ id: `${version}-${i}`, port: 1, node: "n", version });

test("over any stretch versions get their share and replicas of a version the same, within one", () => {
  fc.assert(fc.property(
    fc.integer({ min: 1, max: 6 }), fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 99 }), fc.integer({ min: 1, max: 200 }),
    (stable, candidate, percent, count) => {
      const backends = [...Array(stable).keys()].map((i) => backend("a", i)).concat([...Array(candidate).keys()].map((i) => backend("b", i)));
      const turns = noTurns();
      const got = new Map<string, number>();
      for (let i = 0; i < count; i++) {
        const { id } = pick({ backends, weights: { a: 1 - percent / 100, b: percent / 100 } }, turns)!;
        got.set(id, (got.get(id) ?? 0) + 1);
      }
      const of = (version: string) => backends.filter((one) => one.version === version).map((one) => got.get(one.id) ?? 0);
      const sum = (list: number[]) => list.reduce((a, b) => a + b, 0);
      expect(Math.abs(sum(of("b")) - (count * percent) / 100)).toBeLessThanOrEqual(1);
      for (const list of [of("a"), of("b")]) expect(Math.max(...list) - Math.min(...list)).toBeLessThanOrEqual(1);
    },
  ));
});

test.each([
  ["nobody is ready", { backends: [], weights: { a: 1 } }, undefined],
  ["only a version without weight is ready", { backends: [backend("b", 0)], weights: { a: 1, b: 0 } }, undefined],
  ["a version nobody knows", { backends: [backend("c", 0)], weights: { a: 1 } }, undefined],
  ["all stable ones are gone: the candidate takes everything", { backends: [backend("b", 0)], weights: { a: 0.75, b: 0.25 } }, "b-0"],
])("%s", (_, route, id) => {
  expect(pick(route, noTurns())?.id).toBe(id);
});
