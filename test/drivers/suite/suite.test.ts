import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { suite, type SuiteSettings } from "../../../drivers/suite/index.ts";
import { crewIn, deserted, embark, linesOf, until } from "../../cli/seatrial.ts";
import { aboard, failureOfRun, folderWith, junit, ran, told } from "./worlds.ts";

const echo = (text: string, more = ""): string => `printf %s '${text.replaceAll("'", "'\\''")}'${more}`;
const two = `<testsuite name="s"><testcase name="good" time="0.02"/><testcase name="bad"><failure message="no basket">at cart</failure></testcase></testsuite>`;
const reads = "junit" as const;

describe("a run", () => {
  test("each case is an op, with its own time, and the failure is thrown", async () => {
    const { ops, failed, saved } = await ran({ run: echo(two, "; sleep 0.1; echo cart is broken >&2; exit 1"), reads });
    expect(told(ops)).toEqual(["s › good: ok", "s › bad: refused (failed)"]);
    expect(ops[0]!.endedMs - ops[0]!.beganMs).toBeCloseTo(20);
    expect(ops[1]!.failure).toEqual({ cause: "failed", request: "s › bad", error: "no basket", body: "no basket\nat cart", artifacts: [{ name: "output", path: "suite-junit.log", type: "text/plain" }] });
    expect(failed).toMatchObject({ outcome: "refused", failure: { cause: "failed" } });
    expect([...saved.keys()]).toEqual(["suite-junit.log"]);
    expect([...saved.values()][0]).toContain("cart is broken");
  });

  test("skipped cases are neither, and said; flaky ones are ok, and said with their cause", async () => {
    const xml = '<testsuite name="s"><testcase name="a"><skipped/></testcase><testcase name="b"><flakyFailure message="once"/></testcase></testsuite>';
    const { ops, said, failed } = await ran({ run: echo(xml), reads });
    expect(told(ops)).toEqual(["s › b: ok (flaky)"]);
    expect(ops[0]!.failure).toMatchObject({ error: "once" });
    expect(said.sort()).toEqual(["1 of 2 cases were skipped: s › a", "flaky: s › b passed, but not on the first try"]);
    expect(failed).toBeUndefined();
  });

  test("finds the service's address, the variables and its own folder", async () => {
    const env: SuiteSettings["env"] = ({ base, service, folder }) => ({ URLS: `${base} ${service("pay")}`, SAME: folder });
    const { ops } = await ran(
      { run: `printf '<testsuite name="%s"><testcase name="%s"/></testsuite>' "$SEATRIAL_BASE" "$URLS" > "$SEATRIAL_FOLDER/r.xml"; [ "$SAME" = "$SEATRIAL_FOLDER" ]`, reads, service: "shop", env, results: "$SEATRIAL_FOLDER/r.xml" },
      { service: (name) => ({ shop: "http://127.0.0.1:1", pay: "http://127.0.0.1:2" })[name] },
    );
    expect(told(ops)).toEqual(["http://127.0.0.1:1 › http://127.0.0.1:1 http://127.0.0.1:2: ok"]);
  });

  test("a service that is not there is refused before anything runs", async () => {
    await expect(aboard({ run: "true", reads, service: "shop" })).rejects.toMatchObject({ code: "SEA_HTTP_SERVICE" });
  });

  test("secrets among its variables are in nothing that is kept", async () => {
    const { ops, saved } = await ran({ run: echo(junit('<failure message="token s3cret-value-1"/>'), '; echo "$SHOP_TOKEN" >&2; exit 1'), reads, env: { SHOP_TOKEN: "s3cret-value-1" } });
    expect(JSON.stringify([ops, [...saved]])).not.toContain("s3cret-value-1");
    expect(ops[0]!.failure!.error).toBe("token ***");
  });
});

describe("never a pass", () => {
  const cases: readonly [string, SuiteSettings, readonly string[]][] = [
    ["nothing printed", { run: "true", reads }, ["run: unsure (no results)"]],
    ["no such program", { run: "seatrial-has-no-such-program", reads }, ["run: unsure (no results)"]],
    ["no such folder", { run: "true", reads, cwd: "/nowhere/at/all" }, ["run: unsure (no results)"]],
    ["a file that was never written", { run: "true", reads, results: "/nowhere/results.xml" }, ["run: unsure (no results)"]],
    ["broken results", { run: "echo hello", reads }, ["run: unsure (broken results)"]],
    ["broken JSON", { run: "echo '{'", reads: "playwright" }, ["run: unsure (broken results)"]],
    ["results that are too long", { run: echo(junit()), reads, resultsLimitBytes: 20 }, ["run: unsure (broken results)"]],
    ["no case", { run: 'echo "<testsuites/>"', reads }, ["run: unsure (no cases)"]],
    ["all skipped", { run: echo(junit("<skipped/>")), reads }, ["run: unsure (no cases)"]],
    ["all ok, and exit code 3", { run: echo(junit(), "; exit 3"), reads }, ["checkout › pays: ok", "run: refused (exit code 3)"]],
    ["a failure, and exit code 0", { run: echo(junit("<failure/>")), reads }, ["checkout › pays: refused (failed)", "run: unsure (exit code 0)"]],
    ["all ok, and killed", { run: echo(junit(), "; kill -KILL $$"), reads }, ["checkout › pays: ok", "run: unsure (ended by SIGKILL)"]],
    ["results of another run", { run: echo('<testsuite name="s"><testcase name="a" time="100"/></testsuite>'), reads }, ["run: unsure (broken results)"]],
    ["an error outside of the cases", { run: echo('<testsuite name="s"><error message="no setup"/><testcase name="a"/></testsuite>', "; exit 1"), reads }, ["s › a: ok", "run: refused (error outside of the cases)"]],
  ];
  test.each(cases)("%s", async (_, settings, wanted) => {
    const { ops, failed } = await ran(settings);
    expect(told(ops)).toEqual(wanted);
    expect(failed).toBeDefined();
  });

  test("the results of an earlier run, which this one did not write", async () => {
    const { folder, write } = folderWith({ "run.sh": echo(junit(), " > results.xml") });
    const { session, ops, close } = await aboard({ run: "sh run.sh", reads, cwd: folder, results: "results.xml" });
    await session.run();
    write("run.sh", "true");
    expect((await failureOfRun(session))?.failure).toMatchObject({ cause: "no results" });
    write("run.sh", echo(junit("", "pays again"), " > results.xml"));
    await session.run();
    await close();
    expect(told(ops)).toEqual(["checkout › pays: ok", "run: unsure (no results)", "checkout › pays again: ok"]);
  });

  test("of a folder of results, the new ones are read", async () => {
    const { folder } = folderWith({ "old.xml": junit("<failure/>", "old"), "note.txt": "no results" });
    const { ops } = await ran({ run: `${echo(junit("", "a"), " > a.xml")}; ${echo(junit("", "b"), " > b.xml")}`, reads, cwd: folder, results: "." });
    expect(told(ops)).toEqual(["checkout › a: ok", "checkout › b: ok"]);
  });
});

describe("an end", () => {
  const sleepers = (folder: string) => crewIn(folder).length;

  test("by the clock: the whole group is gone, and the run is unsure", async () => {
    const { folder } = folderWith();
    const { ops, failed } = await ran({ run: "sleep 100 & sleep 100", reads, cwd: folder, timeout: "300ms" });
    expect(told(ops)).toEqual(["run: unsure (timeout)"]);
    expect(failed?.outcome).toBe("unsure");
    expect(sleepers(folder)).toBe(0);
  });

  test("by a cut, of a command that does not want to end", async () => {
    const { folder } = folderWith();
    const { session, ops, cut, close } = await aboard({ run: "trap '' TERM; sleep 100 & touch up; while :; do sleep 0.1; done", reads, cwd: folder });
    const run = failureOfRun(session);
    await until("its children", () => sleepers(folder) >= 2);
    cut();
    expect((await run)?.failure.cause).toBe("cut");
    await close();
    expect(sleepers(folder)).toBe(0);
    expect(ops).toHaveLength(1);
  });

  test("what it leaves running in the background ends with it, and holds nobody up", async () => {
    const { folder } = folderWith();
    const { ops } = await ran({ run: `sleep 100 & ${echo(junit())}`, reads, cwd: folder });
    expect(told(ops)).toEqual(["checkout › pays: ok"]);
    expect(sleepers(folder)).toBe(0);
  });

  test("a long output is no matter", async () => {
    const { ops, saved } = await ran({ run: `head -c 20000000 /dev/zero | tr '\\0' x >&2; echo the end >&2; ${echo(junit("<failure/>"))}; exit 1`, reads });
    expect(told(ops)).toEqual(["checkout › pays: refused (failed)"]);
    expect([...saved.values()][0]!.length).toBeLessThan(70_000);
  });
});

describe("settings that can't be", () => {
  const wrong: readonly [string, object][] = [
    ["run", { run: " " }], ["reads", { reads: "tap" }], ["setting", { reporter: "json" }], ["results", { results: "" }],
    ["resultsLimitBytes", { resultsLimitBytes: 0 }], ["service", { base: "http://a", service: "b" }], ["env", { env: { A: 1 } }], ["cwd", { cwd: "" }], ["timeout", { timeout: "0s" }],
  ];
  test.each(wrong)("%s", (setting, given) => {
    expect(() => suite({ run: "true", reads, ...given } as SuiteSettings)).toThrow(expect.objectContaining({ code: "SEA_COMMAND_SETTING", place: `suite.${setting}` }));
  });
});

describe("in a scenario", () => {
  const scenario = (run: string, load: string, more = "") => `import { scenario, times, users } from "seatrial";
import { suite } from "seatrial/suite";
export default scenario({
  name: "regression", grace: "1s",
  journeys: { checkout: suite({ run: ${JSON.stringify(run)}, reads: "junit" }) },
  phases: [{ name: "once", load: { checkout: ${load} }${more} }],
  budget: { checkout: { errors: "0%" } },
});`;

  test.each([
    ["a good suite passes", echo(junit()), 0],
    ["a failed case fails it", echo(junit("<failure/>"), "; exit 1"), 1],
    ["one without results does, too", "true", 1],
  ])("%s", async (_, run, code) => {
    const { folder } = folderWith({ "trial.ts": scenario(run, "times(1)") });
    const ended = await embark(["run", "trial.ts", "--report", "none", "--out", "out"], { cwd: folder }).ended;
    expect(ended.code, ended.err).toBe(code);
    const lines = linesOf(`${folder}/out/ledger.ndjson`);
    expect(lines.some((line) => line.k === "series" && line.type === "op" && line.step === (run === "true" ? "run" : "checkout › pays"))).toBe(true);
  });

  test("the README's example, with what Playwright wrote in place of Playwright", async () => {
    const [, example = ""] = /```ts\n([\s\S]*?)```/.exec(readFileSync(new URL("../../../drivers/suite/README.md", import.meta.url), "utf8")) ?? [];
    const recorded = fileURLToPath(new URL("recorded/playwright.json", import.meta.url));
    const { folder } = folderWith({ "trial.ts": example.replace('"npx playwright test --reporter=json"', JSON.stringify(`test "$BASE_URL" = http://127.0.0.1:9 && cat '${recorded}'; exit 1`)) });
    const ended = await embark(["run", "trial.ts", "--report", "none", "--out", "out"], { cwd: folder, env: { SHOP_URL: "http://127.0.0.1:9" } }).ended;
    expect(ended.code, ended.err).toBe(1);
    const lines = linesOf(`${folder}/out/ledger.ndjson`);
    expect(lines.flatMap((line) => (line.k === "series" && line.type === "op" ? [line.step] : [])).sort(), ended.err + ended.out).toEqual(["adds", "breaks", "flaky", "known"].map((name) => `shop.spec.js › cart › ${name}`));
    expect(lines.filter((line) => line.k === "fail").map(({ cause }) => cause)).toEqual(["failed", "flaky"]);
    expect(lines.filter((line) => line.k === "say").map(({ text }) => text)).toContain("1 of 5 cases were skipped: shop.spec.js › cart › later");
  });

  test("the first case is not late by the start of its runner", async () => {
    const { folder } = folderWith({ "trial.ts": scenario(`sleep 0.5; ${echo(junit())}`, "times(1)") });
    await embark(["run", "trial.ts", "--report", "none", "--out", "out"], { cwd: folder }).ended;
    const cells = linesOf(`${folder}/out/ledger.ndjson`).flatMap((line) => (line.k === "sec" ? line.d : []));
    const series = linesOf(`${folder}/out/ledger.ndjson`).flatMap((line) => (line.k === "series" && line.type === "op" ? [line.id] : []));
    const [cell] = cells.filter(([id]) => id === series[0]);
    expect(cell![5]).toBe("=");
  });

  test("a runner that is killed with -9 leaves none of its processes behind", async () => {
    const { folder } = folderWith({ "trial.ts": scenario("trap '' TERM; sleep 100 & sleep 100; sleep 100", "users(1)", ', for: "1m"') });
    const voyage = embark(["run", "trial.ts", "--report", "none", "--out", "out"], { cwd: folder });
    await until("the suite", () => crewIn(folder).length >= 4);
    voyage.kill();
    await voyage.ended;
    await deserted(folder);
  });
});
