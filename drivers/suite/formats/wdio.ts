import { stripVTControlCharacters } from "node:util";
import type { Case, Results } from "../case.ts";
import { Shape } from "../../command/shape.ts";

/** What `@wdio/json-reporter` writes, a file a worker: suites with their tests and hooks. */
export function readWdio(text: string): Results {
  const report = Shape.parse(text);
  const browser = report.get("capabilities").maybe("browserName")?.value;
  const suites = report.get("suites").list();
  const cases = suites.flatMap((suite) => {
    const name = suite.get("name").text();
    const tests = suite.get("tests").list().map((test) => caseOf(test, [name, test.get("name").text()], browser));
    const hooks = suite.items("hooks").filter((hook) => hook.maybe("error")).map((hook): Case => {
      const path = [name, hook.get("title").text()];
      return { path, ms: hook.maybe("duration")?.number() ?? 0, outcome: "refused", cause: "hook failed", error: messageOf(hook.get("error")) };
    });
    return [...tests, ...hooks];
  });
  // The report of a worker that could not start its session says so here alone, if at all.
  const failed = report.get("state").get("failed").number();
  const seen = cases.filter(({ outcome }) => outcome === "refused").length;
  return { cases, errors: failed > seen ? [`${failed} failures were counted, and ${seen} can be found`] : [] };
}

function caseOf(test: Shape, path: readonly string[], browser: unknown): Case {
  const state = test.get("state").oneOf("passed", "failed", "skipped", "pending");
  if (state === "skipped" || state === "pending") return { path, outcome: state === "skipped" ? "skipped" : "unsure", ms: 0, ...(state === "pending" && { cause: "never ended" }) };
  const note = typeof browser === "string" ? { note: browser } : {};
  const common = { path, ms: test.maybe("duration")?.number() ?? 0, startedMs: test.get("start").time(), ...note };
  return state === "passed" ? { ...common, outcome: "ok" } : { ...common, outcome: "refused", cause: "failed", error: test.maybe("error") ? messageOf(test.get("error")) : "" };
}

const messageOf = (error: Shape): string => stripVTControlCharacters((error.maybe("message") ?? error.maybe("stack"))?.text() ?? "an error without a message");
