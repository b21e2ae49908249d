import { describe, expect, it } from "vitest";
import type { StormFacts, SurvivalLine } from "../../src/ledger/lines.ts";
import type { StormStep } from "../../src/model/storm.ts";
import type { Grade } from "../../src/model/verdict.ts";
import { judge } from "../../src/judge/index.ts";
import { found, goodStorm, stormFacts, Trial } from "./trial.ts";

const withStorm = (steps: Partial<Record<StormStep, number>>, facts: Partial<StormFacts> = {}, judged = true) =>
  new Trial({}, [{ name: "lose a pod", judged, storm: { ...stormFacts, ...facts } }]).phase().ops().health().storm(steps).end();
const { harmed: _harmed, ...unharmed } = goodStorm;
const { recovered: _recovered, ...unrecovered } = goodStorm;
const { healed: _healed, ...unhealed } = goodStorm;

describe("recovery", () => {
  it.each<[string, Partial<Record<StormStep, number>>, Grade, string]>([
    ["in time", goodStorm, "pass", "recovered after 9s"],
    ["just in time", { ...goodStorm, recovered: 31_000 }, "pass", "recovered after 20s"],
    ["late, though nobody said overdue", { ...goodStorm, recovered: 31_001 }, "fail", "recovered after 20s, 1ms too late"],
    ["overdue, and recovered later", { ...unrecovered, overdue: 31_000, recovered: 40_000 }, "fail", "recovered after 29s, 9s too late"],
    ["overdue was said, whatever the times", { ...goodStorm, overdue: 19_000 }, "fail", "recovered after 9s, when it was overdue already"],
    ["overdue, never recovered", { ...unrecovered, overdue: 31_000, healed: 35_000 }, "fail", "not recovered by itself in 24s, 20s were allowed"],
    ["neither: the run ended first", unrecovered, "unsure", "the run ended before it was recovered or overdue"],
    ["never harmed", unharmed, "unsure", "the harm was never seen to harm anything"],
    ["never injected", { aim: 10_000, error: 10_500, healed: 11_000 }, "unsure", "the harm was aimed and never done"],
    ["never aimed", { error: 10_000 }, "unsure", "the harm was never aimed"],
    ["never reached", {}, "unsure", "the harm was never aimed"],
  ])("%s", (_name, steps, grade, observed) => {
    const verdict = judge(withStorm(steps).view());
    expect(found(verdict, "lose a pod / recovery")).toMatchObject({ grade, observed, about: "storm" });
    expect(verdict.grade).toBe(grade);
  });

  it("names steps that went wrong", () => {
    expect(found(judge(withStorm({ aim: 10_000, error: 10_500, healed: 11_000 }).view()), "lose a pod / recovery").reason).toBe("nothing was tested; error at 10.5s: no route");
  });

  it("is unsure about a storm whose phase never began", () => {
    const view = new Trial({}, [{}, { name: "lose a pod", storm: stormFacts }]).phase().ops().health().end("interrupted").view();
    expect(found(judge(view), "lose a pod / recovery").grade).toBe("unsure");
    expect(found(judge(view), "lose a pod / played").grade).toBe("unsure");
  });

  it("is unsure when somebody else healed while it was watched, and not when they healed afterwards", () => {
    const { healing, healed, ...watched } = { ...goodStorm, recovered: 13_100 };
    const heal = { k: "heal", debt: "r1/0", atMs: 13_000, healed: true } as const;
    const { recovered, ...before } = watched;
    const during = new Trial({}, [{ name: "lose a pod", storm: stormFacts }]).phase().ops().health().storm(before).add(heal).storm({ recovered, healing, healed }).end();
    expect(found(judge(during.view()), "lose a pod / recovery")).toMatchObject({ grade: "unsure", reason: expect.stringContaining("can't be told") });
    const after = new Trial({}, [{ name: "lose a pod", storm: stormFacts }]).phase().ops().health().storm(watched).add({ ...heal, atMs: 14_000 }).end();
    expect(found(judge(after.view()), "lose a pod / recovery").grade).toBe("pass");
  });

  it("is not judged in an unjudged phase", () => {
    expect(judge(withStorm(unrecovered, {}, false).view()).findings.map((one) => one.id)).not.toContain("lose a pod / recovery");
  });
});

describe("healing", () => {
  it.each([["aimed", { aim: 10_000 }], ["injected", unhealed]] as const)("harm that was %s and not healed fails and is listed", (_name, steps) => {
    const verdict = judge(withStorm(steps).view());
    expect(found(verdict, "lose a pod / healed").grade).toBe("fail");
    expect(verdict.unhealed).toEqual(["lose a pod: kills 1 pod of shop (pod shop-1), undo record r1/0"]);
  });

  it("counts in unjudged phases too", () => {
    const verdict = judge(withStorm(unhealed, {}, false).view());
    expect(verdict.grade).toBe("fail");
    expect(verdict.unhealed).toHaveLength(1);
  });

  it("passes when the run healed, and when `heal` did later", () => {
    expect(judge(withStorm(goodStorm).view())).toMatchObject({ grade: "pass", unhealed: [] });
    const later = judge(withStorm(unhealed).add({ k: "heal", debt: "r1/0", atMs: 99_000, healed: true }).view());
    expect(later).toMatchObject({ grade: "pass", unhealed: [] });
    expect(found(later, "lose a pod / healed").observed).toContain("seatrial heal");
    expect(judge(withStorm(unhealed).add({ k: "heal", debt: "r1/0", atMs: 99_000, healed: false }).view()).unhealed).toHaveLength(1);
  });

  it("asks nothing where nothing was aimed", () => {
    expect(judge(withStorm({ error: 10_000 }).view()).findings.map((one) => one.id)).not.toContain("lose a pod / healed");
  });
});

describe("survival", () => {
  const line: SurvivalLine = { k: "survival", t: 25_000, phase: 0, kind: "order", noted: 40, found: 40, lost: [], lostCount: 0, forgiven: 0, recovered: 0, unexpected: [], unexpectedCount: 0, unknown: 0 };
  const keeps = [{ kind: "order", losingMs: 10_000 }];
  it.each<[string, Partial<SurvivalLine> | undefined, Grade, string, string]>([
    ["all found", {}, "pass", "40 of 40 found", ""],
    ["one lost", { found: 39, lost: ["o7"], lostCount: 1 }, "fail", "39 of 40 found; 1 lost (o7)", ""],
    ["one that nobody asked for", { unexpected: ["x1"], unexpectedCount: 1 }, "fail", "40 of 40 found; 1 that nobody asked for (x1)", ""],
    ["one unknown", { found: 39, unknown: 1 }, "unsure", "39 of 40 found", "1 could not be read either way"],
    ["one in no count at all", { found: 39 }, "unsure", "39 of 40 found", "1 could not be read either way"],
    ["lost and unknown", { found: 38, lost: ["o7"], lostCount: 1, unknown: 1 }, "fail", "38 of 40 found; 1 lost (o7)", "1 could not be read either way"],
    ["nothing noted", { noted: 0, found: 0 }, "unsure", "0 of 0 found", "nothing was noted, so nothing was proven"],
    ["an error", { error: "down" }, "unsure", "40 of 40 found", "down"],
    ["forgiven and recovered are said", { forgiven: 2, recovered: 1 }, "pass", "40 of 40 found; 2 lost within the time that may be; 1 write there whose answer was lost", ""],
    ["no line", undefined, "unsure", "nobody looked", ""],
  ])("%s", (_name, change, grade, observed, reason) => {
    const trial = withStorm(goodStorm, { keeps });
    if (change) trial.add({ ...line, ...change });
    const verdict = judge(trial.view());
    expect(found(verdict, "lose a pod / survival / order")).toMatchObject({ grade, observed, reason, expected: "every acknowledged order is there, but for the last 10s before the harm" });
    expect(verdict.grade).toBe(grade);
  });

  it("proves nothing without harm", () => {
    expect(found(judge(withStorm(unharmed, { keeps }).add(line).view()), "lose a pod / survival / order").grade).toBe("unsure");
    expect(found(judge(withStorm(unharmed, { keeps }).view()), "lose a pod / survival / order").grade).toBe("unsure");
  });

  it("keeps kinds and phases apart", () => {
    const view = withStorm(goodStorm, { keeps }).add({ ...line, kind: "cart" }, { ...line, phase: 1 }).view();
    expect(found(judge(view), "lose a pod / survival / order").observed).toBe("nobody looked");
  });
});
