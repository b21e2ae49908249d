import { appendFile } from "node:fs/promises";
import { dirname, relative } from "node:path";
import { Option } from "commander";
import type { EndLine } from "../ledger/lines.ts";
import { readLedgers } from "../ledger/read.ts";
import type { LedgerView } from "../ledger/view.ts";
import { judge, type JudgeOptions } from "../judge/index.ts";
import type { Verdict } from "../model/verdict.ts";
import { problem } from "../units/errors.ts";
import { exitCodeOf } from "./exit.ts";
import { writeRendering } from "./folder.ts";
import { sayProblem } from "./say.ts";

export type Format = keyof (typeof import("../../reports/index.ts"))["reports"];

/** What a run writes unless told otherwise. */
const usual: readonly Format[] = ["html", "junit", "json", "markdown", "csv"];
/** Known here too, so that a slip of the finger is told before a run of hours, not after it. */
const known: Readonly<Record<Format, true>> = { html: true, junit: true, json: true, markdown: true, csv: true, ctrf: true, terminal: true };

function readFormats(flag: string, text: string): readonly Format[] {
  if (text === "none") return [];
  const formats = text.split(",").map((one) => one.trim());
  const unknown = formats.filter((one) => !Object.hasOwn(known, one));
  if (unknown.length > 0) throw problem("SEA_USAGE", { what: `there is no report '${unknown.join("', '")}'`, hint: `known are: ${Object.keys(known).join(", ")}` }, flag);
  return formats as Format[];
}

export function reportOption(flag = "--report"): Option {
  return new Option(`${flag} <formats>`, `${Object.keys(known).join(", ")}: one or more, separated by commas; none for none`).argParser((text) => readFormats(flag, text));
}

export interface Conclusion extends JudgeOptions {
  /** Where reports go; default: beside the first ledger. */
  readonly folder?: string;
  readonly formats?: readonly Format[] | undefined;
  /** How the run ended as far as this process knows, when it played it. */
  readonly end?: EndLine | undefined;
  /** Told what was printed. */
  readonly tell?: ((told: Concluded) => void) | undefined;
}

/** The last word on a run. */
export interface Concluded {
  readonly view: LedgerView;
  readonly verdict: Verdict;
  readonly paths: readonly (readonly [what: string, path: string])[];
  readonly exitCode: number;
}

/** Judges ledgers, writes the reports, prints the verdict; answers the exit code. */
export async function conclude(ledgers: readonly string[], { folder = dirname(ledgers[0]!), formats = usual, end, tell, ...options }: Conclusion): Promise<number> {
  const { reports, finalText, mannerOf } = await import("../../reports/index.ts");
  const view = await readLedgers(ledgers, folder);
  const verdict = judge(view, options);
  const near = (path: string) => relative(process.cwd(), path) || path;
  const paths: (readonly [string, string])[] = [];
  for (const format of formats) {
    try {
      paths.push([format, near(await writeRendering(folder, reports[format].render(view, verdict, relative(process.cwd(), folder).replaceAll("\\", "/"))))]);
    } catch (error) {
      // A report that can't be written must not hide the verdict.
      sayProblem(error);
    }
  }
  const { colour, columns } = mannerOf(process.stdout, process.env);
  const written = [...paths, ...ledgers.map((ledger) => ["ledger", near(ledger)] as const)];
  process.stdout.write(finalText(view, verdict, { colour, columns }, written));
  await addToJobSummary(() => Object.values(reports.markdown.render(view, verdict).files).join("\n"));
  const exitCode = exitCodeOf(verdict, end ?? view.end);
  tell?.({ view, verdict, paths: written, exitCode });
  return exitCode;
}

/** On a CI system that shows a page for each job, the verdict stands on it. */
async function addToJobSummary(text: () => string): Promise<void> {
  const page = process.env["GITHUB_STEP_SUMMARY"];
  if (!page) return;
  try {
    await appendFile(page, `${text()}\n`);
  } catch (error) {
    sayProblem(error);
  }
}
