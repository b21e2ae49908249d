import type { Budget, Budgets, JourneyBudget } from "../model/budget.ts";
import { durationMs, type Duration } from "../units/duration.ts";
import { percentFraction, type Percent } from "../units/percent.ts";
import { ratePerSecond, type Rate } from "../units/rate.ts";
import type { Problems } from "./collect.ts";

const readers: Readonly<Record<string, (value: never, place: string) => unknown>> = {
  max: (value: Duration, place) => durationMs(value, place),
  mean: (value: Duration, place) => durationMs(value, place),
  errors: (value: Percent, place) => percentFraction(value, place),
  dropped: (value: Percent, place) => percentFraction(value, place),
  minRate: (value: Rate, place) => ratePerSecond(value, place),
  every: (value: Duration, place) => durationMs(value, place),
};

function checkBudget(budget: Budget, place: string, problems: Problems, skip: readonly string[]): void {
  if (typeof budget !== "object" || budget === null) return problems.add("SEA_BUDGET", place, { value: String(budget) });
  for (const [field, value] of Object.entries(budget)) {
    if (skip.includes(field) || value === undefined) continue;
    const at = `${place}.${field}`;
    const percentile = /^p(\d+(?:\.\d+)?)$/.exec(field);
    if (percentile) {
      if (!(Number(percentile[1]) > 0 && Number(percentile[1]) <= 100)) problems.add("SEA_BUDGET_FIELD", at, { field });
      problems.get(() => durationMs(value as Duration, at), 0);
    } else if (field in readers) problems.get(() => readers[field]!(value as never, at), undefined);
    else if (field === "from") {
      if (value !== "due" && value !== "began") problems.add("SEA_BUDGET_FROM", at, { value: String(value) });
    } else if (field === "abort") {
      if (typeof value === "object") problems.get(() => durationMs((value as { after: Duration }).after, `${at}.after`), 0);
      else if (typeof value !== "boolean") problems.add("SEA_BUDGET_ABORT", at, { value: String(value) });
    } else problems.add("SEA_BUDGET_FIELD", at, { field });
  }
}

function checkJourney(budget: JourneyBudget, place: string, problems: Problems): void {
  checkBudget(budget, place, problems, ["walk", "steps"]);
  if (budget?.walk) checkBudget(budget.walk, `${place}.walk`, problems, []);
  for (const [step, own] of Object.entries(budget?.steps ?? {})) {
    checkBudget(own, `${place}.steps["${step}"]`, problems, []);
    if ("dropped" in own) problems.add("SEA_BUDGET_FIELD", `${place}.steps["${step}"].dropped`, { field: "dropped" });
  }
}

/** Gathers what is wrong with budgets: unknown journeys, unknown fields, units. */
export function checkBudgets(budgets: Budgets, journeys: ReadonlySet<string>, place: string, problems: Problems): void {
  for (const [journey, own] of Object.entries(budgets)) {
    if (own === undefined) continue;
    const at = `${place}.${journey}`;
    if (journey !== "all" && !journeys.has(journey)) {
      problems.add("SEA_UNKNOWN_JOURNEY", at, { journey, known: [...journeys].join(", ") });
    }
    const list: readonly JourneyBudget[] = Array.isArray(own) ? own : [own];
    list.forEach((one, index) => checkJourney(one, list.length > 1 ? `${at}[${index}]` : at, problems));
  }
}
