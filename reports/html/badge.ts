import type { Grade } from "../../src/model/verdict.ts";
import { html, type Markup } from "./element.ts";

/** Each grade has a sign of its own, so that nothing hangs on colour. */
export const signs: Readonly<Record<Grade, string>> = {
  pass: "M3 8.5l3.2 3.2L13 4.8",
  unsure: "M5.4 6.1a2.6 2.6 0 1 1 3.6 2.4c-.7.3-1 .8-1 1.6M8 12.6v.1",
  fail: "M4 4l8 8M12 4l-8 8",
};

export const sign = (grade: Grade): Markup => html`<svg class="sign" width="16" height="16" viewBox="0 0 16 16" aria-hidden="true"><path d="${signs[grade]}" fill="none" stroke="currentColor" stroke-width="2.2" stroke-linecap="round" stroke-linejoin="round"/></svg>`;

export const badge = (grade: Grade): Markup => html`<span class="badge ${grade}">${sign(grade)} ${grade}</span>`;
