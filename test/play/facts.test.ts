import { expect, test } from "vitest";
import { http } from "../../drivers/http/index.ts";
import { journey, scenario, times } from "../../src/index.ts";
import { resolve } from "../../src/plan/resolve.ts";
import { runLine } from "../../src/play/facts.ts";

test("what the drivers want known is in the ledger's first line, once; a rehearsal touches nothing", () => {
  const [one, other] = ["https://shop.example", "https://other.example"].map((base) => http({ base, tls: { insecure: true } }));
  const journeys = { a: journey({ one: one! }, async () => {}), b: journey({ one: one!, other: other!, safe: http({ base: "https://safe.example" }) }, async () => {}) };
  const { plan } = resolve(scenario({ name: "t", journeys, phases: [{ name: "p", load: { a: times(1), b: times(1) } }] }));
  const facts = (mode: "run" | "rehearse") => runLine(plan!, { id: "run", seed: 1, startedMs: 0, mode, version: "0" });
  expect(facts("run").caveats).toEqual(["Certificates are not checked for https://shop.example (tls.insecure).", "Certificates are not checked for https://other.example (tls.insecure)."]);
  expect(facts("rehearse")).not.toHaveProperty("caveats");
});
