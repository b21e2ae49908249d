import type { Budget } from "../model/budget.ts";
import { type Duration, durationMs, sayMs } from "../units/duration.ts";
import { type Percent, percentFraction, sayFraction } from "../units/percent.ts";
import { type Rate, ratePerSecond, sayPerSecond } from "../units/rate.ts";
import { sayMany } from "./finding.ts";
import { judgeMax, judgeMean, judgePercentile } from "./latency.ts";
import { type Limit, type Measure, silent } from "./measure.ts";
import type { From } from "./sample.ts";

/** A share rests on so many before it may end a run, and on so many that one bad alone does not break it. */
const fewestToStop = 20;
const shortestToStopMs = 10_000;

function judgeShare(name: string, most: number, bad: number, of: number, noun: string): Measure {
  const share = bad / of;
  return {
    grade: share <= most + 1e-12 ? "pass" : "fail",
    observed: `${name} = ${sayFraction(share)} (${bad} of ${sayMany(of, noun)})`,
    reason: "", badness: share,
    settled: most === 0 || of >= Math.max(fewestToStop, 1 / most),
  };
}

function errors(text: Percent, place: string): Limit {
  const most = percentFraction(text, place);
  return {
    name: "errors",
    expected: `errors ≤ ${sayFraction(most)}`,
    restsOn: "nothing",
    measure: ({ sample }) =>
      sample.count === 0 ? silent("errors", "no samples") : judgeShare("errors", most, sample.refused + sample.unsure, sample.count, "op"),
  };
}

/** The share of walks that ended by an error of the journey's own code, under its ceiling on errors. */
export function judgeCrashes(text: Percent, crashes: number, walks: number): Measure {
  return judgeShare("crashed walks", percentFraction(text), crashes, Math.max(crashes, walks), "walk");
}

function dropped(text: Percent, place: string): Limit {
  const most = percentFraction(text, place);
  return {
    name: "dropped",
    expected: `dropped starts ≤ ${sayFraction(most)}`,
    restsOn: "seconds",
    measure({ starts }) {
      if (!starts) return silent("dropped", "a step has no starts of its own: put this limit on the journey");
      const all = starts.starts + starts.dropped;
      return all === 0 ? silent("dropped", "nothing was due to start") : judgeShare("dropped", most, starts.dropped, all, "start");
    },
  };
}

/** Counts good ops alone: a service that answers errors faster than it ever worked keeps no floor. */
function minRate(text: Rate, place: string): Limit {
  const least = ratePerSecond(text, place);
  return {
    name: "minRate",
    expected: `rate ≥ ${sayPerSecond(least)}`,
    restsOn: "seconds",
    measure({ sample, walking, lengthMs }) {
      if (lengthMs <= 0 || (sample.count === 0 && !walking)) return silent("rate", "no samples, and nobody was walking");
      const rate = sample.ok / (lengthMs / 1_000);
      return {
        grade: rate >= least * (1 - 1e-9) ? "pass" : "fail",
        observed: `rate = ${sayPerSecond(rate)} (${sayMany(sample.ok, "good op")} in ${sayMs(lengthMs)})`,
        reason: "", badness: -rate, settled: lengthMs >= shortestToStopMs,
      };
    },
  };
}

const readers: Readonly<Record<string, (value: never, place: string, from: From) => Limit>> = {
  max: (value: Duration, place, from) => judgeMax(durationMs(value, place), from),
  mean: (value: Duration, place, from) => judgeMean(durationMs(value, place), from),
  errors, dropped, minRate,
};
const settings: readonly string[] = ["every", "from", "abort", "walk", "steps"];

/** A limit of a hand-written budget file that nobody can hold must not vanish. */
const unknown = (name: string): Limit => ({
  name,
  expected: name,
  restsOn: "nothing",
  measure: () => ({ ...silent(name, "the judge knows no such limit"), observed: "not judged" }),
});

/**
 * The limits of a budget, in its order.
 *
 * @throws SEA_UNIT_DURATION, SEA_UNIT_PERCENT, SEA_UNIT_RATE for a value that is none
 */
export function limitsOf(budget: Budget, place: string): readonly Limit[] {
  const from = budget.from ?? "due";
  return Object.entries(budget).flatMap(([name, value]): Limit[] => {
    if (settings.includes(name) || value === undefined) return [];
    const at = `${place}.${name}`;
    const percentile = Number(/^p(\d+(?:\.\d+)?)$/.exec(name)?.[1]);
    if (percentile > 0 && percentile <= 100) return [judgePercentile(percentile, durationMs(value as Duration, at), from)];
    const read = Object.hasOwn(readers, name) ? readers[name] : undefined;
    return [read ? read(value as never, at, from) : unknown(name)];
  });
}
