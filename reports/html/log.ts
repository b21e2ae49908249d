import type { LedgerView } from "../../src/ledger/view.ts";
import { cutTo } from "../escape.ts";
import { sayCount, sayMany, sayMoment } from "../numbers.ts";
import { html, type Markup } from "./element.ts";

const mostSays = 400;

/** What the run said, the latest `mostSays` of it. */
export function log(view: LedgerView): Markup {
  const left = view.says.length - mostSays;
  return html`
${left > 0 && html`<p class="note">The first ${sayCount(left)} lines are only in the ledger.</p>`}
<ol class="log">${view.says.slice(-mostSays).map((line) => html`<li class="${line.level}"><span class="time">${sayMoment(line.t)}</span> <span>${line.level !== "info" && html`<b>${line.level}</b> `}${cutTo(line.text, 1_000)}${line.code !== undefined && html` <code>${line.code}</code>`}</span></li>`)}</ol>`;
}

/** What was noted by journeys, by kind: the writes that had to survive. */
export function noted(view: LedgerView): string {
  const counts = new Map<string, { note: number; attempt: number }>();
  for (const { kind, what, ids } of view.notes) {
    const count = counts.get(kind) ?? { note: 0, attempt: 0 };
    count[what] += ids.length;
    counts.set(kind, count);
  }
  return [...counts].map(([kind, { note, attempt }]) => `${kind}: ${sayMany(note, "acknowledged write")}${attempt > 0 ? ` of ${sayMany(attempt, "attempt")}` : ""}`).join("; ");
}
