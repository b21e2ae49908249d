import { describeWith } from "../needs.ts";
import { bedOf, type Bed } from "../world/kubernetes/bed.ts";

const name = process.env["SEATRIAL_BED"];

/** The bed that the suites run in; its network is this process's own. */
export const bed: Bed = bedOf(name ?? "none");

/** `describe` for suites that need the test bed. */
export function describeInBed(what: string, suite: () => void): void {
  describeWith("the test bed", name !== undefined, process.env["SEATRIAL_BED_LACK"] ?? "npm run test:cluster", what, suite);
}
