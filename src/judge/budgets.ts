import type { Budgets } from "../model/budget.ts";
import { type Finding, worst } from "../model/verdict.ts";
import type { PhaseView } from "../ledger/view.ts";
import { type Asked, askedOf } from "./asked.ts";
import type { Evidence } from "./evidence.ts";
import { finding, sayAll, sayMany } from "./finding.ts";
import { holdWhole, holdWindows, sayEvery } from "./held.ts";
import { judgeCrashes, limitsOf } from "./limits.ts";
import { sampleOf } from "./sample.ts";
import { nearest } from "./steps.ts";

/**
 * Limits hold in every judged phase by itself: a storm is not diluted by a calm hour. One finding
 * a phase, journey (or walk, or step) and limit.
 */
export function judgeBudgets(evidence: Evidence, scenario: Budgets): readonly Finding[] {
  return [
    ...evidence.judged.flatMap((phase) => askedOf(evidence, phase, scenario).flatMap((asked) => judgeAsked(evidence, phase, asked))),
    ...idle(evidence, scenario),
  ];
}

function judgeAsked(evidence: Evidence, phase: PhaseView, asked: Asked): readonly Finding[] {
  const { every } = asked.budget;
  const windowed = every === undefined ? "" : ` ${sayEvery(every)}`;
  const limits = limitsOf(asked.budget, asked.place);
  const held = every === undefined ? holdWhole(evidence, phase, asked, limits) : holdWindows(evidence, phase, asked, limits, every);
  return held.map(({ limit, measure, stretch, sample }) => {
    const told = finding({
      about: "budget",
      id: `${evidence.label(phase)} / ${asked.id} / ${limit.name}${windowed}${asked.twin}`,
      grade: measure.grade,
      phase: phase.name, journey: asked.journey, step: asked.step,
      expected: `${limit.expected}${windowed && `,${windowed}`}`,
      observed: measure.observed,
      reason: sayAll(measure.reason, asked.of === "step" && asked.series.length === 0 && hint(evidence, phase, asked)),
      evidence: `${sayMany(sample.count, asked.of === "walk" ? "walk" : "op")} ${evidence.where(stretch)}`,
    });
    return limit.name === "errors" && asked.of === "journey" ? withCrashes(evidence, phase, asked, told) : told;
  });
}

/** A walk that its own code ended has no op to show for it, so the journey's ceiling on errors covers it too. */
function withCrashes(evidence: Evidence, phase: PhaseView, asked: Asked, told: Finding): Finding {
  const crashes = evidence.crashes(phase.index, asked.journey);
  if (crashes === 0) return told;
  const walks = evidence.series(phase.index, asked.journey).filter(({ type }) => type === "walk");
  const measure = judgeCrashes(asked.budget.errors!, crashes, sampleOf(walks, evidence.slow).count);
  return { ...told, grade: worst([told.grade, measure.grade]), observed: measure.grade === "pass" ? sayAll(told.observed, measure.observed) : sayAll(measure.observed, told.observed) };
}

function hint(evidence: Evidence, phase: PhaseView, asked: Asked): string {
  const near = nearest(asked.step!, evidence.series(phase.index, asked.journey).map(({ step }) => step).filter(Boolean));
  return `no step of this name occurred${near.length > 0 ? `; the nearest are ${near.map((name) => `'${name}'`).join(", ")}` : ""}`;
}

/** Journeys that have a budget and no load to hold it against. */
function idle(evidence: Evidence, scenario: Budgets): readonly Finding[] {
  if (evidence.isPart) return [];
  return Object.entries(scenario).flatMap(([journey, own]) => {
    if (own === undefined || evidence.judged.some((phase) => evidence.hasLoad(phase, journey))) return [];
    const known = evidence.view.run.journeys;
    return finding({
      about: "budget", id: `${journey} / load`, grade: "unsure", journey,
      expected: `load of ${journey} in a judged phase`, observed: "none",
      reason: journey === "all" || known.includes(journey)
        ? "its budget was held against nothing"
        : `the scenario has no such journey; the nearest are ${nearest(journey, known).map((name) => `'${name}'`).join(", ")}`,
      evidence: sayMany(evidence.judged.length, "judged phase"),
    });
  });
}
