import { stripVTControlCharacters } from "node:util";
import { describe, expect, test } from "vitest";
import { LiveTerminal, finalText, mannerOf } from "../../reports/terminal/index.ts";
import { fit, widthOf, wrap } from "../../reports/terminal/width.ts";
import type { Progress } from "../../src/model/progress.ts";
import fc from "fast-check";
import { finding, gameDay, gameDayVerdict, hostile } from "./game-day.ts";
import { poorCases } from "./poor.ts";

const plain = { live: false, colour: false, columns: 80 };
const cases = { gameDay: () => ({ view: gameDay(), verdict: gameDayVerdict }), ...poorCases };

describe("the final text", () => {
  test.each(Object.entries(cases))("of %s fits 80 columns and can't move a cursor", (_, make) => {
    const { view, verdict } = make();
    const text = finalText(view, verdict, plain);
    for (const line of text.split("\n")) expect(widthOf(line), line).toBeLessThanOrEqual(80);
    expect(text.replaceAll("\n", "")).not.toMatch(/[\u0000-\u001f\u007f\u202e]/);
    expect(text).not.toMatch(/NaN|undefined|Infinity/);
  });

  test("says the verdict first, then what did not pass with reason and evidence, then storms and numbers, and paths last", () => {
    const text = finalText(gameDay(), gameDayVerdict, plain, [["report", "out/html/index.html"]]);
    expect(text.split("\n")[0]).toMatch(/^━+ FAIL ━+$/);
    const inOrder = [
      "did not hold: 3 checks failed", "✗ FAIL lose a node / storm", "The platform did not bring", "storm lines of phase 3", "? UNSURE bad canary", "✓ lose a pod / browse / p95",
      "Phases", "struck at 25s, noticed after 180ms, whole again after", "Journeys", "from due (what a user suffers)", "begun: GET", "Survival", "1 lost", "status 500", "could not keep up in 1 second", "out/html/index.html",
    ].map((part) => text.indexOf(part));
    expect(inOrder).not.toContain(-1);
    expect(inOrder).toEqual([...inOrder].sort((a, b) => a - b));
  });

  test("says what is missing: an end, whole lines, healing", () => {
    const { view, verdict } = poorCases.torn();
    const text = finalText(view, verdict, plain);
    for (const part of ["no end", "line 6 is torn", "NOT HEALED", "Harm was left behind: lose a node", "not reached"]) expect(text).toContain(part);
  });

  test("tells the moments of a storm below it", () => {
    const text = finalText(gameDay(), gameDayVerdict, plain).replaceAll(/\s+/g, " ");
    expect(text).toContain("noticed by the cluster +80ms (pod shop-1 of shop gone)");
    expect(text).toContain("clients were within budget all the time");
  });

  test("tells many passes by phase", () => {
    const passes = ["calm", "calm", "storm", undefined].flatMap((phase) => Array.from({ length: 5 }, (_, i) => finding(`${phase} / ${i}`, "pass", { phase })));
    const lines = finalText(gameDay(), { grade: "pass", findings: passes, unhealed: [], storms: [] }, plain).split("\n").filter((line) => line.startsWith("✓"));
    expect(lines).toEqual(["✓ calm: 10 passed", "✓ storm: 5 passed", "✓ whole run: 5 passed"]);
  });

  test("is coloured only when told so", () => {
    const coloured = finalText(gameDay(), gameDayVerdict, { colour: true, columns: 80 });
    expect(coloured).toContain("\u001b[31m");
    expect(stripVTControlCharacters(coloured)).toBe(finalText(gameDay(), gameDayVerdict, plain));
  });
});

test.each([
  [{ isTTY: true }, {}, true, true],
  [{ isTTY: true }, { NO_COLOR: "1" }, false, false],
  [{ isTTY: true }, { CI: "true" }, false, false],
  [{ isTTY: true }, { CI: "false" }, true, true],
  [{ isTTY: true }, { TERM: "dumb" }, false, false],
  [{}, {}, false, false],
  [{}, { FORCE_COLOR: "1" }, false, true],
  [{}, { FORCE_COLOR: "1", NO_COLOR: "1" }, false, false],
])("on %j with %j: live %s, colour %s", (out, env, live, colour) => {
  expect(mannerOf({ write: () => {}, ...out }, env)).toMatchObject({ live, colour, columns: 80 });
});

const progress = (tMs: number, more: Partial<Progress> = {}): Progress => ({
  tMs, phase: { index: 1, count: 6, name: "lose a pod", elapsedMs: tMs, forMs: 60_000 }, users: 24, perSecond: 50, p50Ms: 12, p95Ms: 34, p99Ms: 34, errors: 0.001, ops: 500, dropped: 0, closed: [], storm: undefined, slow: false, ...more,
});
const storm = { harm: "kills 1 pod of shop", step: "harmed" as const, sinceMs: 2_400, withinMs: 10_000 };

/** A terminal that knows the two movements we use, and nothing else. */
class Screen {
  writes = 0;
  readonly lines: string[] = [""];
  write(text: string): void {
    this.writes += 1;
    const plainText = text.replace(/\u001b\[\d+m/g, "");
    for (const part of plainText.split(/(\u001b\[\d*[A-Z]|\r|\n)/)) {
      const up = /^\u001b\[(\d+)A$/.exec(part);
      if (up) this.#row -= Number(up[1]);
      else if (part === "\u001b[J") this.lines.length = this.#row, this.lines.push("");
      else if (part === "\n") this.lines[++this.#row] ??= "";
      else if (part !== "\r" && part !== "") {
        if (part.includes("\u001b")) throw new Error(`unknown movement ${JSON.stringify(part)}`);
        this.lines[this.#row] += part;
      }
    }
  }
  #row = 0;
  get shown(): string[] {
    return this.lines.filter((line) => line !== "");
  }
}

describe("live on a terminal", () => {
  const manner = { live: true, colour: true, columns: 80 };

  test("redraws its block in place, one write a time", () => {
    const screen = new Screen();
    const live = new LiveTerminal(screen, manner);
    live.update(progress(1_000));
    live.update(progress(2_000, { storm }));
    live.update(progress(30_000));
    expect(screen.writes).toBe(3);
    expect(screen.shown).toEqual([expect.stringMatching(/^2\/6 lose a pod +█+░+ +30s left$/), "  50/s  p50 12ms  p95 34ms  errors 0.1%  users 24  dropped 0"]);
  });

  test("shows the storm with its clock, and a generator that can't keep up", () => {
    const screen = new Screen();
    new LiveTerminal(screen, manner).update(progress(2_000, { storm, slow: true }));
    expect(screen.shown[1]).toContain("GENERATOR BEHIND");
    expect(screen.shown[2]).toBe("  storm  kills 1 pod of shop: the harm is seen, 2.4s of 10s allowed");
  });

  test("keeps what was said above the block, and leaves nothing of it at the end", () => {
    const screen = new Screen();
    const live = new LiveTerminal(screen, manner);
    live.update(progress(1_000));
    live.say({ t: 1_500, level: "warning", text: `odd ${hostile.control}`, code: "SEA_X" });
    expect(screen.shown).toHaveLength(3);
    expect(screen.shown[0]).toMatch(/^\[1\.5s\] {2}warning: odd .*\(SEA_X\)$/);
    live.end();
    expect(screen.shown).toHaveLength(1);
  });

  test.each([40, 60, 80, 200])("no line wraps at %d columns, whatever the names", (columns) => {
    const screen = new Screen();
    new LiveTerminal(screen, { ...manner, columns }).update(progress(1_000, { phase: { index: 9, count: 10, name: hostile.long + hostile.emoji, elapsedMs: 1, forMs: 600_000 }, storm: { ...storm, harm: hostile.long } }));
    for (const line of screen.shown) expect(widthOf(line)).toBeLessThan(columns);
  });
});

test("elsewhere it says one line every five seconds, and at once when phase or storm change", () => {
  const lines: string[] = [];
  const live = new LiveTerminal({ write: (text: string) => lines.push(text) }, plain);
  for (let t = 1_000; t <= 13_000; t += 1_000) live.update(progress(t));
  expect(lines).toHaveLength(3);
  expect(lines[0]).toBe("[1s]  2/6 lose a pod  50/s  p50 12ms  p95 34ms  errors 0.1%  users 24  dropped 0\n");
  live.update(progress(13_100, { storm }));
  live.update(progress(13_200, { storm: { ...storm, step: "recovered" } }));
  live.say({ t: 13_300, level: "info", text: "hello" });
  live.end();
  expect(lines.slice(3)).toEqual([expect.stringContaining("the harm is seen"), expect.stringContaining("whole again"), "[13.3s]  hello\n"]);
  expect(lines.join("")).not.toContain("\u001b");
});

test("before the first samples nothing reads as zero", () => {
  const lines: string[] = [];
  new LiveTerminal({ write: (text: string) => lines.push(text) }, plain).update(progress(0, { p50Ms: Number.NaN, p95Ms: Number.NaN, errors: Number.NaN }));
  expect(lines[0]).toContain("p50 –  p95 –  errors –");
});

test("wrapping and fitting keep every width, and wrapping keeps every character", () => {
  const words = fc.array(fc.oneof(fc.string({ unit: "grapheme", maxLength: 12 }), fc.constantFrom("⚓", "漢字", "x".repeat(50))), { maxLength: 12 }).map((list) => list.map((word) => word.replace(/\s/g, "_")).join(" "));
  fc.assert(fc.property(words, fc.integer({ min: 4, max: 40 }), (text, most) => {
    const lines = wrap(text, most);
    for (const line of lines) expect(widthOf(line)).toBeLessThanOrEqual(most);
    expect(lines.join("").replaceAll(" ", "")).toBe(text.replaceAll(" ", ""));
    expect(widthOf(fit(text, most))).toBeLessThanOrEqual(most);
  }));
});
