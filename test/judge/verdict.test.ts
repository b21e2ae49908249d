import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Line } from "../../src/ledger/lines.ts";
import type { Budgets } from "../../src/model/budget.ts";
import type { Outcome } from "../../src/model/op.ts";
import type { Grade } from "../../src/model/verdict.ts";
import { judge } from "../../src/judge/index.ts";
import { calm, found, goodStorm, stormFacts, Trial, viewOf } from "./trial.ts";

const rank: Readonly<Record<Grade, number>> = { pass: 0, unsure: 1, fail: 2 };

/** A whole game day in which everything went well. */
function gameDay(): Trial {
  const budget: Budgets = { browse: { p95: "200ms", errors: "2%", minRate: "5/s", every: "10s" }, all: { dropped: "1%", max: "1s" } };
  const keeps = [{ kind: "order", losingMs: 0 }];
  const trial = new Trial({ budget, probes: [{ name: "orders", everyMs: 5_000, atLeast: 1 }] }, [{ load: ["browse"] }, { name: "storm", storm: { ...stormFacts, keeps }, load: ["browse"] }]);
  trial.phase(0, 0, 10).ops({ toS: 10 }).phase(1, 10, 60).ops({ phase: 1, fromS: 10 }).pace(2, { starts: 9 }).pace(20, { phase: 1, starts: 9, ended: 9 });
  trial.storm(goodStorm, 1).add({ k: "probe", t: 30_000, name: "orders", value: 3 }).health();
  trial.add({ k: "survival", t: 25_000, phase: 1, kind: "order", noted: 4, found: 4, lost: [], lostCount: 0, forgiven: 0, recovered: 0, unexpected: [], unexpectedCount: 0, unknown: 0 });
  return trial.end();
}

describe("a verdict", () => {
  it("passes when everything asked was kept", () => {
    const verdict = judge(gameDay().view());
    expect(verdict.findings.filter((one) => one.grade !== "pass")).toEqual([]);
    expect(verdict).toMatchObject({ grade: "pass", unhealed: [] });
  });

  it("is its worst finding", () => {
    expect(judge(calm({ browse: [{ p50: "1s" }, { p50: "1ms" }], buy: { p50: "1s" } }).view()).grade).toBe("fail");
    expect(judge(calm({ browse: { p50: "1s" }, buy: { p50: "1s" } }).view()).grade).toBe("unsure");
  });

  it("has unique ids, a reason or plain words, and evidence", () => {
    const { findings } = judge(gameDay().view(), { baseline: { view: gameDay().view() } });
    expect(new Set(findings.map((one) => one.id)).size).toBe(findings.length);
    for (const one of findings) expect(one.expected && one.observed, one.id).toBeTruthy();
  });

  it("throws the unit's error, with its place, for a limit that is none", () => {
    expect(() => judge(calm({ browse: { steps: { "/items": { p95: "200 sec" as never } } } }).view())).toThrow(expect.objectContaining({ code: "SEA_UNIT_DURATION", place: 'budget.browse.steps["/items"].p95' }));
  });

  it("is the same whenever it is asked, and leaves the ledger as it was", () => {
    const view = gameDay().view();
    const before = JSON.stringify(view);
    expect(judge(view)).toEqual(judge(view));
    expect(judge(view)).toEqual(judge(gameDay().view()));
    expect(JSON.stringify(view)).toBe(before);
  });

  it("does not pass when any evidence is left out", () => {
    const { lines } = gameDay();
    const without = (drop: (line: Line) => boolean) => judge(viewOf(lines.filter((line) => !drop(line)))).grade;
    const storm = (step: string) => (line: Line) => line.k === "storm" && line.step === step;
    const drops: Readonly<Record<string, (line: Line) => boolean>> = {
      end: (line) => line.k === "end", survival: (line) => line.k === "survival", probes: (line) => line.k === "probe", health: (line) => line.k === "health",
      seconds: (line) => line.k === "sec", series: (line) => line.k === "series", pace: (line) => line.k === "sec" && line.p.length > 0,
      "a window's seconds": (line) => line.k === "sec" && line.d.length > 0 && line.s >= 20 && line.s < 30,
      "phase begins": (line) => line.k === "phase" && line.at === "begin", "phase ends": (line) => line.k === "phase" && line.at === "end",
      storm: (line) => line.k === "storm", aim: storm("aim"), inject: storm("inject"), harmed: storm("harmed"), recovered: storm("recovered"), healed: storm("healed"),
    };
    for (const [name, drop] of Object.entries(drops)) expect([name, without(drop)]).not.toEqual([name, "pass"]);
  });

  it("no line that is missing turns missing evidence into a pass", () => {
    const dropped = (lines: readonly Line[], at: number) => judge(viewOf(lines.filter((_line, index) => index !== at)));
    const incomplete = gameDay().lines.filter((line) => line.k !== "survival" && !(line.k === "storm" && line.step === "recovered"));
    fc.assert(fc.property(fc.integer({ min: 1, max: incomplete.length - 1 }), (at) => {
      const verdict = dropped(incomplete, at);
      expect(found(verdict, "storm / survival / order").grade).not.toBe("pass");
      expect(found(verdict, "storm / recovery").grade).not.toBe("pass");
    }), { numRuns: 60 });
  });
});

describe("one failing op more", () => {
  const limits = fc.record({
    p95: fc.constantFrom("50ms" as const, "200ms" as const, "600ms" as const), max: fc.constantFrom("200ms" as const, "1s" as const),
    errors: fc.constantFrom("0%" as const, "1%" as const, "10%" as const), minRate: fc.constantFrom("1/s" as const, "5/s" as const),
  });
  const op = fc.record({ s: fc.nat(19), ms: fc.constantFrom(20, 100, 500, 900), outcome: fc.constantFrom("ok" as const, "refused" as const, "unsure" as const) });

  it("never improves a grade", () => {
    fc.assert(fc.property(limits, fc.array(op, { maxLength: 60 }), fc.nat(19), fc.boolean(), (budget, ops, s, windowed) => {
      const graded = (list: readonly { readonly s: number; readonly ms: number; readonly outcome: Outcome }[]) => {
        const trial = new Trial({ budget: { browse: { ...budget, ...(windowed && { every: "5s" }) } } }, [{ load: ["browse"] }]).phase(0, 0, 20).health(0, 20);
        list.forEach((one) => trial.ops({ fromS: one.s, toS: one.s + 1, perSecond: 1, ms: one.ms, outcome: () => one.outcome }));
        return judge(trial.end("done", 20_000).view()).findings;
      };
      const [before, after] = [graded(ops), graded([...ops, { s, ms: 0, outcome: "refused" }])];
      after.forEach((one, index) => expect([one.id, rank[one.grade]]).toEqual([one.id, Math.max(rank[one.grade], rank[before[index]!.grade])]));
    }), { numRuns: 150 });
  });
});
