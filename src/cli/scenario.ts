import type { Place } from "../model/cluster.ts";
import type { Scenario } from "../model/scenario.ts";
import type { LeftOut, Plan, Planned } from "../plan/plan.ts";
import { regressed } from "../plan/regress.ts";
import { resolve } from "../plan/resolve.ts";
import { select } from "../plan/select.ts";
import { problem } from "../units/errors.ts";
import { exitCodes } from "./exit.ts";
import { loadScenario } from "./load.ts";
import { regressionOf, type RegressionOptions } from "./regression.ts";
import { sayProblems } from "./say.ts";

/** The options that every verb with a scenario understands. */
export interface ScenarioOptions extends RegressionOptions {
  readonly on?: string;
  readonly grep?: string;
  readonly tag?: readonly string[];
  readonly excludeTag?: readonly string[];
  /** Journeys by name, that `--last-failed` found. */
  readonly only?: readonly string[];
  /** Optional journeys that can't be walked here. */
  readonly leftOut?: readonly LeftOut[];
}

export interface Ready {
  readonly scenario: Scenario;
  readonly plan: Plan;
  readonly place: Place | undefined;
  readonly warnings: readonly string[];
}

function pattern(text: string): RegExp {
  try {
    return new RegExp(text, "i");
  } catch (cause) {
    throw problem("SEA_USAGE", { what: `--grep ${text} is no regular expression`, hint: "quote it for your shell, and escape ( ) [ ] with a backslash" }, "--grep", cause);
  }
}

/** The journeys that were asked for, or all. */
function selected(whole: Scenario, { grep, tag, excludeTag, only, leftOut }: ScenarioOptions): Scenario {
  if (grep === undefined && !tag && !excludeTag && !only && !leftOut) return whole;
  return select(whole, {
    ...(grep !== undefined && { grep: pattern(grep) }), ...(tag && { tags: tag }), ...(excludeTag && { exclude: excludeTag }), ...(only && { names: only }),
    ...(leftOut && { without: leftOut.map(({ journey }) => journey) }),
  });
}

/** The place that was asked for, or the first. */
function chosen(scenario: Scenario, on: string | undefined): Place | undefined {
  if (on === undefined) return scenario.places[0];
  const place = scenario.places.find((one) => one.name === on);
  if (!place) {
    const known = scenario.places.map((one) => one.name).join(", ") || "none: the scenario names no cluster";
    throw problem("SEA_USAGE", { what: `the scenario has no cluster '${on}'`, hint: `known are: ${known}` }, "--on");
  }
  return place;
}

/** Loads a scenario, chooses its journeys and its place, and checks it. */
export async function planOf(file: string, options: ScenarioOptions): Promise<Planned & Pick<Ready, "scenario" | "place">> {
  const whole = await loadScenario(file);
  const place = chosen(whole, options.on);
  const scenario = selected(whole, options);
  const resolved = resolve(scenario, place ? [place] : []);
  const planned: Planned = resolved.plan && options.leftOut ? { ...resolved, plan: { ...resolved.plan, leftOut: options.leftOut } } : resolved;
  const regression = regressionOf(options);
  if (!planned.plan || !regression) return { scenario, place, ...planned };
  return { scenario, place, ...regressed(planned.plan, regression), warnings: planned.warnings };
}

/**
 * The plan of a scenario. Says everything that is wrong and answers undefined (and sets the exit
 * code) when it can't be played.
 */
export async function ready(file: string, options: ScenarioOptions): Promise<Ready | undefined> {
  const { scenario, place, plan, problems, warnings } = await planOf(file, options);
  if (!plan) {
    sayProblems(problems, warnings);
    process.exitCode = exitCodes.invalid;
    return undefined;
  }
  return { scenario, plan, place, warnings };
}
