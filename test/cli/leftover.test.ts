/**
 * What a journey or a reader leaves behind must not keep whoever waits for the verdict. The journey
 * touches nothing, so every run that ends by itself exits with 2.
 */
import { hostname } from "node:os";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Line } from "../../src/ledger/lines.ts";
import { runLineOf } from "../ledger/lines.ts";
import { embark, linesOf, makeHome, mistakes, seatrial, sighted, type Home } from "./seatrial.ts";

const scenarioText = `import { journey, scenario, users } from "seatrial";
const { LEAK, WAIT, CRASH, LENGTH = "1s" } = process.env;
const walk = journey({}, async (_, user) => {
  if (LEAK) setInterval(() => {}, 1_000);
  await user.think("100ms");
  if (CRASH) void Promise.reject(Object.create(null));
}, WAIT ? { wait: () => { throw new Error(WAIT); } } : {});
export default scenario({
  name: "leftover", journeys: { walk },
  phases: [{ name: "all", for: LENGTH as "1s", load: { walk: users(1) } }],
  budget: { walk: { walk: { errors: "0%" } } },
});
`;

let home: Home;
beforeAll(() => void (home = makeHome({ "scenario.ts": scenarioText })));
afterAll(() => home.remove());

test("a timer that a journey left behind does not keep the process", async () => {
  const ended = await seatrial(["run", "scenario.ts", "--out", "leak"], { cwd: home.folder, env: { LEAK: "1" }, withinMs: 15_000 });
  expect(ended, ended.err).toMatchObject({ code: 2, signal: null, out: expect.stringContaining("UNSURE") });
  expect(linesOf(home.path("leak/ledger.ndjson")).at(-1)).toMatchObject({ k: "end", how: "done" });
});

test("a wait that throws is told, and the run ends unsure", async () => {
  const ended = await seatrial(["run", "scenario.ts", "--out", "wait"], { cwd: home.folder, env: { WAIT: "bad wait" }, withinMs: 15_000 });
  expect(ended, ended.err).toMatchObject({ code: 2, signal: null });
  expect(ended.out + ended.err).toContain("the wait of walk failed: Error: bad wait");
  expect(ended.err).not.toMatch(mistakes);
});

test("whatever escapes from a journey, even what can't be shown, ends the run as one that is told", async () => {
  const ended = await seatrial(["run", "scenario.ts", "--out", "escaped"], { cwd: home.folder, env: { CRASH: "1", LENGTH: "10s" }, withinMs: 15_000 });
  expect(ended.signal).toBeNull();
  expect(linesOf(home.path("escaped/ledger.ndjson")).at(-1)).toMatchObject({ k: "end", how: "failed", reason: expect.stringContaining("can't be shown") });
});

test.each([["run", 2, ["run", "scenario.ts", "--out", "deaf"]], ["plan", 0, ["plan", "scenario.ts"]]] as const)("%s ends in time, with %i, when nobody reads what it says", async (_, code, args) => {
  const voyage = embark(args, { cwd: home.folder, withinMs: 15_000 });
  voyage.deafen();
  expect(await voyage.ended).toMatchObject({ code, signal: null });
});

test("a reader of the first line alone, as `| head -1`, gets it, and the run keeps its exit code", async () => {
  const ended = await seatrial(["run", "scenario.ts", "--out", "head"], { cwd: home.folder, shell: 'set -o pipefail; first() { "$@" 2>&1 | head -1; }; first', withinMs: 15_000 });
  expect(ended).toMatchObject({ code: 2, signal: null });
  expect(ended.out.trim().split("\n")).toHaveLength(1);
});

test("heal refuses a run that is under way, and --force overrides", async () => {
  const ledger = home.path("alive/ledger.ndjson");
  const voyage = embark(["run", "scenario.ts", "--out", "alive"], { cwd: home.folder, env: { LENGTH: "1m" } });
  await sighted(voyage, ledger, "the first phase", (line) => line.k === "phase");
  const refused = await seatrial(["heal", ledger], { cwd: home.folder });
  expect(refused).toMatchObject({ code: 3, err: expect.stringMatching(new RegExp(`SEA_HEAL_ALIVE[^]*process ${voyage.pid}[^]*--force`)) });
  expect(await seatrial(["heal", ledger, "--force"], { cwd: home.folder })).toMatchObject({ code: 0, out: expect.stringContaining("nothing to heal") });
  voyage.kill();
  await voyage.ended;
  expect(await seatrial(["heal", ledger], { cwd: home.folder })).toMatchObject({ code: 0, out: expect.stringContaining("nothing to heal") });
});

test.each([
  ["has ended", { pid: process.pid, host: hostname() }, [{ k: "end", t: 1, how: "done" }], 0],
  ["was on another machine", { pid: process.pid, host: "elsewhere" }, [], 0],
  ["is this machine's, and alive", { pid: process.pid, host: hostname() }, [], 3],
] as const)("heal looks for the process of a run that %s", async (name, more, rest, code) => {
  const run = runLineOf();
  const lines: Line[] = [{ ...run, machine: { ...run.machine, ...more } }, ...rest];
  const file = `${name.replaceAll(/\W/g, "-")}.ndjson`;
  home.write({ [file]: lines.map((line) => `${JSON.stringify(line)}\n`).join("") });
  expect(await seatrial(["heal", file], { cwd: home.folder })).toMatchObject({ code });
});
