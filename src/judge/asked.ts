import type { Budget, Budgets, JourneyBudget } from "../model/budget.ts";
import type { PhaseView, SeriesView } from "../ledger/view.ts";
import type { Evidence } from "./evidence.ts";
import { seriesOfStep } from "./steps.ts";

/** One budget, and the ops of one phase that it is held against. */
export interface Asked {
  readonly budget: Budget;
  readonly journey: string;
  /** A named step; undefined for the journey and its walks. */
  readonly step: string | undefined;
  readonly of: "journey" | "walk" | "step";
  /** "browse / GET /items": the middle of the finding's id. */
  readonly id: string;
  /** Tells several budgets of one journey apart: "", or " #2". */
  readonly twin: string;
  /** Where it is written, for errors. */
  readonly place: string;
  readonly series: readonly SeriesView[];
}

/** The budgets of a phase by journey: its own replace the scenario's for the journeys it names. */
export function budgetsOf(scenario: Budgets, phase: PhaseView): Budgets {
  return { ...scenario, ...phase.budget };
}

const listOf = (own: JourneyBudget | readonly JourneyBudget[]): readonly JourneyBudget[] => (Array.isArray(own) ? own : [own as JourneyBudget]);

/**
 * Everything that budgets ask of a phase: of journeys that have load in it, and of those that its
 * own budget names. An array of budgets is held one by one.
 */
export function askedOf(evidence: Evidence, phase: PhaseView, scenario: Budgets): readonly Asked[] {
  return Object.entries(budgetsOf(scenario, phase)).flatMap(([journey, own]) => {
    if (own === undefined) return [];
    if (!evidence.hasLoad(phase, journey) && (evidence.isPart || phase.budget?.[journey] === undefined)) return [];
    const series = evidence.series(phase.index, journey);
    const list = listOf(own);
    return list.flatMap((whole, index): Asked[] => {
      const twin = list.length > 1 ? ` #${index + 1}` : "";
      const place = `budget.${journey}${list.length > 1 ? `[${index}]` : ""}`;
      const { walk, steps = {} } = whole;
      const common = { journey, step: undefined, twin };
      return [
        { ...common, budget: whole, of: "journey", id: journey, place, series: series.filter(({ type }) => type === "op") },
        ...(walk ? [{ ...common, budget: walk, of: "walk" as const, id: `${journey} / walk`, place: `${place}.walk`, series: series.filter(({ type }) => type === "walk") }] : []),
        ...Object.entries(steps).map(([step, budget]) => (
          { ...common, budget, of: "step" as const, step, id: `${journey} / ${step}`, place: `${place}.steps["${step}"]`, series: seriesOfStep(series, step) })),
      ];
    });
  });
}
