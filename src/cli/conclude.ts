import { dirname, relative } from "node:path";
import { Option } from "commander";
import type { EndLine } from "../ledger/lines.ts";
import { readLedger } from "../ledger/read.ts";
import { judge, type JudgeOptions } from "../judge/index.ts";
import { problem } from "../units/errors.ts";
import { exitCodeOf } from "./exit.ts";
import { writeRendering } from "./folder.ts";
import { sayProblem } from "./say.ts";

/** What a run writes unless told otherwise. */
const usual = ["html", "junit", "json", "markdown", "csv"] as const;

export function reportOption(): Option {
  return new Option("--report <formats>", "reports to write, separated by commas; none for none").argParser((text) =>
    text === "none" ? [] : text.split(",").map((one) => one.trim()).filter(Boolean),
  );
}

export interface Conclusion extends JudgeOptions {
  /** Where reports go; default: beside the first ledger. */
  readonly folder?: string;
  readonly formats?: readonly string[] | undefined;
  /** How the run ended as far as this process knows, when it played it. */
  readonly end?: EndLine | undefined;
}

/** Judges ledgers, writes the reports, prints the verdict; answers the exit code. */
export async function conclude(ledgers: readonly string[], { folder = dirname(ledgers[0]!), formats = usual, end, ...options }: Conclusion): Promise<number> {
  const { reports, finalText, mannerOf } = await import("../../reports/index.ts");
  const unknown = formats.filter((format) => !(format in reports));
  if (unknown.length > 0) throw problem("SEA_USAGE", { what: `there is no report '${unknown.join("', '")}'`, hint: `known are: ${Object.keys(reports).join(", ")}` }, "--report");
  const view = await readLedger(...ledgers);
  const verdict = judge(view, options);
  const near = (path: string) => relative(process.cwd(), path) || path;
  const paths: (readonly [string, string])[] = [];
  for (const format of formats) {
    try {
      paths.push([format, near(await writeRendering(folder, reports[format as keyof typeof reports].render(view, verdict)))]);
    } catch (error) {
      // A report that can't be written must not hide the verdict.
      sayProblem(error);
    }
  }
  const { colour, columns } = mannerOf(process.stdout, process.env);
  process.stdout.write(finalText(view, verdict, { colour, columns }, [...paths, ...ledgers.map((ledger) => ["ledger", near(ledger)] as const)]));
  return exitCodeOf(verdict, end ?? view.end);
}
