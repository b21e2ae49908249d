import { plainLine } from "../escape.ts";

/** One line of CSV (RFC 4180). */
export function csvLine(fields: readonly (string | number)[]): string {
  return `${fields.map(field).join(",")}\r\n`;
}

/** A text that begins as a formula does is kept from being one: these files are opened in spreadsheets. */
function field(value: string | number): string {
  if (typeof value === "number") return String(value);
  const line = plainLine(value);
  const safe = /^[=+@-]/.test(line) ? `'${line}` : line;
  return /[",]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
