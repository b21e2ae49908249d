import { describe, expect, it } from "vitest";
import type { Budgets, JourneyBudget } from "../../src/model/budget.ts";
import type { Grade } from "../../src/model/verdict.ts";
import { judge } from "../../src/judge/index.ts";
import { judgeCrashes } from "../../src/judge/limits.ts";
import { calm, found, type Ops, Trial } from "./trial.ts";

const everyNth = (n: number, outcome: "refused" | "unsure" = "refused"): NonNullable<Ops["outcome"]> => (s, i) => ((s * 10 + i) % n === 0 ? outcome : "ok");
/** Of 600 ops, so many slow ones. */
const slowOnes = (count: number, slowMs = 500) => (s: number, i: number) => (s * 10 + i < count ? slowMs : 100);

describe("a limit over a phase", () => {
  const table: readonly (readonly [string, Budgets, Ops, string, Grade, string])[] = [
    ["p95 kept", { browse: { p95: "200ms" } }, { ms: slowOnes(30) }, "peak / browse / p95", "pass", "p95 = 100ms"],
    ["p95 broken by one sample more", { browse: { p95: "200ms" } }, { ms: slowOnes(31) }, "peak / browse / p95", "fail", "p95 = 500ms"],
    ["p50", { browse: { p50: "99ms" } }, {}, "peak / browse / p50", "fail", "p50 = 100ms"],
    ["p99.5", { browse: { "p99.5": "200ms" } }, { ms: slowOnes(4) }, "peak / browse / p99.5", "fail", "p99.5 = 500ms"],
    ["p100 is the maximum", { browse: { p100: "200ms" } }, { ms: slowOnes(1) }, "peak / browse / p100", "fail", "p100 = 500ms"],
    ["the largest sample is exact, whatever its bucket", { browse: { p100: "200ms" } }, { ms: slowOnes(1, 200.4) }, "peak / browse / p100", "fail", "p100 = 200.4ms"],
    ["a limit met exactly", { browse: { p95: "100ms", max: "100ms" } }, {}, "peak / browse / p95", "pass", "p95 = 100ms"],
    ["max kept", { browse: { max: "500ms" } }, { ms: slowOnes(1) }, "peak / browse / max", "pass", "max = 500ms"],
    ["max broken by one sample", { browse: { max: "499ms" } }, { ms: slowOnes(1) }, "peak / browse / max", "fail", "max = 500ms"],
    ["max is exact, and never reads as kept when broken", { browse: { max: "500ms" } }, { ms: slowOnes(1, 500.2) }, "peak / browse / max", "fail", "max = 500.2ms"],
    ["mean kept", { browse: { mean: "120ms" } }, { ms: slowOnes(30) }, "peak / browse / mean", "pass", "mean = 120ms"],
    ["mean broken", { browse: { mean: "119ms" } }, { ms: slowOnes(30) }, "peak / browse / mean", "fail", "mean = 120ms"],
    ["errors kept at the limit", { browse: { errors: "10%" } }, { outcome: everyNth(10) }, "peak / browse / errors", "pass", "errors = 10% (60 of 600 ops)"],
    ["errors broken", { browse: { errors: "9.9%" } }, { outcome: everyNth(10) }, "peak / browse / errors", "fail", "errors = 10% (60 of 600 ops)"],
    ["unsure ops are errors", { browse: { errors: "0%" } }, { outcome: everyNth(600, "unsure") }, "peak / browse / errors", "fail", "errors = 0.17% (1 of 600 ops)"],
    ["rate kept", { browse: { minRate: "10/s" } }, {}, "peak / browse / minRate", "pass", "rate = 10/s (600 good ops in 1m)"],
    ["rate broken", { browse: { minRate: "601/m" } }, {}, "peak / browse / minRate", "fail", "rate = 10/s (600 good ops in 1m)"],
    ["errors are no rate", { browse: { minRate: "10/s" } }, { outcome: everyNth(10) }, "peak / browse / minRate", "fail", "rate = 9/s (540 good ops in 1m)"],
    ["from due", { browse: { p95: "90ms" } }, { beganMs: 50 }, "peak / browse / p95", "fail", "p95 = 100ms"],
    ["from begin", { browse: { p95: "90ms", from: "began" } }, { beganMs: 50 }, "peak / browse / p95", "pass", "p95 from begin = 50ms"],
    ["a step", { browse: { steps: { "GET /items": { p95: "90ms" } } } }, {}, "peak / browse / GET /items / p95", "fail", "p95 = 100ms"],
    ["a step without its method", { browse: { steps: { "/items": { p95: "90ms" } } } }, {}, "peak / browse / /items / p95", "fail", "p95 = 100ms"],
    ["a step without its group", { browse: { steps: { "POST /session": { p95: "90ms" } } } }, { step: "sign in › POST /session" }, "peak / browse / POST /session / p95", "fail", "p95 = 100ms"],
    ["a step without its method, in its group", { browse: { steps: { "sign in › /session": { p95: "90ms" } } } }, { step: "sign in › POST /session" }, "peak / browse / sign in › /session / p95", "fail", "p95 = 100ms"],
    ["a group", { browse: { steps: { "sign in": { p95: "90ms" } } } }, { step: "sign in", type: "group" }, "peak / browse / sign in / p95", "fail", "p95 = 100ms"],
    ["walks", { browse: { walk: { p95: "90ms" } } }, { step: "", type: "walk" }, "peak / browse / walk / p95", "fail", "p95 = 100ms"],
    ["walks are no ops of the journey", { browse: { p95: "90ms" } }, { step: "", type: "walk" }, "peak / browse / p95", "unsure", "p95: no samples"],
    ["all", { all: { p95: "90ms" } }, {}, "peak / all / p95", "fail", "p95 = 100ms"],
    ["a limit that nobody knows", { browse: { latency: "90ms" } as never }, {}, "peak / browse / latency", "unsure", "not judged"],
  ];
  it.each(table)("%s", (_name, budget, ops, id, grade, observed) => {
    expect(found(judge(calm(budget, ops).view()), id)).toMatchObject({ grade, observed });
  });

  it("counts dropped starts of journeys", () => {
    const trial = (dropped: number) => calm({ browse: { dropped: "5%" }, all: { dropped: "5%" } }).pace(3, { starts: 95, dropped }).pace(4, { journey: "buy", starts: 100 });
    expect(found(judge(trial(5).view()), "peak / browse / dropped")).toMatchObject({ grade: "pass", observed: "dropped = 5% (5 of 100 starts)" });
    expect(found(judge(trial(6).view()), "peak / browse / dropped").grade).toBe("fail");
    expect(found(judge(trial(6).view()), "peak / all / dropped")).toMatchObject({ grade: "pass", observed: "dropped = 2.99% (6 of 201 starts)" });
    expect(found(judge(calm({ browse: { dropped: "5%" } }).view()), "peak / browse / dropped").grade).toBe("unsure");
  });

  it("has no dropped starts for a step", () => {
    const view = calm({ browse: { steps: { "GET /items": { dropped: "1%" } } } }).pace(3, { starts: 9 }).view();
    expect(found(judge(view), "peak / browse / GET /items / dropped")).toMatchObject({ grade: "unsure", reason: expect.stringContaining("put this limit on the journey") });
  });

  it("adds all journeys up for `all`", () => {
    const view = calm({ all: { errors: "5%", minRate: "20/s" } }, { outcome: everyNth(10) }).ops({ journey: "buy", step: "POST /orders" }).view();
    expect(found(judge(view), "peak / all / errors")).toMatchObject({ grade: "pass", observed: "errors = 5% (60 of 1,200 ops)" });
    expect(found(judge(view), "peak / all / minRate")).toMatchObject({ grade: "fail", observed: "rate = 19/s (1,140 good ops in 1m)" });
  });

  it("says what it rests on", () => {
    const view = new Trial({ budget: { browse: { p95: "1s" } } }).phase(0, 30, 90).ops({ fromS: 30, toS: 90 }).health(0, 90, (s) => s === 40 || s === 41).end("done", 90_000).view();
    expect(found(judge(view), "peak / browse / p95").evidence).toBe("600 ops in seconds 30–90 of the ledger, 2 slow seconds");
  });
});

describe("samples", () => {
  const few = (samples: number, slow: number, limit: JourneyBudget) =>
    judge(calm({ browse: limit }, { toS: 1, perSecond: samples, ms: (_s, i) => (i < slow ? 500 : 100) }).view());

  it.each<[string, number, number, Grade]>([
    ["none", 0, 0, "unsure"],
    ["99 fast ones are too few for p99", 99, 0, "unsure"],
    ["100 fast ones are enough", 100, 0, "pass"],
    ["one slow of few could be the one that p99 allows", 50, 1, "unsure"],
    ["two slow of few break it, whatever the missing ones were", 50, 2, "fail"],
    ["one slow of enough is the one that p99 allows", 100, 1, "pass"],
    ["two slow of enough break it", 100, 2, "fail"],
  ])("p99: %s", (_name, samples, slow, grade) => {
    expect(found(few(samples, slow, { p99: "200ms" }), "peak / browse / p99").grade).toBe(grade);
  });

  it.each<[`p${number}`, number]>([["p50", 2], ["p90", 10], ["p95", 20], ["p99.9", 1000]])("%s needs %d samples", (name, needed) => {
    expect(found(few(needed - 1, 0, { [name]: "1s" } as JourneyBudget), `peak / browse / ${name}`).grade).toBe("unsure");
    expect(found(few(needed - 1, 0, { [name]: "1s" } as JourneyBudget), `peak / browse / ${name}`).reason).toContain(`needs ${needed}`);
    expect(found(few(needed, 0, { [name]: "1s" } as JourneyBudget), `peak / browse / ${name}`).grade).toBe("pass");
  });

  it.each(["max", "mean", "errors"] as const)("%s of nothing is unsure", (name) => {
    expect(found(few(0, 0, { [name]: name === "errors" ? "1%" : "1s" } as JourneyBudget), `peak / browse / ${name}`).grade).toBe("unsure");
  });

  it("has no latency when every op was refused", () => {
    const verdict = judge(calm({ browse: { p95: "1s" } }, { outcome: () => "refused" }).view());
    expect(found(verdict, "peak / browse / p95")).toMatchObject({ grade: "unsure", reason: "none of 600 ops was answered, so there is no latency to judge" });
  });

  it.each(["p95", "max", "mean"])("%s of ops that were only counted is unsure, and says so", (name) => {
    const book = calm({ browse: { [name]: "1s" } as JourneyBudget }, { outcome: () => "refused" });
    book.lines.push({ k: "sec", s: 2, d: [[0, 5, 0, 0, "", ""]], p: [] });
    expect(found(judge(book.view()), `peak / browse / ${name}`)).toMatchObject({ grade: "unsure", reason: "5 good ops were only counted, without latencies" });
  });

  it.each(["p95", "max", "mean"])("%s is not kept by a latency that can't be read", (name) => {
    const trial = calm({ browse: { [name]: "1s" } as JourneyBudget });
    trial.lines.push({ k: "sec", s: 7, d: [[0, 3, 0, 0, "garbage", "="]], p: [] });
    expect(found(judge(trial.view()), `peak / browse / ${name}`)).toMatchObject({ grade: "unsure", reason: "the latency of 3 ops can't be read" });
  });

  it("is unsure where the limit falls inside the percentile's own bucket", () => {
    // 199 and 200.5 ms share a bucket with the limit of 200 ms (198.656 to 200.703), so the ledger can't tell them from it.
    const at = (ms: number) => found(judge(calm({ browse: { p50: "200ms" } }, { ms: (s) => (s < 59 ? ms : 400) }).view()), "peak / browse / p50");
    expect(at(200.5)).toMatchObject({ grade: "unsure", reason: expect.stringContaining("0.8 %") });
    expect(at(199).grade).toBe("unsure");
    expect(at(197).grade).toBe("pass");
    expect(at(205).grade).toBe("fail");
  });

  it("fails a rate when users were there and nothing came of it, and is unsure when nobody was", () => {
    const idle = (users: number) => judge(new Trial({ budget: { browse: { minRate: "1/s" } } }, [{ load: ["browse"] }]).phase().ops({ perSecond: 0 }).pace(5, { users }).health().end().view());
    expect(found(idle(3), "peak / browse / minRate").grade).toBe("fail");
    expect(found(idle(0), "peak / browse / minRate").grade).toBe("unsure");
  });
});

describe("which budget holds where", () => {
  const two = (budget: Budgets, second: Budgets | undefined, judged = true) =>
    new Trial({ budget }, [{}, { name: "storm", judged, ...(second && { budget: second }) }])
      .phase(0, 0, 30).phase(1, 30, 60)
      .ops({ toS: 30 }).ops({ phase: 1, fromS: 30, ms: 900 })
      .ops({ journey: "buy", step: "POST /orders", toS: 30 })
      .health().end();

  it("holds each phase by itself, so that a calm one does not dilute a storm", () => {
    const verdict = judge(two({ browse: { p50: "200ms" } }, undefined).view());
    expect(found(verdict, "peak / browse / p50").grade).toBe("pass");
    expect(found(verdict, "storm / browse / p50").grade).toBe("fail");
    expect(verdict.grade).toBe("fail");
  });

  it("a phase's own budget replaces the scenario's for the journeys it names, and no others", () => {
    const verdict = judge(two({ browse: { p50: "200ms", max: "1s" }, all: { errors: "1%" } }, { browse: { p50: "1s" } }).view());
    expect(found(verdict, "storm / browse / p50").grade).toBe("pass");
    expect(verdict.findings.map((one) => one.id)).not.toContain("storm / browse / max");
    expect(found(verdict, "peak / browse / max").grade).toBe("pass");
    expect(found(verdict, "storm / all / errors").grade).toBe("pass");
  });

  it("leaves unjudged phases alone", () => {
    const verdict = judge(two({ browse: { p50: "200ms" } }, undefined, false).view());
    expect(verdict.findings.map((one) => one.id).filter((id) => id.startsWith("storm"))).toEqual([]);
    expect(verdict.grade).toBe("pass");
  });

  it("asks nothing of a journey where it has no load, unless the phase names it", () => {
    expect(judge(two({ buy: { p50: "200ms" } }, undefined).view()).findings.map((one) => one.id)).not.toContain("storm / buy / p50");
    expect(found(judge(two({}, { buy: { p50: "200ms" } }).view()), "storm / buy / p50").grade).toBe("unsure");
  });

  it("does not take users still walking from the phase before for load", () => {
    const trial = two({ buy: { p50: "200ms" } }, undefined).ops({ phase: 1, journey: "buy", step: "POST /orders", fromS: 30, toS: 31, perSecond: 1 });
    trial.pace(5, { journey: "buy", starts: 9 }).pace(31, { phase: 1, starts: 9 }).pace(31, { phase: 1, journey: "buy", ended: 1, users: 1 });
    const ids = judge(trial.view()).findings.map((one) => one.id);
    expect(ids).toContain("peak / buy / p50");
    expect(ids).not.toContain("storm / buy / p50");
  });

  it("is unsure about load that was planned and never came", () => {
    const view = new Trial({ budget: { buy: { errors: "1%" } } }, [{ load: ["browse", "buy"] }]).phase().ops().health().end().view();
    expect(found(judge(view), "peak / buy / errors").grade).toBe("unsure");
  });

  it("is unsure about a journey that has a budget and no load at all", () => {
    expect(found(judge(calm({ buy: { p50: "1s" } }).view()), "buy / load").grade).toBe("unsure");
    expect(found(judge(calm({ brwse: { p50: "1s" } }).view()), "brwse / load").reason).toContain("'browse'");
  });

  it("holds every budget of a list", () => {
    const verdict = judge(calm({ browse: [{ p50: "200ms" }, { p50: "50ms" }] }).view());
    expect(found(verdict, "peak / browse / p50 #1").grade).toBe("pass");
    expect(found(verdict, "peak / browse / p50 #2").grade).toBe("fail");
  });

  it("judges again under other budgets", () => {
    const verdict = judge(calm({ browse: { p50: "1s" } }).view(), { budgets: { browse: { p50: "50ms" } } });
    expect(found(verdict, "peak / browse / p50").grade).toBe("fail");
  });

  it("names the nearest steps for one that never occurred", () => {
    const verdict = judge(calm({ browse: { steps: { "GET /itms": { p50: "1s" } } } }).ops({ step: "POST /orders" }).view());
    expect(found(verdict, "peak / browse / GET /itms / p50")).toMatchObject({ grade: "unsure", step: "GET /itms" });
    expect(found(verdict, "peak / browse / GET /itms / p50").reason).toContain("the nearest are 'GET /items', 'POST /orders'");
  });

  it("takes a step of the exact name before those without a method", () => {
    const verdict = judge(calm({ browse: { steps: { "/items": { max: "1s" } } } }, { step: "/items" }).ops({ step: "GET /items", ms: 2_000 }).view());
    expect(found(verdict, "peak / browse / /items / max").grade).toBe("pass");
  });

  it("gives phases of one name findings of their own", () => {
    const view = new Trial({ budget: { browse: { p50: "1s" } } }, [{}, { name: "peak" }]).phase(0, 0, 30).phase(1, 30, 60).ops({ toS: 30 }).ops({ phase: 1, fromS: 30 }).health().end().view();
    expect(found(judge(view), "peak (2) / browse / p50").grade).toBe("pass");
  });
});

describe("crashed walks", () => {
  const crashed = (count: number, walks: number, ops: Ops = {}) => found(judge(calm({ browse: { errors: "5%" } }, ops).crashes(count, walks).view()), "peak / browse / errors");

  it("count under the journey's ceiling on errors: the worse of the two", () => {
    expect(crashed(5, 100)).toMatchObject({ grade: "pass", observed: "errors = 0% (0 of 600 ops); crashed walks = 5% (5 of 100 walks)" });
    expect(crashed(6, 100).grade).toBe("fail");
    expect(crashed(5, 100, { outcome: everyNth(10) }).grade).toBe("fail");
    expect(judgeCrashes("5%", 2, 0)).toMatchObject({ grade: "fail", observed: "crashed walks = 100% (2 of 2 walks)" });
  });

  it("are unsure without one", () => {
    const verdict = judge(calm({ browse: { p95: "1s" } }).crashes(1, 1_000).view());
    expect(found(verdict, "peak / browse / crashes")).toMatchObject({ grade: "unsure", about: "run", observed: "1 walk crashed" });
    for (const journey of ["browse", "all"]) expect(judge(calm({ [journey]: { errors: "1%" } }).crashes(1, 1_000).view()).grade).toBe("pass");
  });

  it("are told from walks that a touch ended, and from crashes of the service", () => {
    const trial = calm({ browse: { p95: "1s" } }).ops({ step: "", type: "walk" });
    trial.add({ k: "sec", s: 1, d: [], p: [], c: [[1, "status 503", 3], [0, "crash of the service", 3]] });
    expect(judge(trial.view()).findings.map((one) => one.id)).not.toContain("peak / browse / crashes");
  });
});
