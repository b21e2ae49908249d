import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { durationMs, sayMs, type Duration } from "../../src/units/duration.ts";
import { percentFraction, sayFraction, type Percent } from "../../src/units/percent.ts";
import { ratePerSecond, sayPerSecond, type Rate } from "../../src/units/rate.ts";

const sloppy = ["", " ", "1", "-1", "NaN", "Infinity", "1e3", "0x10", ".5", "5.", "1,5", "1.2.3", "٣", null, undefined, 1, {}, ["1s"]];

/** Every way to write a unit almost right. */
const almost = (number: string, unit: string) => [
  `${number} ${unit}`, ` ${number}${unit}`, `${number}${unit} `, `${number}${unit}\n`, `-${number}${unit}`, `+${number}${unit}`,
  `${number}${unit}${unit}`, `${number}e3${unit}`, `.${number}${unit}`, `${number}.${unit}`, `NaN${unit}`, `Infinity${unit}`, `0x1${unit}`, unit,
];

describe("durations", () => {
  test.each([
    ["0s", 0], ["200ms", 200], ["1.5s", 1_500], ["2m", 120_000], ["12h", 43_200_000], ["7d", 604_800_000], ["0.5ms", 0.5], ["007s", 7_000],
  ] as const)("%s is %d ms", (text, ms) => expect(durationMs(text)).toBe(ms));

  test.each([...sloppy, ...almost("1", "s"), "200 sec", "1sec", "1S", "1ms2s", "1w", "1us"])("%j is refused", (text) => {
    expect(() => durationMs(text as Duration, "the place")).toThrow(expect.objectContaining({ code: "SEA_UNIT_DURATION", place: "the place" }));
  });

  test("every number with a unit is that many units", () => {
    const units = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;
    fc.assert(fc.property(fc.nat(1e6), fc.nat(999), fc.constantFrom(...Object.entries(units)), (whole, part, [unit, ms]) => {
      const number = `${whole}.${String(part).padStart(3, "0")}`;
      expect(durationMs(`${number}${unit}` as Duration)).toBe(Number(number) * ms);
    }));
  });

  test.each([
    [0, "0ms"], [0.25, "0.25ms"], [4.26, "4.3ms"], [240.4, "240ms"], [999.6, "1s"], [1_234, "1.23s"], [12_345, "12.3s"], [59_960, "1m"],
    [60_000, "1m"], [90_000, "1m 30s"], [3_600_000, "1h"], [90_061_000, "1d 1h"], [Infinity, "for ever"], [-1_500, "-1.5s"],
  ])("%d ms is said %j", (ms, text) => expect(sayMs(ms)).toBe(text));
});

describe("rates", () => {
  test.each([["80/s", 80], ["600/m", 10], ["36/h", 0.01], ["0.5/s", 0.5], ["0/s", 0]] as const)("%s is %d a second", (text, perSecond) => expect(ratePerSecond(text)).toBe(perSecond));

  test.each([...sloppy, ...almost("1", "/s"), "80", "80/sec", "80/ s", "80 /s", "80/d", "80/S", "80s", "80/ms"])("%j is refused", (text) => {
    expect(() => ratePerSecond(text as Rate, "the place")).toThrow(expect.objectContaining({ code: "SEA_UNIT_RATE", place: "the place" }));
  });

  test.each([[0, "0/s"], [0.01234, "0.0123/s"], [12.345, "12.3/s"], [99.96, "100/s"], [1234.5, "1235/s"]])("%d a second is said %j", (perSecond, text) => expect(sayPerSecond(perSecond)).toBe(text));
});

describe("percentages", () => {
  test.each([["0%", 0], ["0.1%", 0.001], ["50%", 0.5], ["100%", 1]] as const)("%s is %d", (text, fraction) => expect(percentFraction(text)).toBe(fraction));

  test.each([...sloppy, ...almost("1", "%"), "100.1%", "101%", "1e1%", "0.1", "%"])("%j is refused", (text) => {
    expect(() => percentFraction(text as Percent, "the place")).toThrow(expect.objectContaining({ code: "SEA_UNIT_PERCENT", place: "the place" }));
  });

  test.each([[0, "0%"], [0.00012, "0.012%"], [0.0000001, "0.00001%"], [0.0123, "1.23%"], [0.5, "50%"], [1, "100%"]])("%d is said %j", (fraction, text) => expect(sayFraction(fraction)).toBe(text));

  test("a share above nothing never reads as nothing", () => {
    fc.assert(fc.property(fc.double({ min: 1e-9, max: 1, noNaN: true }), (fraction) => {
      expect(Number.parseFloat(sayFraction(fraction))).toBeGreaterThan(0);
    }));
  });
});
