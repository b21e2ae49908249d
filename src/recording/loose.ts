import { problem, type SeatrialError } from "../units/errors.ts";

/** An object of somebody else's JSON: nothing is known of it yet. */
export type Loose = Readonly<Record<string, unknown>>;

const kindOf = (value: unknown): string => (value === null ? "null" : Array.isArray(value) ? "a list" : value === undefined ? "nothing" : typeof value === "object" ? "an object" : `a ${typeof value}`);

export const misshapen = (wanted: string, value: unknown, place: string): SeatrialError => problem("SEA_IMPORT_SHAPE", { wanted, found: kindOf(value) }, place);

export const isObject = (value: unknown): value is Loose => typeof value === "object" && value !== null && !Array.isArray(value);

/** @throws SEA_IMPORT_SHAPE */
export function objectAt(value: unknown, place: string): Loose {
  if (!isObject(value)) throw misshapen("an object", value, place);
  return value;
}

/** @throws SEA_IMPORT_SHAPE */
export function listAt(value: unknown, place: string): readonly unknown[] {
  if (!Array.isArray(value)) throw misshapen("a list", value, place);
  return value;
}

/** @throws SEA_IMPORT_SHAPE */
export function textAt(value: unknown, place: string): string {
  if (typeof value !== "string") throw misshapen("a text", value, place);
  return value;
}

export const textOf = (value: unknown): string | undefined => (typeof value === "string" ? value : undefined);
export const numberOf = (value: unknown): number | undefined => (typeof value === "number" && Number.isFinite(value) ? value : undefined);

/** @throws SEA_IMPORT_SHAPE for what can't be the method of a request */
export function methodAt(value: unknown, place: string): string {
  const method = textAt(value, place).toUpperCase();
  if (!/^[A-Z]+(-[A-Z]+)*$/.test(method)) throw misshapen("an HTTP method", value, place);
  return method;
}
