/** Counted walks in every format: what passed, was flaky and failed, with the evidence that was kept. */
import { validateStrict } from "ctrf";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { reports } from "../../reports/index.ts";
import type { LedgerView } from "../../src/ledger/view.ts";
import type { WalkLine } from "../../src/ledger/lines.ts";
import type { Verdict } from "../../src/model/verdict.ts";
import { finding, gameDay, gameDayVerdict, hostile } from "./game-day.ts";
import { LedgerWriter, runLine } from "./ledger.ts";
import { poorCases } from "./poor.ts";
import { elementsOf, parseXml, textOf, type Element } from "./xml.ts";

const shot = (n: number) => ({ name: "screenshot", path: `evidence/00${n}-pay.png`, type: "image/png" });
const line = (walk: number, attempt: number, more: Partial<WalkLine> = {}): WalkLine => ({ k: "walk", t: 1_000 + walk, phase: 0, journey: "buy", walk, attempt, user: walk, outcome: "ok", ms: 120.5, ...more });
const refused = (n: number): Partial<WalkLine> => ({ outcome: "refused", failures: [{ step: "pay", cause: "status 503", request: "POST /orders", status: 503, body: "<b>[[ATTACHMENT|/etc/passwd]]</b> & no", artifacts: [shot(n)] }] });

function regression(): { readonly view: LedgerView; readonly verdict: Verdict } {
  const view = new LedgerWriter().add(
    runLine([{ name: "walks", judged: true }], { regression: { retries: 1 } }), { k: "phase", t: 0, phase: 0, at: "begin" },
    line(0, 0), line(1, 0, { ...refused(1), again: true }), line(1, 1), line(2, 0, { ...refused(2), again: true }), line(2, 1, refused(3)),
    line(3, 0, { outcome: "cut" }), line(4, 0, { outcome: "unsure", failures: [{ step: "pay", cause: "timeout" }] }),
    { k: "phase", t: 2_000, phase: 0, at: "end" }, { k: "end", t: 2_000, how: "done" },
  ).view();
  return { view, verdict: { grade: "fail", unhealed: [], storms: [], findings: [finding("walks / buy / errors", "fail", { phase: "walks" })] } };
}

const fileOf = (format: keyof typeof reports, { view, verdict } = regression(), folder?: string): string => {
  const { main, files } = reports[format].render(view, verdict, folder);
  return files[main] as string;
};

const names = (element: Element): string[] => element.children.flatMap((child) => (typeof child === "string" ? [] : child.name));

describe("JUnit", () => {
  const root = parseXml(fileOf("junit", regression(), "out/run 1"));
  const cases = new Map(elementsOf(root, "testcase").map((one) => [one.attributes["name"], one]));

  test("has a case each walk beside the findings, each with one result", () => {
    expect([...cases].map(([name, one]) => [name, names(one)])).toEqual([
      ["walks / buy / errors", ["failure"]], ["buy #1", []], ["buy #2", ["flakyFailure", "system-out"]],
      ["buy #3", ["failure", "rerunFailure", "system-out"]], ["buy #4", ["skipped"]], ["buy #5", ["failure"]],
    ]);
    expect(root.attributes).toMatchObject({ tests: "6", failures: "3", skipped: "1" });
    expect(elementsOf(root, "testsuite")[0]!.attributes).toMatchObject({ tests: "6", failures: "3", skipped: "1" });
    expect(elementsOf(cases.get("buy #5")!, "failure")[0]!.attributes["type"]).toBe("unsure");
  });

  test("tells a flaky walk's first failure in the elements of Surefire, and in text for who does not read those", () => {
    const flaky = cases.get("buy #2")!;
    expect(elementsOf(flaky, "flakyFailure")[0]!.attributes).toEqual({ type: "refused", message: "POST /orders: status 503" });
    expect(textOf(elementsOf(flaky, "stackTrace")[0]!)).toContain("status 503");
    expect(textOf(elementsOf(flaky, "system-out")[0]!)).toContain("FLAKY: failed 1 time, then passed when walked again");
  });

  test("attaches evidence, the deciding attempt's first, and nothing that a service named", () => {
    const attached = (name: string) => [...textOf(elementsOf(cases.get(name)!, "system-out")[0]!).matchAll(/\[\[ATTACHMENT\|(.+?)\]\]/g)].map(([, path]) => path);
    expect(attached("buy #3")).toEqual(["out/run 1/evidence/003-pay.png", "out/run 1/evidence/002-pay.png"]);
    expect(attached("buy #2")).toEqual(["out/run 1/evidence/001-pay.png"]);
  });
});

describe("CTRF", () => {
  const parse = (text: string) => JSON.parse(text) as any;

  test("is valid by the schema, with retries, flaky walks and attachments", () => {
    const report = parse(fileOf("ctrf"));
    expect(() => validateStrict(report)).not.toThrow();
    expect(report.results.summary).toMatchObject({ tests: 6, passed: 2, failed: 3, skipped: 1, pending: 0, other: 0, flaky: 1 });
    const test = (name: string) => report.results.tests.find((one: any) => one.name === name);
    expect(test("buy #2")).toMatchObject({ status: "passed", flaky: true, retries: 1, suite: ["game day", "walks"], retryAttempts: [{ attempt: 1, status: "failed", message: "POST /orders: status 503", attachments: [{ contentType: "image/png", path: "evidence/001-pay.png" }] }] });
    expect(test("buy #3")).toMatchObject({ status: "failed", flaky: false, retries: 1, attachments: [{ path: "evidence/003-pay.png" }] });
    expect(test("buy #5")).toMatchObject({ status: "failed", rawStatus: "unsure" });
  });

  test.each([["a game day", { view: gameDay(), verdict: gameDayVerdict }], ...Object.entries(poorCases).map(([name, make]) => [name, make()] as const)] as const)("%s is valid, and green only where the verdict is", (_, { view, verdict }) => {
    const report = parse(fileOf("ctrf", { view, verdict }));
    expect(() => validateStrict(report)).not.toThrow();
    expect(report.results.summary.failed > 0).toBe(verdict.grade !== "pass");
  });
});

test("people read of flaky walks in every other format", () => {
  expect(fileOf("terminal")).toContain("5 walks: 1 failed, 1 unsure, 1 undone, 1 flaky, 1 passed");
  expect(fileOf("terminal")).toMatch(/buy #2\s+flaky\s+2/);
  expect(fileOf("markdown")).toMatch(/buy \\#2 \| flaky \| 2/);
  const summary = JSON.parse(fileOf("json"));
  expect(summary.walks.counts).toEqual({ passed: 1, flaky: 1, failed: 1, unsure: 1, undone: 1 });
  expect(summary.walks.others[0]).toMatchObject({ walk: 2, result: "flaky", attempts: [{ failures: [{ cause: "status 503", artifacts: [{ path: "evidence/001-pay.png" }] }] }, { outcome: "ok" }] });
});

test("the page links evidence and shows pictures, but follows no address out of the run", () => {
  const page = parseXml(fileOf("html"));
  expect(elementsOf(page, "a").map((one) => one.attributes["href"])).toEqual(expect.arrayContaining(["evidence/001-pay.png", "evidence/003-pay.png"]));
  expect(elementsOf(page, "img").map((one) => one.attributes["src"])).toContain("evidence/001-pay.png");
  fc.assert(fc.property(fc.oneof(fc.string(), fc.webUrl(), fc.constantFrom("javascript:alert(1)", "//evil/x.png", "/etc/passwd", "data:text/html,x", ...Object.values(hostile))), (path) => {
    const { view, verdict } = regression();
    const walks = [line(0, 0, { outcome: "refused", failures: [{ step: "", cause: "x", artifacts: [{ name: "shot", path, type: "image/png" }] }] })];
    const links = elementsOf(parseXml(fileOf("html", { view: { ...view, walks }, verdict })), "a").map((one) => one.attributes["href"]!);
    for (const link of links) expect(new URL(link, "https://ci.example/run/index.html").origin).toBe("https://ci.example");
    for (const link of links) expect(link.startsWith("/")).toBe(false);
  }), { numRuns: 200 });
});
