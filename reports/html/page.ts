import type { LedgerView } from "../../src/ledger/view.ts";
import type { Verdict } from "../../src/model/verdict.ts";
import { sayHealth, sayLatencies } from "../story.ts";
import { journeysTable, partsTable, probesTable, survivalTable } from "../tables.ts";
import { timeline } from "../timeline.ts";
import { bandsOf } from "./bands.ts";
import { chartsOf } from "./charts.ts";
import { html, jsonData, Markup } from "./element.ts";
import { failures } from "./failures.ts";
import { findings } from "./findings.ts";
import { grid } from "./grid.ts";
import { log, noted } from "./log.ts";
import { opening, tried } from "./opening.ts";
import { plot } from "./plot.ts";
import { voyage } from "./voyage.ts";
import { walks } from "./walks.ts";

interface Section {
  readonly id: string;
  readonly title: string;
  readonly body: Markup | false;
}

/** The whole page. It is well-formed XML too, and holds no style, no handler and no script of its own. */
export function page(view: LedgerView, verdict: Verdict): string {
  const times = timeline(view);
  const charts = chartsOf(view, times);
  const bands = bandsOf(view);
  const parts = partsTable(view);
  const sections: readonly Section[] = [
    { id: "findings", title: "Findings", body: findings(verdict) },
    { id: "walks", title: "Walks", body: view.walks.length > 0 && walks(view) },
    { id: "tried", title: "What was tried", body: tried(view) },
    { id: "timeline", title: "Timeline", body: voyage(view, verdict, bands, times.lengthS) },
    {
      id: "plots", title: "Over time",
      body: charts.length > 0 ? html`<div class="zoom" hidden="hidden"></div>${charts.map((chart) => plot(chart, bands, times.stepS, times.lengthS))}` : html`<p>Nothing was measured, so there is nothing to draw.</p>`,
    },
    { id: "journeys", title: "Journeys and steps", body: view.series.length > 0 && html`<p class="note">${sayLatencies}</p>${grid(journeysTable(view), { name: "journeys", heading: 0, quiet: true })}` },
    { id: "parts", title: "Where the time went", body: parts.rows.length > 0 && grid(parts, { name: "parts", heading: 0, quiet: true }) },
    { id: "failures", title: "Failures", body: (view.failures.length > 0 || view.examples.length > 0) && failures(view) },
    {
      id: "survival", title: "Survival",
      body: (view.survivals.length > 0 || view.notes.length > 0) && html`<p>${noted(view)}</p>${view.survivals.length > 0 && grid(survivalTable(view), { name: "survival", heading: 0 })}${lost(view)}`,
    },
    { id: "probes", title: "Probes", body: view.run.probes.length > 0 && grid(probesTable(view), { name: "probes", heading: 0, quiet: true }) },
    { id: "generator", title: "Load generator", body: html`<p>${sayHealth(view)}</p>` },
    { id: "log", title: "Run log", body: view.says.length > 0 && log(view) },
    { id: "damage", title: "Damage of the ledger", body: view.damage.length > 0 && html`<ul>${view.damage.slice(0, 100).map((text) => html`<li>${text}</li>`)}</ul>` },
  ];
  const shown = sections.filter((section) => section.body !== false);
  const data = {
    stepS: times.stepS, lengthS: times.lengthS, bands,
    charts: charts.map(({ id, unit, lines, axis }) => ({ id, unit, ticks: axis.log ? axis.ticks : undefined, lines: lines.map(({ look, label, values }) => ({ look, label, values: values.map(rounded) })) })),
  };
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8"/>
<meta name="viewport" content="width=device-width, initial-scale=1"/>
<meta name="color-scheme" content="light dark"/>
<title>${verdict.grade.toUpperCase()}: ${view.run.scenario}</title>
<link rel="icon" href="mark.svg" type="image/svg+xml"/>
<link rel="stylesheet" href="uplot.css"/>
<link rel="stylesheet" href="report.css"/>
<script src="uplot.js" defer="defer"></script>
<script src="plots.js" defer="defer"></script>
<script src="report.js" defer="defer"></script>
</head>
<body>
<svg class="defs" width="0" height="0" aria-hidden="true"><defs><pattern id="hatch" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><line class="hatch" x1="0" x2="0" y1="0" y2="6"/></pattern></defs></svg>
${opening(view, verdict)}
<nav aria-label="Sections"><ul>${shown.map(({ id, title }) => html`<li><a href="#${id}">${title}</a></li>`)}</ul></nav>
<main>
${shown.map(({ id, title, body }) => html`<section id="${id}" aria-labelledby="${id}-title"><h2 id="${id}-title">${title}</h2>${body}</section>
`)}
</main>
<footer><p>Seatrial ${view.run.machine.seatrial}, from ledger ${view.run.run}.</p></footer>
${jsonData("data", data)}
</body>
</html>
`.text;
}

/** Four digits are more than a plot can show. */
const rounded = (value: number): number | null => (Number.isFinite(value) ? Number(value.toPrecision(4)) : null);

function lost(view: LedgerView): Markup {
  const lines = view.survivals.filter((line) => line.lost.length > 0 || line.unexpected.length > 0 || line.error !== undefined);
  return html`${lines.map((line) => html`<p>${line.kind}${line.lost.length > 0 && html`, lost: ${line.lost.slice(0, 50).join(", ")}`}${line.unexpected.length > 0 && html`, nobody asked for: ${line.unexpected.slice(0, 50).join(", ")}`}${line.error !== undefined && html`, error: ${line.error}`}.</p>`)}`;
}
