import { spawn, type ChildProcess } from "node:child_process";
import type { Clock } from "../../../src/units/clock.ts";
import { problem, SeatrialError } from "../../../src/units/errors.ts";
import { findProgram } from "../../flow/programs.ts";
import type { BrowserName } from "../settings.ts";
import { descendants, endProcess } from "./family.ts";

const programs: Readonly<Partial<Record<BrowserName, string>>> = { chromium: "chromedriver", firefox: "geckodriver" };
const startWithinMs = 20_000;
const mostStarts = 3;
const endWithinMs = 1_500;
const told = /started successfully on port (\d+)|Listening on 127\.0\.0\.1:(\d+)/i;

/**
 * A chromedriver or geckodriver of this machine, for one browser: whatever that browser hangs in,
 * both can be ended.
 */
export class Service {
  readonly port: number;
  readonly #child: ChildProcess;
  readonly #clock: Clock;
  readonly #ended: Promise<void>;
  readonly #family = new Set<string>();

  private constructor(child: ChildProcess, port: number, clock: Clock) {
    this.#child = child;
    this.port = port;
    this.#clock = clock;
    this.#ended = new Promise((resolve) => child.once("exit", () => resolve()));
  }

  get lost(): boolean {
    return this.#child.exitCode !== null || this.#child.signalCode !== null;
  }

  /**
   * Starts one on a free port. The port is free for one kind of address when it is chosen, and may be
   * taken for the other kind: then another one is.
   *
   * @throws SEA_WEB_DRIVER, SEA_WEB_LAUNCH
   */
  static async start(browser: BrowserName, given: string | undefined, clock: Clock): Promise<Service> {
    for (let turn = 1; ; turn++) {
      try {
        return await Service.#once(browser, given, clock);
      } catch (error) {
        if (turn === mostStarts || !(error instanceof SeatrialError) || !/ended with/.test(error.message)) throw error;
      }
    }
  }

  static async #once(browser: BrowserName, given: string | undefined, clock: Clock): Promise<Service> {
    const name = programs[browser]!;
    const program = given ?? findProgram([name], process.env);
    if (program === undefined) throw problem("SEA_WEB_DRIVER", { driver: name, package: browser === "chromium" ? "chromium-driver" : "geckodriver" }, "web.driver");
    const child = spawn(program, ["--port=0"], { stdio: ["ignore", "pipe", "pipe"], detached: process.platform !== "win32" });
    let said = "";
    const port = await new Promise<number>((resolve, reject) => {
      const fail = (error: string) => {
        cancel();
        reject(problem("SEA_WEB_LAUNCH", { error, path: program }, "web.driver"));
      };
      const cancel = clock.at(clock.now() + startWithinMs, () => {
        child.kill("SIGKILL");
        fail(`${name} said no port within ${startWithinMs / 1_000} s`);
      });
      const hear = (chunk: Buffer) => {
        said = (said + chunk).slice(-4_000);
        const [, one, other] = told.exec(said) ?? [];
        if (one === undefined && other === undefined) return;
        cancel();
        resolve(Number(one ?? other));
      };
      child.stdout!.on("data", hear);
      child.stderr!.on("data", hear);
      child.once("error", (error) => fail(error.message));
      child.once("exit", (code) => fail(`${name} ended with ${code}: ${said.trim().split("\n").at(-1) ?? ""}`));
    });
    return new Service(child, port, clock);
  }

  /**
   * Writes down what it has started so far: a browser behind a script outlives the script, and then
   * nobody knows any more whose it was.
   */
  remember(): void {
    for (const one of descendants(this.#child.pid!)) this.#family.add(one);
  }

  /** Ends the driver, and whatever it started that has not gone by itself. */
  async stop(): Promise<void> {
    const { pid } = this.#child;
    if (pid === undefined) return;
    this.remember();
    if (!this.lost) this.#child.kill("SIGTERM");
    const late = new AbortController();
    await Promise.race([this.#ended, this.#clock.sleep(endWithinMs, late.signal).catch(() => undefined)]);
    late.abort();
    for (const one of this.#family) endProcess(one);
    if (!this.lost) this.#child.kill("SIGKILL");
    await this.#ended;
  }
}
