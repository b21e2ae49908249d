import type { SurvivalLine } from "../ledger/lines.ts";
import type { Finding, Grade } from "../model/verdict.ts";
import { worst } from "../model/verdict.ts";
import { sayMs } from "../units/duration.ts";
import type { Evidence } from "./evidence.ts";
import { finding, sayAll, sayCount, sayMany } from "./finding.ts";

const sum = (lines: readonly SurvivalLine[], read: (line: SurvivalLine) => number) => lines.reduce((total, line) => total + read(line), 0);

/** Acknowledged writes must have survived: one finding for each storm and kind that it promised to keep. */
export function judgeSurvival(evidence: Evidence): readonly Finding[] {
  return evidence.view.phases.flatMap((phase) => {
    if (!phase.judged || !phase.storm) return [];
    const storm = evidence.view.storms.find((one) => one.phase === phase.index);
    return phase.storm.keeps.map(({ kind, losingMs }) => {
      const lines = evidence.view.survivals.filter((line) => line.phase === phase.index && line.kind === kind);
      return finding({
        about: "survival", id: `${evidence.label(phase)} / survival / ${kind}`, phase: phase.name,
        expected: `every acknowledged ${kind} is there${losingMs > 0 ? `, but for the last ${sayMs(losingMs)} before the harm` : ""}`,
        evidence: lines.length > 0 ? `survival lines at ${lines.map((line) => sayMs(line.t)).join(", ")}` : "no survival line",
        ...judgeKind(lines, storm?.harmedMs !== undefined, storm?.relievedMs !== undefined),
      });
    });
  });
}

/** A write that is gone is gone, whoever healed; one that is there was perhaps not kept by the recovery. */
function judgeKind(lines: readonly SurvivalLine[], harmed: boolean, relieved: boolean): { grade: Grade; observed: string; reason: string } {
  if (lines.length === 0) return { grade: "unsure", observed: "nobody looked", reason: harmed ? "" : "the storm did no harm, so nothing was tested" };
  const [noted, found, lost, forgiven] = [sum(lines, (l) => l.noted), sum(lines, (l) => l.found), sum(lines, (l) => l.lostCount), sum(lines, (l) => l.forgiven)];
  const [recovered, unexpected] = [sum(lines, (l) => l.recovered), sum(lines, (l) => l.unexpectedCount)];
  // What is in no count at all was not read either.
  const unknown = Math.max(sum(lines, (l) => l.unknown), noted - found - lost);
  const names = (list: readonly string[]) => (list.length > 0 ? ` (${list.slice(0, 5).join(", ")}${list.length > 5 ? ", …" : ""})` : "");
  const errors = lines.flatMap((line) => (line.error === undefined ? [] : [line.error]));
  const doubts = [
    noted === 0 && "nothing was noted, so nothing was proven",
    unknown > 0 && `${sayCount(unknown)} could not be read either way`,
    relieved && "the storm was healed by hand, so its recovery had nothing left to show",
    !harmed && "the storm did no harm, so nothing was tested",
    ...errors,
  ].filter((doubt) => doubt !== false);
  return {
    grade: worst([lost + unexpected > 0 ? "fail" : "pass", doubts.length > 0 ? "unsure" : "pass"]),
    observed: sayAll(
      `${sayCount(found)} of ${sayCount(noted)} found`,
      lost > 0 && `${sayCount(lost)} lost${names(lines.flatMap((line) => line.lost))}`,
      unexpected > 0 && `${sayCount(unexpected)} that nobody asked for${names(lines.flatMap((line) => line.unexpected))}`,
      forgiven > 0 && `${sayCount(forgiven)} lost within the time that may be`,
      recovered > 0 && `${sayMany(recovered, "write")} there whose answer was lost`,
    ),
    reason: sayAll(...doubts),
  };
}
