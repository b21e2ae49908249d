import { catalogue, type ErrorCode } from "./catalogue.ts";

export type { ErrorCode } from "./catalogue.ts";


/**
 * The only error that Seatrial throws on purpose.
 *
 * `code` names the row of the catalogue, `place` says where in the user's own words
 * (`phases[2] "peak" load.buy`), `hint` says what to do about it.
 */
export class SeatrialError extends Error {
  readonly code: ErrorCode;
  readonly place: string | undefined;
  readonly hint: string;

  constructor(code: ErrorCode, message: string, hint: string, place?: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = "SeatrialError";
    this.code = code;
    this.place = place;
    this.hint = hint;
  }
}

/** What fills the `{name}` gaps of a catalogue message. */
export type Details = Readonly<Record<string, string | number>>;

const fill = (text: string, details: Details): string =>
  text.replace(/\{(\w+)\}/g, (gap, name: string) => (name in details ? String(details[name]) : gap));

/**
 * Makes an error of the catalogue.
 *
 * @example
 * throw problem("SEA_UNIT_DURATION", { text: "200 sec" }, "budget.browse.p95");
 */
export function problem(code: ErrorCode, details: Details = {}, place?: string, cause?: unknown): SeatrialError {
  const row = catalogue[code];
  return new SeatrialError(code, fill(row.message, details), fill(row.hint, details), place, cause);
}

/** One line of text for any thrown value, without a stack. */
export function sayError(error: unknown): string {
  if (error instanceof SeatrialError) {
    return `${error.code}${error.place ? ` at ${error.place}` : ""}: ${error.message} (${error.hint})`;
  }
  try {
    return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  } catch {
    // Anything may be thrown, also what can't be turned to text, as `Object.create(null)`.
    return "a value that can't be shown";
  }
}
