import { describe, expect, it } from "vitest";
import type { ProbeFacts, ProbeLine } from "../../src/ledger/lines.ts";
import type { Grade } from "../../src/model/verdict.ts";
import { judge } from "../../src/judge/index.ts";
import { found, Trial } from "./trial.ts";

type Reading = Partial<ProbeLine>;
const every6s = (reading: (i: number) => Reading): ProbeLine[] => Array.from({ length: 10 }, (_, i) => ({ k: "probe", t: i * 6_000, name: "orders", ...reading(i) }));
const trial = (facts: Partial<ProbeFacts>, readings: readonly ProbeLine[], phases = [{}]) =>
  new Trial({ probes: [{ name: "orders", everyMs: 6_000, ...facts }] }, phases).phase().ops().health().add(...readings).end();

describe("probes", () => {
  it.each<[string, Partial<ProbeFacts>, (i: number) => Reading, Grade, string]>([
    ["inside", { atLeast: 1, atMost: 9 }, (i) => ({ value: i === 0 ? 1 : 9 }), "pass", "from 1 to 9"],
    ["below once", { atLeast: 5 }, (i) => ({ value: i === 3 ? 4 : 5 }), "fail", "4 at 18s, the worst of 1 reading outside"],
    ["above: the worst is named", { atMost: 5 }, (i) => ({ value: i === 3 ? 7 : i === 5 ? 9 : 5 }), "fail", "9 at 30s, the worst of 2 readings outside"],
    ["not ok", {}, (i) => ({ ok: i !== 2, text: "down" }), "fail", "not ok, down at 12s, the worst of 1 reading outside"],
    ["not ok, though the value is inside", { atLeast: 1 }, (i) => ({ value: 3, ok: i !== 2 }), "fail", "3, not ok at 12s, the worst of 1 reading outside"],
    ["ok", {}, () => ({ ok: true }), "pass", "always ok"],
    ["two errors of ten", { atLeast: 1 }, (i) => (i < 2 ? { error: "timeout" } : { value: 3 }), "pass", "from 3 to 3"],
    ["three errors of ten", { atLeast: 1 }, (i) => (i < 3 ? { error: "timeout" } : { value: 3 }), "unsure", "from 3 to 3"],
    ["a reading without the value asked for is none", { atLeast: 1 }, (i) => (i < 3 ? { ok: true } : { value: 3 }), "unsure", "from 3 to 3"],
    ["errors alone", { atLeast: 1 }, () => ({ error: "timeout" }), "unsure", "no answer"],
    ["errors alone, without a limit", {}, () => ({ error: "timeout" }), "unsure", "no answer"],
    ["an error outweighs no bad reading", { atLeast: 1 }, (i) => (i === 0 ? { value: 0 } : { error: "timeout" }), "fail", "0 at 0ms, the worst of 1 reading outside"],
  ])("%s", (_name, facts, reading, grade, observed) => {
    const verdict = judge(trial(facts, every6s(reading)).view());
    expect(found(verdict, "probe / orders")).toMatchObject({ grade, observed, about: "probe" });
    expect(verdict.grade).toBe(grade);
  });

  it("counts the first and the last reading, whose times are rounded", () => {
    const edges = (t: number) => new Trial({ probes: [{ name: "orders", everyMs: 60_000, atLeast: 1, phase: 0 }] }).ops().health()
      .add({ k: "phase", t: 0.4, phase: 0, at: "begin" }, { k: "probe", t, name: "orders", phase: 0, value: 0 }, { k: "probe", t: 30_000, name: "orders", phase: 0, value: 5 }, { k: "phase", t: 59_999.6, phase: 0, at: "end" }).end();
    for (const t of [0, 60_000]) expect(found(judge(edges(t).view()), "peak / probe / orders").grade).toBe("fail");
  });

  it("without any reading is unsure", () => {
    expect(found(judge(trial({ atLeast: 1 }, []).view()), "probe / orders")).toMatchObject({ grade: "unsure", reason: "no reading in a judged phase" });
  });

  it("asks nothing when it only shows a number", () => {
    expect(judge(trial({}, every6s(() => ({ value: 3 }))).view()).findings.map((one) => one.about)).not.toContain("probe");
  });

  it("looks at judged phases alone", () => {
    const readings = every6s((i) => ({ value: i < 5 ? 0 : 3 }));
    const view = new Trial({ probes: [{ name: "orders", everyMs: 6_000, atLeast: 1 }] }, [{ name: "warm up", judged: false }, {}]).phase(0, 0, 29).phase(1, 29, 60).ops({ phase: 1 }).health().add(...readings).end().view();
    expect(found(judge(view), "probe / orders")).toMatchObject({ grade: "pass", evidence: "5 readings in judged phases" });
  });

  it("of a phase is judged by its readings there", () => {
    const readings = [0, 1].flatMap((phase) => every6s((i) => ({ phase, value: i < 5 ? 0 : 3 })));
    const of = (phase: number, judged = true) => new Trial({ probes: [{ name: "orders", everyMs: 6_000, atLeast: 1, phase }] }, [{}, { name: "storm", judged }]).phase(0, 0, 29).phase(1, 29, 60).ops().health().add(...readings).end().view();
    expect(found(judge(of(1)), "storm / probe / orders").grade).toBe("pass");
    expect(found(judge(of(0)), "peak / probe / orders").grade).toBe("fail");
    expect(found(judge(of(1)), "storm / probe / orders").evidence).toBe("5 readings in judged phases");
    expect(judge(of(1, false)).findings.map((one) => one.about)).not.toContain("probe");
  });
});
