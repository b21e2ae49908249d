import type { Finding, Grade } from "../model/verdict.ts";
import type { Budgets } from "../model/budget.ts";
import { sayMs } from "../units/duration.ts";
import { sayFraction } from "../units/percent.ts";
import { budgetsOf } from "./asked.ts";
import type { Evidence } from "./evidence.ts";
import { finding, sayMany } from "./finding.ts";

/** More cut walks than this, and what they would have seen is missing. */
const mostCut = 0.05;

/** Was the trial played as planned, and is its record whole? */
export function judgeRun(evidence: Evidence, scenario: Budgets): readonly Finding[] {
  return [end(evidence), ...damage(evidence), ...unplayed(evidence), ...cut(evidence), ...crashed(evidence, scenario)];
}

function end({ view }: Evidence): Finding {
  const tell = (grade: Grade, observed: string, reason = "") =>
    finding({ about: "run", id: "run", grade, observed, reason, expected: "played to its end", evidence: view.end ? "the end line" : "no end line" });
  if (!view.end) return tell("unsure", `the run was cut: its ledger ends at ${sayMs(view.lastMs)}`);
  const { how, t, reason = "" } = view.end;
  if (how === "done") return tell("pass", `done after ${sayMs(t)}`);
  return tell("unsure", `${how} after ${sayMs(t)}`, reason);
}

/** A torn last line is what a kill leaves, and the missing end line says so; a hole in the middle may hide anything. */
function damage({ view }: Evidence): readonly Finding[] {
  if (view.damage.length === 0) return [];
  const holes = view.damage.filter((text) => !text.startsWith("the torn last line"));
  return [finding({
    about: "run", id: "ledger", grade: holes.length > 0 ? "unsure" : "pass",
    expected: "every line can be read", observed: view.damage.slice(0, 3).join("; ") + (view.damage.length > 3 ? "; …" : ""),
    evidence: sayMany(view.damage.length, "damaged line"),
  })];
}

function unplayed(evidence: Evidence): readonly Finding[] {
  return evidence.view.phases.flatMap((phase) => {
    if (!phase.judged || (phase.beginMs !== undefined && phase.endMs !== undefined)) return [];
    return finding({
      about: "run", id: `${evidence.label(phase)} / played`, grade: "unsure", phase: phase.name,
      expected: "the phase is played to its end",
      observed: phase.beginMs === undefined ? "it never began" : `begun at ${sayMs(phase.beginMs)}, never ended`,
      evidence: "the phase lines",
    });
  });
}

function cut(evidence: Evidence): readonly Finding[] {
  return evidence.judged.flatMap((phase) => {
    const { ended, cut } = evidence.starts(phase.index, "all");
    if (cut === 0) return [];
    const share = cut / (ended + cut);
    return finding({
      about: "run", id: `${evidence.label(phase)} / cut walks`, grade: share > mostCut ? "unsure" : "pass", phase: phase.name,
      expected: `at most ${sayFraction(mostCut)} of the walks are cut at the end`,
      observed: `${sayMany(cut, "walk")} cut (${sayFraction(share)})`,
      reason: share > mostCut ? "what they would have seen is unknown; a longer grace lets them finish" : "",
      evidence: sayMany(ended + cut, "walk"),
    });
  });
}

/** Errors of a journey's own code that no ceiling on errors covers. */
function crashed(evidence: Evidence, scenario: Budgets): readonly Finding[] {
  return evidence.judged.flatMap((phase) => {
    const budgets = budgetsOf(scenario, phase);
    const covered = (journey: string) => [budgets[journey] ?? []].flat().some((budget) => budget.errors !== undefined);
    if (covered("all")) return [];
    return evidence.view.run.journeys.flatMap((journey) => {
      const crashes = evidence.crashes(phase.index, journey);
      if (crashes === 0 || covered(journey)) return [];
      return finding({
        about: "run", id: `${evidence.label(phase)} / ${journey} / crashes`, grade: "unsure", phase: phase.name, journey,
        expected: "the journey's own code does not throw", observed: `${sayMany(crashes, "walk")} crashed`,
        reason: "no budget on errors says how many may", evidence: "the failures of walks",
      });
    });
  });
}
