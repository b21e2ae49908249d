/** Workers that die in the middle of a run: seen, replaced, marked, and never a pass. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { GapLine } from "../../src/ledger/lines.ts";
import { clock, embark, linesOf, makeHome, mistakes, seatrial, sighted, summaryOf, type Home } from "./seatrial.ts";
import { tallyServer, type TallyServer } from "./tally.ts";

const scenarioText = `import { mkdirSync } from "node:fs";
import { isMainThread } from "node:worker_threads";
import { arrivals, constant, journey, scenario, times, users } from "seatrial";
import { http } from "seatrial/http";
const shop = http({ base: process.env.BASE! });
const { HOW, FLAG, NAME, LENGTH = "4s" } = process.env;
const deaths: Record<string, () => void> = {
  exit: () => process.exit(7),
  throw: () => void setTimeout(() => { throw new TypeError("out of a timer"); }, 1),
  reject: () => void Promise.reject(new TypeError("nobody caught it")),
  hang: () => { for (;;); },
  // As leaks do, bit by bit: faster than the collector can look, V8 ends the whole process.
  memory: () => {
    const all: unknown[] = [];
    const leak = () => {
      for (let n = 0; n < 2_000; n++) all.push(new Array(100).fill(n));
      setImmediate(leak);
    };
    leak();
  },
};
let began: number | undefined;
/** The first that comes here in the second second of its walking dies, with all who are in its thread. */
function risk(): void {
  began ??= Date.now();
  if (isMainThread || HOW === undefined || Date.now() - began < 1_500) return;
  try {
    if (FLAG !== undefined) mkdirSync(FLAG);
  } catch {
    return;
  }
  deaths[HOW]!();
}
const walk = (path: string) => journey({ shop }, async ({ shop }, user) => { risk(); await shop.get(\`/\${NAME}\${path}\${user.id}\`); }, { wait: constant("20ms") });
export default scenario({
  name: "deadly", grace: "2s",
  journeys: { open: walk("/open/"), closed: walk("/closed/"), counted: walk("/counted/") },
  phases: [
    { name: "peak", for: LENGTH as "4s", load: { open: arrivals("40/s"), closed: users(6) } },
    { name: "last", load: { counted: times(150, { users: 4 }) } },
  ],
  budget: { all: { errors: "0%" } },
});
`;

let home: Home;
let server: TallyServer;
beforeAll(async () => {
  home = makeHome({ "scenario.ts": scenarioText });
  server = await tallyServer();
});
afterAll(() => {
  server.stop();
  home.remove();
});

const args = (out: string) => ["run", "scenario.ts", "--workers", "2", "--out", out, "--report", "json"];
const setting = (env: Readonly<Record<string, string>>) => ({ cwd: home.folder, env: { BASE: server.base, ...env } });
const gapsOf = (out: string) => linesOf(home.path(out, "ledger.ndjson")).filter((line) => line.k === "gap") as GapLine[];

describe("one dies", () => {
  test.concurrent.each([
    ["exit", "exit code 7", { LENGTH: "9s" }],
    ["throw", "TypeError: out of a timer", { LENGTH: "9s" }],
    ["reject", "TypeError: nobody caught it", { LENGTH: "9s" }],
    ["memory", "memory limit", { NODE_OPTIONS: "--max-old-space-size=64", LENGTH: "20s" }],
    ["hang", "did not answer for 10s", { LENGTH: "20s" }],
  ])("by %s: its share is taken over, the gap is marked, the verdict is unsure", async (how, why, env) => {
    const { code, err, out } = await seatrial(args(how), setting({ NAME: how, HOW: how, FLAG: home.path(`${how}.flag`), ...env }));
    expect(code, err + out).toBe(2);
    expect(err).not.toMatch(/^unexpected/m);
    const lines = linesOf(home.path(how, "ledger.ndjson"));
    expect(lines.at(-1)).toMatchObject({ k: "end", how: "done" });

    const gaps = gapsOf(how);
    expect(gaps).toMatchObject([{ why: expect.stringContaining(why) }]);
    const [{ worker, fromMs, toMs }] = gaps as [GapLine];
    expect([fromMs >= 1_000, toMs > fromMs]).toEqual([true, true]);
    const { generator, findings } = summaryOf(home.path(how));
    expect(generator.gaps).toMatchObject([{ worker: worker + 1 }]);
    expect(findings.filter(({ id }) => id.startsWith("worker "))).toMatchObject([{ grade: "unsure", reason: expect.stringContaining(why) }]);
    expect(err).toMatch(new RegExp(`worker ${worker + 1} died: .*${why}.*; a fresh one takes over its share`));

    // From the takeover on there are as many as were asked for, on both workers.
    const after = Math.ceil(toMs / 1_000) + 2;
    const second = lines.flatMap((line) => (line.k === "sec" && line.s === after ? line.p : []));
    expect(second.filter(([phase, journey]) => phase === 0 && journey === "closed").reduce((users, cell) => users + cell[6], 0)).toBe(6);
    const starts = second.filter(([phase, journey]) => phase === 0 && journey === "open").reduce((sum, cell) => sum + cell[2], 0);
    // One that is due at the edge of a second may be counted on either side; half of them would be twenty.
    expect(Math.abs(starts - 40)).toBeLessThanOrEqual(2);
    // The fresh worker's users are new ones, and nobody walks in a thread that is gone.
    const ids = Object.keys(await server.take(`${how}/closed`)).map((path) => Number(path.split("/")[3]));
    expect(ids.filter((id) => id < 6).length).toBe(6);
    expect(ids.filter((id) => id >= 100_000_000).length).toBe(3);
    // The phase after it is whole.
    const counted = lines.flatMap((line) => (line.k === "sec" ? line.p : [])).filter(([, journey]) => journey === "counted");
    expect([2, 3, 4, 5].map((at) => counted.reduce((sum, cell) => sum + (cell[at] as number), 0))).toEqual([150, 0, 150, 0]);
  }, 90_000);

  test("in the middle of counted walks: those that are left are walked, those under way were cut", async () => {
    const { code, err, out } = await seatrial(args("counted"), setting({ HOW: "exit", FLAG: home.path("counted.flag"), LENGTH: "1s" }));
    expect(code, err + out).toBe(2);
    expect(gapsOf("counted").length).toBe(1);
    const cells = linesOf(home.path("counted", "ledger.ndjson")).flatMap((line) => (line.k === "sec" ? line.p : [])).filter(([, journey]) => journey === "counted");
    const sum = (at: 2 | 4 | 5) => cells.reduce((total, cell) => total + cell[at], 0);
    expect(sum(2)).toBe(150);
    expect(sum(4) + sum(5)).toBe(150);
  });
});

test("workers that die again and again end the run", async () => {
  const { code, err, out } = await seatrial(args("again"), setting({ HOW: "exit", LENGTH: "60s" }));
  expect(code, err + out).toBe(2);
  expect(err).not.toMatch(/^unexpected/m);
  expect(linesOf(home.path("again", "ledger.ndjson")).at(-1)).toMatchObject({ k: "end", how: "failed", reason: expect.stringMatching(/SEA_WORKER_LOST: worker [12] died 4 times/) });
}, 60_000);

test("a file that was edited while it ran can't take over", async () => {
  const voyage = embark(args("edited"), setting({ HOW: "exit", FLAG: home.path("edited.flag"), LENGTH: "60s" }));
  await sighted(voyage, home.path("edited", "ledger.ndjson"), "the first second", (line) => line.k === "phase");
  home.write({ "scenario.ts": scenarioText.replace("users(6)", "users(7)") });
  const { code, err, out } = await voyage.ended;
  home.write({ "scenario.ts": scenarioText });
  expect(code, err + out).toBe(2);
  expect(linesOf(home.path("edited", "ledger.ndjson")).at(-1)).toMatchObject({ k: "end", how: "failed", reason: expect.stringContaining("SEA_WORKER_DIFFERS") });
});

describe("Ctrl-C", () => {
  test.each([["once", 1], ["twice", 2]])("%s, also while one hangs", async (_, presses) => {
    const out = `pressed-${presses}`;
    const voyage = embark(args(out), setting({ HOW: "hang", FLAG: home.path(`${out}.flag`), LENGTH: "60s" }));
    await sighted(voyage, home.path(out, "ledger.ndjson"), "the third second", (line) => line.k === "health" && line.worker === undefined && line.s >= 2);
    const beganMs = clock.now();
    for (let press = 0; press < presses; press++) {
      voyage.press();
      await clock.sleep(500);
    }
    const { code, err } = await voyage.ended;
    expect(code, err).toBe(130);
    expect(err).not.toMatch(mistakes);
    // The grace of 2 s, 3 s for those that were cut, 2 s for the last report, and the end of a thread.
    expect(clock.now() - beganMs).toBeLessThan(presses === 1 ? 14_000 : 10_000);
    expect(gapsOf(out)).toMatchObject([{ why: "it did not tell its last" }]);
  }, 60_000);
});
