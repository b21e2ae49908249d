import { fileURLToPath } from "node:url";
import { program } from "./program.ts";
import { table, type Row } from "./table.ts";

/** Measures one part: a program of its own, so that none inherits another's heap or compiled code. */
export async function measurePart(file: string, words: readonly string[], seconds: number): Promise<Row[]> {
  return JSON.parse(await program([process.execPath, "--expose-gc", fileURLToPath(new URL(file, import.meta.url)), ...words], { seconds })) as Row[];
}

/** A table of rows, and the line of JSON that every benchmark ends with. */
export function printRows(bench: string, rows: readonly Row[]): void {
  process.stdout.write(`${table(rows)}\n${JSON.stringify({ bench, numbers: Object.fromEntries(rows.map(({ name, value }) => [name, Math.round(value * 10_000) / 10_000])) })}\n`);
}
