import type { Budgets } from "../model/budget.ts";
import type { Moment, StormMoments } from "../model/verdict.ts";
import type { SightLine } from "../ledger/lines.ts";
import { saySight } from "../ledger/sights.ts";
import type { PhaseView, SeriesView, StormView } from "../ledger/view.ts";
import { askedOf, type Asked } from "./asked.ts";
import type { Evidence } from "./evidence.ts";
import { sayMany } from "./finding.ts";
import { limitsOf } from "./limits.ts";
import type { Limit } from "./measure.ts";
import { samplesBy } from "./sample.ts";
import { type Stretch, windowsOf } from "./stretch.ts";

/** Fewer good seconds than this before the phase ended, and nobody knows whether it held. */
const heldS = 2;

/** What happened around each storm, by one clock: the cluster's side and the clients' side. */
export function momentsOf(evidence: Evidence, budgets: Budgets): readonly StormMoments[] {
  return evidence.view.storms.flatMap((storm) => {
    const phase = evidence.view.phases[storm.phase];
    return phase?.storm && storm.injectMs !== undefined ? [{ phase: storm.phase, moments: momentsIn(evidence, budgets, phase, storm, storm.injectMs) }] : [];
  });
}

function momentsIn(evidence: Evidence, budgets: Budgets, phase: PhaseView, storm: StormView, injectMs: number): readonly Moment[] {
  const sights = evidence.view.sights.filter((sight) => sight.phase === phase.index && sight.t >= injectMs);
  const injected = storm.steps.find(({ step }) => step === "injected");
  const ops = evidence.series(phase.index, "all").filter(({ type }) => type === "op");
  const noticed = sights.find(({ turn }) => turn === "gone" || turn === "unready");
  const replaced = replacement(sights, storm.recoveredMs);
  return [
    { name: "requested", t: injectMs, text: phase.storm!.harm },
    { name: "injected", t: injected?.t, text: injected ? "" : "the inject was never answered" },
    firstBad(ops, injectMs),
    noticed ? { name: "noticed", t: noticed.t, text: saySight(noticed) } : { name: "noticed", t: undefined, text: "the cluster was not seen to notice" },
    replaced ? { name: "replaced", t: replaced.t, text: saySight(replaced) } : { name: "replaced", t: undefined, text: "nothing was seen to get ready" },
    clientsBack(evidence, budgets, phase, injectMs, ops),
    { name: "removed", t: storm.healedMs, text: storm.healedMs === undefined ? "the fault was not removed" : storm.healedBy === "heal" ? "by seatrial heal" : "" },
  ];
}

function firstBad(ops: readonly SeriesView[], injectMs: number): Moment {
  let first: { readonly t: number; readonly series: SeriesView } | undefined;
  for (const series of ops) {
    for (const { bad } of series.seconds) {
      if (!bad || bad[1] < injectMs) continue;
      // The second of the inject may have had failures before it: the latest is then the first that is known.
      const t = bad[0] >= injectMs ? bad[0] : bad[1];
      if (!first || t < first.t) first = { t, series };
    }
  }
  return first ? { name: "first bad answer", t: first.t, text: `${first.series.journey}: ${first.series.step}` } : { name: "first bad answer", t: undefined, text: "no client got one" };
}

/** The last thing that got ready before the platform was whole again. */
function replacement(sights: readonly SightLine[], recoveredMs: number | undefined): SightLine | undefined {
  // Who looks again and again sees the last pod ready a moment after the fault does.
  const untilMs = recoveredMs === undefined ? Infinity : recoveredMs + 200;
  return sights.findLast(({ turn, what, t }) => turn === "ready" && (what === "pod" || what === "node") && t <= untilMs);
}

/** When the last failure came that broke a budget's second, and whether good seconds followed to the end of the phase. */
function clientsBack(evidence: Evidence, budgets: Budgets, phase: PhaseView, injectMs: number, ops: readonly SeriesView[]): Moment {
  const windows = windowsOf(evidence.view, phase, 1_000);
  const since = windows.findIndex(({ toS }) => toS * 1_000 > injectMs);
  const broken = brokenBy(evidence, askedOf(evidence, phase, budgets).filter(({ of }) => of !== "walk"), ops, windows);
  const seconds = [...samplesBy(windows, ops, evidence.slow)].map(({ count }) => count > 0);
  const bad = broken.slice(since).filter((what) => what !== undefined);
  const last = broken.findLastIndex((what, index) => what !== undefined && index >= since);
  if (last < 0) return { name: "clients back", t: undefined, text: seconds.slice(since).includes(true) ? "clients were within budget all the time" : "no client was about" };
  const good = seconds.slice(last + 1).filter(Boolean).length;
  if (good < heldS) return { name: "clients back", t: undefined, text: `clients were not seen within budget for ${heldS} seconds before the phase ended: ${broken[last]!.text}` };
  const { fromS, toS } = windows[last]!;
  const failures = broken[last]!.byFailures ? ops.flatMap((series) => series.seconds.flatMap(({ s, bad }) => (s >= fromS && s < toS && bad ? [bad[1]] : []))) : [];
  return { name: "clients back", t: failures.length > 0 ? Math.max(injectMs, ...failures) : toS * 1_000, text: `after ${sayMany(bad.length, "bad second")}, the last: ${broken[last]!.text}` };
}

interface Broken {
  readonly text: string;
  readonly byFailures: boolean;
}

/** What of the budgets each window breaks, in words; failures break it where no budget speaks of errors. */
function brokenBy(evidence: Evidence, asked: readonly Asked[], ops: readonly SeriesView[], windows: readonly Stretch[]): readonly (Broken | undefined)[] {
  const broken: (Broken | undefined)[] = windows.map(() => undefined);
  const hold = (series: readonly SeriesView[], id: string, limits: readonly Limit[]): void => {
    let index = 0;
    for (const sample of samplesBy(windows, series, evidence.slow)) {
      const at = index++;
      if (broken[at] || sample.count === 0) continue;
      for (const limit of limits) {
        const { grade, observed } = limit.measure({ sample, starts: undefined, walking: true, lengthMs: 1_000 });
        if (grade === "fail") broken[at] ??= { text: `${id}: ${observed}`, byFailures: limit.name === "errors" };
      }
    }
  };
  for (const { budget, place, series, id } of asked) hold(series, id, limitsOf(budget, place).filter(({ name }) => name !== "dropped" && name !== "minRate"));
  if (!asked.some(({ budget }) => budget.errors !== undefined)) hold(ops, "all", limitsOf({ errors: "0%" }, "budget"));
  return broken;
}
