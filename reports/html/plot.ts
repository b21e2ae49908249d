import { sayMs } from "../../src/units/duration.ts";
import { timeTicks } from "./axis.ts";
import type { Band } from "./bands.ts";
import { sayValue, type Chart, type Line } from "./charts.ts";
import { html, type Markup } from "./element.ts";

/*
 * The plots stretch with the page, but their words do not: positions across are percentages of
 * the outer SVG, and only the lines live in an inner one that is stretched. Where styles and
 * scripts are forbidden this needs neither.
 */
const plotHeight = 180;
const across = 1_000;

/** A place across, 0 to 1, as SVG takes it; what is beyond the edges stands on them. */
export const percent = (fraction: number): string => `${Number((Math.min(1, Math.max(0, fraction)) * 100).toFixed(3))}%`;
const down = (chart: Chart, value: number): number => Number(((1 - chart.axis.place(value)) * plotHeight).toFixed(1));

/** One figure: caption, picture, legend. */
export function plot(chart: Chart, bands: readonly Band[], stepS: number, lengthS: number): Markup {
  const say = sayValue[chart.unit];
  return html`
<figure class="plot" data-plot="${chart.id}">
  <figcaption><h3>${chart.title}</h3> <span class="note">${chart.summary}</span></figcaption>
  <div class="plot-box">
    <svg class="chart" width="100%" height="${plotHeight + 24}" role="img" aria-label="${chart.title} over time. ${chart.summary}">
      ${shades(bands, lengthS, { height: plotHeight, stormY: 0, numberY: -7 })}
      ${chart.axis.ticks.map((tick) => html`<line class="grid" x1="0" x2="100%" y1="${down(chart, tick)}" y2="${down(chart, tick)}"/><text class="tick" x="-8" y="${down(chart, tick) + 4}" text-anchor="end">${tick === 0 ? "0" : say(tick)}</text>`)}
      ${times(lengthS)}
      <svg x="0" y="0" width="100%" height="${plotHeight}" viewBox="0 0 ${across} ${plotHeight}" preserveAspectRatio="none">
        ${chart.lines.map((line) => html`<path class="line ${line.look}" fill="none" vector-effect="non-scaling-stroke" d="${path(chart, line, stepS, lengthS)}"/>`)}
      </svg>
    </svg>
  </div>
  <ul class="legend">
    ${bands.some((band) => band.kind === "storm") && html`<li><svg class="key" width="28" height="12" aria-hidden="true"><rect class="storm" width="28" height="12"/><rect width="28" height="12" fill="url(#hatch)"/></svg> storm</li>`}
    ${chart.lines.map((line) => html`<li data-line="${line.look}"><svg class="key" width="28" height="10" aria-hidden="true"><line class="line ${line.look}" x1="1" x2="27" y1="5" y2="5"/></svg> ${line.label}<output class="now"></output></li>`)}
  </ul>
</figure>`;
}

/** Shaded phases with their numbers, and storms hatched over them from `stormY` down. */
export function shades(bands: readonly Band[], lengthS: number, { height, stormY, numberY }: { readonly height: number; readonly stormY: number; readonly numberY: number }): Markup {
  const rect = (band: Band, attributes: Markup, y = 0) => html`<rect x="${percent(band.fromS / lengthS)}" y="${y}" width="${percent(Math.max(0.002, (band.toS - band.fromS) / lengthS))}" height="${height - y}" ${attributes}><title>${band.number} ${band.name}, ${sayMs(band.fromS * 1_000)} to ${sayMs(band.toS * 1_000)}</title></rect>`;
  return html`${bands.map((band) => band.kind === "phase"
    ? html`${rect(band, html`class="phase ${band.number % 2 === 0 ? "even" : "odd"}"`)}<text class="number" x="${percent(band.fromS / lengthS)}" dx="5" y="${numberY}">${band.number}</text>`
    : html`${rect(band, html`class="storm"`, stormY)}${rect(band, html`fill="url(#hatch)"`, stormY)}<line class="struck" x1="${percent(band.fromS / lengthS)}" x2="${percent(band.fromS / lengthS)}" y1="${stormY}" y2="${height}"/>`)}`;
}

function times(lengthS: number): Markup {
  const ticks = timeTicks(lengthS);
  return html`${ticks.map((tick, i) => html`<text class="tick${i % 2 === 1 ? " wide-only" : ""}" x="${percent(tick / lengthS)}" y="${plotHeight + 18}" text-anchor="${i === 0 ? "start" : tick / lengthS > 0.97 ? "end" : "middle"}">${tick === 0 ? "0" : sayMs(tick * 1_000)}</text>`)}`;
}

/** A line with gaps where nothing was measured; a lone point is a dot by its round cap. */
function path(chart: Chart, line: Line, stepS: number, lengthS: number): string {
  const parts: string[] = [];
  let open = false;
  line.values.forEach((value, i) => {
    if (!Number.isFinite(value)) return void (open = false);
    const x = Number(((Math.min(lengthS, (i + 0.5) * stepS) / lengthS) * across).toFixed(1));
    const lone = !open && !Number.isFinite(line.values[i + 1] ?? Number.NaN);
    parts.push(`${open ? "L" : "M"}${x} ${down(chart, value)}${lone ? "h0.1" : ""}`);
    open = true;
  });
  return parts.join("");
}
