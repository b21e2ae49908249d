import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { cutTo, escapeMarkup, plainLine } from "../../reports/escape.ts";
import { latencyAxis, linearAxis, logAxis, timeTicks } from "../../reports/html/axis.ts";
import { isoDate, sayCount, sayRate } from "../../reports/numbers.ts";
import { sayCommand, sayStorm, sayVerdict, stormState } from "../../reports/story.ts";
import { stepFor, timeline } from "../../reports/timeline.ts";
import type { Grade } from "../../src/model/verdict.ts";
import { finding, gameDay } from "./game-day.ts";
import { LedgerWriter, runLine } from "./ledger.ts";
import { parseXml } from "./xml.ts";

const anyText = fc.string({ unit: "binary" });

describe("what comes from outside", () => {
  test("never breaks markup, in text or attribute, and reads back as it was but for forbidden characters", () => {
    fc.assert(fc.property(anyText, (text) => {
      const root = parseXml(`<a b="${escapeMarkup(text)}">x${escapeMarkup(text)}</a>`);
      expect(root.attributes["b"]).toBe((root.children[0] as string).slice(1));
      if (/^[\x20-\x7e]*$/.test(text)) expect(root.attributes["b"]).toBe(text);
    }));
  });
  test("is one line without controls", () => {
    fc.assert(fc.property(anyText, (text) => void expect(plainLine(text)).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/)));
  });
  test("is cut to length, never within a character", () => {
    expect(cutTo("abcdef", 4)).toBe("abc…");
    expect(cutTo("ab🛟", 3 + 1)).toBe("ab🛟");
    expect(cutTo("ab🛟cd", 4)).toBe("ab…");
  });
});

test("wall times are ISO 8601, as Date says them", () => {
  fc.assert(fc.property(fc.integer({ min: 0, max: 4_000_000_000_000 }), (ms) => void expect(isoDate(ms)).toBe(new Date(ms).toISOString())));
  expect(isoDate(Number.NaN)).toBe("1970-01-01T00:00:00.000Z");
});

test.each([[0, "0"], [999, "999"], [1_000, "1\u202f000"], [1_234_567, "1\u202f234\u202f567"]])("%d is counted as %s", (count, said) => expect(sayCount(count)).toBe(said));
test.each([[0, "0/s"], [9.456, "9.46/s"], [1_234.5, "1\u202f235/s"], [Number.NaN, "–"]])("%d a second is said as %s", (rate, said) => expect(sayRate(rate)).toBe(said));

describe("axes", () => {
  test("a linear one begins at zero, ends above its values, in two to seven round steps", () => {
    fc.assert(fc.property(fc.double({ min: 1e-6, max: 1e9, noNaN: true }), (most) => {
      const { ticks, place } = linearAxis(most);
      expect(ticks[0]).toBe(0);
      expect(ticks.at(-1)!).toBeGreaterThanOrEqual(most * 0.999);
      expect(ticks.length).toBeGreaterThanOrEqual(2);
      expect(ticks.length).toBeLessThanOrEqual(7);
      expect(place(ticks.at(-1)!)).toBe(1);
      expect(place(0)).toBe(0);
    }));
  });
  test("a logarithmic one has its values between its ends, in order", () => {
    fc.assert(fc.property(fc.double({ min: 1e-3, max: 1e6, noNaN: true }), fc.double({ min: 1.01, max: 1e6, noNaN: true }), (least, by) => {
      const { ticks } = logAxis(least, least * by);
      expect(ticks[0]!).toBeLessThanOrEqual(least * 1.001);
      expect(ticks.at(-1)!).toBeGreaterThanOrEqual(least * by * 0.999);
      expect(ticks).toEqual([...ticks].sort((a, b) => a - b));
      expect(new Set(ticks).size).toBe(ticks.length);
    }));
  });
  test("latency is logarithmic where the worst would flatten the rest", () => {
    expect(latencyAxis([10, 20, 300]).log).toBe(false);
    expect(latencyAxis([10, 20, 3_000, Number.NaN]).log).toBe(true);
    expect(latencyAxis([]).log).toBe(false);
  });
  test("time has at most nine ticks within the run", () => {
    fc.assert(fc.property(fc.integer({ min: 1, max: 10_000_000 }), (lengthS) => {
      const ticks = timeTicks(lengthS);
      expect(ticks.length).toBeLessThanOrEqual(9);
      expect(ticks.at(-1)).toBeLessThanOrEqual(lengthS);
    }));
  });
});

describe("the timeline", () => {
  test("has at most so many points, whatever the length", () => {
    fc.assert(fc.property(fc.integer({ min: 1, max: 100_000_000 }), fc.integer({ min: 2, max: 600 }), (lengthS, most) => void expect(Math.ceil(lengthS / stepFor(lengthS, most))).toBeLessThanOrEqual(most)));
  });
  test("loses no op, and counts a quiet second as zero, not as unknown", () => {
    const view = gameDay();
    const { points, stepS, lengthS } = timeline(view, 60);
    const all = points.reduce((sum, point, i) => sum + point.perSecond * Math.min(stepS, lengthS - i * stepS), 0);
    expect(all).toBeCloseTo(view.tally().count, 6);
    const quiet = timeline(new LedgerWriter().add(runLine([])).second(0, [{ phase: 0, journey: "a", step: "x", due: [5] }]).second(2, [{ phase: 0, journey: "a", step: "x", due: [7] }]).view());
    expect(quiet.points.map((point) => [point.perSecond, point.p50Ms])).toEqual([[1, 5], [0, Number.NaN], [1, 7]]);
  });
  test("a run that ends early in a second shows no fall of the rate, and still its errors", () => {
    const ledger = new LedgerWriter().add(runLine([]));
    for (const s of [0, 1, 2]) ledger.second(s, [{ phase: 0, journey: "a", step: "x", due: s === 2 ? [5] : [5, 5, 5, 5], refused: 1 }]);
    const rates = (endMs: number) => timeline(ledger.add({ k: "end", t: endMs, how: "done" }).view()).points.map((point) => [point.perSecond, point.refusedPerSecond]);
    expect(rates(2_300)).toEqual([[5, 1], [5, 1], [Number.NaN, 1]]);
    expect(rates(2_800)).toEqual([[5, 1], [5, 1], [2.5, 1]].map(([rate, refused]) => [expect.closeTo(rate!, 6), refused]));
  });
  test("a run that ended at once has finite rates", () => {
    const view = new LedgerWriter().add(runLine([])).second(0, [{ phase: 0, journey: "a", step: "x", due: [5] }]).add({ k: "end", t: 0, how: "interrupted" }).view();
    expect(timeline(view).points.map((point) => point.perSecond)).toEqual([1]);
  });
  test("adds up the users of journeys and shows a stretch's fullest second", () => {
    const view = new LedgerWriter().add(runLine([])).second(0, [], [[0, "a", 0, 0, 0, 0, 3], [0, "b", 0, 0, 0, 0, 4]]).second(1, [], [[0, "a", 0, 0, 0, 0, 1]]).add({ k: "end", t: 4_000, how: "done" }).view();
    expect(timeline(view, 2).points.map((point) => point.users)).toEqual([7, 0]);
  });
});

describe("sentences", () => {
  test("a command can be pasted, whatever the file's name", () => {
    const command = (file: string) => sayCommand(new LedgerWriter().add(runLine([], { file })).view());
    expect(command("my trials/it's.ts")).toBe(`seatrial run 'my trials/it'\\''s.ts' --on local --seed 42`);
    expect(sayCommand(new LedgerWriter().add(runLine([], { mode: "rehearse" })).view())).toBe("seatrial rehearse scenarios/game-day.ts --seed 42");
  });
  test("a verdict is one sentence that its grade and findings agree with", () => {
    const say = (grade: Grade, ...grades: readonly Grade[]) => sayVerdict(gameDay(), { grade, unhealed: [], storms: [], findings: grades.map((one, i) => finding(`f ${i}`, one)) });
    expect(say("pass", "pass")).toBe("game day held: the one check passed.");
    expect(say("pass", "pass", "pass")).toBe("game day held: all 2 checks passed.");
    expect(say("fail", "fail", "unsure", "pass", "pass")).toBe("game day did not hold: 1 check failed, 1 could not be decided, 2 passed.");
    expect(say("unsure", "unsure", "unsure", "pass")).toBe("game day is undecided: 2 checks could not be decided, 1 passed.");
    expect(say("fail", "pass")).toBe("game day did not hold, 1 passed.");
    expect(say("unsure")).toBe("Nothing was judged in game day, so nothing is known.");
  });
  test("storms are told by what was reached", () => {
    const view = gameDay();
    expect(view.storms.map((storm) => stormState(storm))).toEqual(["recovered", "overdue", "recovered", "not confirmed"]);
    expect(sayStorm(view.storms[0]!, view.phases[1]!)).toBe("struck at 25s, noticed after 180ms, whole again after 2.4s of 10s allowed, healed at 27.5s");
    expect(sayStorm({ ...view.storms[0]!, injectMs: undefined }, view.phases[1]!)).toBe("aimed at 25s, never seen to strike, healed at 27.5s");
    expect(stormState({ ...view.storms[0]!, injectMs: undefined })).toBe("never struck");
    expect(stormState({ ...view.storms[0]!, healedMs: undefined })).toBe("unhealed");
    expect(stormState({ ...view.storms[0]!, injectMs: undefined, healedMs: undefined })).toBe("unhealed");
  });
});
