import { cutTo } from "../escape.ts";
import { sayCount } from "../numbers.ts";
import { firstRows, type Table } from "../table.ts";
import { badge } from "./badge.ts";
import { html, type Markup } from "./element.ts";

const longestCell = 2_000;

/** A table that scrolls inside its own box on a narrow page. */
export function grid(whole: Table, options: { readonly most?: number; readonly name: string; readonly heading: 0 | 1; readonly quiet?: boolean }): Markup {
  const { caption, columns, rows, leftOut } = firstRows(whole, options.most ?? 1_000);
  const head = options.heading;
  return html`
<div class="table-box" tabindex="0" role="region" aria-label="${caption}">
  <table class="grid-table" data-table="${options.name}">
    <caption${options.quiet === true && html` class="unseen"`}>${caption}</caption>
    <thead><tr>${columns.map((column) => html`<th scope="col"${column.number && html` class="number"`}>${column.head}</th>`)}</tr></thead>
    <tbody>
      ${rows.map((row) => html`<tr${row.under !== undefined && html` class="under"`}>${row.cells.map((cell, i) => {
        const number = columns[i]!.number === true;
        const content = i === 0 && row.grade ? badge(row.grade) : cutTo(cell.text, longestCell);
        const sort = cell.value !== undefined && html` data-value="${cell.value}"`;
        const under = i === head && row.under !== undefined && html` data-under="${cutTo(row.under, 200)}"`;
        return i === head ? html`<th scope="row"${number && html` class="number"`}${sort}${under}>${content}</th>` : html`<td${number && html` class="number"`}${sort}>${content}</td>`;
      })}</tr>`)}
    </tbody>
  </table>
</div>
${leftOut !== undefined && html`<p class="note">… and ${sayCount(leftOut)} more.</p>`}`;
}
