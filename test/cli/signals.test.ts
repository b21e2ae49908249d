/** Ctrl-C in every phase of a run: stopped, healed, told, and nobody left behind. */
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Line } from "../../src/ledger/lines.ts";
import { allGone, clock, crewOf, embark, greeterFile, linesOf, makeHome, mistakes, sighted, stepsOf, until, type Ended, type Home, type Voyage } from "./seatrial.ts";

const scenarioText = `import { journey, nodeLoss, scenario, users } from "seatrial";
import { http } from "seatrial/http";
import { local } from "seatrial/local";
const greeter = http({ service: "greeter" });
const { THINK = "50ms" } = process.env;
const visit = journey({ greeter }, async ({ greeter }, user) => {
  await greeter.get("/");
  await user.think(THINK as "1s");
});
const load = { visit: users(2) };
export default scenario({
  name: "interrupted", journeys: { visit }, grace: "30s",
  cluster: local({
    services: { greeter: { command: ["node", "greeter.mjs", process.env.NEVER ?? ""], replicas: 2, ready: process.env.NEVER ?? "/" } },
    nodes: 2,
  }),
  phases: [
    { name: "calm", for: "1s", load },
    { name: "storm", load, hold: "2s", fault: nodeLoss(), recover: { by: "platform", within: "20s" } },
    { name: "calm again", for: "20s", load },
  ],
  budget: { visit: { errors: "50%" } },
});
`;

let home: Home;
beforeAll(() => {
  const slow = greeterFile.replace('response.end("ok")', 'response.writeHead(process.argv[2] ? 503 : 200).end("ok")');
  home = makeHome({ "scenario.ts": scenarioText, "greeter.mjs": slow });
});
afterAll(() => home.remove());

const isStorm = (step: string) => (line: Line) => line.k === "storm" && line.step === step;
const begins = (phase: number) => (line: Line) => line.k === "phase" && line.phase === phase && line.at === "begin";

/** Sails to a moment, does something, and looks at what is left. */
async function interrupted(out: string, moment: (line: Line) => boolean, act: (voyage: Voyage) => void | Promise<void>, env: Readonly<Record<string, string>> = {}) {
  const ledger = home.path(out, "ledger.ndjson");
  const voyage = embark(["run", "scenario.ts", "--out", out, "--report", "json"], { cwd: home.folder, env });
  await sighted(voyage, ledger, "the moment", moment);
  const crew = crewOf(voyage.pid);
  expect(crew.length).toBeGreaterThanOrEqual(6);
  await act(voyage);
  const actedMs = clock.now();
  const ended = await voyage.ended;
  await allGone(crew);
  return { ended, ledger, tookMs: clock.now() - actedMs };
}

function assertHealed({ code, err, out }: Ended, ledger: string): void {
  expect(err).not.toMatch(mistakes);
  expect(code, err + out).toBe(130);
  expect(linesOf(ledger).at(-1)).toMatchObject({ k: "end", how: "interrupted" });
  const steps = stepsOf(ledger);
  if (steps.includes("aim")) expect(steps.slice(-2)).toEqual(["healing", "healed"]);
}

test.concurrent.each([
  ["calm before the storm", begins(0), []],
  ["the storm, before the harm is done", isStorm("aim"), ["aim"]],
  ["the storm, as the harm is done", isStorm("injected"), ["aim", "inject", "injected"]],
  ["the hold after the storm", isStorm("healed"), ["aim", "inject", "injected", "harmed", "recovered"]],
] as const)("once, in %s", async (name, moment, steps) => {
  const { ended, ledger, tookMs } = await interrupted(name.replace(/\W+/g, "-"), moment, (voyage) => voyage.press());
  assertHealed(ended, ledger);
  expect(ended.err).toMatch(/SIGINT: stopping and healing/);
  expect(stepsOf(ledger).slice(0, steps.length)).toEqual(steps);
  expect(stepsOf(ledger).includes("aim")).toBe(steps.length > 0);
  expect(tookMs).toBeLessThan(10_000);
});

test("a launcher that passes the signal on presses once; a second press cuts those who are still walking", async () => {
  const { ended, ledger, tookMs } = await interrupted("twice", isStorm("injected"), async (voyage) => {
    voyage.press();
    await clock.sleep(20);
    voyage.press();
    await until("the healing", () => stepsOf(home.path("twice/ledger.ndjson")).includes("healed"));
    // Both users think for a minute, and have half of one to finish.
    await clock.sleep(500);
    expect(voyage.hasEnded()).toBe(false);
    expect(voyage.err).not.toContain("cutting");
    voyage.press();
  }, { THINK: "1m" });
  assertHealed(ended, ledger);
  expect(ended.err).toContain("cutting all journeys");
  expect(tookMs).toBeLessThan(5_000);
  const rows = linesOf(ledger).flatMap((line) => (line.k === "sec" ? line.p : []));
  expect(rows.reduce((sum, row) => sum + row[5], 0)).toBe(2);
});

test("SIGTERM, as a CI system ends a job, heals too", async () => {
  const { ended, ledger } = await interrupted("term", isStorm("harmed"), (voyage) => voyage.press("SIGTERM"));
  assertHealed(ended, ledger);
});

test.each([["once", 1], ["twice", 2]])("while the cluster opens, %s", async (name, presses) => {
  const voyage = embark(["run", "scenario.ts", "--out", `opening-${name}`, "--report", "json"], { cwd: home.folder, env: { NEVER: "/never" } });
  await until("replicas that start", () => crewOf(voyage.pid).length >= 6);
  const crew = crewOf(voyage.pid);
  const beganMs = clock.now();
  for (let press = 0; press < presses; press++) {
    voyage.press();
    await clock.sleep(400);
  }
  const { code, err } = await voyage.ended;
  expect(err).not.toMatch(mistakes);
  expect(code).toBe(130);
  expect(clock.now() - beganMs).toBeLessThan(8_000);
  await allGone(crew);
});
