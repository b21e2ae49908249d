import { signs } from "../html/badge.ts";
import { html, type Markup } from "../html/element.ts";
import { mark } from "../html/opening.ts";

const numbers: readonly (readonly [id: string, name: string])[] = [
  ["rate", "Rate"], ["p50", "p50"], ["p95", "p95"], ["p99", "p99"], ["errors", "Errors"], ["users", "Users"], ["ops", "Ops"], ["dropped", "Dropped starts"],
];

/** Lines in the order of the history's points; see live.js. */
const plots: readonly (readonly [id: string, title: string, unit: string, lines: readonly (readonly [look: string, label: string])[]])[] = [
  ["rate", "Rate", "perSecond", [["rate", "ops a second"]]],
  ["latency", "Latency from due", "ms", [["p50", "p50"], ["p95", "p95"], ["p99", "p99"]]],
  ["errors", "Errors and dropped starts", "perSecond", [["refused", "refused"], ["unsure", "unsure"], ["dropped", "dropped starts"]]],
  ["users", "Users", "count", [["users", "users walking"]]],
];

const plot = ([id, title, unit, lines]: (typeof plots)[number]): Markup => html`
<figure class="plot live" data-plot="${id}" data-unit="${unit}">
  <figcaption><h3>${title}</h3>
  <ul class="legend">${lines.map(([look, label]) => html`<li data-line="${look}"><svg class="key" width="28" height="10" aria-hidden="true"><line class="line ${look}" x1="1" x2="27" y1="5" y2="5"/></svg> <span>${label}</span><output class="now"></output></li>`)}</ul></figcaption>
  <div class="plot-box"></div>
</figure>`;

const panel = (id: string, title: string, body: Markup): Markup => html`<section class="panel" id="${id}" aria-labelledby="${id}-title" hidden="hidden"><h2 id="${id}-title">${title}</h2>${body}</section>`;

/** The page before it knows anything. No word of a run is in it, so none can break it. */
export function page(): string {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8"/>
<meta name="viewport" content="width=device-width, initial-scale=1"/>
<meta name="color-scheme" content="light dark"/>
<title>Seatrial</title>
<link rel="icon" href="mark.svg" type="image/svg+xml"/>
<link rel="stylesheet" href="uplot.css"/>
<link rel="stylesheet" href="report.css"/>
<link rel="stylesheet" href="live.css"/>
<script src="uplot.js" defer="defer"></script>
<script src="plots.js" defer="defer"></script>
<script src="dom.js" defer="defer"></script>
<script src="panels.js" defer="defer"></script>
<script src="live.js" defer="defer"></script>
</head>
<body class="deck">
<svg class="defs" width="0" height="0" aria-hidden="true"><defs>${Object.entries(signs).map(([grade, path]) => html`<symbol id="sign-${grade}" viewBox="0 0 16 16"><path d="${path}" fill="none" stroke="currentColor" stroke-width="2.2" stroke-linecap="round" stroke-linejoin="round"/></symbol>`)}</defs></svg>
<header class="helm">
  <p class="brand">${mark(html`class="mark" width="28" height="28" aria-hidden="true"`)} Seatrial</p>
  <div class="name"><h1 id="scenario">Waiting for the run</h1><p class="note" id="facts"></p></div>
  <p class="clock"><span id="link" class="chip" role="status">connecting</span> <time id="elapsed"></time></p>
  <p class="buttons"><button type="button" id="stop" data-sure="Really stop?">Stop and heal</button> <button type="button" id="halt" data-sure="Really cut?" hidden="hidden">Cut everybody, heal</button></p>
</header>
<p id="answer" role="status"></p>
<noscript><p class="alarm">This page shows a run under way, and needs scripts. The report that is written at the end does not.</p></noscript>
<ol id="phases" aria-label="Phases"></ol>
<div class="glance">
  <section id="verdict" class="verdict" aria-label="Verdict"><p class="word">–</p><p class="sentence">Nothing is judged yet.</p></section>
  <dl class="numbers">${numbers.map(([id, name]) => html`<div><dt>${name}</dt><dd id="n-${id}">–</dd></div>`)}</dl>
</div>
<section id="over" class="panel" aria-label="The end" hidden="hidden"></section>
<p id="slow" class="alarm" hidden="hidden">The load generator can't keep up: what is measured now is not to be believed.</p>
<main>
<div class="middle">
<div class="plots">${plots.map(plot)}</div>
<section class="panel" id="steps" aria-labelledby="steps-title" hidden="hidden"><h2 id="steps-title">Journeys and steps</h2>
<div class="table-box" tabindex="0" role="region" aria-label="Journeys and steps"><table class="grid-table"><caption class="unseen">Journeys and their steps, over the run so far; latency from due</caption>
<thead><tr><th scope="col">Journey</th>${["Ops", "Rate", "Errors", "p50", "p95", "p99", "Max", "p95 begun"].map((head) => html`<th scope="col" class="number">${head}</th>`)}</tr></thead><tbody></tbody></table></div></section>
<section class="panel" id="log" aria-labelledby="log-title" hidden="hidden"><h2 id="log-title">Run log</h2><ol class="log list"></ol></section>
</div>
<div class="side">
${panel("storms", "Storms", html`<p class="buttons"><button type="button" id="heal" data-sure="Really heal?" hidden="hidden">Heal now</button> <span class="note" id="heal-note" hidden="hidden">whether it would have been mended in time is then unknown</span></p><div class="list"></div>`)}
${panel("closed", "Users", html`<div class="list"></div><p class="note">A judged phase whose users were changed is unsure. With the focus here, <kbd>w</kbd> <kbd>W</kbd> add 1 or 10 users, <kbd>s</kbd> <kbd>S</kbd> take as many away.</p>`)}
${panel("findings", "What does not hold", html`<div class="list"></div>`)}
${panel("failures", "Last failures", html`<ol class="list"></ol>`)}
${panel("probes", "Probes", html`<div class="list"></div>`)}
</div>
</main>
</body>
</html>
`.text;
}
