import type { LedgerView } from "../../src/ledger/view.ts";
import type { Report } from "../../src/model/report.ts";
import { isoDate } from "../numbers.ts";
import { failureColumns, latencyColumns, percentileFields, statsColumns, totalFields } from "./columns.ts";
import { entriesOf, entryName } from "./entries.ts";
import { exceptions } from "./exceptions.ts";
import { history } from "./history.ts";
import { csvLine } from "./quote.ts";

/**
 * Locust's four CSV files by their names and columns, for scripts that read those: their latency
 * counts from due. A fifth file has it from due and from begun.
 */
export const csv: Report<LedgerView> = {
  kind: "csv",
  render: (view) => ({
    main: "seatrial_stats.csv",
    files: {
      "seatrial_stats.csv": stats(view), "seatrial_stats_history.csv": history(view), "seatrial_failures.csv": failures(view),
      "seatrial_exceptions.csv": exceptions(view), "seatrial_latency.csv": latency(view),
    },
  }),
};

function stats(view: LedgerView): string {
  const { entries, total } = entriesOf(view);
  const rows = [...entries, { type: "", name: "Aggregated", sum: total }].map(({ type, name, sum }) => {
    const failed = sum.refused + sum.unsure;
    const rate = (n: number) => (sum.seconds > 0 ? Number((n / sum.seconds).toFixed(6)) : 0);
    return csvLine([type, name, ...totalFields(sum.count, failed, sum.due), rate(sum.count), rate(failed), ...percentileFields(sum.due)]);
  });
  return [csvLine(statsColumns), ...rows].join("");
}

/** Two rows an entry: the time that a user suffers, and the time that the server took. */
function latency(view: LedgerView): string {
  const { entries, total } = entriesOf(view);
  const rows = [...entries, { type: "", name: "Aggregated", sum: total }].flatMap(({ type, name, sum }) =>
    ([["from due", "what a user suffers", sum.due], ["from begun", "what the server took", sum.began]] as const).map(([counted, meaning, of]) =>
      csvLine([type, name, counted, meaning, of.count, of.count > 0 ? Number(of.meanMs.toFixed(6)) : "N/A", ...percentileFields(of)])));
  return [csvLine(latencyColumns), ...rows].join("");
}

interface Failed {
  readonly type: string;
  readonly name: string;
  readonly cause: string;
  count: number;
  firstMs: number;
  lastMs: number;
}

/**
 * First and last seen are of the kept examples of a cause, of which the first is always one; the
 * ledger counts the others without their times. Empty where no example was kept.
 */
function failures(view: LedgerView): string {
  const rows = new Map<string, Failed>();
  const keyOf = (type: string, name: string, cause: string) => [type, name, cause].join("\n");
  for (const { journey, step, cause, count } of view.failures) {
    const [type, name] = entryName(journey, step);
    const key = keyOf(type, name, cause);
    const row = rows.get(key);
    if (row) row.count += count;
    else rows.set(key, { type, name, cause, count, firstMs: Infinity, lastMs: -Infinity });
  }
  for (const { journey, step, cause, t } of view.examples) {
    const row = rows.get(keyOf(...entryName(journey, step), cause));
    if (!row) continue;
    row.firstMs = Math.min(row.firstMs, t);
    row.lastMs = Math.max(row.lastMs, t);
  }
  const seen = (ms: number) => (Number.isFinite(ms) ? isoDate(view.run.startedMs + ms) : "");
  const lines = [...rows.values()].map((row) => csvLine([row.type, row.name, row.cause, row.count, seen(row.firstMs), seen(row.lastMs)]));
  return [csvLine(failureColumns), ...lines].join("");
}
