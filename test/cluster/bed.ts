import { describe } from "vitest";
import { describeWith } from "../needs.ts";
import { bedOf, type Bed } from "../world/kubernetes/bed.ts";

const name = process.env["SEATRIAL_BED"];

/** The bed that the suites run in; its network is this process's own. */
export const bed: Bed = bedOf(name ?? "none");

/** `describe` for suites that need the test bed. */
export function describeInBed(what: string, suite: () => void): void {
  describeWith("the test bed", name !== undefined, process.env["SEATRIAL_BED_LACK"] ?? "npm run test:cluster", what, suite);
}

/**
 * The same for suites that want a quiet machine and a quarter of an hour: they are skipped, and say so,
 * unless SEATRIAL_LONG is set.
 */
export function describeAtLength(what: string, suite: () => void): void {
  if (process.env["SEATRIAL_LONG"] !== undefined) return describeInBed(what, suite);
  const lack = `NOT ASKED FOR: ${what.toUpperCase()} WAS NOT TESTED (SEATRIAL_LONG=1 npm run test:cluster)`;
  console.warn(lack);
  describe.skip(`${what}: ${lack}`, suite);
}
