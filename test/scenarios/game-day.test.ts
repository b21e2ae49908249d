/** What `npm start` plays, for real: HTTP load, and beside it a customer in a browser and the testers' collection. */
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { linesOf, makeHome, mistakes, seatrial, stepsOf, summaryOf } from "../cli/seatrial.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));

test("the game day is played with its eyes open", async () => {
  const home = makeHome();
  try {
    const { code, out, err } = await seatrial(["run", "scenarios/game-day.ts", "--on", "local", "--out", home.path("run"), "--report", "json"], { cwd: root, withinMs: 160_000 });
    expect(err).not.toMatch(mistakes);
    // On a busy machine the generator is late, and nobody is sure; but nothing that was asked for was missed.
    expect([0, 2], out).toContain(code);
    const { run, journeys } = linesOf(home.path("run", "ledger.ndjson")).find((line) => line.k === "run")!;
    expect(run).not.toBe("");
    expect(journeys).toEqual(["browse", "buy", "customer", "collection"]);
    expect(summaryOf(home.path("run")).run.caveats).toEqual([]);
    const told = JSON.stringify(summaryOf(home.path("run")));
    for (const step of ['click button \\"Order\\"', "LCP of /", "orders › read"]) expect(told).toContain(step);
    expect(stepsOf(home.path("run", "ledger.ndjson")).filter((step) => step === "healed")).toHaveLength(4);
  } finally {
    home.remove();
  }
}, 180_000);

test("its rehearsal goes on without the browser", async () => {
  const { code, out } = await seatrial(["rehearse", "scenarios/game-day.ts", "--seed", "7"], { cwd: root });
  expect(code, out).toBe(0);
  expect(out.replace(/\s+/g, " ")).toContain("Journey customer was left out");
});
