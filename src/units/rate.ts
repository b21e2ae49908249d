import { problem } from "./errors.ts";

/** How often: `"80/s"`, `"600/m"`, `"20/h"`. */
export type Rate = `${number}/s` | `${number}/m` | `${number}/h`;

const unitSeconds: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3_600 };
const form = /^(\d+(?:\.\d+)?)\/(s|m|h)$/;

/**
 * Events per second of a rate.
 *
 * @throws SEA_UNIT_RATE for anything but digits and `/s`, `/m` or `/h`
 * @example ratePerSecond("600/m") // 10
 */
export function ratePerSecond(text: Rate, place?: string): number {
  const match = typeof text === "string" ? form.exec(text) : null;
  if (!match) throw problem("SEA_UNIT_RATE", { text: String(text) }, place);
  return Number(match[1]) / unitSeconds[match[2]!]!;
}

/** A rate for people. */
export function sayPerSecond(perSecond: number): string {
  return perSecond >= 100 ? `${Math.round(perSecond)}/s` : `${Number(perSecond.toPrecision(3))}/s`;
}
