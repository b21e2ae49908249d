import type { LedgerView } from "../../src/ledger/view.ts";
import { exceptionColumns } from "./columns.ts";
import { csvLine } from "./quote.ts";

const crash = "crash: ";

/** What the journeys' own code threw. The traceback is the place that the first example names; one machine is one node. */
export function exceptions(view: LedgerView): string {
  const counts = new Map<string, number>();
  for (const { cause, count } of view.failures) {
    if (cause.startsWith(crash)) counts.set(cause, (counts.get(cause) ?? 0) + count);
  }
  const traceOf = (wanted: string) => view.examples.find(({ cause, error }) => cause === wanted && error !== undefined)?.error ?? "";
  const rows = [...counts].map(([cause, count]) => csvLine([count, cause.slice(crash.length), traceOf(cause), view.run.machine.host]));
  return [csvLine(exceptionColumns), ...rows].join("");
}
