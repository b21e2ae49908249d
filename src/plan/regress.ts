import type { Regression } from "../model/regression.ts";
import type { SeatrialError } from "../units/errors.ts";
import { Problems } from "./collect.ts";
import type { Plan, PlannedPace } from "./plan.ts";
import { dealt } from "./shard.ts";
import { walksIn } from "./walks.ts";

/** How a command names what it asks for, for errors. */
const options: Readonly<Record<keyof Regression, string>> = { retries: "--retries", failOnFlaky: "--fail-on-flaky", repeat: "--repeat", bail: "--bail", shard: "--shard" };

/** A plan with its regression, or everything that makes no sense of it. */
export type Regressed = { readonly plan: Plan; readonly problems: readonly [] } | { readonly plan: undefined; readonly problems: readonly SeatrialError[] };

/**
 * Makes a plan a regression run: journeys walked so and so often, each walk with an end. What is
 * asked of single walks makes no sense of a pace that has none of its own, and what several shards
 * break they would break several times.
 */
export function regressed(plan: Plan, regression: Regression): Regressed {
  const asked = (Object.keys(options) as (keyof Regression)[]).filter((key) => regression[key]).map((key) => options[key]);
  if (asked.length === 0) return { plan, problems: [] };
  const problems = new Problems();
  for (const phase of plan.phases) {
    const place = `phases[${phase.index}] "${phase.name}"`;
    if (phase.storm && regression.shard) problems.add("SEA_SHARD_STORM", `${place}.fault`, { fault: phase.storm.fault.kind });
    for (const [journey, pace] of phase.load) {
      if (pace.kind !== "times") problems.add("SEA_NOT_COUNTED", `${place}.load.${journey}`, { options: asked.join(", "), journey, pace: pace.kind });
    }
  }
  if (problems.list.length > 0) return { plan: undefined, problems: problems.list };
  const { repeat = 1, shard } = regression;
  const often = { ...plan, phases: plan.phases.map((phase) => ({ ...phase, load: new Map([...phase.load].map(([journey, pace]) => [journey, repeated(pace, repeat)])) })) };
  const own = shard ? dealt(often, shard) : often;
  if (shard && own.phases.every((phase) => phase.load.size === 0)) {
    const walks = often.phases.flatMap((phase) => [...phase.load.values()]).reduce((sum, pace) => sum + (pace.kind === "times" ? walksIn(pace) : 0), 0);
    problems.add("SEA_SHARD_EMPTY", "--shard", { shard: `${shard.index + 1}/${shard.of}`, walks });
    return { plan: undefined, problems: problems.list };
  }
  return { plan: { ...own, regression }, problems: [] };
}

const repeated = (pace: PlannedPace, repeat: number): PlannedPace => (pace.kind === "times" ? { ...pace, count: pace.count * repeat } : pace);
