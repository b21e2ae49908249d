import { Histogram } from "../../src/ledger/histogram.ts";
import { otherSteps } from "../../src/ledger/book.ts";
import type { SecondCell, SecondLine, SeriesLine } from "../../src/ledger/lines.ts";
import { isPart } from "../../src/model/op.ts";
import type { NamedSum } from "../sums.ts";

/** Further steps are counted with the others of their journey. */
const mostRows = 400;

/** One row of the table of steps, over the run so far. Null: not measured. */
export interface StepRow {
  readonly id: number;
  readonly journey: string;
  readonly type: NamedSum["type"];
  readonly step: string;
  readonly count: number;
  readonly perSecond: number | null;
  readonly errors: number | null;
  readonly p50Ms: number | null;
  readonly p95Ms: number | null;
  readonly p99Ms: number | null;
  readonly maxMs: number | null;
  /** From begun; all others count from due. */
  readonly begunP95Ms: number | null;
}

interface Row extends Pick<StepRow, "id" | "journey" | "type" | "step"> {
  readonly due: Histogram;
  readonly began: Histogram;
  count: number;
  bad: number;
  fromS: number;
  toS: number;
  changed: boolean;
}

const finite = (n: number): number | null => (Number.isFinite(n) ? n : null);

/** Journeys and their steps, added up second by second. */
export class Steps {
  readonly #rows = new Map<string, Row>();
  /** By the id of their series: its own row, and that of its journey. */
  readonly #ofSeries = new Map<number, { readonly isOp: boolean; readonly rows: readonly Row[] }>();

  series({ id, type, journey, step }: SeriesLine): void {
    // Where the time of a touch went is for the report.
    if (isPart(type) || type === "retried") return;
    const own = this.#row(journey, type, step);
    this.#ofSeries.set(id, { isOp: type === "op", rows: type === "op" ? [own, this.#row(journey, "all", "")] : [own] });
  }

  isOp = (series: number): boolean => this.#ofSeries.get(series)?.isOp ?? false;

  add(line: SecondLine): void {
    for (const cell of line.d) for (const row of this.#ofSeries.get(cell[0])?.rows ?? []) pour(row, line.s, cell);
  }

  whole(): StepRow[] {
    return [...this.#rows.values()].filter((row) => row.toS >= 0).map(told);
  }

  /** The rows that changed since the last time. */
  news(): StepRow[] {
    const changed = [...this.#rows.values()].filter((row) => row.changed);
    for (const row of changed) row.changed = false;
    return changed.map(told);
  }

  #row(journey: string, type: Row["type"], asked: string): Row {
    const known = this.#rows.get(`${journey}\n${type}\n${asked}`);
    if (known) return known;
    const step = type === "all" || type === "walk" || this.#rows.size < mostRows ? asked : otherSteps;
    const key = `${journey}\n${type}\n${step}`;
    let row = this.#rows.get(key);
    if (!row) this.#rows.set(key, (row = { id: this.#rows.size, journey, type, step, due: new Histogram(), began: new Histogram(), count: 0, bad: 0, fromS: Infinity, toS: -Infinity, changed: false }));
    return row;
  }
}

function pour(row: Row, s: number, [, ok, refused, unsure, due, began]: SecondCell): void {
  row.count += ok + refused + unsure;
  row.bad += refused + unsure;
  row.due.addPacked(due);
  row.began.addPacked(began === "=" ? due : began);
  row.fromS = Math.min(row.fromS, s);
  row.toS = Math.max(row.toS, s + 1);
  row.changed = true;
}

function told({ id, journey, type, step, due, began, count, bad, fromS, toS }: Row): StepRow {
  const quantile = (q: number) => finite(due.quantileMs(q));
  return {
    id, journey, type, step, count, perSecond: finite(count / (toS - fromS)), errors: finite(bad / count),
    p50Ms: quantile(0.5), p95Ms: quantile(0.95), p99Ms: quantile(0.99), maxMs: due.count > 0 ? due.maxMs : null, begunP95Ms: finite(began.quantileMs(0.95)),
  };
}
