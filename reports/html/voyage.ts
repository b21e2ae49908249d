import type { LedgerView } from "../../src/ledger/view.ts";
import type { Verdict } from "../../src/model/verdict.ts";
import { phasesTable } from "../tables.ts";
import type { Band } from "./bands.ts";
import { html, type Markup } from "./element.ts";
import { grid } from "./grid.ts";
import { shades } from "./plot.ts";
import { stormCard } from "./storm.ts";

const stripHeight = 58;

/** The timeline: a strip of all phases, a table of them, and each storm with its states. */
export function voyage(view: LedgerView, verdict: Verdict, bands: readonly Band[], lengthS: number): Markup {
  const storms = view.storms.flatMap((storm) => {
    const phase = view.phases[storm.phase];
    return phase?.storm ? [stormCard(view, verdict, storm, phase)] : [];
  });
  return html`
${bands.length > 0 && html`<svg class="strip" width="100%" height="${stripHeight}" role="img" aria-label="The phases in their order; storms are hatched.">${shades(bands, lengthS, { height: stripHeight, stormY: 42, numberY: 16 })}${names(bands, lengthS)}</svg>
<p class="note">Hatched: from the strike until the platform was whole again. The same numbers mark the phases in the plots.</p>`}
${grid(phasesTable(view), { name: "phases", heading: 1 })}
${storms.length > 0 && html`<h3 class="storms-title">Storms</h3><div class="storms">${storms}</div>`}`;
}

/** Names where they fit on a wide page; elsewhere the number stands alone. */
function names(bands: readonly Band[], lengthS: number): Markup {
  return html`${bands.filter((band) => band.kind === "phase").map((band) => {
    const room = ((band.toS - band.fromS) / lengthS) * 900 - 12;
    return band.name.length * 7.5 < room && html`<text class="phase-name wide-only" x="${Number(((band.fromS / lengthS) * 100).toFixed(3))}%" dx="5" y="33">${band.name}</text>`;
  })}`;
}
