import type { Regression } from "../model/regression.ts";
import { Problems } from "./collect.ts";
import type { Plan } from "./plan.ts";
import type { SeatrialError } from "../units/errors.ts";

/** How a command names what it asks for, for errors. */
const options: Readonly<Record<keyof Regression, string>> = { retries: "--retries", failOnFlaky: "--fail-on-flaky" };

/** A plan with its regression, or everything that makes no sense of it. */
export type Regressed = { readonly plan: Plan; readonly problems: readonly [] } | { readonly plan: undefined; readonly problems: readonly SeatrialError[] };

/**
 * Makes a plan a regression run: journeys walked so and so often, each walk with an end. What is
 * asked of single walks makes no sense of a pace that has none of its own.
 */
export function regressed(plan: Plan, regression: Regression): Regressed {
  const asked = (Object.keys(options) as (keyof Regression)[]).filter((key) => regression[key]).map((key) => options[key]);
  if (asked.length === 0) return { plan, problems: [] };
  const problems = new Problems();
  for (const phase of plan.phases) {
    for (const [journey, pace] of phase.load) {
      if (pace.kind !== "times") problems.add("SEA_NOT_COUNTED", `phases[${phase.index}] "${phase.name}".load.${journey}`, { options: asked.join(", "), journey, pace: pace.kind });
    }
  }
  if (problems.list.length > 0) return { plan: undefined, problems: problems.list };
  return { plan: { ...plan, regression }, problems: [] };
}
