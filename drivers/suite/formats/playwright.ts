import { stripVTControlCharacters } from "node:util";
import type { Case, Results } from "../case.ts";
import { Shape } from "../../command/shape.ts";

const causes = { failed: "failed", timedOut: "timed out", interrupted: "interrupted" } as const;

/** What Playwright's `json` reporter writes: a tree of files and groups, with every try of every test. */
export function readPlaywright(text: string): Results {
  const report = Shape.parse(text);
  const suites = report.get("suites").list();
  const projects = new Set(suites.flatMap(projectsIn));
  return {
    cases: suites.flatMap((suite) => casesIn(suite, [], projects.size > 1)),
    errors: report.get("errors").list().map(messageOf),
  };
}

const projectsIn = (suite: Shape): string[] => [
  ...suite.items("specs").flatMap((spec) => spec.get("tests").list().map((test) => test.get("projectName").text())),
  ...suite.items("suites").flatMap(projectsIn),
];

function casesIn(suite: Shape, outer: readonly string[], manyProjects: boolean): Case[] {
  const path = [...outer, suite.get("title").text()];
  return [
    ...suite.items("specs").flatMap((spec) =>
      spec.get("tests").list().map((test) => {
        const project = test.get("projectName").text();
        return caseOf(test, [...(manyProjects ? [project] : []), ...path, spec.get("title").text()]);
      }),
    ),
    ...suite.items("suites").flatMap((inner) => casesIn(inner, path, manyProjects)),
  ];
}

/** Its status weighs the tries against what was expected: a test that is known to fail, and does, is `expected`. */
function caseOf(test: Shape, path: readonly string[]): Case {
  const status = test.get("status").oneOf("expected", "unexpected", "flaky", "skipped");
  const tries = test.get("results").list();
  const last = tries.at(-1);
  // One that the run never came to has no try at all, and is skipped, too.
  if (status === "skipped" || !last) return { path, outcome: status === "skipped" ? "skipped" : "unsure", ms: 0, ...(status !== "skipped" && { cause: "never tried" }) };
  const common = { path, ms: last.get("duration").number(), startedMs: last.get("startTime").time(), tries: tries.length };
  const ended = last.get("status").oneOf("passed", "failed", "timedOut", "interrupted", "skipped");
  if (status === "expected") return { ...common, outcome: "ok" };
  if (status === "flaky") return { ...common, outcome: "ok", isFlaky: true, error: errorOf(tries[0]!) };
  const cause = ended === "passed" || ended === "skipped" ? `${ended} unexpectedly` : causes[ended];
  return { ...common, outcome: ended === "interrupted" ? "unsure" : "refused", cause, error: errorOf(last) };
}

const errorOf = (result: Shape): string => result.items("errors").map(messageOf).join("\n\n");

const messageOf = (error: Shape): string => stripVTControlCharacters((error.maybe("message") ?? error.maybe("value"))?.text() ?? "an error without a message");
