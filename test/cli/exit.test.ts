/** What a run says to whoever started it, and what it refuses before anything is started. */
import { createServer, type Server } from "node:http";
import { existsSync, readdirSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { linesOf, makeHome, mistakes, seatrial, summaryOf, type Home } from "./seatrial.ts";

/** A scenario of three walks; what it asks for and how it is judged stand in the environment. */
const threeWalks = `import { journey, scenario, times } from "seatrial";
import { http } from "seatrial/http";
const { BASE, ASK = "/good", BUDGET = "{}" } = process.env;
const site = http({ base: BASE! });
const visit = journey({ site }, async ({ site }) => void (ASK && (await site.get(ASK))), { tags: ["smoke"] });
const idle = journey({ site }, async () => {});
export default scenario({
  name: "three walks", journeys: { visit, idle },
  phases: [{ name: "all", load: { visit: times(3), idle: times(1) } }],
  budget: JSON.parse(BUDGET),
});
`;

const manyMistakes = `import { arrivals, journey, nodeLoss, podLoss, probe, restore, scenario, times } from "seatrial";
import { http } from "seatrial/http";
const walk = journey({ shop: http({ service: "shop" }) }, async () => {});
const broken = (value: unknown) => value as never;
export default scenario({
  name: "",
  journeys: { walk, all: walk, none: broken({}), bad: journey({ x: broken({}) }, async () => {}) },
  grace: broken("10 s"),
  probes: [broken({ name: "p" }), probe("q", { every: "0s", ask: async () => ({ value: 1 }) })],
  phases: broken([
    { for: "5 m", load: { walk: arrivals(broken("80")) } },
    { name: "one", for: "0s", load: { wlak: times(1), walk: times(-1) } },
    { name: "one", load: { walk: arrivals("1/s") }, clam: true },
    { name: "storm", load: { walk: { kind: "tide" } }, fault: nodeLoss(), for: "1m" },
    { name: "gale", load: {}, fault: podLoss("shop"), recover: { by: restore(), within: "soon" }, budget: { walk: { p95: "200 sec" }, nobody: {} } },
    { name: "fog", for: "1m", load: {}, fault: broken({}) },
  ]),
  budget: broken({ walk: { p95: 200, errors: "101%", p200: "1s", from: "start", abort: "soon" }, none: "all" }),
});
`;

let home: Home;
let server: Server;
let base: string;

beforeAll(async () => {
  home = makeHome({ "scenario.ts": threeWalks, "many.ts": manyMistakes, "blocked": "a file, not a folder" });
  server = createServer((request, response) => response.writeHead(request.url === "/good" ? 200 : 500).end());
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.close();
  server.closeAllConnections();
  home.remove();
});

const sail = (args: readonly string[], env: Readonly<Record<string, string>> = {}) =>
  seatrial(args, { cwd: home.folder, env: { BASE: base, ...env } });

test.each([
  ["pass", 0, "/good", '{"visit":{"errors":"0%"}}'],
  ["fail", 1, "/bad", '{"visit":{"errors":"0%"}}'],
  ["unsure: no budget", 2, "/good", "{}"],
  ["unsure: no samples", 2, "", '{"visit":{"errors":"0%"}}'],
  ["unsure: a budget for a journey that touches nothing", 2, "/good", '{"visit":{"errors":"0%"},"idle":{"p95":"1s"}}'],
])("%s exits with %i", async (_, code, ASK, BUDGET) => {
  const out = home.path(`out-${code}-${BUDGET.length}${ASK.replace("/", "-")}`);
  const ended = await sail(["run", "scenario.ts", "--out", out], { ASK, BUDGET });
  expect(ended).toMatchObject({ code });
  expect(ended.err).not.toMatch(mistakes);
  const { verdict } = summaryOf(out);
  expect(verdict.grade).toBe(["pass", "fail", "unsure"][code]);
  expect(ended.out).toContain(verdict.grade.toUpperCase());
  expect(readdirSync(out).sort()).toEqual(expect.arrayContaining(["index.html", "junit.xml", "ledger.ndjson", "summary.json", "summary.md"]));
});

test("--report none leaves the ledger alone, and the verdict is said all the same", async () => {
  const ended = await sail(["run", "scenario.ts", "--out", "bare", "--report", "none", "--grep", "^vis"], { BUDGET: '{"visit":{"errors":"0%"}}' });
  expect(ended).toMatchObject({ code: 0, out: expect.stringContaining("PASS") });
  expect(readdirSync(home.path("bare"))).toEqual(["ledger.ndjson"]);
  expect(linesOf(home.path("bare/ledger.ndjson"))[0]).toMatchObject({ k: "run", journeys: ["visit"] });
});

test("a folder that holds a ledger is not written into again", async () => {
  const BUDGET = '{"visit":{"errors":"0%"}}';
  expect(await sail(["run", "scenario.ts", "--out", "twice", "--report", "none"], { BUDGET })).toMatchObject({ code: 0 });
  const before = linesOf(home.path("twice/ledger.ndjson"));
  const again = await sail(["run", "scenario.ts", "--out", "twice", "--report", "none"], { BUDGET, ASK: "/bad" });
  expect(again.code).toBe(3);
  expect(again.err).toContain("SEA_FOLDER");
  expect(linesOf(home.path("twice/ledger.ndjson"))).toEqual(before);
});

const refusals: Readonly<Record<string, readonly [args: readonly string[], says: readonly (string | RegExp)[]]>> = {
  "no verb that is known": [["sail"], ["unknown command", "--help"]],
  "an option that is unknown": [["run", "scenario.ts", "--frobnicate"], ["--frobnicate"]],
  "no scenario": [["run"], ["scenario"]],
  "no such file": [["run", "missing.ts"], ["SEA_LOAD_FILE", "missing.ts", "→ check the path"]],
  "a grep that matches nothing": [["run", "scenario.ts", "--grep", "xyz"], ["SEA_NO_JOURNEYS", "--grep"]],
  "a grep that is no pattern": [["run", "scenario.ts", "--grep", "("], ["SEA_USAGE", "--grep"]],
  "a tag that nobody has": [["run", "scenario.ts", "--tag", "nightly"], ["SEA_NO_JOURNEYS", "--tag"]],
  "a seed that is none": [["run", "scenario.ts", "--seed", "dice"], ["SEA_COUNT", "--seed"]],
  "a seed below zero": [["run", "scenario.ts", "--seed=-1"], ["SEA_COUNT", "--seed"]],
  "a cluster that is unknown": [["run", "scenario.ts", "--on", "atlantis"], ["SEA_USAGE", "atlantis", "--on"]],
  "a report that is unknown": [["run", "scenario.ts", "--report", "html,pdf"], ["SEA_USAGE", "pdf", "junit"]],
  "a folder that can't be one": [["run", "scenario.ts", "--out", "blocked/deep"], ["SEA_FOLDER", "--out"]],
  "no ledger to judge": [["judge", "missing.ndjson"], ["SEA_LEDGER_READ"]],
  "something else than a ledger": [["judge", "blocked"], ["SEA_LEDGER_FOREIGN"]],
  "nothing to heal named": [["heal"], ["SEA_USAGE"]],
};

test.each(Object.entries(refusals))("exits with 3: %s", async (_, [args, says]) => {
  const before = readdirSync(home.folder).sort();
  const ended = await sail(args);
  for (const text of says) expect(ended.err).toMatch(text);
  expect(ended.err).not.toMatch(mistakes);
  expect(ended.code).toBe(3);
  expect(readdirSync(home.folder).sort()).toEqual(before);
});

test("twenty mistakes are told at once, each with its code, its place and what to do", async () => {
  for (const verb of ["plan", "run", "rehearse"]) {
    const { code, err } = await sail([verb, "many.ts"]);
    expect(code).toBe(3);
    expect(err).not.toMatch(mistakes);
    const told = [...err.matchAll(/^(SEA_\w+) {2}(\S.*)\n {2}(\S.*)\n {2}→ (\S.*)$/gm)];
    expect(told.length).toBeGreaterThanOrEqual(20);
    expect(err.match(/^SEA_/gm)).toHaveLength(told.length);
    expect(err).toContain(`${told.length} mistakes; nothing was started.`);
    expect(existsSync(home.path("seatrial-runs"))).toBe(false);
  }
});

test("--tag, --exclude-tag, --grep and --seed choose, and the same seed gives the same rehearsal", async () => {
  expect(await sail(["plan", "scenario.ts", "--tag", "smoke"])).toMatchObject({ code: 0, out: expect.not.stringContaining("idle") });
  expect(await sail(["plan", "scenario.ts", "--exclude-tag", "smoke"])).toMatchObject({ code: 0, out: expect.not.stringContaining("visit") });
  const once = await sail(["rehearse", "scenario.ts", "--seed", "7", "--out", "one", "--report", "none"]);
  await sail(["rehearse", "scenario.ts", "--seed", "7", "--out", "two", "--report", "none"]);
  expect(once.err).toContain("seed 7");
  const [one, two] = ["one", "two"].map((name) => linesOf(home.path(name, "ledger.ndjson")).slice(1));
  expect(one).toEqual(two);
  expect(one!.length).toBeGreaterThan(3);
});

test("help and version are no mistakes", async () => {
  expect(await sail(["--help"])).toMatchObject({ code: 0, out: expect.stringContaining("Exit codes") });
  expect(await sail(["--version"])).toMatchObject({ code: 0, out: expect.stringMatching(/^\d+\.\d+\.\d+/) });
});

test("doctor says what is here, and one command for each lack", async () => {
  const { code, out, err } = await sail(["doctor"]);
  expect({ code, err }).toEqual({ code: 0, err: "" });
  expect(out).toMatch(/^ok +Node +\d+\./m);
  expect(out.match(/^(missing|too old) /gm)?.length ?? 0).toBe(out.match(/^ +→ \S/gm)?.length ?? 0);
});
