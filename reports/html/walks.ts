import { countedWalks } from "../../src/ledger/walks.ts";
import type { LedgerView } from "../../src/ledger/view.ts";
import type { Artifact } from "../../src/model/op.ts";
import { cutTo } from "../escape.ts";
import { sayCount } from "../numbers.ts";
import { artifactsOf, linkTo, sayWalks, tellAttempt, walkName, walksTable } from "../walks.ts";
import { html, type Markup } from "./element.ts";
import { grid } from "./grid.ts";

const mostTold = 100;
const longest = 4_000;

/** Files of evidence, as links; pictures are shown. */
export function evidence(files: readonly Artifact[]): Markup | false {
  if (files.length === 0) return false;
  return html`<ul class="evidence">${files.map(({ name, path, type }) => {
    const link = linkTo(path);
    const picture = link !== undefined && /^image\/(png|jpeg|webp|gif)$/.test(type);
    const label = cutTo(name, 200);
    return html`<li>${link === undefined ? `${label}: ${cutTo(path, 500)}` : html`<a href="${link}">${label}</a>`}${picture && html`<br/><img src="${link}" alt="${label}" loading="lazy" width="320"/>`}</li>`;
  })}</ul>`;
}

/** Counted walks: how many passed, and each one that did not at once, with all its attempts. */
export function walks(view: LedgerView): Markup {
  const others = countedWalks(view).filter(({ result }) => result !== "passed");
  return html`
<p>${sayWalks(view)}.</p>
${others.length > 0 && grid(walksTable(view), { name: "walks", heading: 0 })}
${others.slice(0, mostTold).map((walk) => html`
<details>
  <summary><b>${cutTo(walkName(walk), 200)}</b> ${walk.result}</summary>
  ${walk.attempts.map((line) => html`<div class="example"><pre tabindex="0">${cutTo(tellAttempt(line), longest)}</pre>${evidence(artifactsOf(line))}</div>`)}
</details>`)}
${others.length > mostTold && html`<p class="note">… and ${sayCount(others.length - mostTold)} more in the ledger.</p>`}`;
}
