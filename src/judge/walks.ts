import { countedWalks } from "../ledger/walks.ts";
import type { Finding } from "../model/verdict.ts";
import type { Evidence } from "./evidence.ts";
import { finding, sayMany } from "./finding.ts";

/** Walks that passed only when they were walked again: told for each journey, and a failure where the run asked for that. */
export function judgeWalks(evidence: Evidence): readonly Finding[] {
  const { view } = evidence;
  const { failOnFlaky = false } = view.run.regression ?? {};
  return evidence.judged.flatMap((phase) => view.run.journeys.flatMap((journey) => {
    const walks = countedWalks(view).filter((one) => one.phase === phase.index && one.journey === journey);
    const flaky = walks.filter(({ result }) => result === "flaky");
    if (flaky.length === 0) return [];
    return finding({
      about: "run", id: `${evidence.label(phase)} / ${journey} / flaky`, grade: failOnFlaky ? "fail" : "pass", phase: phase.name, journey,
      expected: failOnFlaky ? "every walk passes at once" : "a walk may pass when it is walked again",
      observed: `${sayMany(flaky.length, "walk")} passed only when walked again: ${flaky.slice(0, 10).map(({ walk }) => `#${walk + 1}`).join(", ")}${flaky.length > 10 ? ", …" : ""}`,
      evidence: sayMany(walks.reduce((sum, { attempts }) => sum + attempts.length, 0), "walk line"),
    });
  }));
}
