import type { PhaseView } from "../ledger/view.ts";
import { type Duration, durationMs, sayMs } from "../units/duration.ts";
import type { Asked } from "./asked.ts";
import { type Evidence, mostSlow } from "./evidence.ts";
import { sayAll } from "./finding.ts";
import type { Limit, Measure } from "./measure.ts";
import { type Sample, sampleOf, samplesBy, sampleWithin } from "./sample.ts";
import { type Stretch, windowSeconds, windowsOf } from "./stretch.ts";

/** A limit held against a stretch of a phase. */
export interface Held {
  readonly limit: Limit;
  readonly measure: Measure;
  readonly stretch: Stretch;
  readonly sample: Sample;
}

/** What rests on more than a few slow seconds tells of the generator, not of the service. */
function doubted({ limit, measure, ...rest }: Held, stretch: Stretch, sample: Sample, evidence: Evidence): Held {
  const share = { samples: sample.slowShare, seconds: evidence.slowSeconds(stretch) / (stretch.toS - stretch.fromS), nothing: 0 }[limit.restsOn];
  if (share <= mostSlow) return { limit, measure, ...rest };
  const reason = sayAll(measure.reason, "it rests on seconds in which the generator could not keep up");
  return { limit, measure: { ...measure, grade: "unsure", reason }, ...rest };
}

function holdOne(evidence: Evidence, phase: PhaseView, asked: Asked, limits: readonly Limit[], stretch: Stretch, sample: Sample, windowed: boolean): Held[] {
  const starts = evidence.starts(phase.index, asked.journey, windowed ? stretch : undefined);
  const seen = { sample, lengthMs: stretch.lengthMs, walking: starts.walking, starts: asked.of === "step" ? undefined : starts };
  return limits.map((limit) => ({ limit, measure: limit.measure(seen), stretch, sample }));
}

/** Limits over a whole phase. */
export function holdWhole(evidence: Evidence, phase: PhaseView, asked: Asked, limits: readonly Limit[]): readonly Held[] {
  const stretch = evidence.whole(phase);
  const sample = sampleOf(asked.series, evidence.slow);
  return holdOne(evidence, phase, asked, limits, stretch, sample, false).map((held) => doubted(held, stretch, sample, evidence));
}

const order = ["pass", "unsure", "fail"] as const;
const isWorse = (a: Measure, b: Measure) =>
  a.grade === b.grade ? a.badness > b.badness : order.indexOf(a.grade) > order.indexOf(b.grade);

/**
 * Limits in every window of a phase; each answer is its worst window. A window that breaks a limit
 * rests on itself alone. When all keep it, that rests on all of them, so then the slow seconds of
 * the whole phase count: one slow second does not take a long run's verdict away.
 */
export function holdWindows(evidence: Evidence, phase: PhaseView, asked: Asked, limits: readonly Limit[], every: Duration): readonly Held[] {
  const windows = windowsOf(evidence.view, phase, durationMs(every));
  const startS = windows[0]!.fromS;
  const worst: Held[] = [];
  let index = 0;
  for (const sample of samplesBy(windows, asked.series, evidence.slow)) {
    const stretch = windows[index++]!;
    holdOne(evidence, phase, asked, limits, stretch, sample, true).forEach((raw, at) => {
      const held = raw.measure.grade === "pass" ? raw : doubted(raw, stretch, sample, evidence);
      if (!worst[at] || isWorse(held.measure, worst[at].measure)) worst[at] = held;
    });
  }
  const [whole, all] = [evidence.whole(phase), sampleOf(asked.series, evidence.slow)];
  return worst.map((held) => {
    const told = held.measure.grade === "pass" ? doubted(held, whole, all, evidence) : held;
    const [from, to] = [held.stretch.fromS, held.stretch.toS].map((s) => sayMs((s - startS) * 1_000));
    const observed = `${held.measure.observed} in the window from ${from} to ${to} of the phase, the worst of ${windows.length}`;
    return { ...told, measure: { ...told.measure, observed } };
  });
}

/** Limits in the last two windows of a phase under way that are over: what broke there stays broken. */
export function holdLatest(evidence: Evidence, phase: PhaseView, asked: Asked, limits: readonly Limit[], every: Duration): readonly Held[] {
  const everyS = windowSeconds(durationMs(every));
  const startS = evidence.whole(phase).fromS;
  const over = Math.floor((Math.floor(phase.endMs! / 1_000) - startS) / everyS);
  return [over - 2, over - 1].filter((index) => index >= 0).flatMap((index) => {
    const fromS = startS + index * everyS;
    const stretch = { fromS, toS: fromS + everyS, lengthMs: Math.min(everyS * 1_000, (fromS + everyS) * 1_000 - phase.beginMs!) };
    const sample = sampleWithin(stretch, asked.series, evidence.slow);
    return holdOne(evidence, phase, asked, limits, stretch, sample, true)
      .map((held) => doubted(held, stretch, sample, evidence))
      .map((held) => ({ ...held, measure: { ...held.measure, settled: true } }));
  });
}

/** "every 10s", as it is held. */
export function sayEvery(every: Duration): string {
  return `every ${sayMs(windowSeconds(durationMs(every)) * 1_000)}`;
}
