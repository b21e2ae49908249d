import { defaultMostUsers, type Pace, type Share } from "../model/pace.ts";
import { durationMs, type Duration } from "../units/duration.ts";
import { ratePerSecond, type Rate } from "../units/rate.ts";
import type { Problems } from "./collect.ts";
import type { PlannedPace } from "./plan.ts";

const isCount = (value: unknown): value is number => Number.isInteger(value) && (value as number) >= 0;

function count(value: unknown, place: string, problems: Problems, least = 0): number {
  if (isCount(value) && value >= least) return value;
  problems.add("SEA_COUNT", place, { value: String(value), least });
  return least;
}

const perMs = (rate: Rate, place: string, problems: Problems): number => problems.get(() => ratePerSecond(rate, place), 0) / 1_000;

/** The ramp's length: as named, or as long as the phase; a phase without a length needs a name. */
function rampMs(over: Duration | undefined, forMs: number | undefined, place: string, problems: Problems): number {
  if (over !== undefined) return problems.get(() => durationMs(over, `${place}.over`), 0);
  if (forMs === undefined) problems.add("SEA_RAMP_WITHOUT_LENGTH", place);
  return forMs ?? 0;
}

function shares(list: readonly Share[] | undefined, place: string, problems: Problems): readonly Share[] {
  for (const { weights } of list ?? []) {
    if (!weights.every((weight) => Number.isFinite(weight) && weight >= 0) || !weights.some((weight) => weight > 0)) {
      problems.add("SEA_WEIGHTS", place, { weights: weights.join(", ") });
      return [];
    }
  }
  return list ?? [];
}

/** Parses one pace; what is wrong with it is gathered. */
export function plannedPace(pace: Pace, forMs: number | undefined, place: string, problems: Problems): PlannedPace | undefined {
  const common = { shares: shares(pace.shares, place, problems) };
  const split = common.shares.length > 0;
  switch (pace?.kind) {
    case "arrivals": {
      const from = perMs(pace.rate, place, problems);
      const ramp = pace.to !== undefined;
      return {
        kind: "arrivals", ...common, split, from, spread: pace.spread ?? "even",
        to: ramp ? perMs(pace.to!, `${place}.to`, problems) : from,
        overMs: ramp ? rampMs(pace.over, forMs, place, problems) : 0,
        most: count(pace.most ?? defaultMostUsers, `${place}.most`, problems, 1),
      };
    }
    case "users": {
      const ramp = pace.to !== undefined;
      const from = count(pace.count, place, problems, ramp ? 0 : 1);
      return {
        kind: "users", ...common, from,
        to: ramp ? count(pace.to, `${place}.to`, problems) : from,
        overMs: ramp ? rampMs(pace.over, forMs, place, problems) : 0,
        spawn: pace.spawn === undefined ? Infinity : perMs(pace.spawn, `${place}.spawn`, problems),
      };
    }
    case "times":
      return {
        kind: "times", ...common, each: pace.each ?? false,
        count: count(pace.count, place, problems, 1),
        users: count(pace.users ?? 1, `${place}.users`, problems, 1),
      };
    case "shape":
      if (pace.arrivals) {
        return { kind: "arrivals", ...common, split, from: 0, to: 0, overMs: 0, curve: pace.arrivals, spread: "even", most: count(pace.most ?? defaultMostUsers, `${place}.most`, problems, 1) };
      }
      if (pace.users) return { kind: "users", ...common, from: 0, to: 0, overMs: 0, curve: pace.users, spawn: Infinity };
  }
  problems.add("SEA_PACE", place, { value: JSON.stringify(pace) ?? String(pace) });
  return undefined;
}
