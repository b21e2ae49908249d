import { describe, expect, it } from "vitest";
import type { Budgets } from "../../src/model/budget.ts";
import type { Grade } from "../../src/model/verdict.ts";
import { judge } from "../../src/judge/index.ts";
import { calm, found, Trial } from "./trial.ts";

const kept: Budgets = { browse: { p95: "1s", minRate: "1/s", dropped: "1%", errors: "1%" } };
const broken: Budgets = { browse: { p95: "1ms", minRate: "99/s", dropped: "0%", errors: "0%" } };
const withSlow = (budget: Budgets, slow: (s: number) => boolean) =>
  new Trial({ budget }).phase().ops({ outcome: (s) => (s === 0 ? "refused" : "ok") }).pace(1, { starts: 999, dropped: 1 }).health(0, 60, slow).end();

describe("the generator", () => {
  it.each<[string, number, Grade]>([["no slow second", 0, "pass"], ["3 of 60", 3, "pass"], ["4 of 60", 4, "unsure"]])("%s", (_name, slow, grade) => {
    expect(found(judge(withSlow(kept, (s) => s < slow).view()), "generator").grade).toBe(grade);
  });

  it("counts judged seconds alone", () => {
    const view = new Trial({ budget: kept }, [{ name: "warm up", judged: false }, { name: "peak" }]).phase(0, 0, 30).phase(1, 30, 60).ops({ phase: 1, fromS: 30 }).health(0, 60, (s) => s < 30).end().view();
    expect(found(judge(view), "generator")).toMatchObject({ grade: "pass", evidence: "30 health lines of 30 judged seconds" });
  });

  it("is unsure when nobody looked, or looked away", () => {
    const trial = (toS: number, healthToS: number) => new Trial().phase(0, 0, toS).ops({ toS }).health(0, healthToS).end("done", toS * 1_000).view();
    expect(found(judge(trial(4, 0)), "generator").grade).toBe("unsure");
    expect(found(judge(trial(60, 40)), "generator").grade).toBe("unsure");
    expect(found(judge(trial(60, 59)), "generator").grade).toBe("pass");
    expect(found(judge(trial(3, 0)), "generator").grade).toBe("pass");
  });

  it("a second that left no line was slow, and so is the one with its backlog", () => {
    const at = (missing: number) => judge(new Trial({ budget: kept }).phase().ops().health(0, 10).health(10 + missing, 60).end().view());
    expect(found(at(2), "generator")).toMatchObject({ grade: "pass", observed: "3 slow seconds (5%)" });
    expect(found(at(3), "generator")).toMatchObject({ grade: "unsure", observed: "4 slow seconds (6.67%)" });
    expect(found(at(3), "peak / browse / p95").grade).toBe("unsure");
  });

  it("needs no health in virtual time", () => {
    const view = new Trial({ mode: "rehearse" }).phase().ops().end().view();
    expect(found(judge(view), "generator").grade).toBe("pass");
  });

  it.each(["p95", "minRate", "dropped"])("%s that rests on slow seconds is unsure, kept or broken", (limit) => {
    const at = (budget: Budgets, slow: number) => found(judge(withSlow(budget, (s) => s > 0 && s <= slow).view()), `peak / browse / ${limit}`);
    expect(at(kept, 4)).toMatchObject({ grade: "unsure", reason: expect.stringContaining("generator could not keep up") });
    expect(at(broken, 4).grade).toBe("unsure");
    if (limit !== "p95") {
      expect(at(kept, 3).grade).toBe("pass");
      expect(at(broken, 3).grade).toBe("fail");
    }
    expect(at(kept, 2).grade).toBe("pass");
    expect(at(broken, 2).grade).toBe("fail");
  });

  it("errors are errors, however slow the generator was", () => {
    expect(found(judge(withSlow(broken, () => true).view()), "peak / browse / errors").grade).toBe("fail");
    expect(found(judge(withSlow(kept, () => true).view()), "peak / browse / errors").grade).toBe("fail");
  });

  it("a broken window rests on itself alone, kept ones on all of them", () => {
    const at = (slow: (s: number) => boolean, slowOpsAt: number) =>
      found(judge(new Trial({ budget: { browse: { max: "500ms", every: "10s" } } }).phase().ops({ ms: (s) => (s === slowOpsAt ? 900 : 100) }).health(0, 60, slow).end().view()), "peak / browse / max every 10s").grade;
    expect(at((s) => s === 25, 25)).toBe("unsure");
    expect(at((s) => s === 25, 45)).toBe("fail");
    expect(at((s) => s === 25, -1)).toBe("pass");
    expect(at((s) => s % 10 === 5, -1)).toBe("unsure");
  });

  it("a second is slow when any shard of it was", () => {
    const trial = calm(kept);
    for (let s = 0; s < 6; s++) trial.add({ k: "health", s, lagMs: 90, lagMaxMs: 300, cpu: 1, heapMb: 50, slow: true });
    expect(found(judge(trial.view()), "generator").grade).toBe("unsure");
  });
});
