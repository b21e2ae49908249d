import type { Finding, Grade } from "../model/verdict.ts";
import type { Budget, Budgets, JourneyBudget } from "../model/budget.ts";
import { sayMs } from "../units/duration.ts";
import { percentFraction, sayFraction } from "../units/percent.ts";
import { budgetsOf } from "./asked.ts";
import type { Evidence } from "./evidence.ts";
import { finding, sayMany } from "./finding.ts";

/** More cut walks than this, and what they would have seen is missing. */
const mostCut = 0.05;
/** More dropped starts than this are another load than the one asked for. */
const mostDropped = 0.05;

/** Was the trial played as planned, and is its record whole? */
export function judgeRun(evidence: Evidence, scenario: Budgets): readonly Finding[] {
  return [end(evidence), ...damage(evidence), ...gaps(evidence), ...unplayed(evidence), ...cut(evidence, scenario), ...dropped(evidence, scenario), ...untouched(evidence, scenario), ...crashed(evidence, scenario), ...told(evidence)];
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

/** A part of the load was missing, and nobody knows what it did last. */
function gaps({ view, judged }: Evidence): readonly Finding[] {
  return view.gaps.map((gap) => {
    const phases = judged.filter(({ beginMs, endMs }) => gap.fromMs < (endMs ?? Infinity) && gap.toMs > beginMs!);
    return finding({
      about: "run", id: `worker ${gap.worker + 1} at ${sayMs(gap.fromMs)}`, grade: phases.length > 0 ? "unsure" : "pass",
      ...(phases.length === 1 && { phase: phases[0]!.name }),
      expected: "every worker walks its share", observed: `worker ${gap.worker + 1} died, and its share was missing until ${sayMs(gap.toMs)}`,
      reason: gap.why, evidence: "a gap line",
    });
  });
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

/** Every budget of a phase, those of walks and steps among them. */
function limitsIn(budgets: Budgets): readonly Budget[] {
  return Object.values(budgets).flatMap((own) => (own === undefined ? [] : ([own].flat() as JourneyBudget[]).flatMap((one) => [one, one.walk ?? {}, ...Object.values(one.steps ?? {})])));
}

/** A walk that is cut has waited through the grace: it must not hide under a ceiling that it might have broken. */
function cut(evidence: Evidence, scenario: Budgets): readonly Finding[] {
  return evidence.judged.flatMap((phase) => {
    const { ended, cut } = evidence.starts(phase.index, "all");
    if (cut === 0) return [];
    const share = cut / (ended + cut);
    const limits = limitsIn(budgetsOf(scenario, phase));
    const most = Math.min(mostCut, ...limits.flatMap(({ errors, max }) => (max !== undefined ? [0] : errors === undefined ? [] : [percentFraction(errors)])));
    return finding({
      about: "run", id: `${evidence.label(phase)} / cut walks`, grade: share > most ? "unsure" : "pass", phase: phase.name,
      expected: `at most ${sayFraction(most)} of the walks are cut at the end`,
      observed: `${sayMany(cut, "walk")} cut (${sayFraction(share)})`,
      reason: share > most ? "what they would have seen is unknown; a longer grace lets them finish" : "",
      evidence: sayMany(ended + cut, "walk"),
    });
  });
}

/** Load that was asked for and never came, where no ceiling says how much may. */
function dropped(evidence: Evidence, scenario: Budgets): readonly Finding[] {
  return evidence.judged.flatMap((phase) => {
    const budgets = budgetsOf(scenario, phase);
    const covered = (journey: string) => ([budgets[journey] ?? []].flat() as JourneyBudget[]).some((budget) => budget.dropped !== undefined);
    if (covered("all")) return [];
    return evidence.view.run.journeys.flatMap((journey) => {
      const { starts, dropped } = evidence.starts(phase.index, journey);
      const share = dropped / (starts + dropped);
      if (!(share > mostDropped) || covered(journey)) return [];
      return finding({
        about: "run", id: `${evidence.label(phase)} / ${journey} / dropped starts`, grade: "unsure", phase: phase.name, journey,
        expected: `at most ${sayFraction(mostDropped)} of the starts are dropped`, observed: `${sayMany(dropped, "start")} dropped (${sayFraction(share)})`,
        reason: "the service did not get the load that was asked for, and no budget on dropped says how much may be missing", evidence: sayMany(starts + dropped, "start"),
      });
    });
  });
}

/** Journeys in a budget that were walked and touched nothing: what they are for was not seen. */
function untouched(evidence: Evidence, scenario: Budgets): readonly Finding[] {
  return evidence.judged.flatMap((phase) => {
    const budgets = budgetsOf(scenario, phase);
    return evidence.view.run.journeys.flatMap((journey) => {
      if (!budgets[journey] && !budgets["all"]) return [];
      const walks = evidence.view.tally({ phase: phase.index, journey, type: "walk" }).count;
      const seen = (type: "op" | "group") => evidence.view.tally({ phase: phase.index, journey, type }).count > 0;
      if (walks === 0 || seen("op") || seen("group")) return [];
      return finding({
        about: "run", id: `${evidence.label(phase)} / ${journey} / touches`, grade: "unsure", phase: phase.name, journey,
        expected: "at least one touch", observed: `none in ${sayMany(walks, "walk")}`,
        reason: "a journey that touches nothing shows nothing; is a driver or an await missing?", evidence: sayMany(walks, "walk"),
      });
    });
  });
}

/** The run itself said that something went wrong: a pace that broke, a survival that could not be asked. */
function told({ view }: Evidence): readonly Finding[] {
  const errors = view.says.filter(({ level }) => level === "error");
  if (errors.length === 0) return [];
  return [finding({
    about: "run", id: "errors of the run", grade: "unsure", expected: "the run has nothing to say against itself",
    observed: errors.slice(0, 3).map(({ text }) => text).join("; "), evidence: sayMany(errors.length, "say line"),
  })];
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
