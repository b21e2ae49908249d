import type { LedgerView } from "../../src/ledger/view.ts";
import type { Verdict } from "../../src/model/verdict.ts";
import { sayMs } from "../../src/units/duration.ts";
import { cutTo } from "../escape.ts";
import { none, sayCount, sayDate, sayLatency, sayRate, sayShare } from "../numbers.ts";
import { sayCommand, sayEnd, sayVerdict } from "../story.ts";
import { opsOf, startsOf } from "../sums.ts";
import { sign } from "./badge.ts";
import { html, type Markup } from "./element.ts";

/** A hull on two waves. */
export const mark = (attributes: Markup): Markup => html`<svg ${attributes} viewBox="0 0 32 32"><path d="M16 4v13M16 5.5l7.5 9H16M6 18.5h20l-3.2 5H9.2z" fill="none" stroke="currentColor" stroke-width="1.8" stroke-linejoin="round" stroke-linecap="round"/><path d="M3 27.5c2.2-1.8 4.3-1.8 6.5 0s4.3 1.8 6.5 0 4.3-1.8 6.5 0 4.3 1.8 6.5 0" fill="none" stroke="currentColor" stroke-width="1.8" stroke-linecap="round"/></svg>`;

/** The verdict, in a sentence, with the numbers that most people came for. */
export function opening(view: LedgerView, verdict: Verdict): Markup {
  const ops = opsOf(view);
  const { starts, dropped } = startsOf(view);
  const end = sayEnd(view);
  const facts: readonly (readonly [string, string])[] = [
    ["Ops", ops.count > 0 ? sayCount(ops.count) : none], ["Rate", sayRate(ops.perSecond)], ["Errors", sayShare(ops.errors)],
    ["p50", sayLatency(ops.due.quantileMs(0.5))], ["p95", sayLatency(ops.due.quantileMs(0.95))], ["p95 from begun", sayLatency(ops.began.quantileMs(0.95))], ["Dropped starts", sayShare(dropped / starts)],
  ];
  return html`
<header class="top">
  <p class="brand">${mark(html`class="mark" width="28" height="28" aria-hidden="true"`)} Seatrial</p>
  <h1>${view.run.scenario}</h1>
  <section class="verdict ${verdict.grade}" aria-label="Verdict">
    <p class="word">${sign(verdict.grade)} ${verdict.grade.toUpperCase()}</p>
    <p class="sentence">${sayVerdict(view, verdict)}</p>
    ${end !== "" && html`<p>${end}</p>`}
    ${(view.run.caveats ?? []).map((text) => html`<p class="caveat">${cutTo(text, 1_000)}</p>`)}
  </section>
  <dl class="numbers">${facts.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>
</header>`;
}

/** What was tried, and how to try it again. */
export function tried(view: LedgerView): Markup {
  const { run } = view;
  const command = sayCommand(view);
  const where = run.place ? `${run.place.name}${run.place.kind === run.place.name ? "" : ` (${run.place.kind})`}` : "no cluster";
  const facts: readonly (readonly [string, string])[] = [
    ["Scenario", run.file === undefined ? run.scenario : `${run.scenario}, ${run.file}`],
    ["Where", run.mode === "rehearse" ? "rehearsed in virtual time on a simulated cluster" : where],
    ["When", `${sayDate(run.startedMs)}, for ${sayMs(view.lastMs)}`], ["Seed", String(run.seed)], ["Run", run.run],
    ["Machine", `Seatrial ${run.machine.seatrial}, Node ${run.machine.node}, ${run.machine.platform}, ${run.machine.cpus} CPUs${run.machine.workers === undefined ? "" : `, ${run.machine.workers} workers`}`],
  ];
  return html`
<dl class="facts">${facts.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>
${command !== undefined && html`<p class="again">Play it again: <code tabindex="0">${command}</code></p>`}`;
}
