import { describe, expect, test } from "vitest";
import { html } from "../../reports/html/index.ts";
import { json } from "../../reports/json/index.ts";
import type { Summary } from "../../reports/json/summary.ts";
import { markdown } from "../../reports/markdown/index.ts";
import { finalText } from "../../reports/terminal/index.ts";
import { arrivals, journey, scenario } from "../../src/index.ts";
import type { LedgerView } from "../../src/ledger/view.ts";
import type { Driver } from "../../src/model/driver.ts";
import type { Verdict } from "../../src/model/verdict.ts";
import { judge } from "../../src/judge/index.ts";
import { staged } from "../play/stage.ts";

const verdict: Verdict = { grade: "pass", findings: [], unhealed: [], storms: [] };

/** A driver that tells where its time went, or not. */
function teller(tells: boolean): Driver<{ touch(ms: number): Promise<void> }> {
  return {
    kind: "teller",
    open: async ({ clock, record }) => ({
      async touch(ms) {
        const beganMs = clock.now();
        await clock.sleep(ms);
        record.op("GET /", beganMs, clock.now(), "ok");
        if (!tells) return;
        record.part?.("GET /", "blocked", beganMs, 0);
        record.part?.("GET /", "tls", beganMs, ms / 4);
        record.part?.("GET /", "waiting", beganMs, (ms * 3) / 4);
      },
    }),
    close: async () => {},
  };
}

async function played(tells: boolean): Promise<LedgerView> {
  const line = teller(tells);
  const walk = journey({ line }, ({ line }, user) => user.step("group", () => line.touch(2_400)));
  return (await staged(scenario({ name: "t", journeys: { walk }, phases: [{ name: "p", for: "20s", load: { walk: arrivals("2/s") } }], budget: { walk: { p95: "3s", steps: { "GET /": { p95: "3s", minRate: "1/s" } } } } }))).view;
}

const file = (report: typeof json, view: LedgerView) => {
  const { main, files } = report.render(view, verdict);
  return files[main] as string;
};
const told = await played(true);
const untold = await played(false);

describe("where the time went", () => {
  test.each([
    ["terminal", (view: LedgerView) => finalText(view, verdict, { colour: false, columns: 100 })],
    ["html", (view: LedgerView) => file(html, view)],
    ["markdown", (view: LedgerView) => file(markdown, view)],
  ])("is in %s, by step, without the parts that took none of it; and not where nobody kept it", (_, render) => {
    const text = render(told).replaceAll(/<[^>]*>/g, " ");
    const after = text.slice(text.lastIndexOf("Where the time went"));
    const inOrder = ["walk, group › GET /", "tls", "40", "25%", "600ms", "waiting", "40", "75%", "1.8s"];
    let at = 0;
    for (const part of inOrder) {
      at = after.indexOf(part, at);
      expect(at, part).toBeGreaterThan(0);
    }
    expect(after.slice(0, at)).not.toContain("blocked");
    expect(render(untold)).not.toContain("Where the time went");
  });

  test("is in JSON", () => {
    const { parts } = JSON.parse(file(json, told)) as Summary;
    expect(parts.map(({ journey, step, part, count, share }) => [journey, step, part, count, share])).toEqual([
      ["walk", "group › GET /", "blocked", 40, 0], ["walk", "group › GET /", "tls", 40, 0.25], ["walk", "group › GET /", "waiting", 40, 0.75],
    ]);
    expect(parts[2]!.p95Ms).toBeCloseTo(1_800, -2);
    expect((JSON.parse(file(json, untold)) as Summary).parts).toEqual([]);
  });

  test("is in no count, no sum and no budget: all else is as if nobody had kept it", () => {
    const without = (view: LedgerView) => {
      const { parts: _parts, ...rest } = JSON.parse(file(json, view)) as Summary;
      return rest;
    };
    expect(without(told)).toEqual(without(untold));
    expect(told.tally({ step: "group › GET /" })).toMatchObject({ count: 40, ok: 40 });
    expect(judge(told)).toEqual(judge(untold));
    expect(judge(told).findings.length).toBeGreaterThan(1);
  });
});
