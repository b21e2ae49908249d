import { describe, expect, it } from "vitest";
import { judge } from "../../src/judge/index.ts";
import type { Budgets } from "../../src/model/budget.ts";
import { calm, found, Trial, viewOf } from "./trial.ts";

const kept = { browse: { p95: "1s" } } as const;

describe("the run", () => {
  it("passes when it was played to its end", () => {
    const verdict = judge(calm(kept).view());
    expect(verdict.grade).toBe("pass");
    expect(found(verdict, "run").observed).toBe("done after 1m");
  });

  it("is unsure when its ledger has no end", () => {
    const verdict = judge(new Trial({ budget: kept }).phase().ops().health().view());
    expect(found(verdict, "run")).toMatchObject({ grade: "unsure", observed: "the run was cut: its ledger ends at 1m" });
    expect(verdict.grade).toBe("unsure");
  });

  it.each(["aborted", "interrupted", "failed"] as const)("is unsure when it was %s", (how) => {
    const verdict = judge(new Trial({ budget: kept }).phase().ops().health().end(how, 60_000, "why").view());
    expect(found(verdict, "run")).toMatchObject({ grade: "unsure", observed: `${how} after 1m`, reason: "why" });
    expect(verdict.grade).toBe("unsure");
  });

  it("an aborted run fails by the budget that aborted it", () => {
    expect(judge(new Trial({ budget: { browse: { p95: "1ms" } } }).phase().ops().health().end("aborted").view()).grade).toBe("fail");
  });

  it("tells a torn last line from a hole", () => {
    const torn = judge(calm(kept).view(["the torn last line of a.ndjson was dropped"]));
    expect(found(torn, "ledger").grade).toBe("pass");
    expect(torn.grade).toBe("pass");
    expect(found(judge(calm(kept).view(["line 7 of a.ndjson is unreadable"])), "ledger").grade).toBe("unsure");
    expect(judge(calm(kept).view(["the torn last line of a.ndjson was dropped", "line 7 of a.ndjson is unreadable"])).grade).toBe("unsure");
  });

  it("is unsure about judged phases that never began or never ended", () => {
    const trial = () => new Trial({ budget: kept }, [{}, { name: "later" }, { name: "unjudged", judged: false }]).phase().ops().health();
    expect(found(judge(trial().end().view()), "later / played")).toMatchObject({ grade: "unsure", observed: "it never began" });
    const half = judge(trial().add({ k: "phase", t: 60_000, phase: 1, at: "begin" }).end().view());
    expect(found(half, "later / played")).toMatchObject({ grade: "unsure", observed: "begun at 1m, never ended" });
    expect(half.findings.map((one) => one.id)).not.toContain("unjudged / played");
  });

  it("says how many walks were cut, and is unsure beyond 5 %", () => {
    const cut = (count: number) => found(judge(calm(kept).pace(59, { ended: 100 - count, cut: count }).view()), "peak / cut walks");
    expect(cut(5)).toMatchObject({ grade: "pass", observed: "5 walks cut (5%)" });
    expect(cut(6)).toMatchObject({ grade: "unsure", observed: "6 walks cut (6%)" });
  });

  it.each([
    ["any cut walk, where a maximum is asked", { max: "1s" }, 1, "unsure"],
    ["more cut walks than the ceiling on errors allows failures", { errors: "1%" }, 2, "unsure"],
    ["no more cut walks than that", { errors: "1%" }, 1, "pass"],
    ["a step's ceiling, too", { steps: { "GET /items": { errors: "0%" } } }, 1, "unsure"],
    ["and one of whole walks", { walk: { max: "1s" } }, 1, "unsure"],
  ] as const)("cut walks can't hide under a budget they might have broken: %s", (_name, budget, count, grade) => {
    const verdict = judge(calm({ browse: budget }).pace(59, { starts: 100, ended: 100 - count, cut: count }).view());
    expect(found(verdict, "peak / cut walks").grade).toBe(grade);
    expect(verdict.grade).toBe(grade);
  });

  it("is unsure about a journey that was walked and touched nothing, whatever others touched", () => {
    const touchless = (more: (trial: Trial) => Trial) => judge(more(new Trial({ budget: { all: { errors: "1%" } } }).phase().ops().ops({ journey: "buy", step: "", type: "walk" })).health().end().view());
    const verdict = touchless((trial) => trial);
    expect(found(verdict, "peak / buy / touches")).toMatchObject({ grade: "unsure", observed: "none in 600 walks" });
    expect(verdict.grade).toBe("unsure");
    for (const type of ["op", "group"] as const) expect(touchless((trial) => trial.ops({ journey: "buy", type })).grade).toBe("pass");
  });

  describe("dropped starts", () => {
    const dropping = (dropped: number, budget: Budgets = kept) => judge(calm(budget).pace(10, { starts: 100 - dropped, dropped, ended: 100 - dropped }).view());

    it("beyond 5 % are unsure where no ceiling says how many may be", () => {
      expect(found(dropping(6), "peak / browse / dropped starts")).toMatchObject({ grade: "unsure", observed: "6 starts dropped (6%)" });
      expect(dropping(6).grade).toBe("unsure");
      expect(dropping(5).grade).toBe("pass");
    });

    it.each([["of the journey", { browse: { dropped: "10%" } }], ["of all", { ...kept, all: { dropped: "10%" } }]] as const)("are the ceiling's matter where there is one %s", (_name, budget) => {
      expect(dropping(6, budget).grade).toBe("pass");
      expect(dropping(11, budget).grade).toBe("fail");
    });
  });

  it("is unsure when the run itself told of an error", () => {
    const verdict = judge(calm(kept).add({ k: "say", t: 5, level: "error", text: "the pace of browse broke" }).view());
    expect(found(verdict, "errors of the run")).toMatchObject({ grade: "unsure", observed: "the pace of browse broke" });
    expect(verdict.grade).toBe("unsure");
    expect(judge(calm(kept).add({ k: "say", t: 5, level: "warning", text: "slow" }).view()).grade).toBe("pass");
  });

  it("is unsure when ledgers of different scenarios were put together", () => {
    const other = calm(kept, {}, { run: "r9", scenario: "another" }).lines;
    expect(judge(viewOf([...calm(kept).lines, ...other])).grade).toBe("unsure");
    expect(judge(viewOf([...calm(kept).lines, ...calm(kept, {}, { run: "r2" }).lines])).grade).toBe("pass");
  });

  it("is unsure when nothing was asked", () => {
    const verdict = judge(calm({}).view());
    expect(found(verdict, "asked").grade).toBe("unsure");
    expect(verdict.grade).toBe("unsure");
  });
});
