import { describe, expect, it } from "vitest";
import type { JourneyBudget } from "../../src/model/budget.ts";
import { judge } from "../../src/judge/index.ts";
import { windowsOf } from "../../src/judge/stretch.ts";
import { calm, found, type Ops, Trial } from "./trial.ts";

describe("windows of a phase", () => {
  const cut = (fromMs: number, toMs: number, everyMs: number) => {
    const trial = new Trial();
    trial.add({ k: "phase", t: fromMs, phase: 0, at: "begin" }, { k: "phase", t: toMs, phase: 0, at: "end" });
    const view = trial.view();
    return windowsOf(view, view.phases[0]!, everyMs).map(({ fromS, toS, lengthMs }) => [fromS, toS, lengthMs]);
  };
  it.each<[string, number, number, number, number[][]]>([
    ["even", 0, 30_000, 10_000, [[0, 10, 10_000], [10, 20, 10_000], [20, 30, 10_000]]],
    ["a long rest is a window", 0, 25_000, 10_000, [[0, 10, 10_000], [10, 20, 10_000], [20, 25, 5_000]]],
    ["a short rest joins the one before", 0, 24_000, 10_000, [[0, 10, 10_000], [10, 24, 14_000]]],
    ["a phase shorter than a window is one", 0, 3_000, 10_000, [[0, 3, 3_000]]],
    ["whole seconds overhang, lengths do not", 500, 19_500, 10_000, [[0, 10, 9_500], [10, 20, 9_500]]],
    ["parts of a second count as one", 0, 2_000, 200, [[0, 1, 1_000], [1, 2, 1_000]]],
  ])("%s", (_name, fromMs, toMs, everyMs, expected) => {
    expect(cut(fromMs, toMs, everyMs)).toEqual(expected);
  });
});

describe("a limit in every window", () => {
  const seen = (budget: JourneyBudget, ops: Ops, limit: string) => found(judge(calm({ browse: budget }, ops).view()), `peak / browse / ${limit} every 10s`);

  it("finds a final crash that the average drowns", () => {
    const ops: Ops = { outcome: (s) => (s >= 57 ? "refused" : "ok") };
    expect(judge(calm({ browse: { errors: "10%" } }, ops).view()).grade).toBe("pass");
    expect(seen({ errors: "10%", every: "10s" }, ops, "errors")).toMatchObject({
      grade: "fail", expected: "errors ≤ 10%, every 10s",
      observed: "errors = 30% (30 of 100 ops) in the window from 50s to 1m of the phase, the worst of 6",
      evidence: "100 ops in seconds 50–60 of the ledger",
    });
  });

  it("passes when all keep it, and names the worst all the same", () => {
    const told = seen({ max: "1s", every: "10s" }, { ms: (s) => (s === 25 ? 900 : 100) }, "max");
    expect(told).toMatchObject({ grade: "pass", observed: "max = 900ms in the window from 20s to 30s of the phase, the worst of 6" });
  });

  it("is unsure about a window without samples", () => {
    expect(seen({ max: "1s", every: "10s" }, { toS: 50 }, "max")).toMatchObject({ grade: "unsure", observed: expect.stringContaining("no samples in the window from 50s") });
  });

  it("a broken window outweighs an empty one", () => {
    expect(seen({ max: "1s", every: "10s" }, { toS: 50, ms: (s) => (s === 3 ? 2_000 : 100) }, "max")).toMatchObject({ grade: "fail", observed: expect.stringContaining("from 0ms to 10s") });
  });

  it("holds a rate by the window's own length", () => {
    expect(seen({ minRate: "10/s", every: "10s" }, {}, "minRate").grade).toBe("pass");
    expect(seen({ minRate: "10/s", every: "10s" }, { outcome: (s, i) => (s === 12 && i === 0 ? "refused" : "ok") }, "minRate")).toMatchObject({ grade: "fail", observed: expect.stringContaining("from 10s to 20s") });
  });

  it("counts dropped starts by window", () => {
    const view = calm({ browse: { dropped: "10%", every: "10s" } });
    for (let s = 0; s < 60; s++) view.pace(s, { starts: 10, dropped: s === 33 ? 15 : 0 });
    expect(found(judge(view.view()), "peak / browse / dropped every 10s")).toMatchObject({ grade: "fail", observed: expect.stringContaining("(15 of 115 starts) in the window from 30s to 40s") });
  });

  it("holds walks and steps in their windows", () => {
    const slowAt42: Ops = { ms: (s) => (s === 42 ? 900 : 100) };
    expect(found(judge(calm({ browse: { steps: { "/items": { max: "500ms", every: "20s" } } } }, slowAt42).view()), "peak / browse / /items / max every 20s").observed).toContain("from 40s to 1m");
    expect(found(judge(calm({ browse: { walk: { max: "500ms", every: "20s" } } }, { ...slowAt42, type: "walk", step: "" }).view()), "peak / browse / walk / max every 20s").grade).toBe("fail");
  });

  it("counts what ended in the grace to the last window", () => {
    const view = calm({ browse: { max: "1s", every: "10s" } }).ops({ step: "late", fromS: 61, toS: 62, ms: 5_000 }).view();
    expect(found(judge(view), "peak / browse / max every 10s")).toMatchObject({ grade: "fail", observed: expect.stringContaining("from 50s to 1m") });
  });

  it("keeps several windows of one limit apart", () => {
    const ids = judge(calm({ browse: [{ max: "1s", every: "10s" }, { max: "1s", every: "20s" }, { max: "1s" }] }).view()).findings.map((one) => one.id);
    expect(ids).toEqual(expect.arrayContaining(["peak / browse / max every 10s #1", "peak / browse / max every 20s #2", "peak / browse / max #3"]));
  });
});
