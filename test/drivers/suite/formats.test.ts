import { execFile } from "node:child_process";
import { readFileSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import type { Case, Results } from "../../../drivers/suite/case.ts";
import { readJunit } from "../../../drivers/suite/formats/junit.ts";
import { readNewman } from "../../../drivers/suite/formats/newman.ts";
import { readPlaywright } from "../../../drivers/suite/formats/playwright.ts";
import { readVitest } from "../../../drivers/suite/formats/vitest.ts";
import { readWdio } from "../../../drivers/suite/formats/wdio.ts";
import { folderWith } from "./worlds.ts";

const recorded = (name: string) => readFileSync(new URL(`recorded/${name}`, import.meta.url), "utf8");

/** A case on one line: outcome, name, cause and first line of the error. */
const line = ({ path, outcome, cause, error, isFlaky, note }: Case) =>
  [outcome, path.join(" › "), cause, isFlaky && "flaky", note, error?.split("\n")[0]].filter(Boolean).join(" | ");
const lines = ({ cases }: Results) => cases.map(line);

describe("playwright: what 1.65 wrote", () => {
  test("each test by its file, group and title, with the status that Playwright gave it", () => {
    const results = readPlaywright(recorded("playwright.json"));
    expect(lines(results)).toEqual([
      "ok | shop.spec.js › cart › adds",
      "refused | shop.spec.js › cart › breaks | failed | Error: expect(received).toBe(expected) // Object.is equality",
      "skipped | shop.spec.js › cart › later",
      "ok | shop.spec.js › cart › flaky | flaky | Error: first",
      "ok | shop.spec.js › cart › known",
    ]);
    expect(results.cases[0]).toMatchObject({ ms: 45, startedMs: Date.parse("2026-11-24T14:48:59.964Z"), tries: 1 });
    expect(results.cases[1]).toMatchObject({ tries: 2 });
    expect(results.errors).toEqual([]);
  });

  test("two projects are told apart, and errors outside of tests are errors", () => {
    const report = JSON.parse(recorded("playwright.json"));
    const [spec] = report.suites[0].suites[0].specs;
    spec.tests.push({ ...spec.tests[0], projectName: "firefox" });
    report.errors.push({ message: "globalSetup: no database" });
    const results = readPlaywright(JSON.stringify(report));
    expect(lines(results).slice(0, 2)).toEqual(["ok | one › shop.spec.js › cart › adds", "ok | firefox › shop.spec.js › cart › adds"]);
    expect(results.errors).toEqual(["globalSetup: no database"]);
  });
});

test("newman: what 6.2 wrote: each execution, by its folders and iteration", () => {
  const results = readNewman(recorded("newman.json"));
  expect(lines(results)).toEqual([
    "ok | cart › list | iteration 1",
    "unsure | gone | request: ECONNREFUSED | iteration 1 | {\"errno\":-111,\"code\":\"ECONNREFUSED\",\"syscall\":\"connect\",\"address\":\"127.0.0.1\",\"port\":1}",
    "refused | throws | script failed | iteration 1 | nope is not defined",
    "refused | cart › list | assertion failed | iteration 2 | breaks on 2nd: expected 1 to equal +0",
    "unsure | gone | request: ECONNREFUSED | iteration 2 | {\"errno\":-111,\"code\":\"ECONNREFUSED\",\"syscall\":\"connect\",\"address\":\"127.0.0.1\",\"port\":1}",
    "refused | throws | script failed | iteration 2 | nope is not defined",
  ]);
  expect(results.cases.map(({ ms }) => ms)).toEqual([32, 0, 14, 3, 0, 4]);
});

describe("wdio", () => {
  test("tests by their suite, and hooks that failed", () => {
    const results = readWdio(recorded("wdio.json"));
    expect(lines(results)).toEqual([
      "ok | cart › adds | chrome",
      "refused | cart › breaks | failed | chrome | Expect $(`h1`) to have text",
      "skipped | cart › later",
      "refused | cart › \"after all\" hook for cart | hook failed | no basket",
    ]);
    expect(results.errors).toEqual([]);
  });

  test("failures that were counted and are nowhere are errors", () => {
    const report = { ...JSON.parse(recorded("wdio.json")), suites: [] };
    expect(readWdio(JSON.stringify(report)).errors).toEqual(["2 failures were counted, and 0 can be found"]);
  });
});

const files = {
  "cart.test.js": `import { describe, expect, test } from "vitest";
let tries = 0;
describe("cart", () => {
  test("adds", () => {});
  test("breaks & <bends>", () => expect(1).toBe(2));
  test.skip("later", () => {});
  test.todo("some day");
  test("flaky", { retry: 2 }, () => { if (tries++ === 0) throw new Error("first"); });
});`,
  "broken.test.js": 'throw new Error("does not load");',
};

describe("vitest: what the one that is installed here writes", () => {
  const vitest = fileURLToPath(new URL("../../../node_modules/vitest/vitest.mjs", import.meta.url));
  const write = async (reporter: "json" | "junit", files: Readonly<Record<string, string>>) => {
    const { folder, read } = folderWith(files);
    symlinkSync(fileURLToPath(new URL("../../../node_modules", import.meta.url)), join(folder, "node_modules"));
    await new Promise((resolve) => execFile(process.execPath, [vitest, "run", "--root", folder, `--reporter=${reporter}`, "--outputFile=out"], { cwd: folder, env: { ...process.env, VITEST: undefined, CI: "" } }, resolve));
    return { folder, text: read("out") };
  };

  test("as JSON", async () => {
    const { folder, text } = await write("json", files);
    const results = readVitest(text, folder);
    expect(lines(results).sort()).toEqual([
      "ok | cart.test.js › cart › adds",
      "ok | cart.test.js › cart › flaky | flaky | Error: first",
      "refused | broken.test.js | failed | does not load",
      "refused | cart.test.js › cart › breaks & <bends> | failed | AssertionError: expected 1 to be 2 // Object.is equality",
      "skipped | cart.test.js › cart › later",
      "skipped | cart.test.js › cart › some day",
    ]);
    expect(results.cases.find(({ outcome }) => outcome === "ok")!.startedMs).toBeGreaterThan(1.6e12);
  });

  test("as JUnit", async () => {
    const { text } = await write("junit", files);
    expect(lines(await readJunit(text)).sort()).toEqual([
      "ok | cart.test.js › cart > adds",
      "ok | cart.test.js › cart > flaky",
      "refused | broken.test.js › broken.test.js | failed | does not load",
      "refused | cart.test.js › cart > breaks & <bends> | failed | expected 1 to be 2 // Object.is equality",
      "skipped | cart.test.js › cart > later",
      "skipped | cart.test.js › cart > some day",
    ]);
  });
});

describe("vitest: what contradicts itself", () => {
  test("no success, and no failure", () => {
    expect(readVitest('{ "success": false, "testResults": [] }', "/").errors).toHaveLength(1);
  });
});

describe("junit dialects", () => {
  const cases: readonly [string, string, readonly string[]][] = [
    ["one suite at the top", '<testsuite name="a"><testcase name="x" time="1.5"/></testsuite>', ["ok | a › x"]],
    ["nested suites", '<testsuites><testsuite name="a"><testsuite name="b"><testcase name="x"/></testsuite></testsuite></testsuites>', ["ok | a › b › x"]],
    ["a class that says more", '<testsuite name="a"><testcase classname="shop.Cart" name="x"/></testsuite>', ["ok | a › shop.Cart › x"]],
    ["failure text as content", '<testsuite name="a"><testcase name="x"><failure type="E">line 1\nline 2</failure></testcase></testsuite>', ["refused | a › x | failed | line 1"]],
    ["failure text as CDATA", '<testsuite name="a"><testcase name="x"><failure message="m"><![CDATA[<b>]]></failure></testcase></testsuite>', ["refused | a › x | failed | m"]],
    ["an error", '<testsuite name="a"><testcase name="x"><error message="boom"/></testcase></testsuite>', ["refused | a › x | error | boom"]],
    ["two failures are one case", '<testsuite name="a"><testcase name="x"><failure message="m"/><failure message="n"/></testcase></testsuite>', ["refused | a › x | failed | m"]],
    ["skipped and failed is failed", '<testsuite name="a"><testcase name="x"><skipped/><failure message="m"/></testcase></testsuite>', ["refused | a › x | failed | m"]],
    ["Surefire's flaky ones", '<testsuite name="a"><testcase name="x"><flakyFailure message="once"/></testcase></testsuite>', ["ok | a › x | flaky | once"]],
    ["Surefire's failed reruns", '<testsuite name="a"><testcase name="x"><failure message="m"/><rerunFailure message="again"/></testcase></testsuite>', ["refused | a › x | failed | m"]],
    ["output and properties", '<testsuite name="a"><properties><property name="p" value="v"/></properties><testcase name="x"><system-out>hi</system-out></testcase><system-err/></testsuite>', ["ok | a › x"]],
  ];
  test.each(cases)("%s", async (_, xml, wanted) => expect(lines(await readJunit(xml))).toEqual(wanted));

  test("an error of a suite, and times one after the other", async () => {
    const xml = '<testsuite name="a" timestamp="2026-11-24T10:00:00Z"><error message="no setup"/><testcase name="x" time="1,000.5"/><testcase name="y" time="2"/></testsuite>';
    const { cases, errors } = await readJunit(xml);
    expect(errors).toEqual(["no setup"]);
    const began = Date.parse("2026-11-24T10:00:00Z");
    expect(cases.map(({ ms, startedMs }) => [ms, startedMs! - began])).toEqual([[1_000_500, 0], [2_000, 1_000_500]]);
  });
});

describe("what is not of the format is refused, with its place", () => {
  const noisy = (name: string) => `> shop@1.0.0 test\n${recorded(name)}`;
  const cases: readonly [string, (text: string) => unknown, string, RegExp][] = [
    ["playwright", readPlaywright, "", /empty/],
    ["playwright", readPlaywright, noisy("playwright.json"), /not JSON/],
    ["playwright", readPlaywright, recorded("playwright.json").slice(0, 5_000), /not JSON/],
    ["playwright", readPlaywright, recorded("newman.json"), /expected a list at suites/],
    ["playwright", readPlaywright, recorded("playwright.json").replace('"status": "unexpected"', '"status": "grand"'), /one of expected.*at suites\[0\]\.suites\[0\]\.specs\[1\]\.tests\[0\]\.status, found "grand"/],
    ["newman", readNewman, recorded("playwright.json"), /expected an object at collection/],
    ["newman", readNewman, "[]", /expected an object at the top/],
    ["wdio", readWdio, recorded("newman.json"), /capabilities/],
    ["vitest", (text) => readVitest(text, "/"), recorded("playwright.json"), /true or false at success/],
    ["junit", readJunit, " ", /empty/],
    ["junit", readJunit, "<html><body/></html>", /begin with <html>/],
    ["junit", readJunit, '<testsuite name="a"><testcase name="x">', /not XML/],
    ["junit", readJunit, '<testsuite name="a"><testcase name="x" name="y"/></testsuite>', /not XML/],
    ["junit", readJunit, '<testsuite name="a"><testcase name="x" time="soon"/></testsuite>', /'soon' is no time/],
    ["junit", readJunit, '<testsuite name="a"><testcase time="1"/></testsuite>', /has no name/],
    ["junit", readJunit, '<testsuite name="a" timestamp="yesterday"/>', /no timestamp/],
    ["junit", readJunit, '<testsuite name="a"><testcase name="x"><testcase name="y"/></testcase></testsuite>', /<testcase> is in <testcase>/],
    ["junit", readJunit, '<!DOCTYPE a [<!ENTITY b "c">]><testsuite name="&b;"/>', /not XML/],
    ["junit", readJunit, "passed\n<testsuite/>", /not XML/],
  ];
  test.each(cases)("%s #%#", async (_, read, text, why) => {
    await expect((async () => read(text))()).rejects.toThrow(why);
  });
});
