import { describe, expect, it } from "vitest";
import type { LedgerView } from "../../src/ledger/view.ts";
import type { Finding } from "../../src/model/verdict.ts";
import { seeded } from "../../src/units/random.ts";
import { judge } from "../../src/judge/index.ts";
import { found, type Ops, Trial } from "./trial.ts";

interface Sailed { readonly seconds?: number; readonly perSecond?: number; readonly slower?: number; readonly errors?: number; readonly wobble?: number; readonly wave?: number; readonly ops?: Ops; readonly slow?: (s: number) => boolean }

/** Skewed latencies around 100 ms, as services have, while the whole service's speed wobbles from second to second, or in waves of half a minute. */
function sailed(seed: number, { seconds = 120, perSecond = 50, slower = 1, errors = 0, wobble = 0.05, wave = 0, ops, slow }: Sailed = {}): LedgerView {
  const random = seeded(seed);
  const bell = () => random.next() + random.next() + random.next() + random.next() - 2;
  const begin = random.next() * 2 * Math.PI;
  const speed = Array.from({ length: seconds }, (_, s) => 1 + wobble * bell() + wave * Math.sin(begin + s / 5));
  return new Trial().phase(0, 0, seconds).ops({
    toS: seconds, perSecond,
    ms: (s) => 100 * slower * speed[s]! * Math.exp(0.5 * bell()),
    outcome: () => (random.next() < errors ? "refused" : "ok"),
    ...ops,
  }).health(0, seconds, slow).end("done", seconds * 1_000).view();
}

const compare = (then: LedgerView, now: LedgerView, tolerance?: "20%"): readonly Finding[] =>
  judge(now, { baseline: { view: then, ...(tolerance && { tolerance }) } }).findings.filter((one) => one.about === "baseline");
const id = (name: string) => `baseline / peak / browse / GET /items / ${name}`;
const graded = (all: readonly Finding[], name: string) => found({ grade: "pass", findings: all, unhealed: [], storms: [] }, id(name)).grade;

describe("no worse than a baseline", () => {
  it.each<[string, Sailed]>([
    ["steady", {}],
    ["noisy", { wobble: 0.3 }],
    ["in waves", { wave: 0.2 }],
    ["short, with few blocks", { seconds: 30, perSecond: 40 }],
    ["with errors", { errors: 0.02 }],
    ["with rare errors", { errors: 0.0005 }],
  ])("raises hardly a false alarm: %s", (_name, sail) => {
    let [alarms, all] = [0, 0];
    for (let seed = 1; seed <= 120; seed++) {
      const findings = compare(sailed(seed * 2, sail), sailed(seed * 2 + 1, sail));
      all += findings.length;
      alarms += findings.filter((one) => one.grade === "fail").length;
    }
    expect(all).toBeGreaterThanOrEqual(360);
    expect(alarms / all).toBeLessThanOrEqual(0.01);
  });

  it("finds a tenth more in two steady minutes", () => {
    let seen = 0;
    for (let seed = 1; seed <= 40; seed++) if (graded(compare(sailed(seed), sailed(seed + 1_000, { slower: 1.1 })), "p95") === "fail") seen += 1;
    expect(seen).toBeGreaterThanOrEqual(38);
  });

  it("finds errors that doubled, and not one more of a few", () => {
    expect(graded(compare(sailed(1, { errors: 0.01 }), sailed(2, { errors: 0.02 })), "errors")).toBe("fail");
    const once: Ops = { outcome: (s, i) => (s === 5 && i === 0 ? "refused" : "ok") };
    expect(graded(compare(sailed(1), sailed(2, { ops: once })), "errors")).toBe("pass");
  });

  it("a wider tolerance forgives", () => {
    const [then, now] = [sailed(1), sailed(2, { slower: 1.15 })];
    expect(graded(compare(then, now), "p95")).toBe("fail");
    expect(graded(compare(then, now, "20%"), "p95")).toBe("pass");
  });

  it("a millisecond is nothing", () => {
    const fast = (ms: number) => sailed(1, { ops: { ms } });
    expect(graded(compare(fast(2), fast(2.9)), "p95")).toBe("pass");
    expect(graded(compare(fast(2), fast(3.2)), "p95")).toBe("fail");
  });

  it("better is a pass, and said", () => {
    const all = compare(sailed(1), sailed(2, { slower: 0.8 }));
    expect(found({ grade: "pass", findings: all, unhealed: [], storms: [] }, id("p95"))).toMatchObject({ grade: "pass", reason: "better than the baseline" });
  });

  it("is unsure about what it can't compare", () => {
    expect(graded(compare(sailed(1), sailed(2, { seconds: 4 })), "p95")).toBe("unsure");
    expect(graded(compare(sailed(1, { seconds: 4 }), sailed(2)), "p50")).toBe("unsure");
    expect(graded(compare(sailed(1), sailed(2, { perSecond: 0 })), "errors")).toBe("unsure");
  });

  it("leaves a percentile out that the baseline had too few samples for", () => {
    const few = (seed: number) => sailed(seed, { perSecond: 4 });
    expect(compare(few(1), few(2)).map((one) => one.id)).toEqual([id("errors"), id("p50"), id("p95")]);
  });

  it("is unsure about steps and phases that only one of them has", () => {
    const other = sailed(2, { ops: { step: "GET /lamps" } });
    expect(compare(sailed(1), other).map((one) => [one.id, one.grade, one.observed])).toEqual([
      ["baseline / peak / browse / GET /lamps", "unsure", "the baseline does not have it"],
      ["baseline / peak / browse / GET /items", "unsure", "only the baseline has it"],
    ]);
    const renamed = new Trial({}, [{ name: "summit" }]).phase().ops().health().end().view();
    expect(compare(sailed(1), renamed).map((one) => one.id)).toEqual(["baseline / summit", "baseline / peak"]);
  });

  it("is unsure about percentiles on a slow generator, then or now", () => {
    const slow = sailed(2, { slow: (s) => s < 12 });
    expect(graded(compare(sailed(1), slow), "p95")).toBe("unsure");
    expect(graded(compare(slow, sailed(1)), "p95")).toBe("unsure");
    expect(graded(compare(sailed(1), slow), "errors")).toBe("pass");
  });
});
