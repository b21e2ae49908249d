import { stripVTControlCharacters } from "node:util";
import { relative } from "node:path";
import type { Case, Results } from "../case.ts";
import { Shape } from "../../command/shape.ts";

/** What the `json` reporter of vitest and jest writes: files, with their tests. @param cwd names of files count from it */
export function readVitest(text: string, cwd: string): Results {
  const report = Shape.parse(text);
  const success = report.get("success").flag();
  const cases = report.get("testResults").list().flatMap((file) => casesIn(file, cwd));
  const isGood = cases.every(({ outcome }) => outcome === "ok" || outcome === "skipped");
  return { cases, errors: isGood && !success ? ["the results say that the run had no success, though no case failed"] : [] };
}

function casesIn(file: Shape, cwd: string): Case[] {
  const name = relative(cwd, file.get("name").text());
  let atMs = file.maybe("startTime")?.number();
  const cases = file.get("assertionResults").list().map((test): Case => {
    const status = test.get("status").oneOf("passed", "failed", "skipped", "pending", "todo", "disabled");
    const path = [name, ...test.get("ancestorTitles").list().map((title) => title.text()), test.get("title").text()];
    if (status !== "passed" && status !== "failed") return { path, outcome: "skipped", ms: 0 };
    const ms = test.maybe("duration")?.number() ?? 0;
    const error = stripVTControlCharacters(test.items("failureMessages").map((one) => one.text()).join("\n\n"));
    const common = { path, ms, ...(atMs !== undefined && { startedMs: atMs }) };
    // Only the file says when it began; its tests come one after the other.
    if (atMs !== undefined) atMs += ms;
    if (status === "failed") return { ...common, outcome: "refused", cause: "failed", error };
    // A test that passed and has failures had them on earlier tries.
    return error === "" ? { ...common, outcome: "ok" } : { ...common, outcome: "ok", isFlaky: true, error };
  });
  const failed = file.get("status").oneOf("passed", "failed", "skipped", "pending", "focused") === "failed";
  if (!failed || cases.some(({ outcome }) => outcome === "refused")) return cases;
  // It could not be loaded, or a hook of it failed.
  return [...cases, { path: [name], outcome: "refused", ms: 0, cause: "failed", error: stripVTControlCharacters(file.maybe("message")?.text() ?? "") }];
}
