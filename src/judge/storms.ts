import type { StormFacts } from "../ledger/lines.ts";
import type { PhaseView, StormView } from "../ledger/view.ts";
import type { Finding, Grade } from "../model/verdict.ts";
import { sayMs } from "../units/duration.ts";
import type { ErrorCode } from "../units/errors.ts";
import type { Evidence } from "./evidence.ts";
import { finding, sayAll } from "./finding.ts";

/** What a storm's line says of a harm that never came. */
const missed: ErrorCode = "SEA_HARM_MISSED";

type Told = { readonly grade: Grade; readonly observed: string; readonly reason?: string };

/** Who kept the promise: one finding for the recovery of each judged storm, one for what was left behind. */
export function judgeStorms(evidence: Evidence): readonly Finding[] {
  return evidence.view.phases.flatMap((phase) => {
    const facts = phase.storm;
    if (!facts) return [];
    const storm = evidence.view.storms.find((one) => one.phase === phase.index);
    const recovery = judgeRecovery(evidence, facts, storm);
    const errors = storm?.steps.filter((line) => line.error !== undefined).map((line) => `${line.step} at ${sayMs(line.t)}: ${line.error}`) ?? [];
    return [
      ...(phase.judged ? [finding({
        about: "storm", id: `${evidence.label(phase)} / recovery`, phase: phase.name, ...recovery,
        expected: `recovered within ${sayMs(facts.withinMs)} by ${facts.recovery}: ${facts.harm}`,
        reason: sayAll(recovery.reason, ...errors),
        evidence: storm ? `storm lines: ${storm.steps.map((line) => `${line.step} ${sayMs(line.t)}`).join(", ")}` : "no storm line",
      })] : []),
      ...judgeHealing(evidence, phase, storm),
    ];
  });
}

function judgeRecovery(evidence: Evidence, facts: StormFacts, storm: StormView | undefined): Told {
  if (storm?.aimMs === undefined) return { grade: "unsure", observed: "the harm was never aimed", reason: "nothing was tested" };
  if (storm.injectMs === undefined) return { grade: "unsure", observed: "the harm was aimed and never done", reason: "nothing was tested" };
  if (storm.harmedMs === undefined) {
    return { grade: "unsure", observed: "the harm was never seen to harm anything", reason: "nothing was tested" };
  }
  const { injectMs, recoveredMs, overdueMs, relievedMs } = storm;
  if (relievedMs !== undefined) return { grade: "unsure", observed: `healed by hand after ${sayMs(relievedMs - injectMs)}`, reason: "its time was not up, so the promise was neither kept nor broken" };
  if (storm.healedBy === "heal" && recoveredMs !== undefined && storm.healedMs! <= recoveredMs) {
    return { grade: "unsure", observed: "somebody healed it from outside while it was watched", reason: "who recovered it can't be told" };
  }
  if (storm.steps.some((line) => line.error?.startsWith(missed))) return { grade: "unsure", observed: "the harm never took hold", reason: "nothing was tested" };
  const tookMs = recoveredMs === undefined ? undefined : recoveredMs - injectMs;
  if (tookMs !== undefined && tookMs <= facts.withinMs && overdueMs === undefined) return { grade: "pass", observed: `recovered after ${sayMs(tookMs)}` };
  if (tookMs !== undefined) return { grade: "fail", observed: `recovered after ${sayMs(tookMs)}, ${tookMs > facts.withinMs ? `${sayMs(tookMs - facts.withinMs)} too late` : "when it was overdue already"}` };
  if (overdueMs !== undefined) {
    const watched = (storm.healedBy === "run" ? storm.healedMs : undefined) ?? evidence.view.lastMs;
    return { grade: "fail", observed: `not recovered by itself in ${sayMs(watched - injectMs)}, ${sayMs(facts.withinMs)} were allowed` };
  }
  return { grade: "unsure", observed: "the run ended before it was recovered or overdue", reason: `${sayMs(evidence.view.lastMs - injectMs)} after the harm` };
}

/** An aim without `healed` is debt, in judged and unjudged phases alike. */
const isDebt = (storm: StormView) => (storm.aimMs ?? storm.injectMs) !== undefined && storm.healedMs === undefined;

function judgeHealing(evidence: Evidence, phase: PhaseView, storm: StormView | undefined): readonly Finding[] {
  if (!storm || (storm.aimMs ?? storm.injectMs) === undefined) return [];
  const told: Told = isDebt(storm)
    ? { grade: "fail", observed: "harm left behind", reason: "'seatrial heal' takes it away" }
    : { grade: "pass", observed: storm.healedBy === "heal" ? "healed later, by 'seatrial heal'" : `healed at ${sayMs(storm.healedMs!)}` };
  return [finding({
    about: "storm", id: `${evidence.label(phase)} / healed`, phase: phase.name, ...told,
    expected: "the harm is taken away", evidence: storm.debt ? `undo record ${storm.debt}` : "the storm's lines",
  })];
}

/** What is still harmed, in words. */
export function unhealed(evidence: Evidence): readonly string[] {
  return evidence.view.storms.filter(isDebt).map((storm) => {
    const phase = evidence.view.phases[storm.phase];
    const targets = storm.targets.map(({ what, name }) => `${what} ${name}`).join(", ");
    return `${phase?.name ?? `phase ${storm.phase}`}: ${phase?.storm?.harm ?? "a harm"}${targets && ` (${targets})`}${storm.debt ? `, undo record ${storm.debt}` : ""}`;
  });
}
