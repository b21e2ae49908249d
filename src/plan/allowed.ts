import type { MayLose, Most } from "../model/cluster.ts";
import type { Cost } from "../model/fault.ts";
import { percentFraction, type Percent } from "../units/percent.ts";

/** How many of `all` that is: a share is rounded down, and at least 1. */
export function mostOf(most: Most, all: number): number {
  if (typeof most === "number") return most;
  if (typeof most === "object") return Math.min(most.count, mostOf(most.share, all));
  return Math.max(1, Math.floor(percentFraction(most) * all));
}

/** `"2"`, `"25%"`, `"2 and 25%"`. */
export const sayMost = (most: Most): string => (typeof most === "object" ? `${most.count} and ${most.share}` : String(most));

/** A count and a share can't be compared before numbers are known: the aim is weighed again. */
function fits(count: number | string, most: Most | undefined): boolean {
  if (most === undefined) return false;
  if (typeof most === "object") return fits(count, most.count) && fits(count, most.share);
  if (typeof count !== typeof most) return true;
  return typeof most === "number" ? Number(count) <= most : percentFraction(count as Percent) <= percentFraction(most);
}

/** Is the cost within what may be lost? */
export function allowed({ what, count = 1, name }: Cost, may: MayLose): boolean {
  switch (what) {
    case "pod":
      return fits(count, may.pods);
    case "node":
      return fits(count, may.nodes);
    default:
      return name !== undefined && namedIn(what, may).includes(name);
  }
}

/** What may be lost by name alone. */
export function namedIn(what: Exclude<Cost["what"], "pod" | "node">, may: MayLose): readonly string[] {
  const lists = { data: may.data, release: may.releases, workload: may.workloads, namespace: may.namespaces, object: may.objects } as const;
  return lists[what] ?? [];
}
