import { mkdirSync, rmSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { secretsIn } from "../../src/mask/values.ts";
import type { OpenContext } from "../../src/model/driver.ts";
import { cutCause, TouchFailed, type Failure } from "../../src/model/op.ts";
import { Command, type Ending } from "./command.ts";
import { variablesIn, type Place } from "./place.ts";

/** A run that came to its end by itself, good or bad. */
export interface Ran {
  readonly beganMs: number;
  readonly endedMs: number;
  readonly ending: Ending;
}

/** Why a run, or a part of it, was not ok. */
export interface Trouble extends Failure {
  readonly outcome: "refused" | "unsure";
}

/** Shorter ones keep no secret: `1`, `tty`. */
const leastSecret = 8;

/** One user who runs commands: with variables and a folder of their own, and nothing left behind. */
export class Runner {
  readonly context: OpenContext;
  readonly cwd: string;
  readonly variables: Readonly<Record<string, string>>;
  readonly #folder: string;
  readonly #timeoutMs: number;
  readonly #secrets: readonly string[];
  readonly #underWay = new Map<Command, () => void>();
  readonly #ending = new Set<Promise<void>>();
  #isCut: boolean;

  private constructor(driver: string, place: Place, context: OpenContext, folder: string) {
    this.context = context;
    this.cwd = resolve(place.cwd ?? ".");
    this.variables = variablesIn(driver, place, context, folder);
    this.#folder = folder;
    this.#timeoutMs = place.timeoutMs;
    const telling = secretsIn(Object.entries(this.variables).filter(([name, value]) => !/^(OLD)?PWD$/.test(name) && !value.startsWith("/")), context.mask.isSecret);
    this.#secrets = telling.filter(({ length }) => length >= leastSecret);
    this.#isCut = context.signal.aborted;
    context.signal.addEventListener("abort", this.#cut, { once: true });
  }

  /** @throws as `variablesIn` does */
  static async open(driver: string, place: Place, context: OpenContext): Promise<Runner> {
    const folder = await mkdtemp(join(tmpdir(), `seatrial-${driver}-`));
    try {
      return new Runner(driver, place, context, folder);
    } catch (error) {
      await rm(folder, { recursive: true, force: true });
      throw error;
    }
  }

  /**
   * Runs a command to its end.
   *
   * @throws TouchFailed, recorded as `step`, when its time was over or its user was cut; by then it is being ended
   */
  async run(step: string, run: string, keepBytes: number): Promise<Ran> {
    const { clock, record } = this.context;
    const beganMs = clock.now();
    if (this.#isCut) throw this.fail(step, beganMs, { outcome: "unsure", cause: cutCause, request: run });
    const command = new Command({ run, cwd: this.cwd, env: this.variables, keepBytes }, clock);
    record.begun?.();
    const { promise, resolve, reject } = Promise.withResolvers<Ran>();
    const stop = (cause: string) => {
      if (!this.#underWay.delete(command)) return;
      const ending = command.end().finally(() => this.#ending.delete(ending));
      this.#ending.add(ending);
      reject(this.fail(step, beganMs, { outcome: "unsure", cause, request: run }));
    };
    this.#underWay.set(command, () => stop(cutCause));
    const cancel = clock.at(beganMs + this.#timeoutMs, () => stop("timeout"));
    void command.ended.then((ending) => {
      cancel();
      if (this.#underWay.delete(command)) resolve({ beganMs, endedMs: clock.now(), ending });
    });
    try {
      return await promise;
    } finally {
      cancel();
    }
  }

  /** Records what went wrong, without secrets, and answers what to throw. */
  fail(step: string, beganMs: number, { outcome, ...seen }: Trouble, endedMs = this.context.clock.now()): TouchFailed {
    const failure = this.context.mask.failure(seen, this.#secrets);
    this.context.record.op(step, beganMs, endedMs, outcome, failure);
    return new TouchFailed(outcome, failure);
  }

  /** Text as it may be written down. */
  clean(text: string): string {
    return this.context.mask.text(text, this.#secrets);
  }

  /** A new visitor's: what was left in the folder is gone. */
  renew(): void {
    rmSync(this.#folder, { recursive: true, force: true });
    mkdirSync(this.#folder);
  }

  async close(): Promise<void> {
    this.context.signal.removeEventListener("abort", this.#cut);
    this.#cut();
    await Promise.all(this.#ending);
    await rm(this.#folder, { recursive: true, force: true });
  }

  readonly #cut = (): void => {
    this.#isCut = true;
    for (const cut of [...this.#underWay.values()]) cut();
  };
}
