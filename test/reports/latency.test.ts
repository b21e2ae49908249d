/** Every format shows what a user suffers and what the server took, and says which is which. */
import { parse } from "csv-parse/sync";
import { expect, test } from "vitest";
import { reports } from "../../reports/index.ts";
import type { Summary } from "../../reports/json/summary.ts";
import type { Verdict } from "../../src/model/verdict.ts";
import { LedgerWriter, runLine } from "./ledger.ts";
import { elementsOf, parseXml } from "./xml.ts";

/** Touches waited long for their turn: 900 ms from due, 33 ms from begun. */
const late = new LedgerWriter()
  .add(runLine([{ name: "peak", judged: true }]))
  .second(0, [{ phase: 0, journey: "buy", step: "GET /x", due: [900], began: [33] }], [[0, "buy", 1, 0, 1, 0, 1]])
  .view();
const verdict: Verdict = {
  grade: "fail", unhealed: [], storms: [],
  findings: [{ id: "peak / buy / p95", about: "budget", grade: "fail", phase: "peak", journey: "buy", step: undefined, expected: "p95 ≤ 1ms", observed: "p95 = 900ms", reason: "", evidence: "" }],
};
const rendered = (kind: keyof typeof reports) => {
  const { main, files } = reports[kind].render(late, verdict);
  return { main: String(files[main]), files };
};
/** On one line, without the backslashes that Markdown needs. */
const flat = (text: string) => text.replace(/\\/g, "").replace(/\s+/g, " ");

test.each(["terminal", "html", "junit", "markdown"] as const)("%s says both, in the same words", (kind) => {
  const text = flat(rendered(kind).main);
  for (const words of ["from due (what a user suffers)", "from begun (what the server took)", "900ms", "33ms"]) expect(text).toContain(words);
});

test("junit has them as properties of the suite", () => {
  const properties = elementsOf(parseXml(rendered("junit").main), "property").map(({ attributes }) => attributes);
  expect(properties).toEqual([
    { name: "latency from due (what a user suffers)", value: expect.stringMatching(/^p50 897ms, .*max 900ms$/) },
    { name: "latency from begun (what the server took)", value: expect.stringMatching(/^p50 33ms, .*max 33ms$/) },
  ]);
});

test("json has them as numbers", () => {
  const { total } = JSON.parse(rendered("json").main) as Summary;
  expect([total.due.maxMs, total.began.maxMs]).toEqual([900, 33]);
});

test("csv has a file with both, beside Locust's", () => {
  const rows: Record<string, string>[] = parse(String(rendered("csv").files["seatrial_latency.csv"]), { columns: true });
  expect(rows.map((row) => [row["Name"], row["Counted"], row["Meaning"], row["Count"], row["100%"]])).toEqual([
    ["/x", "from due", "what a user suffers", "1", "900"], ["/x", "from begun", "what the server took", "1", "33"],
    ["Aggregated", "from due", "what a user suffers", "1", "900"], ["Aggregated", "from begun", "what the server took", "1", "33"],
  ]);
});

test.each(["terminal", "html", "markdown", "json"] as const)("%s names a limit of the generator that was broken, and when", (kind) => {
  const view = new LedgerWriter().add(runLine([{ name: "peak", judged: true }]))
    .add({ k: "health", s: 3, lagMs: 1, lagMaxMs: 2, cpu: 0.1, heapMb: 50, slow: true, gcMs: 420 }).view();
  const { main, files } = reports[kind].render(view, verdict);
  expect(flat(String(files[main]))).toMatch(/SEA_?SELF_?GC.*3/);
});
