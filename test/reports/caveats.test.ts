import { expect, test } from "vitest";
import { html } from "../../reports/html/index.ts";
import { json } from "../../reports/json/index.ts";
import { markdown } from "../../reports/markdown/index.ts";
import { finalText } from "../../reports/terminal/index.ts";
import type { LedgerView } from "../../src/ledger/view.ts";
import type { Verdict } from "../../src/model/verdict.ts";
import { hostile, phases } from "./game-day.ts";
import { LedgerWriter, runLine } from "./ledger.ts";

const verdict: Verdict = { grade: "pass", findings: [], unhealed: [], storms: [] };
const caveat = "Certificates are not checked for https://shop.example";
const file = (report: typeof json, view: LedgerView) => {
  const { main, files } = report.render(view, verdict);
  return files[main] as string;
};

test.each([
  ["terminal", (view: LedgerView) => finalText(view, verdict, { colour: false, columns: 100 })],
  ["html", (view: LedgerView) => file(html, view)],
  ["json", (view: LedgerView) => file(json, view)],
  ["markdown", (view: LedgerView) => file(markdown, view)],
])("%s says what a reader must know, before anything that may be long, and believes nothing in it", (kind, render) => {
  const view = new LedgerWriter().add(runLine(phases, { caveats: [caveat, hostile.markup, hostile.control] })).view();
  const text = render(view);
  expect(text).toContain(caveat);
  expect(text.indexOf(caveat)).toBeLessThan(text.indexOf(kind === "json" ? '"findings"' : kind === "html" ? "<main>" : kind === "markdown" ? "seed 42" : "Phases"));
  expect(text).not.toContain("\u001b");
  if (kind === "html" || kind === "markdown") expect(text).not.toContain("<script>alert");
  expect(render(new LedgerWriter().add(runLine(phases)).view())).not.toContain("Certificates");
});
