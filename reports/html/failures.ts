import type { FailureExample, LedgerView } from "../../src/ledger/view.ts";
import { cutTo } from "../escape.ts";
import { sayCount, sayMany, sayMoment } from "../numbers.ts";
import { failuresTable } from "../tables.ts";
import { html, type Markup } from "./element.ts";
import { grid } from "./grid.ts";
import { evidence } from "./walks.ts";

const mostCauses = 200;
const mostKinds = 40;
const mostExamples = 3;
const longestBody = 2_000;

/** Failures by cause, and a few of them as they were. */
export function failures(view: LedgerView): Markup {
  const kinds = kindsOf(view);
  return html`
${grid(failuresTable(view), { name: "failures", heading: 1, most: mostCauses })}
${kinds.length > 0 && html`<h3>Examples</h3>`}
${kinds.slice(0, mostKinds).map(({ cause, journey, step, count, examples }) => html`
<details>
  <summary><b>${cutTo(cause, 200)}</b> in ${cutTo(journey, 100)}, ${cutTo(step || "whole walk", 200)}${count > 0 && `, ${sayMany(count, "time")}`}</summary>
  ${examples.slice(0, mostExamples).map((example) => one(view, example))}
</details>`)}
${kinds.length > mostKinds && html`<p class="note">… and examples of ${sayCount(kinds.length - mostKinds)} more causes in the ledger.</p>`}`;
}

interface Kind {
  readonly journey: string;
  readonly step: string;
  readonly cause: string;
  /** In the whole run. */
  count: number;
  readonly examples: FailureExample[];
}

/** Examples of one cause in one step, the most frequent first as in the table. */
function kindsOf(view: LedgerView): Kind[] {
  const kinds = new Map<string, Kind>();
  const keyOf = (of: { readonly journey: string; readonly step: string; readonly cause: string }) => [of.journey, of.step, of.cause].join("\n");
  for (const example of view.examples) {
    const { journey, step, cause } = example;
    const kind = kinds.get(keyOf(example));
    if (kind) kind.examples.push(example);
    else kinds.set(keyOf(example), { journey, step, cause, count: 0, examples: [example] });
  }
  for (const failure of view.failures) {
    const kind = kinds.get(keyOf(failure));
    if (kind) kind.count += failure.count;
  }
  return [...kinds.values()].sort((a, b) => b.count - a.count);
}

function one(view: LedgerView, example: FailureExample): Markup {
  const { request, status, error, spent, body, artifacts = [] } = example;
  return html`
<div class="example">
  <p>${sayMoment(example.t)}, ${view.phases[example.phase]?.name ?? ""}, user ${example.user}${example.retried && ", walked again"}${status !== undefined && html`, status <b>${status}</b>`}</p>
  ${request !== undefined && html`<pre tabindex="0">${cutTo(request, longestBody)}</pre>`}
  ${error !== undefined && html`<p>Error: ${cutTo(error, longestBody)}</p>`}
  ${spent !== undefined && html`<p>Its time: ${cutTo(spent, longestBody)}</p>`}
  ${body !== undefined && body !== "" && html`<pre tabindex="0">${cutTo(body, longestBody)}</pre>`}
  ${evidence(artifacts)}
</div>`;
}
