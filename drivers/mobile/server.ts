import { spawn, type ChildProcess } from "node:child_process";
import { get, type ClientRequest } from "node:http";
import { createServer, type AddressInfo } from "node:net";
import { extname } from "node:path";
import { fileURLToPath } from "node:url";
import type { Clock } from "../../src/units/clock.ts";
import { problem } from "../../src/units/errors.ts";
import { findAppium } from "./programs.ts";
import type { OwnServer } from "./settings.ts";

const startWithinMs = 60_000;
const endWithinMs = 4_000;
const tailLength = 2_000;

/** An Appium server as a child process: it does not outlive this one, however that ends. */
export class Server {
  readonly url: URL;
  readonly ended: Promise<string>;
  #child: ChildProcess;
  #clock: Clock;
  #stopping = false;

  private constructor(url: URL, child: ChildProcess, clock: Clock, tail: () => string) {
    this.url = url;
    this.#child = child;
    this.#clock = clock;
    this.ended = new Promise((resolve) => child.once("close", (code) => resolve(`it ended with ${code}${tail()}`)));
  }

  /** It ended, and nobody asked for it. */
  get crashed(): boolean {
    return this.#child.exitCode !== null && !this.#stopping;
  }

  /**
   * @param drivers those to load, where not all of the project's: each takes a second of CPU and 50 MB
   * @throws SEA_MOBILE_APPIUM, SEA_MOBILE_SERVER
   */
  static async start({ home = process.cwd(), args = [] }: OwnServer, clock: Clock, drivers?: string): Promise<Server> {
    const appium = findAppium(home);
    const port = await freePort();
    const keeper = fileURLToPath(new URL(`./keeper${extname(import.meta.url)}`, import.meta.url));
    const words = [appium, "server", "--address", "127.0.0.1", "--port", String(port), "--log-level", "warn", "--log-no-colors", ...(drivers === undefined || args.includes("--use-drivers") ? [] : ["--use-drivers", drivers]), ...args];
    const child = spawn(process.execPath, [keeper, ...words], { stdio: ["pipe", "pipe", "pipe"], cwd: home, env: { ...process.env, APPIUM_HOME: home }, detached: true });
    // A keeper that is gone is seen by its end.
    child.stdin!.on("error", () => {});
    let said = "";
    const hear = (chunk: Buffer) => void (said = (said + chunk).slice(-tailLength));
    child.stdout!.on("data", hear);
    child.stderr!.on("data", hear);
    const tail = () => (said.trim() === "" ? "" : `; it printed: ${said.trim().split("\n").slice(-5).join(" | ")}`);
    const server = new Server(new URL(`http://127.0.0.1:${port}`), child, clock, tail);
    child.once("error", () => {});
    if (await server.#isUp()) return server;
    const why = server.crashed ? await server.ended : `it did not answer within ${startWithinMs / 1_000} s${tail()}`;
    await server.stop();
    throw problem("SEA_MOBILE_SERVER", { why }, "mobile.server");
  }

  async #isUp(): Promise<boolean> {
    const untilMs = this.#clock.now() + startWithinMs;
    while (this.#clock.now() < untilMs && !this.crashed && this.#child.pid !== undefined) {
      if (await isReady(new URL("/status", this.url))) return true;
      await this.#clock.sleep(40);
    }
    return false;
  }

  /** Ends it and all it started. */
  async stop(): Promise<void> {
    this.#stopping = true;
    if (this.#child.pid === undefined) return;
    this.#child.stdin!.destroy();
    const late = new AbortController();
    await Promise.race([this.ended, this.#clock.sleep(endWithinMs, late.signal).catch(() => undefined)]);
    late.abort();
    if (this.#child.exitCode === null) this.#child.kill("SIGKILL");
    await this.ended;
  }
}

/** Asks over a connection of its own, which leaves nothing open. */
const isReady = (url: URL): Promise<boolean> =>
  new Promise((resolve) => {
    get(url, { agent: false, timeout: 2_000 }, (answer) => {
      answer.resume().on("end", () => resolve(answer.statusCode === 200)).on("error", () => resolve(false));
    }).on("error", () => resolve(false)).on("timeout", function (this: ClientRequest) {
      this.destroy(new Error("timeout"));
    });
  });

/** A port that was free a moment ago; who takes it meanwhile makes the start fail, and is said. */
function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const { port } = probe.address() as AddressInfo;
      probe.close(() => resolve(port));
    });
  });
}
