import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { junit } from "../../reports/junit/index.ts";
import type { LedgerView } from "../../src/ledger/view.ts";
import type { Finding, Verdict } from "../../src/model/verdict.ts";
import { worst } from "../../src/model/verdict.ts";
import { finding, gameDay, gameDayVerdict, hostile } from "./game-day.ts";
import { LedgerWriter, runLine } from "./ledger.ts";
import { poorCases } from "./poor.ts";
import { elementsOf, parseXml, textOf } from "./xml.ts";

const render = (view: LedgerView, verdict: Verdict) => parseXml(junit.render(view, verdict).files["junit.xml"] as string);

describe("a game day", () => {
  const root = render(gameDay(), gameDayVerdict);
  const cases = elementsOf(root, "testcase");

  test("has one case a finding, each with a name of its own", () => {
    expect(cases).toHaveLength(gameDayVerdict.findings.length);
    expect(new Set(cases.map((one) => one.attributes["name"])).size).toBe(cases.length);
  });

  test("has exactly one result a case, and unsure is no pass", () => {
    const results = new Map(cases.map((one) => [one.attributes["name"], elementsOf(one, "failure").map((failure) => failure.attributes["type"])]));
    for (const { id, grade } of gameDayVerdict.findings) expect(results.get(id), id).toEqual(grade === "pass" ? [] : [grade]);
  });

  test("names the scenario and phase as the class, and when and where it ran", () => {
    const suite = elementsOf(root, "testsuite").find((one) => one.attributes["name"] === "lose a node")!;
    expect(suite.attributes).toMatchObject({ tests: "1", failures: "1", time: "30.000", timestamp: "2026-11-23T11:00:40", hostname: "local" });
    expect(elementsOf(suite, "testcase")[0]!.attributes["classname"]).toBe("game day/lose a node");
  });

  test("tells the whole story in the text of the failure", () => {
    const story = textOf(cases.find((one) => one.attributes["name"] === "lose a node / storm")!);
    for (const part of ["whole again within 20s", "still broken after 20s", "did not bring the node's replicas back", "struck at 44.1s", "seatrial run scenarios/game-day.ts --on local --seed 42"]) expect(story).toContain(part);
  });

  test("takes a storm's recovery as the time of its case", () => {
    expect(cases.find((one) => one.attributes["name"] === "lose a pod / storm")!.attributes["time"]).toBe("2.400");
  });

  test("keeps hostile words as words", () => {
    const story = textOf(cases.find((one) => one.attributes["name"] === "lose the data / survival / order")!);
    expect(story).toContain(hostile.markup);
    expect(textOf(root)).not.toMatch(/[\u0000\u0007\u001b\u202e]/);
  });
});

test("a second finding of one name gets a number, also when only forbidden characters told them apart", () => {
  const root = render(gameDay(), { grade: "pass", unhealed: [], storms: [], findings: [finding("a\u0001b", "pass"), finding("a\u0002b", "pass"), finding("a \n b", "pass"), finding("a b", "pass")] });
  expect(elementsOf(root, "testcase").map((one) => one.attributes["name"])).toEqual(["a\ufffdb", "a\ufffdb (2)", "a b", "a b (2)"]);
});

test.each(Object.entries(poorCases))("%s is no green file", (_, make) => {
  const { view, verdict } = make();
  const root = render(view, verdict);
  expect(elementsOf(root, "testcase").length).toBeGreaterThan(0);
  expect(elementsOf(root, "failure").map((one) => one.attributes["type"])).toContain(verdict.grade);
});

test("harm left behind is red, even where no finding says so", () => {
  const { view, verdict } = poorCases.torn();
  const [only, ...others] = elementsOf(render(view, { ...verdict, findings: [] }), "testcase");
  expect(others).toEqual([]);
  expect(only!.attributes["name"]).toBe("verdict");
  expect(textOf(only!)).toContain("Harm was left behind: lose a node");
});

test("of two phases with one name, each finding is told with its own storm", () => {
  const storm = (harm: string) => ({ fault: "pod-loss", harm, costs: [], by: "platform" as const, recovery: "platform", withinMs: 10_000, keeps: [] });
  const view = new LedgerWriter().add(
    runLine([{ name: "again", judged: true, storm: storm("kills one") }, { name: "again", judged: true, storm: storm("kills two") }]),
    { k: "storm", t: 1_000, phase: 0, step: "inject" }, { k: "storm", t: 2_000, phase: 1, step: "inject" },
  ).view();
  const findings = [1, 2].map((n) => finding(`again (${n}) / recovery`, "fail", { about: "storm", phase: "again" }));
  const suites = elementsOf(render(view, { grade: "fail", findings, unhealed: [], storms: [] }), "testsuite");
  expect(suites.map((one) => one.attributes["name"])).toEqual(["again (1)", "again (2)"]);
  expect(suites.map((one) => /kills \w+/.exec(textOf(one))?.[0])).toEqual(["kills one", "kills two"]);
});

const text = fc.oneof(fc.string({ unit: "binary", maxLength: 30 }), fc.constantFrom(...Object.values(hostile)), fc.constant("same"));
const anyFinding: fc.Arbitrary<Finding> = fc.record({
  id: text, about: fc.constant("budget" as const), grade: fc.constantFrom("pass" as const, "unsure" as const, "fail" as const), phase: fc.option(text, { nil: undefined }),
  journey: fc.constant(undefined), step: fc.constant(undefined), expected: text, observed: text, reason: text, evidence: text,
});

test("whatever the words: valid XML, unique names, red exactly when the verdict is not pass", () => {
  const view = poorCases.noSamples().view;
  fc.assert(fc.property(fc.array(anyFinding, { maxLength: 12 }), fc.array(text, { maxLength: 2 }), (findings, unhealed) => {
    const root = render(view, { grade: worst(findings.map((one) => one.grade)), findings, storms: [], unhealed });
    const cases = elementsOf(root, "testcase");
    expect(cases.length).toBeGreaterThanOrEqual(findings.length);
    expect(new Set(cases.map((one) => one.attributes["name"])).size).toBe(cases.length);
    expect(Number(root.attributes["tests"])).toBe(cases.length);
    expect(Number(root.attributes["failures"])).toBe(elementsOf(root, "failure").length);
    const green = findings.length > 0 && unhealed.length === 0 && findings.every((one) => one.grade === "pass");
    expect(elementsOf(root, "failure").length === 0).toBe(green);
  }), { numRuns: 200 });
});
