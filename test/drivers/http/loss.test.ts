import { expect, test } from "vitest";
import { lossOutcome } from "../../../drivers/http/engine.ts";
import { lossOf, type Progress } from "../../../drivers/http/loss.ts";
import { isLack } from "../../../src/model/op.ts";

const coded = (code: string, syscall = "connect") => Object.assign(new Error(`${syscall} ${code}`), { code, syscall });
/** As Node has it where a name has several addresses: the code is the first one's. */
const all = (...codes: readonly string[]) => Object.assign(new AggregateError(codes.map((code) => coded(code))), { code: codes[0]! });
const before: Progress = { reached: false, sent: false, answering: false, headed: false };

test.each([
  ["no descriptor in the process", coded("EMFILE"), "no descriptors"],
  ["none in the whole system", coded("ENFILE"), "no descriptors"],
  ["none to ask for the name", coded("EMFILE", "getaddrinfo"), "no descriptors"],
  ["no port", coded("EADDRNOTAVAIL"), "no ports"],
  ["no port on any address", all("EADDRNOTAVAIL", "EADDRNOTAVAIL"), "no ports"],
  ["no IPv6 here, and nobody listens", all("EADDRNOTAVAIL", "ECONNREFUSED"), "refused"],
  ["nobody listens", coded("ECONNREFUSED"), "refused"],
  ["no such name", coded("ENOTFOUND", "getaddrinfo"), "dns"],
])("%s", (_name, error, loss) => expect(lossOf(error, before).loss).toBe(loss));

test("a connection that was there is not blamed on the generator", () => {
  expect(lossOf(coded("EMFILE", "read"), { ...before, reached: true, sent: true }).loss).toBe("reset");
});

test("what the generator lacks, the recorder knows as that", () => {
  expect(Object.keys(lossOutcome).filter(isLack)).toEqual(["no descriptors", "no ports"]);
});
