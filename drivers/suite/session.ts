import { resolve } from "node:path";
import type { Artifact, TouchFailed } from "../../src/model/op.ts";
import type { Ran, Runner, Trouble } from "../command/runner.ts";
import { Unreadable } from "../command/shape.ts";
import type { Case, Results } from "./case.ts";
import { versionsAt, writtenSince } from "./results.ts";
import type { Settings } from "./settings.ts";

/** One user's suite. */
export interface SuiteSession {
  /** Runs the suite once: every case of it is an op. Throws `TouchFailed` when one of them, or the run itself, was not ok. */
  run(): Promise<void>;
}

/** The step of what went wrong with the run itself. */
const ofRun = "run";
const mostNamed = 5;
const mostStepLength = 200;
/** Some tools write whole seconds, rounded up. */
const roundingMs = 1_000;

/** What a run came to, in its own order: written down when the evidence of its failures is. */
class Log {
  readonly #runner: Runner;
  readonly #ran: Ran;
  readonly #lines: ((artifacts: readonly Artifact[]) => void)[] = [];
  /** Some failure of it will be shown, and can use evidence. */
  wantsEvidence = false;
  failed: TouchFailed | undefined;

  constructor(runner: Runner, ran: Ran) {
    this.#runner = runner;
    this.#ran = ran;
  }

  ok(write: () => void): void {
    this.#lines.push(write);
  }

  fail(trouble: Trouble, step = ofRun, beganMs = this.#ran.beganMs, endedMs = this.#ran.endedMs): void {
    this.wantsEvidence ||= this.#runner.context.record.keeps?.(step, trouble.cause) ?? true;
    this.#lines.push((artifacts) => {
      const error = this.#runner.fail(step, beganMs, artifacts.length > 0 ? { ...trouble, artifacts } : trouble, endedMs);
      // A case that surely failed says more than one that nobody knows of.
      if (!this.failed || (this.failed.outcome === "unsure" && trouble.outcome === "refused")) this.failed = error;
    });
  }

  write(artifacts: readonly Artifact[]): void {
    for (const line of this.#lines) line(artifacts);
  }
}

export class OpenSuite implements SuiteSession {
  readonly runner: Runner;
  readonly #settings: Settings;

  constructor(runner: Runner, settings: Settings) {
    this.runner = runner;
    this.#settings = settings;
  }

  async run(): Promise<void> {
    const { run, results, format, limitBytes } = this.#settings;
    const { runner } = this;
    const path = results === undefined ? undefined : resolve(runner.cwd, results.replaceAll("$SEATRIAL_FOLDER", runner.variables["SEATRIAL_FOLDER"]!));
    const before = path === undefined ? new Map() : await versionsAt(path, format.ending);
    const ran = await runner.run(ofRun, run, path === undefined ? limitBytes : 0);
    const log = new Log(runner, ran);
    try {
      const texts = path === undefined ? ran.ending.stdout === undefined ? undefined : [ran.ending.stdout] : await writtenSince(before, path, format.ending, limitBytes);
      if (texts === undefined) throw new Unreadable(`the results have more than ${limitBytes} bytes`);
      if (texts.every((text) => text.trim() === "")) log.fail(this.#trouble(ran, "no results", path === undefined ? "nothing on standard output" : `nothing new at ${results}`));
      else this.#record(await this.#read(texts), ran, log);
    } catch (error) {
      if (!(error instanceof Unreadable)) throw error;
      log.fail(this.#trouble(ran, "broken results", error.message));
    }
    log.write(log.wantsEvidence ? await this.#keep(ran) : []);
    if (log.failed) throw log.failed;
  }

  async #read(texts: readonly string[]): Promise<Results> {
    const read = await this.#settings.format.load();
    const all: Results[] = [];
    for (const text of texts) all.push(await read(text, this.runner.cwd));
    return { cases: all.flatMap(({ cases }) => cases), errors: all.flatMap(({ errors }) => errors) };
  }

  #record({ cases, errors }: Results, ran: Ran, log: Log): void {
    const { record, clock } = this.runner.context;
    const longest = cases.find(({ ms }) => ms > ran.endedMs - ran.beganMs + roundingMs);
    if (longest) throw new Unreadable(`${stepOf(longest)} took ${Math.round(longest.ms)} ms, longer than the whole run: the results are of another one`);
    const wallAheadMs = clock.wallMs() - clock.now();
    let bad = errors.length;
    for (const one of cases) {
      if (one.outcome === "skipped") continue;
      // By the suite's own watch, which may round; but within the run.
      const ms = Math.min(one.ms, ran.endedMs - ran.beganMs);
      const askedMs = one.startedMs === undefined ? ran.beganMs : one.startedMs - wallAheadMs;
      const beganMs = Math.max(ran.beganMs, Math.min(askedMs, ran.endedMs - ms));
      const endedMs = Math.min(beganMs + ms, ran.endedMs);
      const step = stepOf(one);
      const { error } = one;
      if (one.outcome !== "ok") {
        bad++;
        log.fail({ outcome: one.outcome, ...failureOf(one, one.cause ?? "failed") }, step, beganMs, endedMs);
      } else if (one.isFlaky) {
        const earlier = { ...failureOf(one, "flaky"), ...(error !== undefined && { error: this.runner.clean(firstLine(error)), body: this.runner.clean(error) }) };
        log.ok(() => record.op(step, beganMs, endedMs, "ok", earlier));
        this.runner.context.say(`flaky: ${step} passed, but not on the first try`);
      } else log.ok(() => record.op(step, beganMs, endedMs, "ok"));
    }
    const skipped = cases.filter(({ outcome }) => outcome === "skipped").map(stepOf);
    if (skipped.length > 0) {
      const names = skipped.slice(0, mostNamed).join("; ");
      this.runner.context.say(`${skipped.length} of ${cases.length} cases were skipped: ${names}${skipped.length > mostNamed ? "; …" : ""}`);
    }
    for (const error of errors) log.fail({ ...this.#trouble(ran, "error outside of the cases", firstLine(error)), outcome: "refused", body: error });
    if (skipped.length === cases.length) log.fail(this.#trouble(ran, "no cases", cases.length === 0 ? "the results hold none" : "all were skipped"));
    // Of two witnesses who contradict each other, one is wrong.
    const { code, by } = ran.ending;
    if (by !== undefined) log.fail(this.#trouble(ran, `ended by ${by}`, "its results may not be whole"));
    else if (bad === 0 && code !== 0) log.fail({ ...this.#trouble(ran, `exit code ${code}`, "no case says why"), outcome: "refused" });
    else if (bad > 0 && code === 0) log.fail(this.#trouble(ran, "exit code 0", "and yet there are failures in its results: does its command hide how it ended?"));
  }

  /** Something is wrong with the run itself: its cases may have happened. */
  #trouble({ ending: { code, by, said } }: Ran, cause: string, error: string): Trouble {
    const end = by ?? `exit code ${code}`;
    return { outcome: "unsure", cause, request: this.#settings.run.slice(0, 300), error: `${error} (${end})`, body: said.trim().slice(-500) };
  }

  /** What a run printed that was not good: the last of it. */
  async #keep({ ending }: Ran): Promise<readonly Artifact[]> {
    if (ending.said === "") return [];
    const path = await this.runner.context.artifacts.save(`suite-${this.#settings.name}.log`, this.runner.clean(ending.said));
    return path === undefined ? [] : [{ name: "output", path, type: "text/plain" }];
  }
}

/** Names may hold anything; a step is one line. */
const stepOf = ({ path }: Case): string => {
  const step = path.map((part) => part.replace(/\s+/g, " ").trim()).filter(Boolean).join(" › ") || "(no name)";
  return step.length > mostStepLength ? `${step.slice(0, mostStepLength - 1)}…` : step;
};

const firstLine = (text: string): string => text.trim().split("\n")[0]!;

/** The whole name stands in the request: beyond the bound on steps, many share one. */
function failureOf(one: Case, cause: string): { cause: string; request: string; error?: string; body?: string } {
  const tries = one.tries !== undefined && one.tries > 1 ? `${one.tries} tries` : undefined;
  const notes = [one.note, tries].filter(Boolean).join(", ");
  const error = one.error?.trim();
  return { cause, request: `${stepOf(one)}${notes && ` (${notes})`}`, ...(error && { error: firstLine(error), body: error }) };
}
