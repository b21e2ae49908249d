/** docs/locust.md, "Events" and "The command line, files and exit codes". */
import { parse } from "csv-parse/sync";
import { readFileSync } from "node:fs";
import { expect } from "vitest";
import { csv as csvReport } from "../../../reports/csv/index.ts";
import { judge, journey, setup, times, users, type LedgerView } from "../../../src/index.ts";
import { linesOf, seatrial } from "../../cli/seatrial.ts";
import { paceOf, rope } from "../../play/stage.ts";
import { port } from "../port.ts";
import { causes, row, shopped, touching, trial, walked } from "../sea.ts";

const line = rope();

row("events.test_start, events.test_stop", async () => {
  const log: string[] = [];
  const account = setup({ line }, async () => (log.push("start"), { id: 7 }), { teardown: async (_, { id }) => void log.push(`stop ${id}`) });
  const walk = journey({ line }, async ({ line }, user) => {
    log.push(`walk ${user.given(account).id}`);
    await line.touch(10);
  });
  await walked(trial({ walk }, [{ load: { walk: times(2, { users: 2 }) } }], { setup: account }));
  expect(log).toEqual(["start", "walk 7", "walk 7", "stop 7"]);
});

row("events.spawning_complete, --reset-stats", async () => {
  const walk = journey({ line }, ({ line }, user) => line.touch(user.walk === 0 ? 900 : 10));
  const played = await walked(trial({ walk }, [{ for: "10s", judged: false, load: { walk: users(10, { spawn: "5/s" }) } }, { for: "10s", load: { walk: users(10) } }], { budget: { walk: { max: "50ms" } } }));
  // The first, slow walks of everybody are recorded and shown, and not judged.
  expect(played.view.tally({ phase: 0 }).due.maxMs).toBe(900);
  expect(judge(played.view).grade).toBe("pass");
});

row("events.request", async () => {
  const played = await shopped(async (shop, user) => user.measure("query", Number((await shop.get("/items")).headers.get("x-query-ms"))), () => ({ headers: { "x-query-ms": "12" } }));
  expect(played.view.tally({ step: "query" }).due.maxMs).toBe(12);
  // Everything else that a listener would count stands in the ledger.
  expect(played.view.tally({ step: "GET /items" }).count).toBe(1);
});

row("events.user_error", async () => {
  const walk = journey({ line }, async () => { throw new RangeError("no"); });
  const played = await walked(trial({ walk }, [{ load: { walk: times(3) } }]));
  expect(causes(played)).toEqual(["crash: RangeError: no 3"]);
  expect(played.view.examples[0]).toMatchObject({ cause: "crash: RangeError: no", error: expect.stringContaining("results.test.ts") });
});

row("events.cpu_warning", async () => {
  const reading = { lagMs: 400, lagMaxMs: 900, cpu: 0.99, heapMb: 50 };
  const played = await walked(trial({ walk: touching(10) }, [{ for: "10s", load: { walk: users(1) } }], { budget: { walk: { p95: "1s" } } }), { self: { read: () => reading, stop: () => undefined } as never });
  const real = { ...played.view, run: { ...played.view.run, mode: "run" as const } };
  const generator = judge(real).findings.find(({ about }) => about === "generator")!;
  expect(generator).toMatchObject({ grade: "unsure", reason: expect.stringContaining("could not keep up") });
});

/** A CSV file of a run. */
const csvOf = (view: LedgerView, file: string) => String(csvReport.render(view, judge(view)).files[`seatrial_${file}.csv`]);
const heading = async (file: string) => csvOf((await walked(trial({ walk: touching(10) }, [{ load: { walk: times(3) } }]))).view, file).split("\r\n")[0];

row("_stats.csv", async () => {
  // Locust's own heading, column by column.
  expect(await heading("stats")).toBe("Type,Name,Request Count,Failure Count,Median Response Time,Average Response Time,Min Response Time,Max Response Time,Average Content Size,Requests/s,Failures/s,50%,66%,75%,80%,90%,95%,98%,99%,99.9%,99.99%,100%");
});

row("_stats_history.csv", async () => {
  expect(await heading("stats_history")).toBe("Timestamp,User Count,Type,Name,Requests/s,Failures/s,50%,66%,75%,80%,90%,95%,98%,99%,99.9%,99.99%,100%,Total Request Count,Total Failure Count,Total Median Response Time,Total Average Response Time,Total Min Response Time,Total Max Response Time,Total Average Content Size");
});

row("_failures.csv", async () => {
  expect(await heading("failures")).toBe("Method,Name,Error,Occurrences,First Seen,Last Seen");
});

row("_exceptions.csv", async () => {
  expect(await heading("exceptions")).toBe("Count,Message,Traceback,Nodes");
});

const scenarioText = `import { journey, scenario, times, users, type Duration, type Rate } from "seatrial";
import { http } from "seatrial/http";
const { HOST = "http://127.0.0.1:1", USERS = "1", SPAWN = "10/s", RUN_TIME, BUDGET = '{"errors":"0%"}' } = process.env;
const shop = http({ base: HOST });
const visit = journey({ shop }, async ({ shop }) => {
  await shop.get("/items");
  await shop.get(process.env["ASK"] ?? "/items");
  if (process.env["THROW"]) throw new TypeError("in the task");
}, { wait: () => 50 });
export default scenario({
  name: "headless", journeys: { visit },
  phases: [RUN_TIME
    ? { name: "all", for: RUN_TIME as Duration, load: { visit: users(Number(USERS), { spawn: SPAWN as Rate }) } }
    : { name: "all", load: { visit: times(4) } }],
  budget: { visit: JSON.parse(BUDGET) },
});
`;
const sea = port({ "locustfile.ts": scenarioText });
const run = (env: Readonly<Record<string, string>>, ...args: string[]) => seatrial(["run", "locustfile.ts", ...args], { cwd: sea.home.folder, env: { HOST: sea.base, ...env } });

row("--headless -u 4 -r 2 -t 2s --host URL", async () => {
  await run({ USERS: "4", SPAWN: "2/s", RUN_TIME: "3s" }, "--out", "headless", "--report", "none");
  const lines = linesOf(sea.home.path("headless", "ledger.ndjson"));
  const aboard = lines.flatMap((line) => (line.k === "sec" ? line.p.map((cell) => cell[6]) : []));
  expect(Math.max(...aboard)).toBe(4);
  expect(lines.at(-1)).toMatchObject({ k: "end", how: "done", t: expect.toSatisfy((t: number) => t >= 3_000) });
});

row("--csv PREFIX", async () => {
  await run({}, "--out", "csv", "--report", "csv");
  const rows = parse(readFileSync(sea.home.path("csv", "seatrial_stats.csv"), "utf8"), { columns: true }) as Record<string, string>[];
  expect(rows.map((one) => `${one["Type"]} ${one["Name"]}`)).toEqual(["GET /items", " Aggregated"]);
  expect(rows[0]!["Request Count"]).toBe("8");
});

row("--html report.html", async () => {
  await run({}, "--out", "html", "--report", "html");
  expect(readFileSync(sea.home.path("html", "index.html"), "utf8")).toMatch(/<!doctype html>/i);
});

row("exit code 0", async () => {
  expect((await run({}, "--report", "none")).code).toBe(0);
});

row("exit code 1", async () => {
  expect((await run({ ASK: "/bad" }, "--report", "none")).code).toBe(1);
  // An exception of the script counts like a failed request, as it does for Locust.
  expect((await run({ THROW: "1" }, "--report", "none")).code).toBe(1);
});

row("exit code 2", async () => {
  sea.home.write({ "broken.ts": "export default missing;" });
  expect((await seatrial(["run", "broken.ts"], { cwd: sea.home.folder })).code).toBe(3);
});

row("environment.process_exit_code in events.quitting", async () => {
  // One request in two fails, and so many may.
  expect((await run({ ASK: "/bad", BUDGET: '{"errors":"60%"}' }, "--report", "none")).code).toBe(0);
  expect((await run({ ASK: "/bad", BUDGET: '{"errors":"40%"}' }, "--report", "none")).code).toBe(1);
  expect((await run({ BUDGET: '{"max":"0.001ms"}' }, "--report", "none")).code).toBe(1);
});

row("Request Count and Failure Count", async () => {
  const { view } = await walked(trial({ walk: journey({ line }, ({ line }, user) => line.touch(10, user.walk % 4 === 0 ? "refused" : "ok")) }, [{ load: { walk: times(20) } }]));
  const [first] = parse(csvOf(view, "stats"), { columns: true }) as Record<string, string>[];
  expect([first!["Request Count"], first!["Failure Count"], first!["Max Response Time"]]).toEqual(["20", "5", "10"]);
  expect(paceOf(view, "walk").ended).toBe(20);
});
