import type { LedgerView, PhaseView, StormView } from "../../src/ledger/view.ts";
import type { Verdict } from "../../src/model/verdict.ts";
import { sayMs } from "../../src/units/duration.ts";
import { sayMoment } from "../numbers.ts";
import { recoveryMs, saySince, stormState, type StormState } from "../story.ts";
import { html, type Markup } from "./element.ts";
import { weather } from "./weather.ts";

const stateGrade = { recovered: "pass", overdue: "fail", unhealed: "fail", "healed by hand": "unsure", "not confirmed": "unsure", "never struck": "unsure" } as const satisfies Record<StormState, string>;

/** One storm: how it went, what the clients and the cluster showed of it, and when. */
export function stormCard(view: LedgerView, verdict: Verdict, storm: StormView, phase: PhaseView): Markup {
  const facts = phase.storm!;
  const state = stormState(storm);
  const mended = storm.steps.find((line) => line.step === "mended")?.t;
  const states: readonly (readonly [string, number | undefined])[] = [
    ["aimed", storm.aimMs], ["struck", storm.injectMs], ["noticed", storm.harmedMs], ["mended", mended],
    ["whole again", storm.recoveredMs], ["overdue", storm.overdueMs], ["relieved by hand", storm.relievedMs], ["healed", storm.healedMs],
  ];
  const reached = states.filter(([, t]) => t !== undefined).sort((a, b) => a[1]! - b[1]!);
  // From the strike on, what counts is how long it took.
  const when = (name: string, t: number) => (storm.injectMs === undefined || name === "aimed" || name === "struck" ? sayMoment(t) : saySince(t, storm.injectMs));
  const moments = verdict.storms.find((one) => one.phase === phase.index)?.moments ?? [];
  return html`
<article class="storm-card">
  <h4>${phase.index + 1} ${phase.name} <span class="badge ${stateGrade[state]}">${state}</span></h4>
  <p>${facts.harm}; ${unaided[facts.recovery] ?? facts.recovery} must mend it within ${sayMs(facts.withinMs)}.</p>
  ${allowance(storm, facts.withinMs)}
  <ol class="states">${reached.map(([name, t]) => html`<li><b>${name}</b> ${when(name, t!)}</li>`)}</ol>
  ${moments.length > 0 && weather(view, storm, phase, moments)}
  <p class="note">${storm.targets.length > 0 && html`Aimed at ${storm.targets.slice(0, 20).map((target) => `${target.what} ${target.name}`).join(", ")}.`}${storm.healedBy === "heal" && " Healed later by seatrial heal."}${storm.error !== undefined && html` Error: ${storm.error}`}</p>
</article>`;
}

/** How recoveries that nobody acts in are called. */
const unaided: Readonly<Record<string, string>> = { platform: "the platform", end: "its own end" };

/** How much of the time allowed was used. */
function allowance(storm: StormView, withinMs: number): Markup {
  const took = recoveryMs(storm);
  const late = storm.overdueMs !== undefined || (took ?? 0) > withinMs;
  if (storm.injectMs === undefined) return html`<p><b>Never seen to strike.</b></p>`;
  if (storm.relievedMs !== undefined) return html`<p><b>Healed by hand</b> ${sayMs(storm.relievedMs - storm.injectMs)} after the strike: who would have mended it is not known.</p>`;
  if (took === undefined && !late) return html`<p><b>Not seen whole again.</b></p>`;
  const share = late ? 1 : took! / Math.max(1, withinMs);
  const words = took === undefined ? html`<b>Still broken</b> after the ${sayMs(withinMs)} allowed.` : html`<b>Whole again after ${sayMs(took)}</b> of ${sayMs(withinMs)} allowed.`;
  return html`<p>${words}</p><svg class="allowance" width="100%" height="8" aria-hidden="true"><rect class="allowed" width="100%" height="8" rx="4"/><rect class="${late ? "over" : "used"}" width="${Number((share * 100).toFixed(1))}%" height="8" rx="4"/></svg>`;
}

