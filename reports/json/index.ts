import { strainsIn } from "../../src/ledger/strains.ts";
import { countedWalks } from "../../src/ledger/walks.ts";
import type { LedgerView } from "../../src/ledger/view.ts";
import type { Report } from "../../src/model/report.ts";
import type { Verdict } from "../../src/model/verdict.ts";
import { isoDate } from "../numbers.ts";
import { sayCommand, sayVerdict } from "../story.ts";
import { namedSums, opsOf, partSums, startsOf, type NamedSum, type Sum } from "../sums.ts";
import { summaryVersion, type Numbers, type Row, type StormSummary, type Summary } from "./summary.ts";

/** One file for programs: `summary.json`, whose shape is `Summary`. */
export const json: Report<LedgerView> = {
  kind: "json",
  render: (view, verdict) => ({ main: "summary.json", files: { "summary.json": `${JSON.stringify(summary(view, verdict), null, 2)}\n` } }),
};

function summary(view: LedgerView, verdict: Verdict): Summary {
  const { run } = view;
  return {
    format: "seatrial-summary",
    version: summaryVersion,
    verdict: { grade: verdict.grade, sentence: sayVerdict(view, verdict), unhealed: verdict.unhealed },
    run: {
      id: run.run, scenario: run.scenario, file: run.file ?? null, seed: run.seed, mode: run.mode, place: run.place?.name ?? null,
      startedAt: isoDate(run.startedMs), lengthMs: view.lastMs, end: view.end ? { how: view.end.how, reason: view.end.reason ?? null } : null,
      command: sayCommand(view) ?? null, machine: run.machine, caveats: run.caveats ?? [],
    },
    findings: verdict.findings.map((finding) => ({ ...finding, phase: finding.phase ?? null, journey: finding.journey ?? null, step: finding.step ?? null })),
    total: { ...numbers(opsOf(view)), ...startsOf(view) },
    rows: namedSums(view).map(row),
    phases: view.phases.map((phase) => ({
      name: phase.name, judged: phase.judged, beginMs: phase.beginMs ?? null, endMs: phase.endMs ?? null,
      total: { ...numbers(opsOf(view, { phase: phase.index })), ...startsOf(view, phase.index) },
      rows: namedSums(view, phase.index).map(row),
      storm: storm(view, verdict, phase.index),
    })),
    parts: partSums(view).map(({ times: of, share, ...rest }) => ({ ...rest, share: finite(share), ...times(of) })),
    survivals: view.survivals.map(({ k: _k, t: tMs, phase, error, ...rest }) => ({ ...rest, tMs, phase: view.phases[phase]?.name ?? String(phase), error: error ?? null })),
    hands: view.hands.map(({ k: _k, t: tMs, phase, act, by, journey, planned, before, wanted }) => ({
      tMs, phase: view.phases[phase]?.name ?? String(phase), act, by, journey: journey ?? null, planned: planned ?? null, before: before ?? null, wanted: wanted ?? null,
    })),
    failures: view.failures.map(({ phase, ...rest }) => ({ ...rest, phase: view.phases[phase]?.name ?? String(phase) })),
    walks: walksOf(view),
    generator: generatorOf(view),
    damage: view.damage,
  };
}

const mostWalks = 1_000;

function walksOf(view: LedgerView): Summary["walks"] {
  const all = countedWalks(view);
  const counts = { passed: 0, flaky: 0, failed: 0, unsure: 0, undone: 0 };
  for (const { result } of all) counts[result] += 1;
  const others = all.filter(({ result }) => result !== "passed").slice(0, mostWalks);
  return {
    counts,
    others: others.map(({ phase, journey, walk, result, attempts }) => ({
      phase: view.phases[phase]?.name ?? String(phase), journey, walk: walk + 1, result,
      attempts: attempts.map(({ outcome, ms, user, failures = [] }) => ({ outcome, ms, user, failures })),
    })),
  };
}

/** A second counts once, however many workers tell of it. */
function generatorOf({ run, health, gaps }: LedgerView): Summary["generator"] {
  const seconds = (lines: LedgerView["health"]) => new Set(lines.map((line) => line.s)).size;
  return {
    workers: run.machine.workers ?? 1, seconds: seconds(health), slowSeconds: seconds(health.filter((line) => line.slow)),
    strains: strainsIn(health).map(({ strain: { code }, worst, seconds }) => ({ code, worst, seconds })),
    gaps: gaps.map(({ worker, fromMs, toMs, why }) => ({ worker: worker + 1, fromMs, toMs, why })),
  };
}

const finite = (n: number): number | null => (Number.isFinite(n) ? Number(n.toPrecision(12)) : null);
const row = ({ journey, type, step, sum }: NamedSum): Row => ({ journey, type, step, ...numbers(sum) });

const times = (of: Sum["due"]) => ({
  p50Ms: finite(of.quantileMs(0.5)), p90Ms: finite(of.quantileMs(0.9)), p95Ms: finite(of.quantileMs(0.95)), p99Ms: finite(of.quantileMs(0.99)),
  p999Ms: finite(of.quantileMs(0.999)), maxMs: of.count > 0 ? of.maxMs : null, meanMs: finite(of.meanMs),
});

function numbers(sum: Sum): Numbers {
  return {
    count: sum.count, ok: sum.ok, refused: sum.refused, unsure: sum.unsure,
    errors: finite(sum.errors), perSecond: finite(sum.perSecond), due: times(sum.due), began: times(sum.began),
  };
}

function storm(view: LedgerView, verdict: Verdict, phase: number): StormSummary | null {
  const facts = view.phases[phase]?.storm;
  if (!facts) return null;
  const seen = view.storms.find((one) => one.phase === phase);
  return {
    fault: facts.fault, harm: facts.harm, recovery: facts.recovery, withinMs: facts.withinMs, targets: seen?.targets ?? [],
    aimMs: seen?.aimMs ?? null, injectMs: seen?.injectMs ?? null, harmedMs: seen?.harmedMs ?? null, recoveredMs: seen?.recoveredMs ?? null,
    overdueMs: seen?.overdueMs ?? null, relievedMs: seen?.relievedMs ?? null, healedMs: seen?.healedMs ?? null, healedBy: seen?.healedBy ?? null, error: seen?.error ?? null,
    moments: verdict.storms.find((one) => one.phase === phase)?.moments.map(({ name, t, text }) => ({ name, tMs: t ?? null, text })) ?? [],
  };
}
