import type { SeriesView } from "../ledger/view.ts";

const withoutMethod = (step: string) => step.replace(/(^| › )[A-Z]+ (?=\S)/, "$1");
const last = (step: string) => step.split(" › ").at(-1)!;

/**
 * The series that a budget's step name means: the step of that name, or the group, or the measure; otherwise every
 * step that has this name without its method (`/items` is `GET /items` and `POST /items`) or without
 * the groups around it (`POST /session` in `sign in › POST /session`).
 */
export function seriesOfStep(series: readonly SeriesView[], name: string): readonly SeriesView[] {
  for (const type of ["op", "group", "measure"] as const) {
    const exact = series.filter((one) => one.type === type && one.step === name);
    if (exact.length > 0) return exact;
  }
  return series.filter(({ type, step }) => (type === "op" || type === "measure") && [withoutMethod(step), last(step), withoutMethod(last(step))].includes(name));
}

/** The names nearest to one that was not found, for a hint; at most three. */
export function nearest(name: string, known: Iterable<string>): readonly string[] {
  const wanted = name.toLowerCase();
  const near = (other: string) => Math.min(distance(wanted, other.toLowerCase()), distance(wanted, withoutMethod(other).toLowerCase()));
  return [...new Set(known)]
    .map((other) => ({ other, far: near(other) }))
    .sort((a, b) => a.far - b.far || (a.other < b.other ? -1 : 1))
    .slice(0, 3)
    .map(({ other }) => other);
}

/** Letters to change, add or leave out (Levenshtein). */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      next.push(Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1)));
    }
    row = next;
  }
  return row[b.length]!;
}
