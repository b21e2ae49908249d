import { problem, type SeatrialError } from "../../../../src/units/errors.ts";
import { shapes } from "../shapes.ts";

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> => typeof value === "object" && value !== null && !Array.isArray(value);

/** Long values are cut: an error is one line. */
export function sayValue(value: unknown): string {
  const text = typeof value === "string" ? value : (JSON.stringify(value) ?? String(value));
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}

const wrong = (place: string, value: unknown, want: string) => [problem("SEA_CHAOS_VALUE", { value: sayValue(value), want }, place)];

/** What is wrong with a value by its shape's text; see shapes.ts for what such a text says. */
function ofText(text: string, value: unknown, place: string): readonly SeatrialError[] {
  if (text === "any") return [];
  if (text.startsWith("@")) return shapeFlaws(text.slice(1), value, place);
  if (text.startsWith("[]")) {
    if (!Array.isArray(value)) return wrong(place, value, "a list");
    return value.flatMap((one, index) => ofText(text.slice(2), one, `${place}[${index}]`));
  }
  if (text.startsWith("{}")) {
    if (!isRecord(value)) return wrong(place, value, "a map");
    return Object.entries(value).flatMap(([key, one]) => ofText(text.slice(2), one, `${place}.${key}`));
  }
  if (text.startsWith("'")) {
    const words = text.slice(1, -1).split("'|'");
    return words.includes(value as string) ? [] : wrong(place, value, words.length === 1 ? words[0]! : `one of ${words.join(", ")}`);
  }
  if (text.startsWith("/")) return typeof value === "string" && new RegExp(text.slice(1, -1)).test(value) ? [] : wrong(place, value, `a text that fits ${text}`);
  const [type, range] = text.split(" ") as [string, string | undefined];
  if (type === "integer" || type === "number") {
    const [least, most] = (range ?? "..").split("..");
    const fits = type === "integer" ? Number.isSafeInteger(value) : typeof value === "number" && Number.isFinite(value);
    const within = fits && !((least !== "" && (value as number) < Number(least)) || (most !== "" && (value as number) > Number(most)));
    const bounds = range === undefined ? "" : most === "" ? ` of at least ${least}` : ` from ${least} to ${most}`;
    return within ? [] : wrong(place, value, `${type === "integer" ? "a whole number" : "a number"}${bounds}`);
  }
  return typeof value === type ? [] : wrong(place, value, type === "string" ? "a text" : "true or false");
}

/**
 * Everything in which a value differs from a shape of the custom resource definitions: unknown
 * fields, missing ones, wrong types and words, numbers out of bounds.
 */
export function shapeFlaws(name: string, value: unknown, place: string): readonly SeatrialError[] {
  const shape = shapes[name]!;
  if (!isRecord(value)) return wrong(place, value, "an object");
  const flaws: SeatrialError[] = [];
  const known = new Set<string>();
  for (const [key, text] of Object.entries(shape)) {
    const optional = key.endsWith("?");
    const field = optional ? key.slice(0, -1) : key;
    known.add(field);
    if (value[field] !== undefined) flaws.push(...ofText(text, value[field], `${place}.${field}`));
    else if (!optional) flaws.push(problem("SEA_CHAOS_LACKS", { field }, place));
  }
  for (const field of Object.keys(value)) {
    if (!known.has(field)) flaws.push(problem("SEA_CHAOS_FIELD", { field, known: [...known].join(", ") }, place));
  }
  return flaws;
}
