import { expect, test } from "vitest";
import { markdown } from "../../reports/markdown/index.ts";
import type { LedgerView } from "../../src/ledger/view.ts";
import type { Verdict } from "../../src/model/verdict.ts";
import { finding, gameDay, gameDayVerdict, hostile } from "./game-day.ts";
import { poorCases } from "./poor.ts";

const render = (view: LedgerView, verdict: Verdict) => markdown.render(view, verdict).files["summary.md"] as string;

test("begins with the verdict, then what did not pass", () => {
  const text = render(gameDay(), gameDayVerdict);
  expect(text.split("\n")[0]).toBe("## ❌ FAIL: game day");
  const at = gameDayVerdict.findings.filter((one) => one.grade !== "pass").map((one) => text.indexOf(one.expected));
  expect(Math.max(...at)).toBeLessThan(text.indexOf("passed</summary>"));
  expect(at).not.toContain(-1);
});

test("every row of a table has as many cells as its head", () => {
  const text = render(gameDay(), { ...gameDayVerdict, findings: [...gameDayVerdict.findings, finding(hostile.table, "fail", { observed: hostile.table })] });
  const rows = text.split("\n").map((line) => (line.startsWith("|") ? line.replaceAll("\\|", "").split("|").length : 0));
  for (let i = 1; i < rows.length; i++) if (rows[i]! > 0 && rows[i - 1]! > 0) expect(rows[i], text.split("\n")[i]).toBe(rows[i - 1]);
});

test("no hostile word becomes markup", () => {
  const text = render(gameDay(), gameDayVerdict);
  expect(text).not.toMatch(/<(?!\/?(details|summary)>)/);
  expect(text).not.toMatch(/[\u0000\u0007\u001b\u202e]/);
});

test("a thousand findings still fit a job summary", () => {
  const many = Array.from({ length: 1_000 }, (_, i) => finding(`finding ${i} ${hostile.long}`, i % 2 ? "fail" : "pass", { reason: hostile.long }));
  const text = render(gameDay(), { grade: "fail", findings: many, unhealed: [], storms: [] });
  expect(text.length).toBeLessThan(500_000);
  expect(text).toContain("and 450 more");
});

test.each(Object.entries(poorCases))("%s says its grade and what is missing", (name, make) => {
  const { view, verdict } = make();
  const text = render(view, verdict);
  expect(text).toContain(verdict.grade.toUpperCase());
  expect(text).not.toContain("NaN");
  if (name === "torn") expect(text).toContain("line 6 is torn");
});
