import { expect, test } from "vitest";
import { json } from "../../reports/json/index.ts";
import type { Summary } from "../../reports/json/summary.ts";
import type { LedgerView } from "../../src/ledger/view.ts";
import type { Verdict } from "../../src/model/verdict.ts";
import { gameDay, gameDayVerdict, hostile } from "./game-day.ts";
import { poorCases } from "./poor.ts";

const read = (view: LedgerView, verdict: Verdict): Summary => JSON.parse(json.render(view, verdict).files["summary.json"] as string);

test("carries verdict, findings, numbers, storms and survival", () => {
  const view = gameDay();
  const summary = read(view, gameDayVerdict);
  expect(summary).toMatchObject({ format: "seatrial-summary", version: 1, verdict: { grade: "fail" }, run: { seed: 42, startedAt: "2026-11-23T11:00:00.000Z", end: { how: "done" } } });
  expect(summary.findings.map((one) => one.id)).toEqual(gameDayVerdict.findings.map((one) => one.id));
  expect(summary.phases[2]!.storm).toMatchObject({ injectMs: 44_100, harmedMs: 44_900, recoveredMs: null, overdueMs: 64_100, healedMs: 66_300, healedBy: "run" });
  expect(summary.survivals[0]).toMatchObject({ phase: "lose the data", kind: "order", lostCount: 1, lost: [`o-${hostile.markup}`] });
});

test("agrees with the ledger's own sums, for the run and in every phase", () => {
  const view = gameDay();
  const summary = read(view, gameDayVerdict);
  const whole = view.tally();
  expect(summary.total).toMatchObject({ count: whole.count, ok: whole.ok, refused: whole.refused, due: { p95Ms: whole.due.quantileMs(0.95), maxMs: whole.due.maxMs }, began: { p95Ms: whole.began.quantileMs(0.95) } });
  summary.phases.forEach((phase, index) => {
    expect(phase.total.count).toBe(view.tally({ phase: index }).count);
    const step = phase.rows.find((row) => row.type === "op" && row.step === "GET /items/:item")!;
    const tally = view.tally({ phase: index, journey: "browse", step: "GET /items/:item", type: "op" });
    expect(step).toMatchObject({ count: tally.count, due: { p99Ms: tally.due.quantileMs(0.99) }, began: { p50Ms: tally.began.quantileMs(0.5) } });
  });
});

test("does not count a group or a walk as ops of its journey", () => {
  const summary = read(gameDay(), gameDayVerdict);
  const buy = summary.rows.filter((row) => row.journey === hostile.journey);
  expect(buy.map((row) => row.type)).toEqual(["all", "walk", "group", "op"]);
  expect(buy[0]!.count).toBe(buy[3]!.count);
});

test.each(Object.entries(poorCases))("%s has null where nothing was measured, never a zero or NaN", (name, make) => {
  const { view, verdict } = make();
  const summary = read(view, verdict);
  expect(summary.run.end === null).toBe(name !== "noSamples");
  if (name !== "torn") expect(summary.total).toMatchObject({ count: 0, errors: null, perSecond: null, due: { p95Ms: null, maxMs: null, meanMs: null } });
});
