import type { Browser } from "webdriverio";
import { type Clock, realClock } from "../../../src/units/clock.ts";
import { problem } from "../../../src/units/errors.ts";
import type { Engine, EngineBrowser, Visitor } from "../engine.ts";
import { loadPackage, programOf } from "../launch.ts";
import type { Settings } from "../settings.ts";
import { capabilitiesOf } from "./capabilities.ts";
import { Downloads } from "./downloads.ts";
import { listen } from "./listen.ts";
import { Room } from "./room.ts";
import { Service } from "./service.ts";
import { WebDriverTab } from "./tab.ts";

const startWithinMs = 60_000;
const endWithinMs = 1_500;

type Remote = typeof import("webdriverio").remote;

/**
 * Browsers driven over WebDriver: by a driver of this machine, or by a Selenium server.
 *
 * @throws SEA_WEB_PACKAGE, SEA_WEB_BROWSER
 */
export async function webdriverEngine(settings: Settings): Promise<Engine> {
  // It reads its level once, when it is loaded, and would tell every command.
  process.env["WDIO_LOG_LEVEL"] ??= "silent";
  // Its own commands follow frames by CSS in every document anew; ours know where they are.
  process.env["DISABLE_WEBDRIVERIO_DEPRECATION_WARNINGS"] ??= "true";
  const { remote } = await loadPackage("webdriverio", () => import("webdriverio"));
  const program = settings.server ? settings.executable : (await programOf(settings)).path;
  return { launch: async () => new WebDriverBrowser(settings, program, remote, realClock()), close: async () => undefined };
}

/** A browser is a session here, so it has one visitor at a time, and a new one for each. */
class WebDriverBrowser implements EngineBrowser {
  /** Begins with the visitor and ends with it, so it is never lost in between. */
  readonly lost = false;
  readonly #settings: Settings;
  readonly #program: string | undefined;
  readonly #remote: Remote;
  readonly #clock: Clock;

  constructor(settings: Settings, program: string | undefined, remote: Remote, clock: Clock) {
    this.#settings = settings;
    this.#program = program;
    this.#remote = remote;
    this.#clock = clock;
  }

  async visitor(): Promise<Visitor> {
    const { browser: name, server, driver, timeoutMs } = this.#settings;
    const service = server ? undefined : await Service.start(name, driver, this.#clock);
    const downloads = server ? undefined : await Downloads.make();
    const end = async () => {
      await service?.stop();
      await downloads?.remove();
    };
    try {
      const session = await this.#open(service?.port, downloads);
      // Without a listener it dismisses every dialog.
      session.on("dialog", () => undefined);
      const window = await session.getWindowHandle();
      const room = new Room(session, this.#clock, window, timeoutMs);
      if (downloads && name === "chromium") await session.sendCommandAndGetResult("Browser.setDownloadBehavior", { behavior: "allow", downloadPath: downloads.folder });
      await listen(session, room);
      const tab = new WebDriverTab(window, { room, downloads, isRemote: server !== undefined });
      let lost = false;
      return {
        tab,
        get lost() {
          return lost || (service?.lost ?? false);
        },
        close: async () => {
          lost = true;
          service?.remember();
          await this.#within(session.deleteSession()).catch(() => undefined);
          await end();
        },
      };
    } catch (error) {
      await end();
      throw error;
    }
  }

  async #open(port: number | undefined, downloads: Downloads | undefined): Promise<Browser> {
    const { server, protocol, timeoutMs } = this.#settings;
    const at = server ?? new URL(`http://127.0.0.1:${port}`);
    try {
      return await this.#remote({
        protocol: at.protocol.slice(0, -1), hostname: at.hostname, port: Number(at.port || (at.protocol === "https:" ? 443 : 80)), path: at.pathname,
        logLevel: "silent", connectionRetryCount: 0, connectionRetryTimeout: Math.max(startWithinMs, timeoutMs * 2),
        capabilities: capabilitiesOf(this.#settings, this.#program, downloads?.folder) as WebdriverIO.Capabilities,
      });
    } catch (cause) {
      const [error] = (cause as Error).message.split("\n");
      throw problem("SEA_WEB_LAUNCH", { error: `${error} (${protocol})`, path: server ? at.href : (this.#program ?? "") }, server ? "web.server" : "web.driver", cause);
    }
  }

  async #within(work: Promise<unknown>): Promise<void> {
    const late = new AbortController();
    await Promise.race([work.catch(() => undefined), this.#clock.sleep(endWithinMs, late.signal).catch(() => undefined)]);
    late.abort();
  }

  async close(): Promise<void> {}
}
