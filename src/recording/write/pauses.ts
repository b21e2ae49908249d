import { quote, type Code } from "./code.ts";
import type { Ask } from "../recording.ts";

/** Shorter gaps are the page's, not the user's. */
const shortestMs = 400;
/** Longer ones are somebody who went for coffee. */
const longestMs = 30_000;

/** A duration as a person would write it. */
export function sayDuration(ms: number): string {
  const [size, unit] = ms >= 3_600_000 && ms % 3_600_000 === 0 ? [3_600_000, "h"] : ms >= 60_000 && ms % 60_000 === 0 ? [60_000, "m"] : ms >= 1_000 && ms % 100 === 0 ? [1_000, "s"] : [1, "ms"];
  return `${Number((ms / Number(size)).toFixed(3))}${unit}`;
}

function rounded(ms: number): number {
  const step = ms < 2_000 ? 100 : ms < 10_000 ? 500 : 1_000;
  return Math.max(step, Math.round(ms / step) * step);
}

/** The think time before an ask: a quarter less to a quarter more than the recording's gap. */
export function thinkBefore(ask: Ask, endedMs: number | undefined): Code | undefined {
  if (endedMs === undefined || ask.beganMs === undefined) return undefined;
  const gap = Math.min(longestMs, ask.beganMs - endedMs);
  if (!(gap >= shortestMs)) return undefined;
  return `await user.think(${quote(sayDuration(rounded(gap * 0.75)))}, ${quote(sayDuration(rounded(gap * 1.25)))});`;
}

const niceMs = [50, 100, 150, 200, 250, 300, 400, 500, 750, 1_000, 1_500, 2_000, 3_000, 5_000, 7_500, 10_000, 15_000, 20_000, 30_000];

/** The 95th percentile of what was recorded, and the limit above it; undefined when no time is known. */
export function limitOf(asks: readonly Ask[]): { readonly seenMs: number; readonly limitMs: number } | undefined {
  const times = asks.flatMap(({ tookMs }) => (tookMs !== undefined && tookMs >= 0 ? [tookMs] : [])).sort((a, b) => a - b);
  if (times.length === 0) return undefined;
  const seenMs = times[Math.ceil(times.length * 0.95) - 1]!;
  return { seenMs, limitMs: niceMs.find((limit) => limit >= seenMs) ?? 60_000 };
}
