import { fileURLToPath } from "node:url";
import { expect, onTestFinished, test } from "vitest";
import { makeHome, mistakes, seatrial, summaryOf } from "../../cli/seatrial.ts";

const root = fileURLToPath(new URL("../../../", import.meta.url));
const file = "scenarios/radio.ts";

test("ships talk and watch the tides on a local cluster, lose a replica under their connections, and go on", async () => {
  const home = makeHome();
  onTestFinished(home.remove);
  const { code, out, err } = await seatrial(["run", file, "--harm", "local", "--out", home.folder], { cwd: root });
  expect(err).not.toMatch(mistakes);
  // A busy machine may make the verdict unsure; the numbers are there all the same.
  expect([0, 1, 2], out + err).toContain(code);
  const { rows } = summaryOf(home.folder);
  const of = (wanted: string) => rows.filter(({ step }) => step === wanted).reduce((sum, { ok }) => sum + ok, 0);
  expect(of("ASK call")).toBeGreaterThan(50);
  expect(of("CONNECT /talk")).toBeGreaterThan(20);
  expect(of("CLOSE /talk")).toBeGreaterThan(20);
  expect(of("EVENT /tide")).toBeGreaterThan(100);
});

test("what keeps connections can't be rehearsed, and says so", async () => {
  const { code, err } = await seatrial(["rehearse", file], { cwd: root });
  expect(code).toBe(3);
  expect(err).toContain("SEA_NOT_REHEARSABLE  journeys.talk.drivers.radio");
});
