import { existsSync } from "node:fs";
import { readFile, rm } from "node:fs/promises";
import { delimiter, dirname, join } from "node:path";
import type { TouchFailed } from "../../src/model/op.ts";
import { problem } from "../../src/units/errors.ts";
import type { Ran, Runner, Trouble } from "../command/runner.ts";
import { Unreadable } from "../command/shape.ts";
import { readReport, type Report } from "./report.ts";

/** One user's Artillery. */
export interface ArtillerySession {
  /**
   * Runs the script once. `measure` is told the numbers of its report's summaries, one a name. Throws `TouchFailed` when
   * something of it was not ok.
   */
  run(measure: (name: string, ms: number) => void): Promise<void>;
}

export interface Script {
  readonly script: string;
  readonly environment: string | undefined;
  readonly bin: string;
}

/** The step of what went wrong with the run itself, and that of its requests. */
const [ofRun, ofRequests] = ["run", "requests"];
const mostSummaries = 20;
/** Summaries of other things than times, such as layout shifts, are quoted and no measures. */
const ofTimes = /time|length|latency|FCP|LCP|TTFB|INP/;

export class OpenArtillery implements ArtillerySession {
  readonly runner: Runner;
  readonly #script: Script;

  constructor(runner: Runner, script: Script) {
    this.runner = runner;
    this.#script = script;
  }

  async run(measure: (name: string, ms: number) => void): Promise<void> {
    const { runner } = this;
    const { script, environment, bin } = this.#script;
    const path = join(runner.variables["SEATRIAL_FOLDER"]!, "report.json");
    await rm(path, { force: true });
    const words = [bin, "run", "--quiet", "--output", path, ...(runner.variables["SEATRIAL_BASE"] === undefined ? [] : ["--target", runner.variables["SEATRIAL_BASE"]]), ...(environment === undefined ? [] : ["--environment", environment]), script];
    // Unasked it would tell its makers of every run.
    const ran = await runner.run(ofRun, `ARTILLERY_DISABLE_TELEMETRY=true exec ${words.map(quote).join(" ")}`, 0);
    let failed: TouchFailed | undefined;
    const fail = (trouble: Trouble) => void (failed = runner.fail(ofRun, ran.beganMs, trouble, ran.endedMs));
    const { code, by } = ran.ending;
    try {
      const text = await readFile(path, "utf8").catch(() => undefined);
      if (text === undefined) fail(this.#trouble(ran, "unsure", "no results", "no report was written"));
      else {
        const report = readReport(text);
        this.#fold(report, ran, measure);
        if (report.counts.length === 0) fail(this.#trouble(ran, "unsure", "no requests", "the report counts none"));
        else if (by !== undefined) fail(this.#trouble(ran, "unsure", `ended by ${by}`, "its report may not be whole"));
        // Its own `ensure` and `expect` end it so.
        else if (code !== 0) fail(this.#trouble(ran, "refused", `exit code ${code}`, "a check of the script's own did not hold"));
      }
    } catch (error) {
      if (!(error instanceof Unreadable)) throw error;
      fail(this.#trouble(ran, "unsure", "broken results", error.message));
    }
    if (failed) throw failed;
  }

  #fold({ counts, summaries, counters }: Report, ran: Ran, measure: (name: string, ms: number) => void): void {
    const { record, clock, say } = this.runner.context;
    const wallAheadMs = clock.wallMs() - clock.now();
    for (const { fromMs, outcome, count, cause, status } of counts) {
      const beganMs = Math.min(Math.max(fromMs - wallAheadMs, ran.beganMs), ran.endedMs);
      const failure = cause === undefined ? undefined : { cause: this.runner.clean(cause), request: `${this.#script.script}, by Artillery`, ...(status !== undefined && { status }) };
      record.tally?.(ofRequests, beganMs, outcome, count, failure);
    }
    const told = ["vusers.created", "vusers.completed", "vusers.failed", "vusers.skipped", "http.requests", "http.responses"].flatMap((name) => (counters.has(name) ? `${name} ${counters.get(name)}` : []));
    say(`Artillery counted of ${this.#script.script}: ${told.join(", ")}`);
    for (const { name, count, values } of summaries.slice(0, mostSummaries)) {
      say(`Artillery's own summary of ${name}: ${Object.entries(values).map(([value, of]) => `${value} ${of}`).join(", ")} of ${count}`);
      if (ofTimes.test(name)) for (const [value, ms] of Object.entries(values)) measure(`artillery: ${value} of ${name}`, ms);
    }
  }

  #trouble({ ending: { code, by, said } }: Ran, outcome: Trouble["outcome"], cause: string, error: string): Trouble {
    return { outcome, cause, request: `artillery run ${this.#script.script}`, error: `${error} (${by ?? `exit code ${code}`})`, body: said.trim().slice(-500) };
  }
}

const quote = (word: string): string => `'${word.replaceAll("'", "'\\''")}'`;

/** @throws SEA_ARTILLERY_MISSING when neither the project nor the PATH has it */
export function programIn(cwd: string, path = ""): string {
  for (let folder = cwd; ; folder = dirname(folder)) {
    const program = join(folder, "node_modules/.bin/artillery");
    if (existsSync(program)) return program;
    if (folder === dirname(folder)) break;
  }
  const found = path.split(delimiter).map((folder) => join(folder, "artillery")).find((file) => existsSync(file));
  if (found === undefined) throw problem("SEA_ARTILLERY_MISSING", { folder: cwd }, "artillery.bin");
  return found;
}
