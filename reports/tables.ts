import type { LedgerView, PhaseView } from "../src/ledger/view.ts";
import type { Finding } from "../src/model/verdict.ts";
import { sayMs } from "../src/units/duration.ts";
import { none, sayCount, sayLatency, sayMoment, sayRate, sayShare } from "./numbers.ts";
import { byGrade, sayAsked } from "./story.ts";
import { namedSums, opsOf, partSums, queued, startsOf, type NamedSum, type Sum } from "./sums.ts";
import type { Cell, Row, Table } from "./table.ts";

const number = (value: number, say: (n: number) => string): Cell => (Number.isFinite(value) ? { text: say(value), value } : { text: none });
const text = (value: string): Cell => ({ text: value });

/** The findings, worst first. */
export function findingsTable(findings: readonly Finding[], caption: string): Table {
  return {
    caption,
    columns: [{ head: "Result" }, { head: "What" }, { head: "Asked" }, { head: "Seen" }, { head: "Why, and on what evidence" }],
    rows: byGrade(findings).map((finding): Row => ({
      grade: finding.grade,
      cells: [text(finding.grade), text(finding.id), text(finding.expected), text(finding.observed), text([finding.reason, finding.evidence].filter(Boolean).join("; "))],
    })),
  };
}

const latencies = (of: Sum["due"]): Cell[] => [0.5, 0.95, 0.99].map((q) => number(of.quantileMs(q), sayLatency)).concat(of.count > 0 ? number(of.maxMs, sayLatency) : text(none));

function rowName({ type, journey, step }: NamedSum): string {
  if (type === "all") return journey;
  return type === "walk" ? "whole walks" : type === "group" || type === "measure" ? `${step} (${type})` : step;
}

/** Journeys and their steps, latencies from due and one from begun; a second row where the time since begun tells another story. */
export function journeysTable(view: LedgerView, phase?: number): Table {
  const rows: Row[] = [];
  for (const row of namedSums(view, phase)) {
    const { sum } = row;
    const count = number(sum.count, sayCount);
    rows.push({ ...(row.type !== "all" && { under: row.journey }), cells: [text(rowName(row)), count, number(sum.perSecond, sayRate), number(sum.errors, sayShare), ...latencies(sum.due), number(sum.began.quantileMs(0.95), sayLatency)] });
    if (queued(sum)) rows.push({ under: row.journey, cells: [text(`begun: ${rowName(row)}`), count, text(""), text(""), ...latencies(sum.began), text("")] });
  }
  return {
    caption: "Journeys and their steps",
    columns: [{ head: "Journey" }, ...["Ops", "Rate", "Errors", "p50", "p95", "p99", "Max", "p95 begun"].map((head) => ({ head, number: true }))],
    rows,
  };
}

/** Where the time of each step's touches went, for drivers that kept it. What took none of it stays out. */
export function partsTable(view: LedgerView): Table {
  const rows: Row[] = [];
  let last = "";
  for (const { journey, step, part, count, share, times } of partSums(view)) {
    const name = `${journey}, ${step}`;
    if (name !== last) rows.push({ cells: [text(name), ...Array.from({ length: 6 }, () => text(""))] });
    last = name;
    if (times.maxMs > 0) rows.push({ under: name, cells: [text(part), number(count, sayCount), number(share, sayShare), ...latencies(times)] });
  }
  return {
    caption: "Where the time went",
    columns: [{ head: "Step and part" }, ...["Times", "Share", "p50", "p95", "p99", "Max"].map((head) => ({ head, number: true }))],
    rows,
  };
}

/** Length of a phase as it was sailed; undefined when the run never came so far. */
export function phaseLengthMs(view: LedgerView, phase: PhaseView): number | undefined {
  return phase.beginMs === undefined ? undefined : Math.max(0, (phase.endMs ?? view.lastMs) - phase.beginMs);
}

/** The phases in their order, with what users saw in each. */
export function phasesTable(view: LedgerView): Table {
  return {
    caption: "Phases",
    columns: [{ head: "#", number: true }, { head: "Phase" }, ...["From", "Length", "Rate", "Errors", "p50", "p95", "Dropped"].map((head) => ({ head, number: true }))],
    rows: view.phases.map((phase): Row => {
      const length = phaseLengthMs(view, phase);
      const sum = opsOf(view, { phase: phase.index });
      const { starts, dropped } = startsOf(view, phase.index);
      const rate = length ? sum.count / (length / 1_000) : Number.NaN;
      return {
        cells: [
          number(phase.index + 1, String), text(`${phase.name}${phase.judged ? "" : " (not judged)"}`),
          { text: sayMoment(phase.beginMs), ...(phase.beginMs !== undefined && { value: phase.beginMs }) },
          length === undefined ? text("not reached") : number(length, sayMs),
          number(rate, sayRate), number(sum.errors, sayShare), ...latencies(sum.due).slice(0, 2),
          number(dropped / starts, sayShare),
        ],
      };
    }),
  };
}

/** Failures by cause, the most frequent first. */
export function failuresTable(view: LedgerView): Table {
  return {
    caption: "Failures by cause",
    columns: [{ head: "Times", number: true }, { head: "Cause" }, { head: "Journey" }, { head: "Step" }, { head: "Phase" }],
    rows: [...view.failures].sort((a, b) => b.count - a.count).map((failure): Row => ({
      cells: [number(failure.count, sayCount), text(`${failure.cause}${failure.retried ? " (walked again)" : ""}`), text(failure.journey), text(failure.step || "whole walk"), text(view.phases[failure.phase]?.name ?? String(failure.phase))],
    })),
  };
}

/** What became of the writes that were acknowledged before a storm. */
export function survivalTable(view: LedgerView): Table {
  return {
    caption: "Survival of noted writes",
    columns: [{ head: "Phase" }, { head: "Kind" }, ...["Noted", "Found", "Lost", "Allowed to be lost", "Answer lost", "Unasked for", "Unknown"].map((head) => ({ head, number: true }))],
    rows: view.survivals.map((line): Row => ({
      cells: [text(view.phases[line.phase]?.name ?? String(line.phase)), text(line.kind), ...[line.noted, line.found, line.lostCount, line.forgiven, line.recovered, line.unexpectedCount, line.unknown].map((n) => number(n, sayCount))],
    })),
  };
}

/** Each probe's readings in one row. */
export function probesTable(view: LedgerView): Table {
  return {
    caption: "Probes",
    columns: [{ head: "Probe" }, { head: "Asked for" }, ...["Readings", "Least", "Most", "Last", "Outside", "Errors"].map((head) => ({ head, number: true }))],
    rows: view.run.probes.map((probe): Row => {
      const lines = view.probes.filter((line) => line.name === probe.name && line.phase === probe.phase);
      let [least, most, outside, errors, last] = [Infinity, -Infinity, 0, 0, Number.NaN];
      for (const { value, ok, error } of lines) {
        if (error !== undefined) errors += 1;
        if (value !== undefined) {
          least = Math.min(least, value);
          most = Math.max(most, value);
          last = value;
        }
        if (ok === false || (value !== undefined && (value < (probe.atLeast ?? -Infinity) || value > (probe.atMost ?? Infinity)))) outside += 1;
      }
      const name = probe.phase === undefined ? probe.name : `${probe.name} (${view.phases[probe.phase]?.name ?? probe.phase})`;
      const reading = (n: number) => String(Number(n.toPrecision(6)));
      return { cells: [text(name), text(sayAsked(probe)), number(lines.length, sayCount), number(least, reading), number(most, reading), number(last, reading), number(outside, sayCount), number(errors, sayCount)] };
    }),
  };
}
