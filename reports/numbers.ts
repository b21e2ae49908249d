/** Numbers for people. What was never measured is `–`, not zero. */
import { sayMs } from "../src/units/duration.ts";
import { sayFraction } from "../src/units/percent.ts";

export const none = "–";

/** A latency: `183ms`. */
export const sayLatency = (ms: number): string => (Number.isFinite(ms) ? sayMs(ms) : none);
/** A share: `0.12%`. */
export const sayShare = (fraction: number): string => (Number.isFinite(fraction) ? sayFraction(fraction) : none);
/** A moment of the run: `3m 12s`. */
export const sayMoment = (ms: number | undefined): string => (ms === undefined ? none : ms === 0 ? "0s" : sayMs(ms));
/** A frequency: `80/s`. */
export const sayRate = (perSecond: number): string =>
  Number.isFinite(perSecond) ? `${perSecond >= 100 ? sayCount(Math.round(perSecond)) : Number(perSecond.toPrecision(3))}/s` : none;

/** A whole number with its thousands apart: `12 345` (thin no-break space). */
export const sayCount = (count: number): string => String(Math.round(count)).replace(/\B(?=(\d{3})+$)/g, "\u202f");

/** A count and its noun: `1 order`, `3 orders`. */
export const sayMany = (count: number, one: string, many = `${one}s`): string => `${sayCount(count)} ${count === 1 ? one : many}`;

/** A wall time in UTC: `2026-11-23 11:29:20 UTC`. */
export const sayDate = (wallMs: number): string => `${isoDate(wallMs).slice(0, 19).replace("T", " ")} UTC`;

const utc = new Intl.DateTimeFormat("en-GB", {
  timeZone: "UTC", hourCycle: "h23", year: "numeric", month: "2-digit", day: "2-digit",
  hour: "2-digit", minute: "2-digit", second: "2-digit", fractionalSecondDigits: 3,
});

/** ISO 8601 of a wall time. */
export function isoDate(wallMs: number): string {
  const most = 8.64e15;
  const parts = utc.formatToParts(Math.abs(wallMs) <= most ? wallMs : 0);
  const of = Object.fromEntries(parts.map(({ type, value }) => [type, value]));
  return `${of["year"]!.padStart(4, "0")}-${of["month"]}-${of["day"]}T${of["hour"]}:${of["minute"]}:${of["second"]}.${of["fractionalSecond"]}Z`;
}
