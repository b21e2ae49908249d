import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Histogram } from "../../src/ledger/histogram.ts";

const times = fc.array(fc.double({ min: 0.001, max: 3_600_000, noNaN: true }), { minLength: 1, maxLength: 300 });
const filled = (list: readonly number[]): Histogram => {
  const histogram = new Histogram();
  for (const ms of list) histogram.record(ms);
  return histogram;
};
const facts = (histogram: Histogram) => ({ count: histogram.count, max: histogram.maxMs, mean: histogram.meanMs, buckets: [...histogram.buckets()] });

describe("histogram", () => {
  test("every quantile is within 1 % of the sample it stands for", () => {
    fc.assert(
      fc.property(times, fc.double({ min: 0, max: 1, noNaN: true }), (list, fraction) => {
        const sorted = [...list].sort((a, b) => a - b);
        const truth = sorted[Math.max(0, Math.ceil(fraction * sorted.length - 1e-9) - 1)]!;
        expect(Math.abs(filled(list).quantileMs(fraction) - truth)).toBeLessThanOrEqual(Math.max(0.001, truth * 0.01));
      }),
    );
  });

  test("maximum and mean are exact to the microsecond", () => {
    const histogram = filled([1.2345, 10.5, 99.9999]);
    expect(histogram.maxMs).toBe(100);
    expect(histogram.meanMs).toBeCloseTo((1.235 + 10.5 + 100) / 3, 3);
  });

  test("packing loses nothing, and adding is the same as recording all in one", () => {
    fc.assert(
      fc.property(times, times, (a, b) => {
        const sum = new Histogram();
        expect(sum.addPacked(filled(a).pack())).toBe(true);
        expect(sum.addPacked(filled(b).pack())).toBe(true);
        expect(facts(sum)).toEqual(facts(filled([...a, ...b])));
        const added = filled(a);
        added.add(filled(b));
        expect(facts(added)).toEqual(facts(sum));
      }),
    );
  });

  test("damaged text is refused and adds nothing, or is a histogram; it never throws", () => {
    fc.assert(
      fc.property(times, fc.nat(), fc.base64String(), (list, at, noise) => {
        const text = filled(list).pack();
        const cut = at % (text.length + 1);
        for (const damaged of [text.slice(0, cut), text.slice(0, cut) + noise]) {
          const histogram = new Histogram();
          if (!histogram.addPacked(damaged)) expect(histogram.count).toBe(0);
          expect(Number.isInteger(histogram.count)).toBe(true);
        }
      }),
    );
  });

  test("is empty after clear, and bounds what can't be a time", () => {
    const histogram = filled([5, 6]);
    histogram.clear();
    expect(facts(histogram)).toEqual(facts(new Histogram()));
    histogram.record(-1);
    histogram.record(Number.NaN);
    histogram.record(Infinity);
    expect(histogram.count).toBe(3);
    expect(histogram.maxMs).toBeLessThan(4_300_000);
  });

  test("fifty samples of one second pack into about a hundred characters", () => {
    const histogram = new Histogram();
    for (let i = 0; i < 50; i++) histogram.record(20 + 10 * Math.sin(i) + i / 10);
    expect(histogram.pack().length).toBeLessThan(110);
  });
});
