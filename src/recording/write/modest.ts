import type { Ask, Trial } from "../recording.ts";
import { call, key, list, object, quote } from "./code.ts";
import { limitOf, sayDuration } from "./pauses.ts";

/** A beginning for whoever has no trial yet: little load, and limits that the recording itself would have met. */
export function modest(flows: readonly (readonly Ask[])[]): Trial {
  const limits = flows.map(limitOf);
  const slowest = limits.reduce((most, one) => (one && one.seenMs > (most ?? -1) ? one.seenMs : most), undefined as number | undefined);
  return {
    words: ["arrivals", ...(flows.length > 1 ? ["split"] : [])],
    remarks: {
      phases: [`A modest beginning: ${flows.length > 1 ? "two new visitors" : "one new visitor"} a second. Raise it once this passes.`],
      budget: [slowest === undefined ? "A first guess, for the input holds no times: set it to what users are promised." : `95 of 100 recorded answers came within ${sayDuration(Math.ceil(slowest))}; the limit is the next round number.`],
    },
    phases: (names) => {
      const load = names.length === 1 ? object([`${names[0]}: arrivals("1/s")`]) : call("split", ['arrivals("2/s")', object(names.map((name) => `${name}: 1`))]);
      return list([object(['name: "steady"', 'for: "1m"', ["load: ", load]])]);
    },
    budget: (names) => object(names.map((name, index) => [key(name), ": ", object([`p95: ${quote(sayDuration(limits[index]?.limitMs ?? 1_000))}`, 'errors: "1%"'])])),
  };
}
