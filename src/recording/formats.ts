import { problem, type SeatrialError } from "../units/errors.ts";
import { isObject, type Loose } from "./loose.ts";

/** Files that people have in the same folder, and what to do with them. */
const known: readonly { readonly is: (root: Loose) => boolean; readonly what: string; readonly hint: string }[] = [
  { is: ({ log }) => isObject(log) && "entries" in log, what: "an HTTP archive", hint: "seatrial import har reads it" },
  { is: ({ openapi }) => openapi !== undefined, what: "an OpenAPI description", hint: "seatrial import openapi reads versions 3.0 to 3.2" },
  { is: ({ swagger }) => swagger !== undefined, what: "a Swagger 2 description", hint: "convert it to OpenAPI 3 first, for example by `npx swagger2openapi`" },
  { is: ({ info, item }) => isObject(info) && Array.isArray(item), what: "a Postman collection", hint: "a collection can't be imported; copy its requests as curl, and seatrial import curl reads them" },
  { is: (root) => "metrics" in root || "root_group" in root, what: "the summary of a k6 run", hint: "seatrial import k6-json reads a script's options: k6 inspect script.js > options.json" },
  { is: ({ scenarios, thresholds }) => isObject(scenarios) || isObject(thresholds), what: "k6 options", hint: "seatrial import k6-json reads them" },
];

/** Says what a file is that is not what it was called. @param hint for a file that is nothing we know */
export function otherFormat(root: unknown, wanted: string, hint: string, place: string): SeatrialError {
  const found = isObject(root) ? known.find(({ is, what }) => is(root) && what !== wanted) : undefined;
  return problem("SEA_IMPORT_FORMAT", { found: found?.what ?? "something else", wanted, hint: found?.hint ?? hint }, place);
}
