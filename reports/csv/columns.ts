import type { Histogram } from "../../src/ledger/histogram.ts";

const percentiles = [50, 66, 75, 80, 90, 95, 98, 99, 99.9, 99.99, 100] as const;
const percentileColumns = percentiles.map((p) => `${p}%`);
const totals = ["Request Count", "Failure Count", "Median Response Time", "Average Response Time", "Min Response Time", "Max Response Time", "Average Content Size"];

/** Locust's column names, in its order. */
export const statsColumns = ["Type", "Name", ...totals, "Requests/s", "Failures/s", ...percentileColumns];
/** Not one of Locust's, which knows one latency only. */
export const latencyColumns = ["Type", "Name", "Counted", "Meaning", "Count", "Average", ...percentileColumns];
export const historyColumns = ["Timestamp", "User Count", "Type", "Name", "Requests/s", "Failures/s", ...percentileColumns, ...totals.map((name) => `Total ${name}`)];
export const failureColumns = ["Method", "Name", "Error", "Occurrences", "First Seen", "Last Seen"];
export const exceptionColumns = ["Count", "Message", "Traceback", "Nodes"];

/** Whole milliseconds, or Locust's `N/A` without samples. */
export const percentileFields = (of: Histogram): (number | string)[] => percentiles.map((p) => (of.count === 0 ? "N/A" : Math.round(p === 100 ? of.maxMs : of.quantileMs(p / 100))));

/** The seven totals. The least is as exact as the histogram (1 %); sizes of answers are not recorded: 0. */
export function totalFields(count: number, failures: number, of: Histogram): number[] {
  if (of.count === 0) return [count, failures, 0, 0, 0, 0, 0];
  return [count, failures, Math.round(of.quantileMs(0.5)), Number(of.meanMs.toFixed(6)), Number(of.quantileMs(0).toPrecision(3)), of.maxMs, 0];
}
