import type { LedgerView, PhaseView } from "../ledger/view.ts";
import type { Finding } from "../model/verdict.ts";
import { type Percent, percentFraction } from "../units/percent.ts";
import { compareErrors, comparePercentile, type Compared, type Side } from "./compare.ts";
import { Evidence, mostSlow } from "./evidence.ts";
import { finding, sayAll, sayMany } from "./finding.ts";
import { sampleOf } from "./sample.ts";

/** An older ledger to be no worse than. */
export interface Baseline {
  readonly view: LedgerView;
  /** How much worse a share or a percentile may be than the older one. Default `"5%"`. */
  readonly tolerance?: Percent;
}

const percentiles = [50, 95, 99] as const;

/**
 * No step of a judged phase is worse than it was: in its share of errors, p50, p95 and p99. Phases,
 * journeys and steps are matched by name; what only one of the ledgers has is `unsure`.
 */
export function noWorseThan(now: Evidence, { view, tolerance = "5%" }: Baseline): readonly Finding[] {
  const then = new Evidence(view);
  const most = percentFraction(tolerance, "baseline.tolerance");
  const old = new Map(then.judged.map((phase) => [then.label(phase), phase]));
  const young = new Map(now.judged.map((phase) => [now.label(phase), phase]));
  return [...new Set([...young.keys(), ...old.keys()])].flatMap((name) => {
    const [here, there] = [young.get(name), old.get(name)];
    if (!here || !there) return [alone(`baseline / ${name}`, name, here !== undefined)];
    return comparePhase(name, sidesOf(now, here), sidesOf(then, there), most);
  });
}

/** The steps of a phase by journey and name. */
function sidesOf(evidence: Evidence, phase: PhaseView): ReadonlyMap<string, Side & { readonly slow: boolean }> {
  const stretch = evidence.whole(phase);
  return new Map(evidence.series(phase.index, "all").filter(({ type }) => type === "op").map((series) => {
    const sample = sampleOf([series], evidence.slow);
    return [`${series.journey} / ${series.step}`, { series, stretch, sample, slow: sample.slowShare > mostSlow }];
  }));
}

function comparePhase(phase: string, now: ReturnType<typeof sidesOf>, then: ReturnType<typeof sidesOf>, most: number): readonly Finding[] {
  return [...new Set([...now.keys(), ...then.keys()])].flatMap((key) => {
    const [here, there] = [now.get(key), then.get(key)];
    const id = `baseline / ${phase} / ${key}`;
    if (!here || !there) return [alone(id, phase, here !== undefined)];
    const compared: readonly (readonly [string, Compared | undefined])[] = [
      ["errors", compareErrors(here, there, most)],
      ...percentiles.map((percentile) => [`p${percentile}`, comparePercentile(percentile, here, there, most)] as const),
    ];
    const { journey, step } = here.series;
    const doubt = here.slow || there.slow;
    return compared.flatMap(([name, found]) => found === undefined ? [] : [finding({
      about: "baseline", id: `${id} / ${name}`, phase, journey, step, ...found,
      ...(doubt && name !== "errors" && { grade: "unsure" as const }),
      reason: sayAll(found.reason, doubt && name !== "errors" && "one of the two rests on seconds in which the generator could not keep up"),
      evidence: `${sayMany(here.sample.count, "op")} now, ${sayMany(there.sample.count, "op")} then`,
    })]);
  });
}

const alone = (id: string, phase: string, isNew: boolean): Finding => finding({
  about: "baseline", id, phase, grade: "unsure",
  expected: "in both ledgers", observed: isNew ? "the baseline does not have it" : "only the baseline has it",
});
