import { describe, expect, it } from "vitest";
import { ViewBuilder } from "../../src/ledger/gather.ts";
import type { Budgets, JourneyBudget } from "../../src/model/budget.ts";
import { stopQuestion } from "../../src/judge/index.ts";
import { type Ops, Trial } from "./trial.ts";

/** A run under way: so many seconds of a phase that has not ended. */
const underWay = (budget: Budgets, seconds: number, ops: Ops = {}, facts: { judged?: boolean; budget?: Budgets } = {}) =>
  new Trial({ budget }, [facts]).add({ k: "phase", t: 0, phase: 0, at: "begin" }).ops({ toS: seconds, ...ops }).health(0, seconds)
    .add({ k: "probe", t: seconds * 1_000, name: "beat" });
const ask = (budget: JourneyBudget, seconds: number, ops: Ops = {}) => stopQuestion(underWay({ browse: budget }, seconds, ops).view());
const failing: Ops = { outcome: (_s, i) => (i === 0 ? "refused" : "ok") };

describe("the stop question", () => {
  it("answers why, once a budget that aborts is broken", () => {
    expect(ask({ errors: "5%", abort: true }, 10, failing)).toBe("peak / browse: errors = 10% (10 of 100 ops), asked for errors ≤ 5%");
    expect(ask({ errors: "10%", abort: true }, 10, failing)).toBeUndefined();
  });

  it("asks only budgets that abort", () => {
    expect(ask({ errors: "5%" }, 10, failing)).toBeUndefined();
    expect(ask({ errors: "5%", abort: false }, 10, failing)).toBeUndefined();
    expect(ask({ errors: "5%", walk: { p95: "1s", abort: true } }, 10, failing)).toBeUndefined();
    expect(ask({ steps: { "/items": { errors: "5%", abort: true } } }, 10, failing)).toContain("peak / browse / /items");
  });

  it("waits for `after`, counted from the phase's begin", () => {
    expect(ask({ errors: "5%", abort: { after: "11s" } }, 10, failing)).toBeUndefined();
    expect(ask({ errors: "5%", abort: { after: "10s" } }, 10, failing)).toBeDefined();
  });

  it("wants enough to rest on, unless it can't come right again", () => {
    const first: Ops = { outcome: (s, i) => (s + i === 0 ? "refused" : "ok") };
    expect(ask({ errors: "5%", abort: true }, 1, first)).toBeUndefined();
    expect(ask({ errors: "1%", abort: true }, 9, { outcome: (s, i) => (s === 0 && i < 2 ? "refused" : "ok") })).toBeUndefined();
    expect(ask({ errors: "1%", abort: true }, 10, { outcome: (s, i) => (s === 0 && i < 2 ? "refused" : "ok") })).toBeDefined();
    expect(ask({ errors: "0%", abort: true }, 1, first)).toBeDefined();
    expect(ask({ p95: "50ms", abort: true }, 1)).toBeUndefined();
    expect(ask({ p95: "50ms", abort: true }, 2)).toBeDefined();
    expect(ask({ max: "50ms", abort: true }, 1, { perSecond: 1 })).toBeDefined();
    expect(ask({ mean: "50ms", abort: true }, 1)).toBeUndefined();
    expect(ask({ mean: "50ms", abort: true }, 2)).toBeDefined();
    expect(ask({ minRate: "99/s", abort: true }, 10)).toBeUndefined();
    expect(ask({ minRate: "99/s", abort: true }, 11)).toBeDefined();
  });

  it("stops for dropped starts", () => {
    const view = underWay({ browse: { dropped: "0%", abort: true } }, 3).pace(1, { starts: 5, dropped: 1 }).view();
    expect(stopQuestion(view)).toContain("dropped = 16.7% (1 of 6 starts)");
  });

  it("a broken window stops it when it is over, and no sooner", () => {
    const late: Ops = { outcome: (s) => (s === 12 ? "refused" : "ok") };
    const budget: JourneyBudget = { errors: "5%", every: "10s", abort: true };
    expect(ask(budget, 20, late)).toBeUndefined();
    expect(ask(budget, 21, late)).toContain("errors = 10% (10 of 100 ops)");
    expect(ask(budget, 31, late)).toBeDefined();
    expect(ask(budget, 15, {})).toBeUndefined();
    expect(ask({ ...budget, minRate: "10/s" }, 25, {})).toBeUndefined();
  });

  it("does not blame the service for a slow generator", () => {
    const trial = (slow: boolean) => new Trial({ budget: { browse: { p95: "50ms", abort: true } } }).add({ k: "phase", t: 0, phase: 0, at: "begin" }).ops({ toS: 10 }).health(0, 10, () => slow);
    expect(stopQuestion(trial(false).view())).toBeDefined();
    expect(stopQuestion(trial(true).view())).toBeUndefined();
  });

  it("looks at the phase that is played now, under its own budget", () => {
    const aborting: Budgets = { browse: { errors: "5%", abort: true } };
    expect(stopQuestion(underWay(aborting, 10, failing, { judged: false }).view())).toBeUndefined();
    expect(stopQuestion(underWay(aborting, 10, failing, { budget: { browse: { errors: "20%", abort: true } } }).view())).toBeUndefined();
    expect(stopQuestion(underWay({}, 10, failing, { budget: aborting }).view())).toBeDefined();
    expect(stopQuestion(underWay({}, 10, failing).view(), { budgets: aborting })).toBeDefined();
    expect(stopQuestion(underWay(aborting, 10, failing).add({ k: "phase", t: 10_000, phase: 0, at: "end" }).view())).toBeUndefined();
    expect(stopQuestion(new Trial({ budget: aborting }).view())).toBeUndefined();
  });

  it("sees what came since it was asked before", () => {
    const builder = new ViewBuilder();
    const later = new Trial().ops({ fromS: 5, toS: 6, ms: 900 }).lines.filter((line) => line.k === "sec");
    for (const line of underWay({ browse: { max: "500ms", abort: true } }, 5).lines) builder.add(line);
    expect(stopQuestion(builder.view()!)).toBeUndefined();
    for (const line of later) builder.add(line);
    expect(stopQuestion(builder.view()!)).toContain("max = 900ms");
  });
});
