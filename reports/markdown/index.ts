import type { LedgerView } from "../../src/ledger/view.ts";
import type { Report } from "../../src/model/report.ts";
import type { Verdict } from "../../src/model/verdict.ts";
import { sayMs } from "../../src/units/duration.ts";
import { cutTo, plainLine } from "../escape.ts";
import { sayDate } from "../numbers.ts";
import { sayCommand, sayEnd, sayHealth, sayLatencies, sayMoments, sayStorm, sayVerdict } from "../story.ts";
import { firstRows, type Table } from "../table.ts";
import { failuresTable, findingsTable, journeysTable, partsTable, survivalTable } from "../tables.ts";
import { sayWalks, walksTable } from "../walks.ts";

/** A short summary for a CI job's page: what did not pass comes first. */
export const markdown: Report<LedgerView> = {
  kind: "markdown",
  render: (view, verdict) => ({ main: "summary.md", files: { "summary.md": document(view, verdict) } }),
};

const marks = { pass: "✅", unsure: "❔", fail: "❌" } as const;

function document(view: LedgerView, verdict: Verdict): string {
  const bad = verdict.findings.filter((finding) => finding.grade !== "pass");
  const good = verdict.findings.filter((finding) => finding.grade === "pass");
  const command = sayCommand(view);
  const { run } = view;
  const parts = [
    `## ${marks[verdict.grade]} ${verdict.grade.toUpperCase()}: ${safe(run.scenario)}`,
    safe(sayVerdict(view, verdict)),
    safe(sayEnd(view)),
    ...(run.caveats ?? []).map((text) => `⚠️ **${safe(text)}**`),
    `${safe(run.place?.name ?? "no cluster")} · seed ${run.seed} · ${sayDate(run.startedMs)} · ${sayMs(view.lastMs)}${run.mode === "rehearse" ? " · rehearsed on a simulated cluster" : ""}`,
    bad.length > 0 ? table(findingsTable(bad, "Findings that did not pass"), 50, true) : "",
    view.walks.length > 0 ? `**${safe(sayWalks(view))}**` : "",
    table(walksTable(view), 30),
    storms(view, verdict),
    table(journeysTable(view), 40, false, sayLatencies),
    table(partsTable(view), 40),
    table(survivalTable(view), 20),
    table(failuresTable(view), 15),
    good.length > 0 ? `<details><summary>${good.length} passed</summary>\n\n${table(findingsTable(good, ""), 200)}\n\n</details>` : "",
    safe(sayHealth(view)),
    view.damage.length > 0 ? `**Damage of the ledger:** ${view.damage.slice(0, 10).map(safe).join("; ")}` : "",
    command ? `Play it again: ${code(command)}` : "",
  ];
  return `${parts.filter(Boolean).join("\n\n")}\n`;
}

/** On a line of its own within the same item. */
const after = (text: string): string => (text ? `\n  ${text}` : "");

function storms(view: LedgerView, verdict: Verdict): string {
  const lines = view.storms.flatMap((storm) => {
    const phase = view.phases[storm.phase];
    return phase?.storm ? [`- **${safe(phase.name)}**: ${safe(phase.storm.harm)}; ${safe(sayStorm(storm, phase))}${after(safe(sayMoments(storm, verdict)))}`] : [];
  });
  return lines.length > 0 ? `### Storms\n\n${lines.join("\n")}` : "";
}

function table(whole: Table, most: number, marked = false, note = ""): string {
  if (whole.rows.length === 0) return "";
  const { caption, columns, rows, leftOut } = firstRows(whole, most);
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  const body = rows.map((row) => line(row.cells.map((cell, i) => `${i === 0 && row.under ? "&emsp;" : ""}${i === 0 && marked && row.grade ? `${marks[row.grade]} ` : ""}${safe(cell.text)}`)));
  return [
    ...(caption ? [`### ${caption}`, ""] : []),
    ...(note ? [safe(note), ""] : []),
    line(columns.map((column) => column.head)),
    line(columns.map((column) => (column.number ? "--:" : ":--"))),
    ...body,
    ...(leftOut ? ["", `… and ${leftOut} more`] : []),
  ].join("\n");
}

/** One line that Markdown and HTML both leave alone. */
function safe(text: string): string {
  return cutTo(plainLine(text), 300).replace(/[\\`*_{}[\]()#|~!]/g, "\\$&").replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");
}

function code(text: string): string {
  const line = plainLine(text);
  const fence = "`".repeat(1 + (line.match(/`+/g) ?? []).reduce((most, run) => Math.max(most, run.length), 0));
  return `${fence}${fence.length > 1 ? " " : ""}${line}${fence.length > 1 ? " " : ""}${fence}`;
}
