import { arch, availableParallelism, hostname, platform } from "node:os";
import { ledgerVersion, type PhaseFacts, type ProbeFacts, type RunLine } from "../ledger/lines.ts";
import type { Place } from "../model/cluster.ts";
import { caveatsOf, sayLeftOut } from "../plan/caveats.ts";
import type { Plan, PlannedPhase, PlannedProbe } from "../plan/plan.ts";

function phaseFacts({ name, judged, forMs, load, budget, storm }: PlannedPhase): PhaseFacts {
  return {
    name, judged, load: [...load.keys()],
    ...(forMs !== undefined && { forMs }),
    ...(budget !== undefined && { budget }),
    ...(storm && {
      storm: {
        fault: storm.fault.kind, harm: storm.fault.harm, costs: storm.fault.costs, withinMs: storm.withinMs,
        by: storm.by, recovery: storm.recovery?.name ?? storm.by,
        keeps: storm.keeps.map(({ kind, losingMs }) => ({ kind, losingMs })),
      },
    }),
  };
}

const probeFacts = (phase?: number) => ({ probe, everyMs }: PlannedProbe): ProbeFacts => ({
  name: probe.name, everyMs,
  ...(probe.atLeast !== undefined && { atLeast: probe.atLeast }),
  ...(probe.atMost !== undefined && { atMost: probe.atMost }),
  ...(phase !== undefined && { phase }),
});

/** The ledger's first line: everything of the plan that the judge and the reports need. */
export function runLine(plan: Plan, run: { readonly id: string; readonly seed: number; readonly startedMs: number; readonly mode: "run" | "rehearse"; readonly version: string; readonly file?: string; readonly place?: Place; readonly workers?: number }): RunLine {
  const { place } = run;
  const caveats = [...(plan.leftOut ?? []).map(sayLeftOut), ...(run.mode === "run" ? caveatsOf(plan) : [])];
  return {
    k: "run", v: ledgerVersion, run: run.id, scenario: plan.name, seed: run.seed, startedMs: Math.round(run.startedMs), mode: run.mode,
    ...(run.file !== undefined && { file: run.file }),
    ...(place && { place: { kind: place.kind, name: place.name, ...(place.address !== undefined && { address: place.address }) } }),
    journeys: Object.keys(plan.journeys),
    phases: plan.phases.map(phaseFacts),
    budget: plan.budget,
    probes: [...plan.probes.map(probeFacts()), ...plan.phases.flatMap((phase) => phase.probes.map(probeFacts(phase.index)))],
    ...(caveats.length > 0 && { caveats }),
    ...(plan.regression && { regression: plan.regression }),
    machine: { node: process.version, platform: `${platform()}-${arch()}`, cpus: availableParallelism(), ...(run.workers !== undefined && { workers: run.workers }), seatrial: run.version, host: hostname(), pid: process.pid, folder: process.cwd() },
  };
}
