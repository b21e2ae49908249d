/** What the live page is told is what the report will say of the same ledger, in bounded pieces. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { HistoryPart, Point } from "../../reports/live/history.ts";
import { livePage } from "../../reports/live/index.ts";
import { LiveState, type LiveNews, type LiveWhole } from "../../reports/live/state.ts";
import { namedSums } from "../../reports/sums.ts";
import { timeline } from "../../reports/timeline.ts";
import type { Line, SecondLine } from "../../src/ledger/lines.ts";
import type { LedgerView } from "../../src/ledger/view.ts";
import { gameDayLines, hostile } from "./game-day.ts";
import { LedgerWriter, latencies, runLine } from "./ledger.ts";

/** As the page does with what it hears. */
function hear(state: LiveWhole, { history, steps = [], ...rest }: LiveNews): LiveWhole {
  const rows = new Map([...state.steps, ...steps].map((row) => [row.id, row]));
  const joined: HistoryPart = history ? { ...history, from: 0, points: [...state.history.points.slice(0, history.from), ...history.points] } : state.history;
  return { ...state, ...rest, steps: [...rows.values()], history: joined };
}

function fed(lines: readonly Line[]): LiveState {
  const state = new LiveState();
  for (const line of lines) state.add(line);
  return state;
}

const near = (a: number | null, b: number) => (Number.isFinite(b) ? expect(a).toBeCloseTo(b, Math.abs(b) < 100 ? 3 : 1) : expect(a).toBeNull());

function assertPoints(points: readonly Point[], view: LedgerView): void {
  const expected = timeline(view).points;
  points.forEach((point, i) => {
    const { perSecond, refusedPerSecond, unsurePerSecond, droppedPerSecond, p50Ms, p95Ms, p99Ms, users } = expected[i]!;
    [perSecond, refusedPerSecond, unsurePerSecond, droppedPerSecond, p50Ms, p95Ms, p99Ms, users].forEach((value, at) => near(point[at]!, value));
  });
}

describe("a game day, told line by line", () => {
  const writer = gameDayLines();
  const view = writer.view();

  test("has the points of the report's plots", () => {
    const { history } = fed(writer.lines).whole();
    expect(history).toMatchObject({ stepS: 1, from: 0 });
    expect(history.points).toHaveLength(160);
    assertPoints(history.points, view);
  });

  test("has the rows of the report's table", () => {
    const { steps } = fed(writer.lines).whole();
    const expected = namedSums(view);
    expect(steps).toHaveLength(expected.length);
    for (const { journey, type, step, sum } of expected) {
      expect(steps.find((row) => row.journey === journey && row.type === type && row.step === step)).toMatchObject({
        count: sum.count, errors: sum.errors, perSecond: sum.perSecond,
        p50Ms: sum.due.quantileMs(0.5), p99Ms: sum.due.quantileMs(0.99), maxMs: sum.due.maxMs, begunP95Ms: sum.began.quantileMs(0.95),
      });
    }
  });

  test("has its storms, probes, failures and phases", () => {
    const whole = fed(writer.lines).whole();
    expect(whole.storms.map(({ phase, steps }) => [phase, steps.at(-1)!.step])).toEqual([[1, "healed"], [2, "healed"], [3, "healed"], [4, "healed"]]);
    expect(whole.storms[0]).toMatchObject({ targets: "pod shop-2", facts: { harm: "kills 1 pod of shop", withinMs: 10_000 } });
    expect(whole.probes.map(({ name, count, outside, state }) => [name, count, outside, state])).toEqual([["orders in the table", 32, 0, "ok"], ["replicas ready", 6, expect.any(Number), "ok"]]);
    expect(whole.phases.at(-1)).toMatchObject({ beginMs: 140_000, endMs: 160_000 });
    const counted = Object.fromEntries(view.failures.map(({ cause, count }) => [cause, count]));
    for (const cause of [hostile.markup, "status 500"]) {
      const sum = view.failures.filter((one) => one.cause === cause).reduce((total, { count }) => total + count, 0);
      expect(whole.failures.filter((one) => one.cause === cause).reduce((total, { count }) => total + count, 0)).toBe(sum);
      expect(counted[cause]).toBeGreaterThan(0);
    }
    expect(whole.failures.every(({ example }) => (example?.body.length ?? 0) <= 600)).toBe(true);
  });

  test("whoever comes early and hears all news knows what whoever comes late is told", () => {
    const state = new LiveState();
    let heard = state.whole();
    for (const line of writer.lines) {
      state.add(line);
      if (line.k === "health") heard = hear(heard, JSON.parse(JSON.stringify(state.news())) as LiveNews);
    }
    heard = hear(heard, state.news());
    const late = JSON.parse(JSON.stringify(state.whole())) as LiveWhole;
    const { steps, ...rest } = JSON.parse(JSON.stringify(heard)) as LiveWhole;
    expect(rest).toEqual({ ...late, steps: undefined });
    expect(steps.toSorted((a, b) => a.id - b.id)).toEqual(late.steps);
  });
});

describe("a long run", () => {
  const longRun = (seconds: number, perSecond = 3): LedgerWriter => {
    const writer = new LedgerWriter().add(runLine([{ name: "soak", judged: true, forMs: seconds * 1_000 }]));
    for (let s = 0; s < seconds; s++) writer.second(s, [{ phase: 0, journey: "browse", step: "GET /", due: latencies(perSecond, 10 + (s % 50), s) }], [[0, "browse", perSecond, 0, perSecond, 0, 1 + (s % 9)]]);
    return writer;
  };

  test("is thinned, keeps all of its ops, and begins at its beginning", () => {
    const { history } = fed(longRun(5_000).lines).whole();
    expect(history.stepS).toBe(16);
    expect(history.points.length).toBe(Math.ceil(5_000 / 16));
    const ops = history.points.reduce((sum, [perSecond], i) => sum + perSecond! * Math.min(16, 5_000 - i * 16), 0);
    expect(ops).toBeCloseTo(15_000, 0);
    expect(history.points.every(([, , , , p50, , p99, users]) => p50! > 0 && p99! >= p50! && users! > 0)).toBe(true);
  });

  test("percentiles of a thinned stretch are those of all its ops, as the report has them", () => {
    const writer = longRun(700);
    const { history } = fed(writer.lines).whole();
    expect(history.stepS).toBe(2);
    // The report cuts 700 seconds into stretches of two as well.
    assertPoints(history.points, writer.view());
  });

  test("heard second by second it is the same, through every thinning, also where seconds are missing", () => {
    const state = new LiveState();
    let heard = state.whole();
    for (const line of longRun(1_500, 1).lines) {
      if (line.k === "sec" && line.s % 3 === 2) continue;
      state.add(line);
      if (line.k === "sec") heard = hear(heard, state.news());
    }
    expect(heard.history).toEqual(state.whole().history);
  });

  test("costs no more to tell of than a short one", () => {
    const state = fed(longRun(3_000).lines);
    state.news();
    state.add({ k: "sec", s: 3_000, d: [[1, 1, 0, 0, "", ""]], p: [] } satisfies SecondLine);
    expect(JSON.stringify(state.news()).length).toBeLessThan(1_500);
    expect(JSON.stringify(state.whole()).length).toBeLessThan(80_000);
  });
});

test("a hostile number of steps, causes and words stays within bounds", () => {
  const writer = new LedgerWriter().add(runLine([{ name: "p", judged: true, forMs: 1_000 }]));
  for (let i = 0; i < 2_000; i++) writer.second(i >> 6, [{ phase: 0, journey: `j${i % 5}`, step: `step ${i} ${hostile.long}`.slice(0, 200), refused: 1, cause: `cause ${i}` }]);
  for (let i = 0; i < 500; i++) writer.add({ k: "hand", t: i, phase: 0, act: "users", by: "the page", journey: "j0", planned: 1, before: 1, wanted: 2 });
  const state = fed(writer.lines);
  for (let i = 0; i < 500; i++) state.say({ t: i, level: "error", text: hostile.long });
  const whole = state.whole();
  expect(whole.steps.length).toBeLessThanOrEqual(400 + 2 * 5);
  expect(whole.steps.reduce((sum, { type, count }) => sum + (type === "all" ? count : 0), 0)).toBe(2_000);
  expect(whole.steps.filter(({ step }) => step === "(other steps)").length).toBe(5);
  expect(whole.failures).toHaveLength(12);
  expect([whole.says.length, whole.hands.length]).toEqual([80, 80]);
  expect(JSON.stringify(whole).length).toBeLessThan(400_000);
});

test("seconds in any order and number of lines add up", () => {
  const seconds = fc.array(fc.record({ s: fc.nat(1_500), ops: fc.nat(5), refused: fc.nat(2) }), { maxLength: 60 });
  fc.assert(fc.property(seconds, (given) => {
    const writer = new LedgerWriter().add(runLine([{ name: "p", judged: true, forMs: 1_000 }]));
    for (const { s, ops, refused } of given) writer.second(s, [{ phase: 0, journey: "j", step: "x", due: latencies(ops, 10, s), refused }]);
    const { history, steps } = fed(writer.lines).whole();
    const lengthS = Math.max(0, ...given.map(({ s }) => s + 1));
    expect(history.points.length).toBe(Math.ceil(lengthS / history.stepS));
    expect(history.points.length).toBeLessThanOrEqual(600);
    const total = given.reduce((sum, { ops, refused }) => sum + ops + refused, 0);
    const drawn = history.points.reduce((sum, [rate], i) => sum + rate! * Math.min(history.stepS, lengthS - i * history.stepS), 0);
    expect(drawn).toBeCloseTo(total, 1);
    expect(steps.find(({ type }) => type === "all")?.count ?? 0).toBe(total);
  }));
});

test("where the time of touches went is for the report, and in no row", () => {
  const writer = new LedgerWriter().add(runLine([{ name: "p", judged: true, forMs: 1_000 }]));
  writer.second(0, [{ phase: 0, journey: "j", step: "x", due: [5, 6] }, { phase: 0, journey: "j", step: "x", type: "waiting", due: [4, 5] }]);
  const { steps, history } = fed(writer.lines).whole();
  expect(steps.map(({ type, count }) => [type, count])).toEqual([["op", 2], ["all", 2]]);
  expect(history.points[0]![0]).toBe(2);
});

test("the page holds no word of a run, no style, no handler and no script but its own files", () => {
  const files = livePage();
  const { body } = files[""]!;
  expect(body).not.toMatch(/<style|\sstyle=|\son\w+=|javascript:|https?:\/\//);
  const linked = [...body.matchAll(/(?:src|href)="([^"#][^"]*)"/g)].map(([, name]) => name!);
  for (const name of linked) expect(Object.keys(files)).toContain(name);
  for (const [name, { body: text }] of Object.entries(files)) if (/^(live|dom|panels|plots)\.js$/.test(name)) expect(text).not.toMatch(/innerHTML|outerHTML|insertAdjacent|document\.write|eval\(|new Function/);
});
