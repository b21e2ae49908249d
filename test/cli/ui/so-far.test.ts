/** The verdict of a run under way: what it says is what the judge will say, and it never says too much. */
import { describe, expect, test } from "vitest";
import { VerdictSoFar } from "../../../src/cli/ui/so-far.ts";
import { judge } from "../../../src/judge/index.ts";
import type { Line } from "../../../src/ledger/lines.ts";
import type { Clock } from "../../../src/units/clock.ts";
import { gameDayLines, hostile } from "../../reports/game-day.ts";
import { viewOf } from "../../judge/trial.ts";

const lines = gameDayLines().lines.map((line): Line => (line.k === "run" ? { ...line, budget: { browse: { p95: "50ms", p99: "1s", errors: "0%" }, [hostile.journey]: { errors: "20%", minRate: "1/s" }, all: { errors: "5%", every: "10s" } } } : line));
const secondOf = (line: Line): number => (line.k === "sec" || line.k === "health" ? line.s : "t" in line ? line.t / 1_000 : 0);

/** A clock that moves when it is told to; judging takes no time on it unless `tookMs` says so. */
function stopped(tookMs = 0): Clock & { nowMs: number } {
  const clock = { nowMs: 0, now: () => (clock.nowMs += tookMs / 2), wallMs: () => 0, at: () => () => undefined, sleep: async () => undefined, until: async () => undefined };
  return clock;
}

/** Feeds all lines in the order in which a run writes them, and looks at the end of each second. */
function* seconds(given = lines): Generator<{ s: number; verdict: NonNullable<ReturnType<VerdictSoFar["look"]>> }> {
  const clock = stopped();
  const soFar = new VerdictSoFar(clock);
  const ordered = given.map((line, i) => [line, i] as const).sort(([a, i], [b, j]) => Math.floor(secondOf(a)) - Math.floor(secondOf(b)) || i - j).map(([line]) => line);
  let s = 0;
  for (const line of ordered) {
    if (secondOf(line) >= s + 1) {
      clock.nowMs = (s + 1) * 1_000;
      yield { s, verdict: soFar.look()! };
      s = Math.floor(secondOf(line));
    }
    soFar.add(line);
  }
  yield { s, verdict: soFar.look()! };
}

describe("a game day", () => {
  const all = [...seconds()];
  const at = (s: number) => all.findLast((one) => one.s <= s)!.verdict;

  test("ends with what the judge finds, but for what only the end can tell", () => {
    const final = judge(viewOf(lines)).findings.filter(({ id, about, phase }) => id !== "run" && about !== "generator" && !(about === "budget" && phase === undefined));
    const { findings, counts } = at(160);
    expect(findings.map(({ id, grade, observed }) => [id, grade, observed]).toSorted()).toEqual(final.filter(({ grade }) => grade !== "pass").map(({ id, grade, observed }) => [id, grade, observed]).toSorted());
    expect(counts.pass).toBe(final.filter(({ grade }) => grade === "pass").length);
    expect(counts.fail).toBeGreaterThan(2);
  });

  test("judges nothing in a phase that is not judged", () => {
    expect(at(15)).toMatchObject({ grade: undefined, counts: { pass: 0, unsure: 0, fail: 0, open: 0 } });
  });

  test("says nothing of a storm before it is healed, and of nobody's harm left behind", () => {
    const ids = (s: number) => at(s).findings.map(({ id }) => id);
    expect(ids(60).filter((id) => /recovery|healed/.test(id))).toEqual([]);
    expect(ids(69)).toContain("lose a node / recovery");
    for (const { verdict } of all) expect(verdict.findings.map(({ id }) => id).filter((id) => id.endsWith("/ healed"))).toEqual([]);
  });

  test("what can't be decided yet is open, and makes no verdict unsure", () => {
    const early = at(20);
    expect(early.counts.open).toBeGreaterThan(0);
    expect(early.counts.unsure).toBe(0);
    expect(at(160).counts.open).toBe(0);
  });

  test("what broke in a phase stays broken", () => {
    const broken = at(150).findings.filter(({ grade }) => grade === "fail").map(({ id }) => id);
    expect(broken).toContain("lose a node / recovery");
    expect(at(160).findings.map(({ id }) => id)).toEqual(expect.arrayContaining(broken));
  });
});

test("judging that takes long is done seldom", () => {
  const clock = stopped(40);
  const soFar = new VerdictSoFar(clock);
  for (const line of lines) soFar.add(line);
  let looks = 0;
  for (let second = 1; second <= 100; second++) {
    clock.nowMs = second * 1_000;
    if (soFar.look()) looks += 1;
  }
  // 40 ms each, at most 0.4 % of the time.
  expect(looks).toBeGreaterThanOrEqual(8);
  expect(looks).toBeLessThanOrEqual(11);
});

test("a phase that has grown too long is left to the end, and said so; the next one is judged again", () => {
  const long: Line[] = [];
  let seconds = 0;
  for (const line of lines) {
    long.push(line);
    if (line.k === "phase" && line.phase === 5 && line.at === "begin") for (; seconds < 40_000; seconds++) long.push({ k: "sec", s: 141, d: [[0, 1, 0, 0, "", ""], [1, 1, 0, 0, "", ""], [2, 1, 0, 0, "", ""], [3, 1, 0, 0, "", ""]], p: [] });
  }
  const soFar = new VerdictSoFar(stopped());
  for (const line of long) soFar.add(line);
  const verdict = soFar.look()!;
  expect(verdict.sentence).toMatch(/grown too long/);
  expect(verdict.findings.map(({ id }) => id)).toContain("lose a node / recovery");
  expect(verdict.findings.map(({ id }) => id).filter((id) => id.startsWith("calm <again>"))).toEqual([]);
});
