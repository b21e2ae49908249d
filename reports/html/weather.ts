import { saySight } from "../../src/ledger/sights.ts";
import type { LedgerView, PhaseView, StormView } from "../../src/ledger/view.ts";
import type { Moment } from "../../src/model/verdict.ts";
import { sayMany, sayMoment } from "../numbers.ts";
import { inOrder, momentNames, saySince } from "../story.ts";
import { html, type Markup } from "./element.ts";
import { percent } from "./plot.ts";

const barsHeight = 64;
const laneHeight = 14;
/** Shown by name; the others are in the ledger. */
const mostSights = 60;
const lanes = ["pod", "endpoint", "node", "event", "watch"] as const;

/** The clients' touches by the second, under them what the cluster did, and the moments across both. */
export function weather(view: LedgerView, storm: StormView, phase: PhaseView, moments: readonly Moment[]): Markup {
  const injectMs = storm.injectMs!;
  const fromMs = Math.max(phase.beginMs ?? 0, injectMs - 2_000);
  const toMs = Math.max(phase.endMs ?? view.lastMs, injectMs + 1_000);
  const share = (t: number) => (t - fromMs) / (toMs - fromMs);
  const across = (t: number) => percent(share(t));
  const sights = view.sights.filter((sight) => sight.phase === phase.index && sight.t >= fromMs);
  const shown = lanes.filter((lane) => sights.some(({ what }) => what === lane));
  const height = barsHeight + shown.length * laneHeight;
  const ordered = inOrder(moments);
  const seen = ordered.filter(({ t }) => t !== undefined);
  const marks: { readonly t: number; letters: string }[] = [];
  seen.forEach(({ t }, i) => {
    const letter = String.fromCharCode(97 + i);
    const last = marks.at(-1);
    // Letters that would cover each other stand side by side.
    if (last && share(t!) - share(last.t) < 0.025 * last.letters.length) last.letters += letter;
    else marks.push({ t: t!, letters: letter });
  });
  return html`
<svg class="weather" width="100%" height="${height + 16}" role="img" aria-label="Touches by the second, what the cluster was seen to do, and the moments of the storm.">
  ${bars(view, phase, fromMs, toMs)}
  ${shown.map((lane, row) => html`<line class="grid" x1="0" x2="100%" y1="${barsHeight + row * laneHeight + 7}" y2="${barsHeight + row * laneHeight + 7}"/>${sights.filter(({ what }) => what === lane).map((sight) => html`<circle class="sight ${sight.turn}" cx="${across(sight.t)}" cy="${barsHeight + row * laneHeight + 7}" r="3"><title>${saySince(sight.t, injectMs)} ${saySight(sight)}</title></circle>`)}`)}
  ${seen.map(({ t }) => html`<line class="moment" x1="${across(t!)}" x2="${across(t!)}" y1="0" y2="${height}"/>`)}
  ${marks.map(({ t, letters }) => html`<text class="tick" x="${across(t)}" y="${height + 12}" text-anchor="${share(t) > 0.9 ? "end" : "start"}">${letters}</text>`)}
</svg>
<ol class="moments" type="a">${ordered.map((moment) => html`<li><b>${momentNames[moment.name]}</b> ${moment.t === undefined ? "–" : moment.name === "requested" ? sayMoment(moment.t) : saySince(moment.t, injectMs)}${moment.text !== "" && html`<span class="note"> ${moment.text}</span>`}</li>`)}</ol>
${sights.length > 0 && html`<details><summary>${sayMany(sights.length, "sighting")} of the cluster</summary><ol class="sights">${sights.slice(0, mostSights).map((sight) => html`<li><span class="time">${sight.t < injectMs ? sayMoment(sight.t) : saySince(sight.t, injectMs)}</span> ${saySight(sight)}</li>`)}</ol>${sights.length > mostSights && html`<p class="note">${sayMany(sights.length - mostSights, "more")} in the ledger.</p>`}</details>`}`;
}

/** Good touches of each second, and the failed ones on top of them. */
function bars(view: LedgerView, phase: PhaseView, fromMs: number, toMs: number): Markup {
  const [fromS, toS] = [Math.floor(fromMs / 1_000), Math.ceil(toMs / 1_000)];
  const count = Math.max(1, toS - fromS);
  const [good, bad] = [new Float64Array(count), new Float64Array(count)];
  for (const series of view.series) {
    if (series.type !== "op" || series.phase !== phase.index) continue;
    for (const { s, cell } of series.seconds) {
      if (s < fromS || s >= toS) continue;
      good[s - fromS]! += Math.max(0, cell[1]);
      bad[s - fromS]! += cell[2] + cell[3];
    }
  }
  const most = Math.max(1, ...good.map((ok, i) => ok + bad[i]!));
  const tall = (value: number) => Number(((value / most) * (barsHeight - 4)).toFixed(1));
  return html`${Array.from(good, (ok, i) => {
    // The first and the last second reach out of the picture.
    const [from, to] = [(fromS + i) * 1_000, (fromS + i) * 1_000 + 920].map((t) => Math.min(1, Math.max(0, (t - fromMs) / (toMs - fromMs))));
    const rect = (look: "good" | "bad", y: number, high: number) => html`<rect class="${look}" x="${percent(from!)}" width="${percent(to! - from!)}" y="${y}" height="${high}"/>`;
    const failed = Math.max(2, tall(bad[i]!));
    return html`${rect("good", barsHeight - tall(ok), tall(ok))}${bad[i]! > 0 && rect("bad", Math.max(0, barsHeight - tall(ok) - failed), failed)}`;
  })}`;
}
