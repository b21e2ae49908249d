/** Ctrl-C in every phase of a run: stopped, healed, told, and nobody left behind. */
import { afterAll, expect, test } from "vitest";
import type { Line } from "../../src/ledger/lines.ts";
import { clock, crewIn, deserted, embark, greeterFile, linesOf, makeHome, mistakes, sighted, stepsOf, until, type Ended, type Home, type Voyage } from "./seatrial.ts";

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

const files = {
  "scenario.ts": scenarioText,
  "greeter.mjs": greeterFile.replace('response.end("ok")', 'response.writeHead(process.argv[2] ? 503 : 200).end("ok")'),
};
const homes: Home[] = [];
afterAll(() => homes.forEach((home) => home.remove()));

/** A folder of its own for each run: whoever is left in it is ours. */
function setOut(env: Readonly<Record<string, string>> = {}) {
  const home = makeHome(files);
  homes.push(home);
  return { home, ledger: home.path("out/ledger.ndjson"), voyage: embark(["run", "scenario.ts", "--out", "out", "--report", "json"], { cwd: home.folder, env }) };
}

const isStorm = (step: string) => (line: Line) => line.k === "storm" && line.step === step;
const begins = (phase: number) => (line: Line) => line.k === "phase" && line.phase === phase && line.at === "begin";

/** Sails to a moment, does something, and looks who is left. */
async function interrupted(moment: (line: Line) => boolean, act: (voyage: Voyage, ledger: string) => void | Promise<void>, env?: Readonly<Record<string, string>>) {
  const { home, ledger, voyage } = setOut(env);
  await sighted(voyage, ledger, "the moment", moment);
  expect(crewIn(home.folder).length).toBeGreaterThanOrEqual(5);
  await act(voyage, ledger);
  const actedMs = clock.now();
  const ended = await voyage.ended;
  const tookMs = clock.now() - actedMs;
  await deserted(home.folder);
  return { ended, ledger, tookMs };
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
] as const)("once, in %s", async (_, moment, steps) => {
  const { ended, ledger, tookMs } = await interrupted(moment, (voyage) => voyage.press());
  assertHealed(ended, ledger);
  expect(ended.err).toMatch(/SIGINT: stopping and healing/);
  expect(stepsOf(ledger).slice(0, steps.length)).toEqual(steps);
  expect(stepsOf(ledger).includes("aim")).toBe(steps.length > 0);
  expect(tookMs).toBeLessThan(10_000);
});

test("a launcher that passes the signal on presses once; a second press cuts those who are still walking", async () => {
  const { ended, ledger, tookMs } = await interrupted(isStorm("injected"), async (voyage, ledger) => {
    voyage.press();
    await clock.sleep(20);
    voyage.press();
    await until("the healing", () => stepsOf(ledger).includes("healed"));
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

test("readers that go away change nothing", async () => {
  const { ended, ledger, tookMs } = await interrupted(isStorm("injected"), async (voyage, ledger) => {
    voyage.deafen();
    await sighted(voyage, ledger, "the end of the storm", isStorm("healed"));
    expect(stepsOf(ledger)).toContain("recovered");
    voyage.press();
  });
  assertHealed(ended, ledger);
  expect(tookMs).toBeLessThan(10_000);
});

test("SIGTERM, as a CI system ends a job, heals too", async () => {
  const { ended, ledger } = await interrupted(isStorm("harmed"), (voyage) => voyage.press("SIGTERM"));
  assertHealed(ended, ledger);
});

test.each([["once", 1], ["twice", 2]])("while the cluster opens, %s", async (_, presses) => {
  const { home, voyage } = setOut({ NEVER: "/never" });
  await until("replicas that start", () => crewIn(home.folder).length >= 6);
  const beganMs = clock.now();
  for (let press = 0; press < presses && !voyage.hasEnded(); press++) {
    voyage.press();
    await clock.sleep(400);
  }
  const { code, err } = await voyage.ended;
  expect(err).not.toMatch(mistakes);
  expect(code, err).toBe(130);
  expect(clock.now() - beganMs).toBeLessThan(8_000);
  await deserted(home.folder);
});
