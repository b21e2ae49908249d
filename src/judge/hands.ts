import type { HandLine } from "../ledger/lines.ts";
import type { PhaseView } from "../ledger/view.ts";
import type { Finding } from "../model/verdict.ts";
import { sayMs } from "../units/duration.ts";
import type { Evidence } from "./evidence.ts";
import { finding, sayAll, sayMany } from "./finding.ts";

const mostTold = 5;

const changesIn = (evidence: Evidence, phase: PhaseView): readonly HandLine[] => evidence.view.hands.filter((line) => line.act === "users" && line.phase === phase.index);
const sayChange = ({ t, journey, before, wanted, planned }: HandLine) => `users of ${journey} from ${before} to ${wanted} at ${sayMs(t)}, ${planned} planned`;

/** A person changed the load of a judged phase: nobody knows what users would have seen under the one that was asked for. */
export function judgeHands(evidence: Evidence): readonly Finding[] {
  return evidence.judged.flatMap((phase) => {
    const lines = changesIn(evidence, phase);
    if (lines.length === 0) return [];
    return finding({
      about: "run", id: `${evidence.label(phase)} / load by hand`, grade: "unsure", phase: phase.name,
      expected: "the load that was planned", observed: lines.slice(0, mostTold).map(sayChange).join("; ") + (lines.length > mostTold ? "; …" : ""),
      reason: "what users saw is of another load than the one that was asked for", evidence: `${sayMany(lines.length, "hand line")}, by ${[...new Set(lines.map(({ by }) => by))].slice(0, mostTold).join(", ")}`,
    });
  });
}

/**
 * A limit that broke under more users than planned was never promised for so many: `unsure`. One that
 * broke under fewer stays broken; more would not have mended it.
 */
export function withHands(evidence: Evidence, findings: readonly Finding[]): readonly Finding[] {
  const raised = evidence.judged.filter((phase) => changesIn(evidence, phase).some(({ wanted = 0, planned = 0 }) => wanted > planned));
  if (raised.length === 0) return findings;
  const isOf = (phase: PhaseView, { phase: name, id }: Finding) => name === phase.name && id.startsWith(`${evidence.label(phase)} / `);
  return findings.map((one) => (one.grade === "fail" && raised.some((phase) => isOf(phase, one))
    ? { ...one, grade: "unsure", reason: sayAll(one.reason, "it broke under more users than were planned, added by hand") }
    : one));
}
