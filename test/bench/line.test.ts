import fc from "fast-check";
import { expect, test } from "vitest";
import { lineThrough } from "./load/line.ts";

test("a straight line has its slope, and no error", () => {
  fc.assert(fc.property(fc.integer({ min: -50, max: 50 }), fc.integer({ min: -500, max: 500 }), fc.integer({ min: 3, max: 60 }), (slope, from, count) => {
    const line = lineThrough(Array.from({ length: count }, (_, x) => [x / 6, from + (slope * x) / 6]));
    expect(line.slope).toBeCloseTo(slope, 6);
    expect(line.error).toBeCloseTo(0, 6);
  }));
});

test("what swings has an error that tells", () => {
  const { slope, error } = lineThrough(Array.from({ length: 54 }, (_, x) => [x / 6, 250 + (x % 2 === 0 ? 10 : -10)]));
  expect(Math.abs(slope)).toBeLessThan(2 * error);
  // The textbook's: residual deviation 10 over sqrt(Σ(x − mean)²).
  expect(error).toBeCloseTo(10.19 / Math.sqrt((54 * (54 ** 2 - 1)) / 12 / 36), 2);
});
