import { problem } from "./errors.ts";

/** A share of a whole: `"0.1%"`, `"100%"`. */
export type Percent = `${number}%`;

const form = /^(\d+(?:\.\d+)?)%$/;

/**
 * The fraction (0 to 1) of a percentage.
 *
 * @throws SEA_UNIT_PERCENT for anything but digits and `%`, or more than 100 %
 * @example percentFraction("0.5%") // 0.005
 */
export function percentFraction(text: Percent, place?: string): number {
  const match = typeof text === "string" ? form.exec(text) : null;
  const value = match ? Number(match[1]) : Number.NaN;
  if (!(value <= 100)) throw problem("SEA_UNIT_PERCENT", { text: String(text) }, place);
  return value / 100;
}

/** A share for people: `"0.12%"`; tiny shares keep two digits, so that they never read as zero. */
export function sayFraction(fraction: number): string {
  const percent = fraction * 100;
  if (percent === 0) return "0%";
  return `${Number(percent < 1 ? percent.toPrecision(2) : percent.toFixed(percent < 10 ? 2 : 1))}%`;
}
