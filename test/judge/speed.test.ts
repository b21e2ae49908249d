import { expect, it } from "vitest";
import { Histogram } from "../../src/ledger/histogram.ts";
import type { Line, SecondCell } from "../../src/ledger/lines.ts";
import { ViewBuilder } from "../../src/ledger/gather.ts";
import type { Budgets, JourneyBudget } from "../../src/model/budget.ts";
import { realClock } from "../../src/units/clock.ts";
import { seeded } from "../../src/units/random.ts";
import { judge, stopQuestion } from "../../src/judge/index.ts";
import { Trial } from "./trial.ts";

const clock = realClock();
const [seconds, steps, phases] = [3_600, 20, 6];
const own: JourneyBudget = { p50: "1s", p95: "1s", p99: "1s", max: "9s", errors: "1%" };
const budget: Budgets = {
  all: { ...own, minRate: "1/s", every: "10s", abort: true },
  browse: [{ ...own, abort: true, steps: Object.fromEntries(Array.from({ length: steps }, (_, i) => [`GET /${i}`, { ...own, abort: true }])) }, { p95: "1s", from: "began" }],
};

/** An hour at 1,000 op/s over 20 steps: 72,000 packed histograms from due, and as many from begin. */
function hour(): ViewBuilder {
  const random = seeded(1);
  const packed = Array.from({ length: 200 }, () => {
    const histogram = new Histogram();
    for (let i = 0; i < 50; i++) histogram.record(50 * Math.exp(random.next() + random.next()));
    return histogram.pack();
  });
  const trial = new Trial({ budget, journeys: ["browse"] }, Array.from({ length: phases }, (_, i) => ({ name: `phase ${i}` })));
  const lines: Line[] = trial.lines;
  for (let phase = 0; phase < phases; phase++) for (let step = 0; step < steps; step++) lines.push({ k: "series", id: phase * steps + step, type: "op", phase, journey: "browse", step: `GET /${step}` });
  const length = seconds / phases;
  for (let s = 0; s < seconds; s++) {
    const phase = Math.floor(s / length);
    if (s % length === 0) lines.push({ k: "phase", t: s * 1_000, phase, at: "begin" });
    const d = Array.from({ length: steps }, (_, step): SecondCell => [phase * steps + step, 50, 0, 0, random.pick(packed), random.pick(packed)]);
    lines.push({ k: "sec", s, d, p: [[phase, "browse", 50, 0, 50, 0, 9]] }, { k: "health", s, lagMs: 1, lagMaxMs: 2, cpu: 0.3, heapMb: 90, slow: false });
    if (s % length === length - 1 && phase < phases - 1) lines.push({ k: "phase", t: (s + 1) * 1_000, phase, at: "end" });
  }
  const builder = new ViewBuilder();
  for (const line of lines) builder.add(line);
  return builder;
}

it("judges an hour at 1,000 op/s within 2 s, and answers the stop question at once", () => {
  const builder = hour();
  stopQuestion(builder.view()!);
  const asked = clock.now();
  expect(stopQuestion(builder.view()!)).toBeUndefined();
  expect(clock.now() - asked).toBeLessThan(100);

  builder.add({ k: "phase", t: seconds * 1_000, phase: phases - 1, at: "end" });
  builder.add({ k: "end", t: seconds * 1_000, how: "done" });
  const judged = clock.now();
  const verdict = judge(builder.view()!);
  const tookMs = clock.now() - judged;
  expect(verdict.grade).toBe("pass");
  expect(verdict.findings.length).toBeGreaterThan(phases * steps * 5);
  expect(tookMs).toBeLessThan(2_000);
});
