/** docs/k6.md, "Options, results and exit codes": the process as a shell sees it, on a real server. */
import { readFileSync } from "node:fs";
import { expect } from "vitest";
import { judge, readLedger } from "../../../src/index.ts";
import { embark, linesOf, seatrial, sighted, summaryOf } from "../../cli/seatrial.ts";
import { certificatesFor, serve, sit } from "../../drivers/http/worlds.ts";
import { port } from "../port.ts";
import { row } from "../sea.ts";

const scenarioText = `import { journey, scenario, setup, times, users } from "seatrial";
import { http } from "seatrial/http";
const { BASE, ASK = "/good", LONG, SETUP, BUDGET = '{"errors":"0%"}' } = process.env;
const site = http({ base: BASE! });
const prepared = setup({}, async () => { if (SETUP) throw new Error("no account"); });
const visit = journey({ site }, async ({ site }) => {
  await site.get(ASK);
  if (ASK === "/throw") throw new TypeError("in the script");
});
export default scenario({
  name: "k6", journeys: { visit }, setup: prepared,
  phases: [LONG ? { name: "long", for: "1h", load: { visit: users(1) } } : { name: "all", load: { visit: times(4) } }],
  budget: { visit: JSON.parse(BUDGET) },
});
`;
const sea = port({ "trial.ts": scenarioText });
const env = (more: Readonly<Record<string, string>> = {}) => ({ cwd: sea.home.folder, env: { BASE: sea.base, ...more } });
const run = (more: Readonly<Record<string, string>> = {}, ...args: string[]) => seatrial(["run", "trial.ts", "--report", "none", ...args], env(more));

row("-e NAME=value, __ENV.NAME", async () => {
  await run({ ASK: "/from-env" }, "--out", "env");
  expect(linesOf(sea.home.path("env", "ledger.ndjson")).flatMap((line) => (line.k === "series" ? line.step : []))).toContain("GET /from-env");
});

row("handleSummary(data)", async () => {
  await seatrial(["run", "trial.ts", "--out", "told", "--report", "json,junit,markdown"], env());
  expect(summaryOf(sea.home.path("told")).total).toMatchObject({ count: 4 });
  expect(readFileSync(sea.home.path("told", "junit.xml"), "utf8")).toContain("<testsuite");
  // A summary of one's own is a program on the ledger.
  const view = await readLedger(sea.home.path("told", "ledger.ndjson"));
  expect([view.tally().ok, judge(view).grade]).toEqual([4, "pass"]);
});

row("summaryTrendStats", async () => {
  await run({}, "--out", "trend");
  const { due } = (await readLedger(sea.home.path("trend", "ledger.ndjson"))).tally();
  for (const q of [0, 0.5, 0.9, 0.95, 0.99]) expect(due.quantileMs(q)).toBeGreaterThan(0);
  expect(due.meanMs).toBeLessThanOrEqual(due.maxMs);
});

row("exit code 0", async () => expect((await run()).code).toBe(0));

row("exit code 99: thresholds", async () => expect((await run({ ASK: "/bad" })).code).toBe(1));

row("exit code 100: setup timed out", async () => {
  const { code, out } = await run({ SETUP: "fails" });
  expect([code, out]).toEqual([2, expect.stringContaining("no account")]);
});

row("exit code 104: bad config", async () => {
  const { code, err } = await run({ BUDGET: '{"p95":"200 ms","p101":"1s"}' });
  expect([code, err]).toEqual([3, expect.stringMatching(/SEA_UNIT_DURATION[\s\S]*SEA_BUDGET_FIELD/)]);
});

row("exit code 105: stopped by a signal", async () => {
  const voyage = embark(["run", "trial.ts", "--report", "none", "--out", "stopped"], env({ LONG: "1" }));
  await sighted(voyage, sea.home.path("stopped", "ledger.ndjson"), "a phase", ({ k }) => k === "phase");
  voyage.press();
  expect((await voyage.ended).code).toBe(130);
});

row("exit code 107: the script threw", async () => {
  sea.home.write({ "broken.ts": "throw new Error('at the top');" });
  expect((await seatrial(["run", "broken.ts"], env())).code).toBe(3);
  expect((await run({ ASK: "/throw" })).code).toBe(1);
});

row("exit code 108: test.abort", async () => {
  const { code, out } = await run({ LONG: "1", ASK: "/bad", BUDGET: '{"errors":"0%","abort":true}' });
  expect([code, out]).toEqual([1, expect.stringContaining("asked for errors")]);
});

row("insecureSkipTLSVerify", async () => {
  const server = certificatesFor("localhost", "DNS:localhost,IP:127.0.0.1");
  const world = await serve((_, response) => response.end("in"), { cert: server.cert, key: server.key });
  await expect((await sit({ base: world.base })).session.get("/")).rejects.toMatchObject({ failure: { cause: "tls" } });
  expect((await (await sit({ base: world.base, tls: { insecure: true } })).session.get("/")).text()).toBe("in");
});

row("noConnectionReuse", async () => {
  const world = await serve((_, response) => response.end());
  const { session } = await sit({ base: world.base, keepAlive: false });
  for (let n = 0; n < 3; n++) await session.get("/");
  expect(world.connections()).toBe(3);
});

row("maxRedirects", async () => {
  const world = await serve((request, response) => void response.writeHead(302, { location: `${request.url}x` }).end());
  const { session, ops } = await sit({ base: world.base, redirects: 2 });
  await expect(session.get("/")).rejects.toThrow();
  expect([ops[0]!.failure!.cause, world.lines.length]).toEqual(["too many redirects", 3]);
});

row("userAgent", async () => {
  const world = await serve((request, response) => response.end(request.headers["user-agent"]));
  expect((await (await sit({ base: world.base, headers: { "user-agent": "mine" } })).session.get("/")).text()).toBe("mine");
});
