import type { Random } from "../../../../src/units/random.ts";

/** As a spec says it. */
export interface AnyAmount {
  readonly mode?: unknown;
  readonly value?: unknown;
}

/** How many of so many a mode takes, shares rounded up, as Chaos Mesh does. */
function countOf({ mode, value }: AnyAmount, of: number, random: Random): number {
  switch (mode) {
    case "all":
      return of;
    case "fixed":
      return Number(value);
    case "fixed-percent":
      return Math.ceil((of * Number(value)) / 100);
    case "random-max-percent":
      // None would be no storm.
      return Math.max(1, Math.ceil((of * random.int(1, Number(value))) / 100));
    default:
      return 1;
  }
}

/** As many of the list as the mode takes, by the seed; undefined when there are fewer. */
export function choose<T>(list: readonly T[], amount: AnyAmount, random: Random): readonly T[] | undefined {
  const count = countOf(amount, list.length, random);
  if (count > list.length || list.length === 0) return undefined;
  const chosen = new Set(random.shuffle(list).slice(0, count));
  return list.filter((one) => chosen.has(one));
}

/** `"one"`, `"2"`, `"at most 30%"`: for people. */
export function sayAmount({ mode, value }: AnyAmount): string {
  if (mode === "fixed") return String(value);
  if (mode === "fixed-percent") return `${String(value)}%`;
  if (mode === "random-max-percent") return `at most ${String(value)}%`;
  return String(mode ?? "one");
}

/** The most that a mode takes, for the consent: a count or a share. */
export function mostOf({ mode, value }: AnyAmount): number | `${number}%` {
  if (mode === "fixed") return Number(value);
  if (mode === "fixed-percent" || mode === "random-max-percent") return `${Number(value)}%`;
  return mode === "all" ? "100%" : 1;
}

/** A selector on one line. */
export function saySelector(selector: object): string {
  const parts = Object.entries(selector).flatMap(([field, value]) => {
    if (value === undefined || (Array.isArray(value) && value.length === 0)) return [];
    if (field === "labelSelectors") return Object.entries(value as Record<string, string>).map(([key, one]) => `${key}=${one}`);
    if (field === "namespaces") return [`in ${(value as readonly string[]).join(", ")}`];
    if (field === "pods") return Object.entries(value as Record<string, readonly string[]>).map(([namespace, names]) => `${names.join(", ")} in ${namespace}`);
    return [`${field} ${JSON.stringify(value)}`];
  });
  return parts.join(" ") || "its namespace";
}
