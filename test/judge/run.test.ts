import { describe, expect, it } from "vitest";
import { judge } from "../../src/judge/index.ts";
import { calm, found, Trial } from "./trial.ts";

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

  it("is unsure when nothing was asked", () => {
    const verdict = judge(calm({}).view());
    expect(found(verdict, "asked").grade).toBe("unsure");
    expect(verdict.grade).toBe("unsure");
  });
});
