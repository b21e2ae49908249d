/** Old ledgers judged and rendered again: under other budgets, against a baseline, in shards, and cut anywhere. */
import fc from "fast-check";
import { copyFileSync, existsSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { exitCodeOf } from "../../src/cli/exit.ts";
import { judge } from "../../src/judge/index.ts";
import { readLedger } from "../../src/ledger/read.ts";
import { clock, linesOf, makeHome, mistakes, seatrial, summaryOf, type Home } from "./seatrial.ts";

/** As short as two runs may be to be told apart: a baseline wants to see several whole seconds. */
const scenarioText = `import { arrivals, journey, scenario } from "seatrial";
import { http } from "seatrial/http";
const shop = http({ base: process.env.BASE! });
const browse = journey({ shop }, async ({ shop }) => void (await shop.get("/items")));
export default scenario({
  name: "gate", journeys: { browse },
  phases: [{ name: "peak", for: "6s", load: { browse: arrivals("20/s") } }],
  budget: { browse: { p95: "2s", errors: "1%" } },
});
`;

let home: Home;
let server: Server;
const ledgerOf = (name: string) => home.path(name, "ledger.ndjson");
const sail = (...args: readonly string[]) => seatrial(args, { cwd: home.folder });

beforeAll(async () => {
  home = makeHome({
    "scenario.ts": scenarioText,
    "wide.ts": 'import type { Budgets } from "seatrial";\nexport default { browse: { p95: "5s", errors: "1%" } } satisfies Budgets<"browse">;\n',
    "tight.json": '{ "all": { "p50": "1ms" } }',
    "wrong.json": '{ "browse": { "p95": "5 sec", "error": "1%" }, "nobody": {} }',
    "list.json": "7",
    "broken.json": "{",
  });
  server = createServer(({ url }, response) => void clock.sleep(url!.startsWith("/slow") ? 150 : 10).then(() => response.end("ok")));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await Promise.all(["one", "two", "slow"].map(async (name) => {
    const ended = await seatrial(["run", "scenario.ts", "--out", name, "--report", "none"], { cwd: home.folder, env: { BASE: `http://127.0.0.1:${port}/${name}` } });
    expect([0, 2], ended.out + ended.err).toContain(ended.code);
    // How busy this machine is just now is not what these tests are about.
    writeFileSync(ledgerOf(name), readFileSync(ledgerOf(name), "utf8").replaceAll('"slow":true', '"slow":false'));
  }));
});
afterAll(() => {
  server.close();
  server.closeAllConnections();
  home.remove();
});

test.each([
  ["its own", [], 0, "p95 = "],
  ["a wider one, in TypeScript", ["--budget", "wide.ts"], 0, "p95 = "],
  ["a tighter one, in JSON", ["--budget", "tight.json"], 1, "p50 = "],
])("judged under %s", async (_, args, code, says) => {
  const before = readFileSync(ledgerOf("one"), "utf8");
  const ended = await sail("judge", ledgerOf("one"), ...args);
  expect(ended).toMatchObject({ code, out: expect.stringContaining(says) });
  expect(ended.err).toBe("");
  expect(readdirSync(home.path("one"))).toEqual(["ledger.ndjson"]);
  expect(readFileSync(ledgerOf("one"), "utf8")).toBe(before);
});

test.each([
  ["wrong.json", ["SEA_UNIT_DURATION", "budget.browse.p95", "SEA_BUDGET_FIELD", "budget.browse.error", "SEA_UNKNOWN_JOURNEY", "nobody", "3 mistakes"]],
  ["list.json", ["SEA_BUDGET", "'7'"]],
  ["broken.json", ["SEA_LOAD_SYNTAX", "broken.json"]],
  ["missing.ts", ["SEA_LOAD_FILE"]],
])("a budget that is none: %s", async (file, says) => {
  const { code, err, out } = await sail("judge", ledgerOf("one"), "--budget", file);
  for (const text of says) expect(err).toContain(text);
  expect(err).not.toMatch(mistakes);
  expect({ code, out }).toEqual({ code: 3, out: "" });
});

test("against a baseline: the same is not worse, fifteen times slower is, and a missing one is told", async () => {
  const gate = fileURLToPath(new URL("../../scenarios/checkout-gate.ts", import.meta.url));
  for (const seed of ["1", "2"]) await sail("rehearse", gate, "--seed", seed, "--out", `gate-${seed}`, "--report", "none");
  for (const seed of ["1", "2"]) {
    expect(await sail("judge", ledgerOf("gate-1"), "--baseline", ledgerOf(`gate-${seed}`))).toMatchObject({ code: 0, out: expect.stringMatching(/peak: \d\d passed/) });
  }
  const worse = await sail("judge", ledgerOf("slow"), "--baseline", ledgerOf("one"));
  expect(worse).toMatchObject({ code: 1, out: expect.stringMatching(/baseline \/ peak \/ browse \/ GET \/items \/ p50/) });
  expect(await sail("judge", ledgerOf("one"), "--baseline", "nowhere")).toMatchObject({ code: 3, err: expect.stringContaining("SEA_LEDGER_READ") });
});

test("two shards are one run: counts add up, and a shard that was cut leaves a doubt", async () => {
  const both = await sail("judge", ledgerOf("one"), ledgerOf("two"), "--report", "json", "--out", home.path("both"));
  expect(both.code, both.out).toBe(0);
  expect(summaryOf(home.path("both")).total).toMatchObject({ count: 240, ok: 240, starts: 240 });
  const whole = readFileSync(ledgerOf("two"), "utf8");
  writeFileSync(home.path("cut.ndjson"), whole.slice(0, whole.lastIndexOf('{"k":"end"')));
  for (const order of [[ledgerOf("one"), "cut.ndjson"], ["cut.ndjson", ledgerOf("one")]]) {
    expect(await sail("judge", ...order)).toMatchObject({ code: 2, out: expect.stringContaining("cut.ndjson") });
  }
});

test("a shard that was stopped by hand stays so, whichever is read last", async () => {
  writeFileSync(home.path("stopped.ndjson"), readFileSync(ledgerOf("two"), "utf8").replace('"how":"done"', '"how":"interrupted"'));
  for (const order of [[ledgerOf("one"), "stopped.ndjson"], ["stopped.ndjson", ledgerOf("one")]]) {
    expect(await sail("judge", ...order)).toMatchObject({ code: 130 });
  }
});

test("report renders every format again from an old ledger, beside it or elsewhere", async () => {
  const all = "html,junit,csv,json,markdown";
  copyFileSync(ledgerOf("one"), home.path("copy.ndjson"));
  const { code, err } = await sail("report", "copy.ndjson", "--format", all, "--out", "again");
  expect({ code, err }).toEqual({ code: 0, err: "" });
  const made = readdirSync(home.path("again"));
  expect(made).toEqual(expect.arrayContaining(["index.html", "junit.xml", "summary.json", "summary.md", "seatrial_stats.csv"]));
  for (const name of made) expect(readFileSync(home.path("again", name)).length, name).toBeGreaterThan(20);
  expect(readFileSync(home.path("again/index.html"), "utf8")).toMatch(/<html/);
  expect(summaryOf(home.path("again"))).toMatchObject({ verdict: { grade: "pass" }, run: { scenario: "gate" }, total: { count: 120 } });
  expect(await sail("report", "copy.ndjson", "--format", "pdf")).toMatchObject({ code: 3, err: expect.stringContaining("pdf") });
  expect(await sail("report", "copy.ndjson")).toMatchObject({ code: 0 });
  expect(existsSync(home.path("index.html"))).toBe(true);
});

test("a ledger that was cut anywhere is judged, says what is torn, and never passes", async () => {
  const text = readFileSync(ledgerOf("one"));
  const file = home.path("torn.ndjson");
  const firstLine = text.indexOf(10);
  const judged = async (bytes: number) => {
    writeFileSync(file, text.subarray(0, bytes));
    const view = await readLedger(file);
    return { view, code: exitCodeOf(judge(view), view.end) };
  };
  // Without its very last byte, the end of the last line, nothing is missing.
  expect((await judged(text.length - 1)).code).toBe(0);
  await fc.assert(fc.asyncProperty(fc.integer({ min: firstLine + 1, max: text.length - 2 }), async (bytes) => {
    const { view, code } = await judged(bytes);
    expect(code).not.toBe(0);
    const isTorn = text[bytes - 1] !== 10 && text[bytes] !== 10;
    expect(view.damage.filter((said) => said.includes("torn last line"))).toHaveLength(isTorn ? 1 : 0);
  }), { numRuns: 150 });
  writeFileSync(file, text.subarray(0, Math.floor(text.length * 0.7)));
  const ended = await sail("judge", file);
  expect(ended).toMatchObject({ code: 2, out: expect.stringContaining("the torn last line") });
  expect(ended.out).toContain("its ledger ends at");
  writeFileSync(file, text.subarray(0, firstLine - 5));
  expect(await sail("judge", file)).toMatchObject({ code: 3, err: expect.stringContaining("SEA_LEDGER_FOREIGN") });
  // A hole in the middle may hide anything, so the end line alone is not enough.
  const lines = text.toString().split("\n");
  lines[Math.floor(lines.length / 2)] = '{"k":"sec","s":1,';
  writeFileSync(file, lines.join("\n"));
  expect(await sail("judge", file)).toMatchObject({ code: 2, out: expect.stringContaining("unreadable") });
  expect(linesOf(ledgerOf("one")).length).toBeGreaterThan(5);
});

test("under a CI system that shows a page for each job, the summary is added to it; a page that can't be written changes nothing", async () => {
  home.write({ "page.md": "before\n" });
  const judged = (page: string) => seatrial(["judge", "one/ledger.ndjson"], { cwd: home.folder, env: { GITHUB_STEP_SUMMARY: page } });
  expect((await judged(home.path("page.md"))).code).toBe(0);
  expect(readFileSync(home.path("page.md"), "utf8")).toMatch(/^before\n[\s\S]*gate/);
  expect((await judged(home.path("nowhere", "page.md"))).code).toBe(0);
});
