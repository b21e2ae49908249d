import type { Finding, Verdict } from "../../src/model/verdict.ts";
import { cutTo } from "../escape.ts";
import { byGrade } from "../story.ts";
import { findingsTable } from "../tables.ts";
import { badge } from "./badge.ts";
import { html, type Markup } from "./element.ts";
import { grid } from "./grid.ts";

/** Past this many, those that did not pass are rows too. */
const mostCards = 100;
/** More rows than this wait behind a click, so that the timeline is not a mile away. */
const mostOpen = 12;
const longest = 2_000;

/** What did not pass, each told in full; then the passes in a table. */
export function findings(verdict: Verdict): Markup {
  const sorted = byGrade(verdict.findings);
  const bad = sorted.filter((one) => one.grade !== "pass");
  const cards = bad.slice(0, mostCards);
  const rows = [...bad.slice(mostCards), ...sorted.slice(bad.length)];
  return html`
${verdict.findings.length === 0 && html`<p>There are no findings: nothing was judged.</p>`}
${verdict.unhealed.length > 0 && html`<p class="alarm">Harm was left behind: ${verdict.unhealed.join(", ")}. <code>seatrial heal</code> takes it away.</p>`}
${cards.map(card)}
${rows.length > 0 && (rows.length > mostOpen ? html`<details class="more"><summary>${title(rows)}: ${rows.length}</summary>${table(rows)}</details>` : table(rows))}`;
}

const title = (rows: readonly Finding[]): string => (rows.every((one) => one.grade === "pass") ? "What passed" : "The other findings");
const table = (rows: readonly Finding[]): Markup => grid(findingsTable(rows, title(rows)), { name: "findings", heading: 1, most: 5_000, quiet: rows.length > mostOpen });

function card(finding: Finding): Markup {
  const fact = (name: string, text: string) => text !== "" && html`<div><dt>${name}</dt><dd>${cutTo(text, longest)}</dd></div>`;
  return html`
<article class="finding ${finding.grade}">
  <h3>${badge(finding.grade)} ${cutTo(finding.id, 500)}</h3>
  <dl>${fact("Asked", finding.expected)}${fact("Seen", finding.observed)}${fact("Why", finding.reason)}${fact("Evidence", finding.evidence)}</dl>
</article>`;
}
