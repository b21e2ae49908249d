import { plainLine } from "../escape.ts";
import type { Table } from "../table.ts";
import { fit, widthOf } from "./width.ts";

/** A table in lines of at most `most` columns: numbers keep their width, texts give way, the widest first. */
export function drawTable(table: Table, most: number, dim: (text: string) => string): string[] {
  const cells = table.rows.map((row) => row.cells.map((cell, i) => `${i === 0 && row.under ? "  " : ""}${plainLine(cell.text)}`));
  const heads = table.columns.map((column) => column.head);
  const widths = heads.map((head, i) => cells.reduce((widest, row) => Math.max(widest, widthOf(row[i]!)), widthOf(head)));
  const gaps = 2 * (widths.length - 1);
  for (let over = sum(widths) + gaps - most; over > 0; over--) {
    const texts = widths.map((width, i) => (table.columns[i]!.number ? 0 : width));
    const widest = texts.indexOf(Math.max(...texts));
    if (widths[widest]! <= 8) break;
    widths[widest]! -= 1;
  }
  const line = (row: readonly string[]) => row.map((text, i) => pad(text, widths[i]!, table.columns[i]!.number === true)).join("  ").trimEnd();
  const drawn = [dim(line(heads)), ...cells.map(line)];
  if (table.leftOut) drawn.push(dim(`… and ${table.leftOut} more`));
  return drawn;
}

const sum = (numbers: readonly number[]): number => numbers.reduce((all, one) => all + one, 0);

function pad(text: string, width: number, right: boolean): string {
  const shown = fit(text, width);
  const space = " ".repeat(Math.max(0, width - widthOf(shown)));
  return right ? space + shown : shown + space;
}
