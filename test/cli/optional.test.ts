/** Journeys that a run goes on without where their drivers lack something, and says so. */
import { createServer, type Server } from "node:http";
import { readFileSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { linesOf, makeHome, mistakes, seatrial, summaryOf, type Ended, type Home } from "./seatrial.ts";

const file = `import { journey, scenario, times } from "seatrial";
import { http } from "seatrial/http";
import { web } from "seatrial/web";
const base = process.env.BASE!;
const look = journey({ shop: http({ base }) }, async ({ shop }) => void (await shop.get("/")));
const see = journey({ page: web({ base }) }, async ({ page }) => void (await page.goto("/")), { optional: process.env.MUST === undefined });
export default scenario({
  name: "with eyes",
  journeys: { look, see },
  phases: [{ name: "once", load: { look: times(2), see: times(1) }, budget: { look: { errors: "0%" }, see: { errors: "0%" } } }],
  budget: { see: { errors: "0%" } },
});
`;

let server: Server;
let home: Home;
let asked = 0;

beforeAll(async () => {
  server = createServer((_, response) => response.end(String((asked += 1)))).listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
});
afterAll(() => void server.close());
beforeEach(() => {
  asked = 0;
  home = makeHome({ "eyes.ts": file });
  return () => home.remove();
});

/** No browser is where this variable leads. */
const sail = async (args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Ended> => {
  const ended = await seatrial(args, { cwd: home.folder, env: { BASE: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, CHROME_PATH: "/no/such/browser", ...env } });
  expect(ended.err).not.toMatch(mistakes);
  return ended;
};

test.each([["alone", []], ["with workers", ["--workers", "2"]]])("a run %s goes on without what can't be had, and every report says so", async (_, more) => {
  const { code, out, err } = await sail(["run", "eyes.ts", "--out", "run", "--report", "html,markdown,json", ...more]);
  expect([0, 2], `${out}\n${err}`).toContain(code);
  expect(asked).toBe(2);
  for (const text of [err, out.replace(/\s+/g, " "), readFileSync(home.path("run", "index.html"), "utf8"), readFileSync(home.path("run", "summary.md"), "utf8")]) {
    expect(text).toContain("Journey see was left out");
    expect(text).toContain("/no/such/browser, which is not there");
  }
  const { findings, run } = summaryOf(home.path("run"));
  expect(run.caveats).toEqual([expect.stringContaining("Journey see was left out")]);
  expect(findings.filter(({ grade, about }) => grade !== "pass" && about !== "generator")).toEqual([]);
  expect(linesOf(home.path("run", "ledger.ndjson"))[0]).toMatchObject({ k: "run", journeys: ["look"] });
});

test("a journey that is not optional refuses the run before anything is begun", async () => {
  const { code, err } = await sail(["run", "eyes.ts", "--out", "run"], { MUST: "1" });
  expect([code, asked]).toEqual([3, 0]);
  expect(err).toContain("SEA_WEB_BROWSER");
});

test("a run that has nothing left is refused", async () => {
  const { code, err } = await sail(["run", "eyes.ts", "--grep", "^see", "--out", "run"]);
  expect(code).toBe(3);
  expect(err).toContain("Journey see was left out");
  expect(err).toContain("SEA_NO_JOURNEYS");
});

test("a browser that does not start is seen before the run", async () => {
  home.write({ "broken-browser": "#!/bin/sh\necho libnothing.so: cannot open shared object file >&2\nexit 127\n" });
  const { err } = await sail(["run", "eyes.ts", "--out", "run", "--report", "json"], { CHROME_PATH: home.path("broken-browser") });
  expect(err).toContain("Journey see was left out");
});

test("a rehearsal goes on without what can't be rehearsed", async () => {
  const { code, err, out } = await sail(["rehearse", "eyes.ts"]);
  expect(code, out).toBe(0);
  expect(err).toContain("a driver of kind web can't be rehearsed");
  const refused = await sail(["rehearse", "eyes.ts"], { MUST: "1" });
  expect([refused.code, refused.err]).toEqual([3, expect.stringContaining("SEA_NOT_REHEARSABLE")]);
});

test("the plan says which may be left out", async () => {
  const { out } = await sail(["plan", "eyes.ts"]);
  expect(out).toContain("see: 1 walk, where it can be walked");
  expect(out).toMatch(/look: 2 walks$/m);
});
