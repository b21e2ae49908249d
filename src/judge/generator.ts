import type { HealthLine } from "../ledger/lines.ts";
import { saySeconds, strainsIn } from "../ledger/strains.ts";
import { type LackCause, lackCauses } from "../model/op.ts";
import type { Finding, Grade } from "../model/verdict.ts";
import { problem } from "../units/errors.ts";
import { sayFraction } from "../units/percent.ts";
import { type Evidence, mostSlow } from "./evidence.ts";
import { finding, sayAll, sayMany } from "./finding.ts";

/** A run shorter than this may end before the generator looked at itself. */
const shortestMs = 3_000;
/** More seconds than this without a line, and nobody vouches for the run. */
const mostMissing = 0.2;

/** Could the generator keep up, in judged phases, and had it what it needs? */
export function judgeGenerator(evidence: Evidence): readonly Finding[] {
  return [keptUp(evidence), ...lacked(evidence)];
}

/** Findings that rest on slow seconds are unsure by themselves; this one says which limits made them slow, and when. */
function keptUp(evidence: Evidence): Finding {
  const { view } = evidence;
  const stretches = evidence.judged.map((phase) => evidence.whole(phase));
  const seconds = [...new Set(stretches.flatMap(({ fromS, toS }) => Array.from({ length: toS - fromS }, (_, i) => fromS + i)))];
  const judged = new Set(seconds);
  const health = view.health.filter((line) => judged.has(line.s));
  const lines = new Set(health.map((line) => line.s));
  const looked = seconds.filter((s) => lines.has(s)).length;
  const slow = seconds.filter((s) => evidence.slow.has(s)).length;
  const tell = (grade: Grade, observed: string, reason = "") => finding({
    about: "generator", id: "generator", grade, observed, reason,
    expected: `at most ${sayFraction(mostSlow)} slow seconds`,
    evidence: `${sayMany(looked, "health line")} of ${sayMany(seconds.length, "judged second")}`,
  });
  if (view.run.mode === "rehearse") return tell("pass", "virtual time is never late");
  const judgedMs = stretches.reduce((total, stretch) => total + stretch.lengthMs, 0);
  const strained = sayAll(...sayStrains(health));
  if (judgedMs > shortestMs && 1 - looked / seconds.length > mostMissing) {
    return tell("unsure", looked === 0 ? "never looked at" : `${sayMany(seconds.length - looked, "second")} without a health line`, sayAll("nobody vouches for the generator", strained));
  }
  if (slow === 0) return tell("pass", "no slow second");
  const share = slow / seconds.length;
  const observed = `${sayMany(slow, "slow second")} (${sayFraction(share)})`;
  return share <= mostSlow ? tell("pass", observed, strained) : tell("unsure", observed, sayAll("the machine that made the load could not keep up", strained));
}

/** Each broken limit with its code, how badly, when and for how long, and what to do. */
function sayStrains(health: readonly HealthLine[]): readonly string[] {
  return strainsIn(health).map(({ strain, worst, seconds }) => {
    const { code, message, hint } = problem(strain.code, { worst });
    return `${code}: ${message}, in ${sayMany(seconds.length, "second")} (${saySeconds(seconds)} of the ledger): ${hint}`;
  });
}

/**
 * Touches that the generator could not even begin are in no count of the service's errors, and so
 * nothing else in the verdict knows of them: load that was asked for and never came.
 */
function lacked({ view, judged }: Evidence): readonly Finding[] {
  const phases = new Set(judged.map(({ index }) => index));
  return (Object.keys(lackCauses) as LackCause[]).flatMap((cause) => {
    const failures = view.failures.filter((one) => one.cause === cause && phases.has(one.phase));
    if (failures.length === 0) return [];
    const count = failures.reduce((sum, one) => sum + one.count, 0);
    const { code, message, hint } = problem(lackCauses[cause]);
    const seconds = strainsIn(view.health).find(({ strain }) => strain.code === code)?.seconds ?? [];
    return finding({
      about: "generator", id: `generator / ${cause}`, grade: "unsure",
      expected: "every touch can begin", observed: `${sayMany(count, "touch", "touches")} could not`,
      reason: `${code}: ${message}; ${hint}`,
      evidence: sayAll("the failures by cause; they are no errors of the service", seconds.length > 0 && `in seconds ${saySeconds(seconds)} of the ledger`),
    });
  });
}
