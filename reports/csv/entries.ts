import type { LedgerView } from "../../src/ledger/view.ts";
import { seriesSums, Sum } from "../sums.ts";

/** An entry as Locust counts them: a method and a name, over the whole run. */
export interface Entry {
  readonly type: string;
  readonly name: string;
  readonly sum: Sum;
}

const verb = /^(GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS) (.+)$/s;

/** `"GET /items"` is Locust's GET and `/items`; a step without a verb has its journey for a type. */
export function entryName(journey: string, step: string): readonly [type: string, name: string] {
  const match = verb.exec(step);
  return match ? [match[1]!, match[2]!] : [journey, step];
}

/** Entries in Locust's order, and the sum of them. Steps of one name are one entry, whichever journey took them. */
export function entriesOf(view: LedgerView): { readonly entries: readonly Entry[]; readonly total: Sum } {
  const entries = new Map<string, Entry>();
  const total = new Sum();
  for (const one of seriesSums(view)) {
    if (one.type !== "op") continue;
    const [type, name] = entryName(one.journey, one.step);
    const key = `${type}\n${name}`;
    let entry = entries.get(key);
    if (!entry) entries.set(key, (entry = { type, name, sum: new Sum() }));
    entry.sum.add(one.sum);
    total.add(one.sum);
  }
  return { entries: [...entries.values()].sort((a, b) => (a.type === b.type ? (a.name < b.name ? -1 : 1) : a.type < b.type ? -1 : 1)), total };
}
