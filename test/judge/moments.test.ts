import { describe, expect, it } from "vitest";
import { judge } from "../../src/judge/index.ts";
import type { RunLine, SightLine } from "../../src/ledger/lines.ts";
import { goodStorm, stormFacts, Trial, type Ops } from "./trial.ts";

const phases = [{ name: "lose a pod", storm: stormFacts }];
const sight = (t: number, turn: SightLine["turn"], name: string, more: Partial<SightLine> = {}): SightLine => ({ k: "sight", t, phase: 0, what: "pod", name, turn, of: "shop", ...more });

/** A minute with a storm that struck at 11 s; failures carry their times within the second. */
function stormy(ops: Ops = {}, { sights = [], budget = {}, toS = 60 }: { sights?: readonly SightLine[]; budget?: RunLine["budget"]; toS?: number } = {}) {
  const trial = new Trial({ budget }, phases).phase(0, 0, toS).ops({ toS, ...ops }).health(0, toS).storm(goodStorm).add(...sights).end("done", toS * 1_000);
  for (const line of [...trial.lines]) {
    if (line.k !== "sec") continue;
    for (const [id, , refused, unsure] of line.d) if (refused + unsure > 0) Object.assign(line, { b: [[id, line.s * 1_000 + 250, line.s * 1_000 + 750]] });
  }
  return trial;
}
const momentsOf = (trial: Trial, name: string) => judge(trial.view()).storms[0]!.moments.find((one) => one.name === name);
const failsIn = (...seconds: number[]): Ops => ({ outcome: (s, i) => (seconds.includes(s) && i < 5 ? "refused" : "ok") });

describe("the moments of a storm", () => {
  it("come from the storm's own lines", () => {
    const trial = stormy();
    expect(momentsOf(trial, "requested")).toMatchObject({ t: 11_000 });
    expect(momentsOf(trial, "injected")).toMatchObject({ t: 11_500 });
    expect(momentsOf(trial, "removed")).toMatchObject({ t: 22_000 });
  });

  it("are none for a storm that never struck", () => {
    const { inject: _inject, ...unstruck } = goodStorm;
    expect(judge(new Trial({}, phases).phase().ops().health().storm(unstruck).end().view()).storms).toEqual([]);
  });

  it("the first bad answer is the first failure after the strike, to the millisecond", () => {
    expect(momentsOf(stormy(failsIn(5, 14, 15)), "first bad answer")).toEqual({ name: "first bad answer", t: 14_250, text: "browse: GET /items" });
    expect(momentsOf(stormy(), "first bad answer")).toEqual({ name: "first bad answer", t: undefined, text: "no client got one" });
  });

  it("in the second of the strike, a failure before it is not the storm's", () => {
    const trial = stormy(failsIn(11));
    for (const line of trial.lines) if (line.k === "sec" && line.b) Object.assign(line, { b: [[line.b[0]![0], 10_900, 11_300]] });
    expect(momentsOf(trial, "first bad answer")).toMatchObject({ t: 11_300 });
  });

  it("noticed and replaced are what the cluster was seen to do, after the strike and until it was whole", () => {
    const sights = [sight(4_000, "gone", "old"), sight(11_080, "gone", "shop-1"), sight(12_000, "came", "shop-2"), sight(19_950, "ready", "shop-2"), sight(30_000, "ready", "late")];
    expect(momentsOf(stormy({}, { sights }), "noticed")).toEqual({ name: "noticed", t: 11_080, text: "pod shop-1 of shop gone" });
    expect(momentsOf(stormy({}, { sights }), "replaced")).toEqual({ name: "replaced", t: 19_950, text: "pod shop-2 of shop ready" });
    expect(momentsOf(stormy(), "noticed")).toMatchObject({ t: undefined });
    expect(momentsOf(stormy(), "replaced")).toMatchObject({ t: undefined });
  });

  it("clients are back with the last failure that broke a second's budget", () => {
    const budget = { browse: { errors: "10%" } } as const;
    // Half of the touches fail in seconds 14 and 16; one of ten in 40 is within the budget.
    const outcome: Ops["outcome"] = (s, i) => ((s === 14 || s === 16) && i < 5 ? "refused" : s === 40 && i === 0 ? "refused" : "ok");
    expect(momentsOf(stormy({ outcome }, { budget }), "clients back")).toEqual({ name: "clients back", t: 16_750, text: "after 2 bad seconds, the last: browse: errors = 50% (5 of 10 ops)" });
  });

  it("without a ceiling on errors, every failure counts", () => {
    expect(momentsOf(stormy(failsIn(14)), "clients back")).toMatchObject({ t: 14_750 });
  });

  it("latency breaks a second to its end", () => {
    const ms: Ops["ms"] = (s) => (s === 15 ? 900 : 20);
    expect(momentsOf(stormy({ ms }, { budget: { browse: { max: "500ms", errors: "0%" } } }), "clients back")).toMatchObject({ t: 16_000 });
  });

  it("latency breaks a second to its end, whatever failed in it within the budget", () => {
    const outcome: Ops["outcome"] = (s, i) => (s === 15 && i === 0 ? "refused" : "ok");
    const budget = { browse: { max: "500ms", errors: "50%" } } as const;
    expect(momentsOf(stormy({ outcome, ms: (s) => (s === 15 ? 900 : 20) }, { budget }), "clients back")).toMatchObject({ t: 16_000 });
  });

  it("not back until good seconds followed", () => {
    expect(momentsOf(stormy(failsIn(28, 29), { toS: 30 }), "clients back")).toMatchObject({ t: undefined, text: expect.stringContaining("not seen within budget for 2 seconds") });
    expect(momentsOf(stormy(failsIn(26, 27), { toS: 30 }), "clients back")).toMatchObject({ t: 27_750 });
  });

  it("says when clients never left their budget, and when there were none", () => {
    expect(momentsOf(stormy(), "clients back")).toMatchObject({ t: undefined, text: "clients were within budget all the time" });
    expect(momentsOf(stormy({ toS: 5 }), "clients back")).toMatchObject({ t: undefined, text: "no client was about" });
  });
});
