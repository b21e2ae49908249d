import type { Finding, Grade } from "../model/verdict.ts";
import { sayFraction } from "../units/percent.ts";
import { type Evidence, mostSlow } from "./evidence.ts";
import { finding, sayMany } from "./finding.ts";

/** A run shorter than this may end before the generator looked at itself. */
const shortestMs = 3_000;
/** More seconds than this without a line, and nobody vouches for the run. */
const mostMissing = 0.2;

/** Could the generator keep up, in judged phases? Findings that rest on slow seconds are unsure by themselves. */
export function judgeGenerator(evidence: Evidence): Finding {
  const { view } = evidence;
  const stretches = evidence.judged.map((phase) => evidence.whole(phase));
  const seconds = [...new Set(stretches.flatMap(({ fromS, toS }) => Array.from({ length: toS - fromS }, (_, i) => fromS + i)))];
  const lines = new Set(view.health.map((line) => line.s));
  const looked = seconds.filter((s) => lines.has(s)).length;
  const slow = seconds.filter((s) => evidence.slow.has(s)).length;
  const tell = (grade: Grade, observed: string, reason = "") => finding({
    about: "generator", id: "generator", grade, observed, reason,
    expected: `at most ${sayFraction(mostSlow)} slow seconds`,
    evidence: `${sayMany(looked, "health line")} of ${sayMany(seconds.length, "judged second")}`,
  });
  if (view.run.mode === "rehearse") return tell("pass", "virtual time is never late");
  const judgedMs = stretches.reduce((total, stretch) => total + stretch.lengthMs, 0);
  if (judgedMs > shortestMs && 1 - looked / seconds.length > mostMissing) {
    return tell("unsure", looked === 0 ? "never looked at" : `${sayMany(seconds.length - looked, "second")} without a health line`, "nobody vouches for the generator");
  }
  if (slow === 0) return tell("pass", "no slow second");
  const share = slow / seconds.length;
  const observed = `${sayMany(slow, "slow second")} (${sayFraction(share)})`;
  return share <= mostSlow ? tell("pass", observed) : tell("unsure", observed, "the machine that made the load could not keep up");
}
