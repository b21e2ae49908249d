import { singular } from "./names.ts";

const wordy = /^(v\d+(\.\d+)?|[a-z]+\d{0,2}|i18n|l10n|\d{1,2}x\d{1,2}|[\w-]+\.(html?|php|aspx?|jsp|json|xml|txt|csv|pdf))$/i;

/** Does a piece of a path look as if it named one of many: a number, a UUID, `ord_81f2`? */
export const looksLikeId = (segment: string): boolean =>
  /^\d+$/.test(segment) || (!wordy.test(segment) && ((/\d/.test(segment) && segment.length >= 4) || /^[0-9a-f]{12,}$/i.test(segment) || segment.length > 40));

/** Text that could only by chance be the same in an answer and in a later request. */
export function isTelling(value: string | number, key: string): boolean {
  const isNamedId = /(^|[a-z_-])(id|uuid|guid|key|token|code|slug|number|ref|reference|cursor|nonce|csrf|xsrf|secret|session)$/i.test(key);
  if (typeof value === "number") return Number.isSafeInteger(value) && value >= (isNamedId ? 1_000 : 100_000);
  if (value.length < (isNamedId ? 4 : 8) || value.length > 4_096 || !/^[\x21-\x7e]+$/.test(value)) return false;
  const isCommon = /^\d{4}-\d\d-\d\d/.test(value) || /^\d+\.\d+$/.test(value) || /^[a-z]+:\/\//i.test(value) || /^\d{1,3}$/.test(value) || /^[a-z]+\/[\w.+-]+$/i.test(value);
  return !isCommon && (/\d/.test(value) || (value.length >= 16 && /[A-Z]/.test(value) && /[a-z]/.test(value)));
}

/** Places in paths, by what stands before them, at which three or more different words were seen: `/items/` of `/items/oar`. */
export function variedPlaces(paths: readonly string[]): ReadonlySet<string> {
  const seen = new Map<string, Set<string>>();
  for (const path of paths) {
    const segments = path.split("/");
    segments.forEach((segment, index) => {
      const parent = segments[index - 1] ?? "";
      // Only what is counted in the plural has members; `/api/…` has rooms.
      if (segment === "" || !/[^s]s$/i.test(parent) || index !== segments.length - 1) return;
      const place = segments.slice(0, index).join("/");
      seen.set(place, (seen.get(place) ?? new Set()).add(segment));
    });
  }
  return new Set([...seen].flatMap(([place, words]) => (words.size >= 3 ? [place] : [])));
}

/** What a step is called: the path, with `:id` for every piece that names one of many. */
export function stepName(path: string, isSwapped: (segment: string) => boolean, varied: ReadonlySet<string>): string {
  const segments = path.split("/");
  const isId = segments.map((segment, index) => segment !== "" && (isSwapped(segment) || looksLikeId(segment) || varied.has(segments.slice(0, index).join("/"))));
  const several = isId.filter(Boolean).length > 1;
  const nameOf = (index: number) => {
    const parent = segments[index - 1] ?? "";
    return several && !isId[index - 1] && /^[A-Za-z][\w-]*$/.test(parent) ? singular(parent) : "id";
  };
  return segments.map((segment, index) => (isId[index] ? `:${nameOf(index)}` : segment)).join("/");
}
