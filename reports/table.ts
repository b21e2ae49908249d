import type { Grade } from "../src/model/verdict.ts";

/** A table before anybody drew it: terminal, Markdown and HTML show the same ones. */
export interface Table {
  readonly caption: string;
  readonly columns: readonly Column[];
  readonly rows: readonly Row[];
  /** How many rows were left out, for those who have a limit. */
  readonly leftOut?: number;
}

export interface Column {
  readonly head: string;
  /** Numbers stand to the right. */
  readonly number?: boolean;
}

export interface Row {
  readonly cells: readonly Cell[];
  /** The row that this one belongs under, by its first cell. */
  readonly under?: string;
  readonly grade?: Grade;
}

export interface Cell {
  readonly text: string;
  /** What to sort by; undefined sorts by text. */
  readonly value?: number;
}

/** The first `most` rows, and how many there were beyond. */
export function firstRows(table: Table, most: number): Table {
  const leftOut = table.rows.length - most;
  return leftOut > 0 ? { ...table, rows: table.rows.slice(0, most), leftOut } : table;
}
