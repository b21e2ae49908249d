import type { Scenario, Phase } from "../model/scenario.ts";

/** Which journeys take part: a pattern on names and tags, and tags by name. */
export interface Selection {
  readonly grep?: RegExp;
  /** At least one of these. */
  readonly tags?: readonly string[];
  /** None of these: leaving out wins over choosing. */
  readonly exclude?: readonly string[];
  /** Only these, by name. */
  readonly names?: readonly string[];
  /** All but these, by name. */
  readonly without?: readonly string[];
}

const without = <T>(record: Readonly<Record<string, T>>, keep: (name: string) => boolean): Record<string, T> =>
  Object.fromEntries(Object.entries(record).filter(([name]) => keep(name)));

/** The scenario with the journeys that were chosen, and without load and budgets of the others. */
export function select(scenario: Scenario, { grep, tags, exclude, names, without: left }: Selection): Scenario {
  const chosen = (name: string): boolean => {
    const own = scenario.journeys[name]?.tags ?? [];
    if (grep && !grep.test([name, ...own.map((tag: string) => `@${tag}`)].join(" "))) return false;
    if ((names && !names.includes(name)) || left?.includes(name)) return false;
    if (exclude?.some((tag) => own.includes(tag))) return false;
    return !tags || tags.some((tag) => own.includes(tag));
  };
  const budgets = (name: string) => name === "all" || chosen(name);
  return Object.freeze({
    ...scenario,
    journeys: without(scenario.journeys, chosen),
    phases: scenario.phases.map((phase) => ({
      ...phase,
      load: without(phase.load as Record<string, unknown>, chosen),
      ...(phase.budget && { budget: without(phase.budget, budgets) }),
    })) as readonly Phase[],
    budget: without(scenario.budget, budgets),
  });
}
