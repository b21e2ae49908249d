import { problem } from "./errors.ts";

/** A length of time as people write it: `"200ms"`, `"1.5s"`, `"2m"`, `"12h"`, `"7d"`. */
export type Duration = `${number}ms` | `${number}s` | `${number}m` | `${number}h` | `${number}d`;

const unitMs: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };
const form = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)$/;

/**
 * Milliseconds of a duration.
 *
 * @throws SEA_UNIT_DURATION for anything but digits and one of ms, s, m, h, d
 * @example durationMs("1.5s") // 1500
 */
export function durationMs(text: Duration, place?: string): number {
  const match = typeof text === "string" ? form.exec(text) : null;
  if (!match) throw problem("SEA_UNIT_DURATION", { text: String(text) }, place);
  return Number(match[1]) * unitMs[match[2]!]!;
}

/** A duration for people: two units at the most, `"1m 30s"`, `"240ms"`. */
export function sayMs(ms: number): string {
  if (!Number.isFinite(ms)) return "for ever";
  if (ms < 0) return `-${sayMs(-ms)}`;
  if (ms < 1) return ms === 0 ? "0ms" : `${Number(ms.toPrecision(2))}ms`;
  // The bounds are where rounding would reach the next unit: never "1000ms", never "60s".
  if (ms < 999.5) return `${ms < 10 ? Number(ms.toFixed(1)) : Math.round(ms)}ms`;
  if (ms < 59_950) return `${Number((ms / 1_000).toFixed(ms < 10_000 ? 2 : 1))}s`;
  const seconds = Math.round(ms / 1_000);
  const [d, h, m, s] = [Math.floor(seconds / 86_400), Math.floor(seconds / 3_600) % 24, Math.floor(seconds / 60) % 60, seconds % 60];
  const parts = [d && `${d}d`, h && `${h}h`, m && `${m}m`, s && `${s}s`].filter(Boolean);
  return parts.slice(0, 2).join(" ");
}

/** To whole microseconds, as ledgers keep times. */
export const toMicros = (ms: number): number => Math.round(ms * 1_000) / 1_000;
