import { Histogram } from "../../src/ledger/histogram.ts";
import type { LedgerView } from "../../src/ledger/view.ts";
import { stepFor } from "../timeline.ts";
import { historyColumns, percentileFields, totalFields } from "./columns.ts";
import { csvLine } from "./quote.ts";

/** More rows than this nobody reads: a longer run has a row every few seconds. */
const mostRows = 3_600;

interface Second {
  count: number;
  failures: number;
  users: number;
  readonly packed: string[];
}

/** One `Aggregated` row a second. Rates are of the time since the row before; everything else counts from the beginning. */
export function history(view: LedgerView): string {
  const seconds = bySecond(view);
  let last = -1;
  for (const s of seconds.keys()) last = Math.max(last, s);
  const stepS = stepFor(last + 1, mostRows);
  const due = new Histogram();
  let [count, failures] = [0, 0];
  const lines = [csvLine(historyColumns)];
  for (let from = 0; from <= last; from += stepS) {
    const to = Math.min(from + stepS, last + 1);
    const before = [count, failures] as const;
    let users = 0;
    for (let s = from; s < to; s++) {
      const second = seconds.get(s);
      if (!second) continue;
      count += second.count;
      failures += second.failures;
      users = second.users;
      for (const packed of second.packed) due.addPacked(packed);
    }
    const rate = (now: number, then: number) => Number(((now - then) / (to - from)).toFixed(6));
    const timestamp = Math.floor(view.run.startedMs / 1_000) + to;
    lines.push(csvLine([timestamp, users, "", "Aggregated", rate(count, before[0]), rate(failures, before[1]), ...percentileFields(due), ...totalFields(count, failures, due)]));
  }
  return lines.join("");
}

function bySecond(view: LedgerView): Map<number, Second> {
  const seconds = new Map<number, Second>();
  const at = (s: number): Second => {
    let second = seconds.get(s);
    if (!second) seconds.set(s, (second = { count: 0, failures: 0, users: 0, packed: [] }));
    return second;
  };
  for (const series of view.series) {
    if (series.type !== "op") continue;
    for (const { s, cell: [, ok, refused, unsure, due] } of series.seconds) {
      const second = at(s);
      second.count += ok + refused + unsure;
      second.failures += refused + unsure;
      second.packed.push(due);
    }
  }
  for (const { s, cell } of view.pace) at(s).users += cell[6];
  return seconds;
}
