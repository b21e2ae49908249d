import { Histogram } from "../src/ledger/histogram.ts";
import type { SeriesType } from "../src/ledger/lines.ts";
import { isPart, parts, type Part } from "../src/model/op.ts";
import type { LedgerView, SeriesView } from "../src/ledger/view.ts";

/** Ops added up, with what reports show of them. Latencies are of `ok` and `unsure` touches; NaN without any. */
export class Sum {
  ok = 0;
  refused = 0;
  unsure = 0;
  readonly due = new Histogram();
  readonly began = new Histogram();
  #fromS = Infinity;
  #toS = -Infinity;

  get count(): number {
    return this.ok + this.refused + this.unsure;
  }
  /** Refused and unsure, as a share of all; NaN of none. */
  get errors(): number {
    return (this.refused + this.unsure) / this.count;
  }
  /** Ops a second, between the first second that has any and the last; NaN without any. */
  get perSecond(): number {
    return this.count / this.seconds;
  }
  /** Seconds between the first op and the last; 0 without any. */
  get seconds(): number {
    return Math.max(0, this.#toS - this.#fromS);
  }

  addSecond(s: number, ok: number, refused: number, unsure: number): void {
    this.ok += ok;
    this.refused += refused;
    this.unsure += unsure;
    if (s < this.#fromS) this.#fromS = s;
    if (s + 1 > this.#toS) this.#toS = s + 1;
  }

  add(other: Sum): void {
    this.ok += other.ok;
    this.refused += other.refused;
    this.unsure += other.unsure;
    this.due.add(other.due);
    this.began.add(other.began);
    if (other.#fromS < this.#fromS) this.#fromS = other.#fromS;
    if (other.#toS > this.#toS) this.#toS = other.#toS;
  }
}

export interface SeriesSum {
  readonly type: SeriesType;
  readonly phase: number;
  readonly journey: string;
  readonly step: string;
  readonly sum: Sum;
}

/** One row of the tables of journeys and steps. */
export interface NamedSum {
  readonly journey: string;
  /** `"op"`, `"group"`, `"measure"`, `"walk"`, or `"all"` for every op of the journey. */
  readonly type: Exclude<SeriesType, Part | "retried"> | "all";
  readonly step: string;
  readonly sum: Sum;
}

function sumOf(series: SeriesView): Sum {
  const sum = new Sum();
  for (const { s, cell: [, ok, refused, unsure, due, began] } of series.seconds) {
    sum.addSecond(s, ok, refused, unsure);
    sum.due.addPacked(due);
    sum.began.addPacked(began === "=" ? due : began);
  }
  return sum;
}

const known = new WeakMap<LedgerView, readonly SeriesSum[]>();

/** Every series of the ledger added up. Several formats of one view unpack its histograms only once. */
export function seriesSums(view: LedgerView): readonly SeriesSum[] {
  let sums = known.get(view);
  if (!sums) {
    sums = view.series.map((one) => ({ type: one.type, phase: one.phase, journey: one.journey, step: one.step, sum: sumOf(one) }));
    known.set(view, sums);
  }
  return sums;
}

/** All ops of the run, or of one phase or journey; groups and walks would count them twice. */
export function opsOf(view: LedgerView, of: { readonly phase?: number; readonly journey?: string } = {}): Sum {
  const all = new Sum();
  for (const one of seriesSums(view)) {
    if (one.type !== "op") continue;
    if (of.phase !== undefined && one.phase !== of.phase) continue;
    if (of.journey !== undefined && one.journey !== of.journey) continue;
    all.add(one.sum);
  }
  return all;
}

const typeOrder: Readonly<Record<NamedSum["type"], number>> = { all: 0, walk: 1, group: 2, op: 3, measure: 4 };

/** Rows by journey: all its ops, its whole walks, its groups, its steps, its measures; over the run or one phase. */
export function namedSums(view: LedgerView, phase?: number): NamedSum[] {
  const rows = new Map<string, NamedSum>();
  const rowOf = (journey: string, type: NamedSum["type"], step: string): Sum => {
    const key = `${journey}\n${type}\n${step}`;
    let row = rows.get(key);
    if (!row) rows.set(key, (row = { journey, type, step, sum: new Sum() }));
    return row.sum;
  };
  for (const one of seriesSums(view)) {
    if (phase !== undefined && one.phase !== phase) continue;
    // Where the time of a step went is told apart, and walks that were walked again are, too.
    if (isPart(one.type) || one.type === "retried") continue;
    rowOf(one.journey, one.type, one.step).add(one.sum);
    if (one.type === "op") rowOf(one.journey, "all", "").add(one.sum);
  }
  const place = new Map(view.run.journeys.map((name, index) => [name, index]));
  const at = (name: string) => place.get(name) ?? place.size;
  return [...rows.values()].sort((a, b) =>
    at(a.journey) - at(b.journey) || a.journey.localeCompare(b.journey, "en") || typeOrder[a.type] - typeOrder[b.type] || b.sum.count - a.sum.count || a.step.localeCompare(b.step, "en"));
}

/** Where the time of a step's answered touches went. */
export interface PartSum {
  readonly journey: string;
  readonly step: string;
  readonly part: Part;
  readonly count: number;
  /** All of it together, as a share of all parts of the step. */
  readonly share: number;
  readonly times: Histogram;
}

/** By journey and step, and in the order in which a request goes through them; empty where no driver was told to keep them. */
export function partSums(view: LedgerView): PartSum[] {
  const steps = new Map<string, { readonly journey: string; readonly step: string; readonly parts: Map<Part, Histogram> }>();
  for (const { type, journey, step, sum } of seriesSums(view)) {
    if (!isPart(type)) continue;
    const key = `${journey}\n${step}`;
    let row = steps.get(key);
    if (!row) steps.set(key, (row = { journey, step, parts: new Map() }));
    const times = row.parts.get(type) ?? new Histogram();
    times.add(sum.began);
    row.parts.set(type, times);
  }
  const total = (times: Histogram) => (times.count === 0 ? 0 : times.meanMs * times.count);
  return [...steps.values()].sort((a, b) => (a.journey === b.journey ? (a.step < b.step ? -1 : 1) : a.journey < b.journey ? -1 : 1)).flatMap((row) => {
    const all = [...row.parts.values()].reduce((sum, times) => sum + total(times), 0);
    return parts.flatMap((part): PartSum[] => {
      const times = row.parts.get(part);
      return times ? [{ journey: row.journey, step: row.step, part, count: times.count, share: total(times) / all, times }] : [];
    });
  });
}

/** True where the time before the first byte of work matters: began and due tell different stories. */
export function queued(sum: Sum): boolean {
  const [due, began] = [sum.due.quantileMs(0.95), sum.began.quantileMs(0.95)];
  return due > began * 1.2 && due - began >= 1;
}

/** Starts that found no free user, as counted by the paces. */
export function startsOf(view: LedgerView, phase?: number): { readonly starts: number; readonly dropped: number; readonly ended: number; readonly cut: number } {
  const all = { starts: 0, dropped: 0, ended: 0, cut: 0 };
  for (const { cell: [at, , starts, dropped, ended, cut] } of view.pace) {
    if (phase !== undefined && at !== phase) continue;
    all.starts += starts;
    all.dropped += dropped;
    all.ended += ended;
    all.cut += cut;
  }
  return all;
}
