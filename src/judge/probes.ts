import type { ProbeFacts, ProbeLine } from "../ledger/lines.ts";
import type { Finding, Grade } from "../model/verdict.ts";
import { sayMs } from "../units/duration.ts";
import { sayFraction } from "../units/percent.ts";
import type { Evidence } from "./evidence.ts";
import { finding, sayMany } from "./finding.ts";

const mostErrors = 0.2;

/** Probes with a limit, or that answered yes or no; a probe that only shows a number asks for nothing. */
export function judgeProbes(evidence: Evidence): readonly Finding[] {
  return evidence.view.run.probes.flatMap((facts) => {
    const own = facts.phase === undefined ? undefined : evidence.view.phases[facts.phase];
    if (own && !own.judged) return [];
    const readings = readingsOf(evidence, facts);
    const asks = facts.atLeast !== undefined || facts.atMost !== undefined || readings.some((line) => line.ok !== undefined);
    if (!asks && readings.some((line) => line.error === undefined)) return [];
    return finding({
      about: "probe", id: `${own ? `${evidence.label(own)} / ` : ""}probe / ${facts.name}`, phase: own?.name,
      expected: sayLimits(facts), reason: "",
      evidence: `${sayMany(readings.length, "reading")} in judged phases`,
      ...judgeReadings(facts, readings),
    });
  });
}

function readingsOf(evidence: Evidence, facts: ProbeFacts): readonly ProbeLine[] {
  const phases = evidence.judged.filter((phase) => facts.phase === undefined || phase.index === facts.phase);
  return evidence.view.probes.filter((line) =>
    line.name === facts.name && line.phase === facts.phase && phases.some((phase) => line.t >= Math.floor(phase.beginMs!) && line.t <= Math.ceil(phase.endMs ?? Infinity)));
}

function sayLimits({ name, atLeast, atMost }: ProbeFacts): string {
  const limits = [atLeast !== undefined && `≥ ${atLeast}`, atMost !== undefined && `≤ ${atMost}`].filter(Boolean);
  return limits.length > 0 ? `${name} ${limits.join(" and ")}` : `${name} is ok`;
}

/** How far a reading is outside of its limits; a plain "no" is outside without a number. */
function excess({ atLeast = -Infinity, atMost = Infinity }: ProbeFacts, { value, ok }: ProbeLine): number {
  return Math.max(ok === false ? Number.MIN_VALUE : 0, value === undefined ? 0 : Math.max(atLeast - value, value - atMost));
}

function judgeReadings(facts: ProbeFacts, readings: readonly ProbeLine[]): { grade: Grade; observed: string; reason?: string } {
  const limited = facts.atLeast !== undefined || facts.atMost !== undefined;
  const answered = readings.filter((line) => line.error === undefined && (limited ? Number.isFinite(line.value) || line.ok === false : line.ok !== undefined));
  const bad = answered.filter((line) => excess(facts, line) > 0);
  if (bad.length > 0) {
    const worst = bad.reduce((a, b) => (excess(facts, b) > excess(facts, a) ? b : a));
    const said = [worst.value, worst.ok === false && "not ok", worst.text].filter((part) => part !== undefined && part !== false).join(", ");
    return { grade: "fail", observed: `${said} at ${sayMs(worst.t)}, the worst of ${sayMany(bad.length, "reading")} outside` };
  }
  if (answered.length === 0) {
    return { grade: "unsure", observed: "no answer", reason: readings.find((line) => line.error !== undefined)?.error ?? "no reading in a judged phase" };
  }
  const values = answered.flatMap((line) => (line.value === undefined ? [] : [line.value]));
  const range = values.length > 0 ? `from ${values.reduce((a, b) => Math.min(a, b))} to ${values.reduce((a, b) => Math.max(a, b))}` : "always ok";
  const errors = (readings.length - answered.length) / readings.length;
  return errors > mostErrors
    ? { grade: "unsure", observed: range, reason: `${sayFraction(errors)} of the readings gave no answer` }
    : { grade: "pass", observed: range };
}
