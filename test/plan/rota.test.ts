import fc from "fast-check";
import { expect, test } from "vitest";
import { ownedOf, ownedThrough, owns, sieve } from "../../src/plan/rota.ts";

const weights = fc.array(fc.integer({ min: 0, max: 20 }), { minLength: 1, maxLength: 6 }).filter((list) => list.some((weight) => weight > 0));

test("every number belongs to exactly one share: nothing is lost, nothing doubled", () => {
  fc.assert(
    fc.property(weights, fc.nat(5_000), (list, n) => {
      expect(list.filter((_, index) => owns({ weights: list, index }, n)).length).toBe(1);
      expect(list.reduce((sum, _, index) => sum + ownedOf({ weights: list, index }, n), 0)).toBe(n);
    }),
  );
});

test("shares are true to their weights within one turn, all along", () => {
  fc.assert(
    fc.property(weights, fc.nat(2_000), (list, n) => {
      const total = list.reduce((a, b) => a + b, 0);
      list.forEach((weight, index) => expect(Math.abs(ownedOf({ weights: list, index }, n) - (n * weight) / total)).toBeLessThanOrEqual(list.length / 2 + 0.5));
    }),
  );
});

test("a sieve lets through what the shares own, also through several", () => {
  const shares = [{ weights: [8, 2], index: 0 }, { weights: [1, 1, 1], index: 2 }];
  const mine = sieve(shares);
  const let1 = Array.from({ length: 300 }, () => mine()).filter(Boolean).length;
  expect(let1).toBe(ownedThrough(shares, 300));
  expect(let1).toBe(80);
});

test("fractional weights are shared as they are written", () => {
  const list = [0.1, 0.7, 0.2];
  expect(list.map((_, index) => ownedOf({ weights: list, index }, 1_000))).toEqual([100, 700, 200]);
});
