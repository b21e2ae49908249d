/** docs/artillery.md, "Ensure, metrics and the command line". */
import { expect } from "vitest";
import { arrivals, journey, judge, times, type Budgets } from "../../../src/index.ts";
import { seatrial, summaryOf } from "../../cli/seatrial.ts";
import { rope } from "../../play/stage.ts";
import { port } from "../port.ts";
import { causes, graded, row, shopped, touching, trial, walked } from "../sea.ts";

const line = rope();
const mostlyFast = [...Array.from({ length: 94 }, () => 20), ...Array.from({ length: 6 }, () => 300)];

row("ensure.thresholds: http.response_time.p95: 250", async () => {
  expect([await graded(mostlyFast, { walk: { p95: "310ms" } }), await graded(mostlyFast, { walk: { p95: "250ms" } })]).toEqual(["pass", "fail"]);
});

row("ensure.conditions: p99 < 500 and request_rate > 100", async () => {
  const of = async (budget: Budgets<"walk">) => judge((await walked(trial({ walk: touching(20) }, [{ for: "10s", load: { walk: arrivals("100/s") } }], { budget }))).view).grade;
  // All limits hold, or the run fails: that is the `and`.
  expect(await of({ walk: { p99: "500ms", minRate: "100/s" } })).toBe("pass");
  expect(await of({ walk: { p99: "500ms", minRate: "101/s" } })).toBe("fail");
  expect(await of({ walk: { p99: "15ms", minRate: "100/s" } })).toBe("fail");
});

row("ensure.maxErrorRate: 1", async () => {
  const oneIn = (n: number) => [-20, ...Array.from({ length: n - 1 }, () => 20)];
  expect([await graded(oneIn(100), { walk: { errors: "1%" } }), await graded(oneIn(50), { walk: { errors: "1%" } })]).toEqual(["pass", "fail"]);
});

row("vusers.failed", async () => {
  const of = async (errors: `${number}%`) => {
    const walk = journey({ line }, async ({ line }, user) => {
      for (let n = 0; n < 9; n++) await line.touch(1);
      await line.touch(1, user.walk % 4 === 0 ? "refused" : "ok");
    });
    // One touch in forty is refused, and one walk in four fails by it.
    return judge((await walked(trial({ walk }, [{ load: { walk: times(40) } }], { budget: { walk: { walk: { errors } } } }))).view).grade;
  };
  expect([await of("25%"), await of("10%")]).toEqual(["pass", "fail"]);
});

row("vusers.skipped", async () => {
  const of = async (dropped: `${number}%`) => judge((await walked(trial({ walk: touching(1_000) }, [{ for: "10s", load: { walk: arrivals("10/s", { most: 8 }) } }], { budget: { walk: { dropped } } }))).view).grade;
  expect([await of("20%"), await of("10%")]).toEqual(["pass", "fail"]);
});

row("http.codes.500, errors.ETIMEDOUT", async () => {
  const played = await shopped(async (shop) => {
    await shop.get("/bad").catch(() => undefined);
    await shop.get("/slow").catch(() => undefined);
  }, ({ path }) => (path === "/bad" ? { status: 500 } : { ms: 60_000 }));
  expect(causes(played)).toEqual(["status 500 1", "timeout 1"]);
});

row('events.emit("histogram", …)', async () => {
  const played = await shopped(async (shop, user) => user.measure("query", Number((await shop.get("/")).headers.get("x-ms"))), () => ({ headers: { "x-ms": "31" } }));
  expect(played.view.tally({ step: "query" }).due.maxMs).toBe(31);
});

row('events.emit("counter", …)', async () => {
  const played = await shopped((shop, user) => user.step("order", () => shop.post("/orders")), undefined, { load: { kind: "times", count: 7 } });
  expect(played.view.tally({ step: "order", type: "group" }).ok).toBe(7);
});

const scenarioText = `import { arrivals, journey, scenario } from "seatrial";
import { http } from "seatrial/http";
const environments: Record<string, { base: string; errors: \`\${number}%\` }> = {
  strict: { base: process.env["TARGET"]!, errors: "0%" },
  lax: { base: process.env["TARGET"]!, errors: "60%" },
};
const { base, errors } = environments[process.env["ENVIRONMENT"] ?? "strict"]!;
const shop = http({ base });
const visit = journey({ shop }, async ({ shop }) => {
  await shop.get("/good");
  await shop.get("/bad");
});
export default scenario({
  name: "artillery", journeys: { visit },
  phases: [{ name: "quick", for: "600ms", load: { visit: arrivals("20/s") } }],
  budget: { visit: { errors } },
});
`;
const sea = port({ "trial.ts": scenarioText });
const run = (env: Readonly<Record<string, string>>, ...args: string[]) => seatrial(["run", "trial.ts", ...args], { cwd: sea.home.folder, env: { TARGET: sea.base, ...env } });

row("config.environments, -e NAME", async () => {
  const [strict, lax] = [await run({ ENVIRONMENT: "strict" }, "--report", "none"), await run({ ENVIRONMENT: "lax" }, "--report", "none")];
  expect(strict.code).toBe(1);
  expect(lax.code).not.toBe(1);
});

row("--target URL", async () => {
  await run({ TARGET: `${sea.base}/` }, "--out", "target", "--report", "json");
  expect(summaryOf(sea.home.path("target")).failures).toEqual([expect.objectContaining({ cause: "status 500", step: "GET /bad" })]);
});

row("--output report.json, artillery report", async () => {
  await run({}, "--out", "out", "--report", "none");
  const { code, out } = await seatrial(["report", sea.home.path("out", "ledger.ndjson"), "--format", "html,json"], { cwd: sea.home.folder });
  expect([code, out]).toEqual([expect.any(Number), expect.stringContaining("index.html")]);
  expect(summaryOf(sea.home.path("out")).total.count).toBe(24);
});

row("exit code 1 when ensure fails", async () => {
  expect((await run({}, "--report", "none")).code).toBe(1);
});
