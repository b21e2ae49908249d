import { resolve } from "node:path";
import { TouchFailed } from "../../src/model/op.ts";
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
const mostSaved = 20;
/** Some tools write whole seconds, rounded up. */
const roundingMs = 1_000;

/** How many outputs of one suite were kept. */
export interface Shelf {
  saved: number;
}

export class OpenSuite implements SuiteSession {
  readonly runner: Runner;
  readonly #settings: Settings;
  readonly #shelf: Shelf;

  constructor(runner: Runner, settings: Settings, shelf: Shelf) {
    this.runner = runner;
    this.#settings = settings;
    this.#shelf = shelf;
  }

  async run(): Promise<void> {
    const { run, results, format, limitBytes } = this.#settings;
    const { runner } = this;
    const path = results === undefined ? undefined : resolve(runner.cwd, results.replaceAll("$SEATRIAL_FOLDER", runner.variables["SEATRIAL_FOLDER"]!));
    const before = path === undefined ? new Map() : await versionsAt(path, format.ending);
    const ran = await runner.run(ofRun, run, path === undefined ? limitBytes : 0);
    let failed: TouchFailed | undefined;
    const fail = (trouble: Trouble, step = ofRun, beganMs = ran.beganMs, endedMs = ran.endedMs): void => {
      const error = runner.fail(step, beganMs, trouble, endedMs);
      // A case that surely failed says more than one that nobody knows of.
      if (!failed || (failed.outcome === "unsure" && trouble.outcome === "refused")) failed = error;
    };
    try {
      const texts = path === undefined ? ran.ending.stdout === undefined ? undefined : [ran.ending.stdout] : await writtenSince(before, path, format.ending, limitBytes);
      if (texts === undefined) throw new Unreadable(`the results have more than ${limitBytes} bytes`);
      if (texts.every((text) => text.trim() === "")) fail(this.#trouble(ran, "no results", path === undefined ? "nothing on standard output" : `nothing new at ${results}`));
      else this.#record(await this.#read(texts), ran, fail);
    } catch (error) {
      if (!(error instanceof Unreadable)) throw error;
      fail(this.#trouble(ran, "broken results", error.message));
    }
    if (!failed) return;
    await this.#keep(ran);
    throw failed;
  }

  async #read(texts: readonly string[]): Promise<Results> {
    const read = await this.#settings.format.load();
    const all: Results[] = [];
    for (const text of texts) all.push(await read(text, this.runner.cwd));
    return { cases: all.flatMap(({ cases }) => cases), errors: all.flatMap(({ errors }) => errors) };
  }

  #record({ cases, errors }: Results, ran: Ran, fail: (trouble: Trouble, step?: string, beganMs?: number, endedMs?: number) => void): void {
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
        fail({ outcome: one.outcome, ...failureOf(one, one.cause ?? "failed") }, step, beganMs, endedMs);
      } else if (one.isFlaky) {
        record.op(step, beganMs, endedMs, "ok", { ...failureOf(one, "flaky"), ...(error !== undefined && { error: this.runner.clean(firstLine(error)), body: this.runner.clean(error) }) });
        this.runner.context.say(`flaky: ${step} passed, but not on the first try`);
      } else record.op(step, beganMs, endedMs, "ok");
    }
    const skipped = cases.filter(({ outcome }) => outcome === "skipped").map(stepOf);
    if (skipped.length > 0) {
      const names = skipped.slice(0, mostNamed).join("; ");
      this.runner.context.say(`${skipped.length} of ${cases.length} cases were skipped: ${names}${skipped.length > mostNamed ? "; …" : ""}`);
    }
    for (const error of errors) fail({ ...this.#trouble(ran, "error outside of the cases", firstLine(error)), outcome: "refused", body: error });
    if (skipped.length === cases.length) fail(this.#trouble(ran, "no cases", cases.length === 0 ? "the results hold none" : "all were skipped"));
    // Of two witnesses who contradict each other, one is wrong.
    const { code, by } = ran.ending;
    if (by !== undefined) fail(this.#trouble(ran, `ended by ${by}`, "its results may not be whole"));
    else if (bad === 0 && code !== 0) fail({ ...this.#trouble(ran, `exit code ${code}`, "no case says why"), outcome: "refused" });
    else if (bad > 0 && code === 0) fail(this.#trouble(ran, "exit code 0", "and yet there are failures in its results: does its command hide how it ended?"));
  }

  /** Something is wrong with the run itself: its cases may have happened. */
  #trouble({ ending: { code, by, said } }: Ran, cause: string, error: string): Trouble {
    const end = by ?? `exit code ${code}`;
    return { outcome: "unsure", cause, request: this.#settings.run.slice(0, 300), error: `${error} (${end})`, body: said.trim().slice(-500) };
  }

  /** What a run printed that was not good: the last of it, some of them. */
  async #keep({ ending }: Ran): Promise<void> {
    if (ending.said === "" || this.#shelf.saved >= mostSaved) return;
    const { artifacts, say } = this.runner.context;
    const path = await artifacts.save(`suite-${this.#settings.name}-${++this.#shelf.saved}.log`, this.runner.clean(ending.said));
    say(`what the suite ${this.#settings.name} printed when it was not ok: ${path}`);
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
