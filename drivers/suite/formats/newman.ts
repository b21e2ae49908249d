import type { Case, Results } from "../case.ts";
import { Shape } from "../../command/shape.ts";

/** What Newman's `json` reporter writes: every execution of a request, with the assertions of its scripts. */
export function readNewman(text: string): Results {
  const report = Shape.parse(text);
  const paths = new Map<string, readonly string[]>();
  learn(report.get("collection"), [], paths);
  const run = report.get("run");
  let atMs = run.get("timings").get("started").number();
  const cycles = run.get("stats").get("iterations").get("total").number();
  const cases = run.get("executions").list().map((execution) => {
    const one = caseOf(execution, paths, atMs, cycles);
    atMs += one.ms;
    return one;
  });
  const error = run.maybe("error");
  return { cases, errors: error ? [messageOf(error)] : [] };
}

/** The folders that an item is in. */
function learn(folder: Shape, outer: readonly string[], paths: Map<string, readonly string[]>): void {
  for (const item of folder.items("item")) {
    const path = [...outer, item.maybe("name")?.text() ?? "(no name)"];
    const id = item.maybe("id")?.text();
    if (id !== undefined) paths.set(id, path);
    learn(item, path, paths);
  }
}

function caseOf(execution: Shape, paths: ReadonlyMap<string, readonly string[]>, startedMs: number, cycles: number): Case {
  const item = execution.get("item");
  const path = paths.get(item.maybe("id")?.text() ?? "") ?? [item.get("name").text()];
  const iteration = execution.get("cursor").get("iteration").number();
  // Without an answer nobody wrote down how long it took.
  const ms = execution.maybe("response")?.get("responseTime").number() ?? 0;
  const common = { path, ms, startedMs, ...(cycles > 1 && { note: `iteration ${iteration + 1}` }) };
  const request = execution.maybe("requestError");
  if (request) return { ...common, outcome: "unsure", cause: `request: ${request.maybe("code")?.text() ?? "failed"}`, error: messageOf(request) };
  const scripts = ["prerequestScript", "testScript"].flatMap((name) => execution.items(name)).flatMap((script) => script.maybe("error") ?? []);
  if (scripts.length > 0) return { ...common, outcome: "refused", cause: "script failed", error: scripts.map(messageOf).join("\n") };
  const failed = execution.items("assertions").flatMap((one) => {
    const error = one.maybe("error");
    return error ? [`${one.get("assertion").text()}: ${messageOf(error)}`] : [];
  });
  if (failed.length > 0) return { ...common, outcome: "refused", cause: "assertion failed", error: failed.join("\n") };
  return { ...common, outcome: "ok" };
}

const messageOf = (error: Shape): string => error.maybe("message")?.text() ?? JSON.stringify(error.value);
