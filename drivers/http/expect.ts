import { SeatrialError } from "../../src/units/errors.ts";
import type { Reply } from "./reply.ts";

/**
 * Which answers are good: a status, one of several, `"any"`, or a function that answers true or
 * the reason why not. Without one, every status below 400 is.
 */
export type Expect = number | readonly number[] | "any" | ((reply: Reply) => true | string);

/** The cause for which an answer is refused; undefined for a good one. */
export function complaint(reply: Reply, expect: Expect | undefined): string | undefined {
  if (typeof expect === "function") return complaintOf(reply, expect);
  const good =
    expect === undefined ? reply.status < 400 : expect === "any" || (typeof expect === "number" ? reply.status === expect : expect.includes(reply.status));
  return good ? undefined : `status ${reply.status}`;
}

function complaintOf(reply: Reply, expect: (reply: Reply) => true | string): string | undefined {
  try {
    const said = expect(reply);
    return said === true ? undefined : `expect: ${typeof said === "string" ? said : "not true"}`;
  } catch (error) {
    // Its message may quote the answer, and causes are counted: the kind of error must do.
    return `expect: ${error instanceof SeatrialError ? error.code : error instanceof Error ? error.name : "threw"}`;
  }
}
