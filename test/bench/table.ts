/** One measured number, and what it should be. */
export interface Row {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  /** Left out for numbers that are only good to know. */
  readonly goal?: { readonly atLeast: number } | { readonly below: number } | { readonly exactly: number };
}

const number = (value: number): string => value.toLocaleString("en", { maximumFractionDigits: value < 10 ? 3 : value < 1_000 ? 2 : 0 });

function sayGoal({ goal, unit }: Row): string {
  if (!goal) return "";
  if ("atLeast" in goal) return `≥ ${number(goal.atLeast)} ${unit}`;
  return "below" in goal ? `< ${number(goal.below)} ${unit}` : `= ${number(goal.exactly)} ${unit}`;
}

export function isMet({ goal, value }: Row): boolean {
  if (!goal) return true;
  if ("atLeast" in goal) return value >= goal.atLeast;
  return "below" in goal ? value < goal.below : value === goal.exactly;
}

/** Rows as a table for people. */
export function table(rows: readonly Row[]): string {
  const cells = rows.map((row) => [row.name, `${number(row.value)} ${row.unit}`, sayGoal(row), row.goal ? (isMet(row) ? "met" : "MISSED") : ""]);
  const all = [["number", "measured", "goal", ""], ...cells];
  const widths = [0, 1, 2, 3].map((column) => Math.max(...all.map((line) => line[column]!.length)));
  return all.map((line) => line.map((cell, column) => cell.padEnd(widths[column]!)).join("  ").trimEnd()).join("\n");
}
