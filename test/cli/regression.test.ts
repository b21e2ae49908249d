/** Regression runs against a real server: retries, shards, what failed last, repeats and bail. */
import { createServer, type Server } from "node:http";
import { readFileSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { validateStrict } from "ctrf";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { linesOf, makeHome, mistakes, seatrial, summaryOf, type Ended, type Home } from "./seatrial.ts";

const file = `import { journey, scenario, times, users } from "seatrial";
import { http } from "seatrial/http";
const shop = http({ base: process.env.BASE! });
const get = (path: string) => journey({ shop }, async ({ shop }) => void (await shop.get(path)), { tags: ["regression"] });
const walks = scenario({
  name: "regression",
  journeys: { a: get("/a"), b: get("/b"), c: get("/c"), d: get("/d") },
  phases: [
    { name: "walks", load: { a: times(1), b: times(1), c: times(3), d: times(2, { users: 2, each: true }) } },
  ],
  budget: { all: { errors: "0%" }, a: { errors: "0%" }, b: { errors: "0%" }, c: { errors: "0%" }, d: { errors: "0%" } },
});
export default process.env.OPEN ? scenario({ name: "open", journeys: { open: get("/open") }, phases: [{ name: "load", for: "1s", load: { open: users(1) } }] }) : walks;
`;

let server: Server;
let home: Home;
/** How often each path was asked, and how often it answers 503 before it answers. */
let [asked, fails]: [Record<string, number>, Record<string, number>] = [{}, {}];

beforeAll(async () => {
  server = createServer((request, response) => {
    const path = request.url!;
    asked[path] = (asked[path] ?? 0) + 1;
    response.statusCode = asked[path]! <= (fails[path] ?? 0) ? 503 : 200;
    response.end(`${path} has spoken`);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
});
beforeEach(() => {
  [asked, fails] = [{}, {}];
  home = makeHome({ "walks.ts": file });
});
afterAll(() => void server.close());

/** Everything passed, but perhaps for the generator: it knows when others use the machine, and these tests are not about that. */
const expectPass = (folder: string, { out, err }: Ended): void => {
  expect(summaryOf(home.path(folder)).findings.filter(({ grade, about }) => grade !== "pass" && about !== "generator"), `${out}\n${err}`).toEqual([]);
};

const run = async (...args: readonly string[]): Promise<Ended> => {
  const ended = await seatrial(["run", "walks.ts", "--tag", "regression", ...args], { cwd: home.folder, env: { BASE: `http://127.0.0.1:${(server.address() as AddressInfo).port}` } });
  expect(ended.err).not.toMatch(mistakes);
  return ended;
};

test("the README's example runs as it stands", async () => {
  const text = readFileSync(new URL("../../README.md", import.meta.url), "utf8");
  const example = [...text.matchAll(/^```ts\n([\s\S]*?)^```$/gm)].map(([, code]) => code!).find((code) => code.includes('"shop regression"'))!;
  home.write({ "example.ts": example });
  fails = { "/orders": 1 };
  const ended = await seatrial(["run", "example.ts", "--retries", "2", "--report", "json,ctrf,junit", "--out", "r"], { cwd: home.folder, env: { SHOP: `http://127.0.0.1:${(server.address() as AddressInfo).port}` } });
  expectPass("r", ended);
  expect(asked).toEqual({ "/items": 1, "/orders": 3 });
  expect(summaryOf(home.path("r")).walks.counts).toMatchObject({ passed: 2, flaky: 1, failed: 0 });
  expect(validateStrict(JSON.parse(readFileSync(home.path("r", "ctrf-report.json"), "utf8")))).toBeUndefined();
});

test("a flow that fails on the first try only is flaky, and passes", async () => {
  fails = { "/b": 1 };
  expectPass("r", await run("--retries", "2", "--out", "r"));
  expect(asked).toEqual({ "/a": 1, "/b": 2, "/c": 3, "/d": 4 });
  expect(summaryOf(home.path("r")).findings.find(({ id }) => id === "walks / b / flaky")).toMatchObject({ grade: "pass" });
  expect(linesOf(home.path("r", "ledger.ndjson")).flatMap((line) => (line.k === "walk" && line.journey === "b" ? [[line.attempt, line.outcome, line.failures?.[0]?.cause]] : []))).toEqual([[0, "refused", "status 503"], [1, "ok", undefined]]);
  fails = { "/b": 3 };
  expect((await run("--retries", "2", "--fail-on-flaky", "--out", "f", "--workers", "2")).code).toBe(1);
});

test("shards walk everything once between them, and are judged together; a missing one is unsure", async () => {
  for (const shard of ["1/3", "2/3", "3/3"]) {
    expectPass(shard[0]!, await run("--shard", shard, "--out", shard[0]!));
  }
  expect(asked).toEqual({ "/a": 1, "/b": 1, "/c": 3, "/d": 4 });
  const ledgers = ["1", "2", "3"].map((name) => `${name}/ledger.ndjson`);
  const judged = (...given: readonly string[]) => seatrial(["judge", ...given, "--report", "json", "--out", "whole"], { cwd: home.folder });
  expectPass("whole", await judged(...ledgers));
  expect(summaryOf(home.path("whole")).total).toMatchObject({ starts: 9, ended: 9, refused: 0 });
  expect((await judged(ledgers[0]!, ledgers[2]!)).code).toBe(2);
  expect(summaryOf(home.path("whole")).findings.find(({ id }) => id === "shards")).toMatchObject({ grade: "unsure", observed: "missing: 2" });
  expect((await judged(...ledgers, ledgers[1]!)).code).toBe(2);
});

test("--last-failed walks the journeys again that failed, and nothing else", async () => {
  expect((await run("--last-failed")).err).toContain("SEA_LAST_FAILED");
  fails = { "/c": 2 };
  expect((await run()).code).toBe(1);
  asked = {};
  fails = {};
  expectPass("seatrial-runs/latest", await run("--last-failed"));
  expect(asked).toEqual({ "/c": 3 });
  const again = await run("--last-failed");
  expect([again.code, again.err]).toEqual([3, expect.stringContaining("no walk failed in run")]);
});

describe("bail and repeat", () => {
  test("--repeat walks each walk so often", async () => {
    expectPass("r", await run("--repeat", "3", "--out", "r"));
    expect(asked).toEqual({ "/a": 3, "/b": 3, "/c": 9, "/d": 12 });
  });

  test.each([["1", []], ["2", ["--workers", "2"]]] as const)("--bail %s ends the run, with the reason in the report", async (most, more) => {
    fails = { "/c": 1_000_000 };
    const { code, out } = await run("--grep", "^c ", "--repeat", "10000", "--bail", most, "--out", "r", ...more);
    expect(code).toBe(1);
    expect(asked["/c"]).toBeLessThan(30_000);
    expect(out).toContain(`(--bail ${most})`);
    expect(summaryOf(home.path("r")).run.end).toMatchObject({ how: "aborted", reason: expect.stringContaining("bail: ") });
  });
});

test.each([["--retries", "x", "SEA_COUNT_RANGE"], ["--shard", "6/5", "SEA_SHARD"], ["--shard", "0/5", "SEA_SHARD"], ["--repeat", "0", "SEA_COUNT_RANGE"], ["--shard", "80/90", "SEA_SHARD_EMPTY"]])("%s %s is refused: %s", async (flag, value, code) => {
  const { code: exit, err } = await run(flag, value);
  expect([exit, err]).toEqual([3, expect.stringContaining(code)]);
});

test("an open pace is no regression run", async () => {
  const { code, err } = await seatrial(["run", "walks.ts", "--retries", "1"], { cwd: home.folder, env: { BASE: "http://127.0.0.1:1", OPEN: "1" } });
  expect([code, err]).toEqual([3, expect.stringContaining("SEA_NOT_COUNTED")]);
});
