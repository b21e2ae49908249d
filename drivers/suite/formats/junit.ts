import type { SaxesParser as Parser } from "saxes";
import { Unreadable } from "../../command/shape.ts";
import type { Case, Results } from "../case.ts";

/** A suite or a case that is open while the document is read. */
interface Open {
  readonly tag: string;
  readonly path: readonly string[];
  readonly attributes: Readonly<Record<string, string>>;
  /** Where the next of its cases begins, as far as the document says it. */
  atMs: number | undefined;
  text: string;
  /** Of a case: what was said of it. */
  ended?: "failure" | "error" | "skipped";
  message?: string;
  isFlaky?: boolean;
}

const suites = new Set(["testsuites", "testsuite"]);
/** Surefire's words for what went wrong on an earlier try, of a case that passed in the end. */
const flaky = new Set(["flakyFailure", "flakyError"]);

/** JUnit's XML, in the dialects that most tools write: suites in suites, cases with failure, error or skipped. */
export async function readJunit(text: string): Promise<Results> {
  if (text.trim() === "") throw new Unreadable("the results are empty");
  const { SaxesParser } = await import("saxes");
  return read(new SaxesParser({ xmlns: false }) as Parser, text);
}

function read(parser: Parser, text: string): Results {
  const cases: Case[] = [];
  const errors: string[] = [];
  const open: Open[] = [];
  parser.on("error", (error) => {
    throw new Unreadable(`the results are not XML: ${error.message.slice(0, 200)}`);
  });
  parser.on("opentag", ({ name, attributes }) => {
    const outer = open.at(-1);
    const given = attributes as Record<string, string>;
    if (!outer && !suites.has(name)) throw new Unreadable(`the results begin with <${name}>, not with <testsuites> or <testsuite>`);
    const isPart = suites.has(name) || name === "testcase";
    if (isPart && outer && !suites.has(outer.tag)) throw new Unreadable(`<${name}> is in <${outer.tag}>`);
    const path = !isPart || (suites.has(name) && !given["name"]) || name === "testsuites" ? (outer?.path ?? []) : pathOf(name, given, outer?.path ?? []);
    const startedMs = given["timestamp"] === undefined ? undefined : timeOf(given["timestamp"]);
    open.push({ tag: name, path, attributes: given, atMs: startedMs ?? outer?.atMs, text: "" });
  });
  const keep = (more: string) => {
    const last = open.at(-1);
    if (last) last.text += more;
  };
  parser.on("text", keep);
  parser.on("cdata", keep);
  parser.on("closetag", () => {
    const { tag, text: said, attributes, ...rest } = open.pop()!;
    const outer = open.at(-1);
    if (tag === "testcase") {
      const one = caseOf({ tag, text: said, attributes, ...rest }, outer?.atMs);
      cases.push(one);
      if (outer?.atMs !== undefined) outer.atMs += one.ms;
    } else if (outer?.tag === "testcase") {
      const message = [attributes["message"], said.trim()].filter(Boolean).join("\n");
      if (tag === "failure" || tag === "error" || tag === "skipped") {
        // The worst of what is said: a case with an error and a failure has failed.
        if (outer.ended === undefined || outer.ended === "skipped") outer.ended = tag;
        if (tag !== "skipped") outer.message = [outer.message, message].filter(Boolean).join("\n\n");
      } else if (flaky.has(tag)) {
        outer.isFlaky = true;
        outer.message ??= message;
      }
    } else if (outer?.tag === "testsuite" && tag === "error") {
      errors.push([attributes["message"], said.trim()].filter(Boolean).join("\n") || "an error of the suite");
    }
  });
  parser.write(text).close();
  return { cases, errors };
}

/** A case is named by its suite and itself; its class stands between them where it says something else. */
function pathOf(tag: string, { name, classname }: Open["attributes"], outer: readonly string[]): readonly string[] {
  if (name === undefined) throw new Unreadable(`a <${tag}> has no name`);
  const isNew = tag === "testcase" && classname && !outer.includes(classname) && classname !== name;
  return [...outer, ...(isNew ? [classname] : []), name];
}

function timeOf(text: string): number {
  const ms = new Date(text).getTime();
  if (Number.isNaN(ms)) throw new Unreadable(`'${text.slice(0, 60)}' is no timestamp`);
  return ms;
}

function caseOf({ path, attributes, ended, message, isFlaky }: Open, atMs: number | undefined): Case {
  // Some tools group thousands with a comma.
  const seconds = Number((attributes["time"] ?? "0").replaceAll(",", ""));
  if (!(seconds >= 0 && seconds < Infinity)) throw new Unreadable(`'${attributes["time"]}' is no time of ${path.join(" › ")}`);
  const startedMs = attributes["timestamp"] === undefined ? atMs : timeOf(attributes["timestamp"]);
  const common = { path, ms: seconds * 1_000, ...(startedMs !== undefined && { startedMs }) };
  if (ended === "skipped") return { ...common, outcome: "skipped" };
  if (ended !== undefined) return { ...common, outcome: "refused", cause: ended === "failure" ? "failed" : "error", error: message ?? "" };
  return { ...common, outcome: "ok", ...(isFlaky && { isFlaky, error: message ?? "" }) };
}
