import type { Browser, BrowserContext, BrowserContextOptions } from "playwright-core";
import { problem } from "../../../src/units/errors.ts";
import type { Engine, EngineBrowser, PageVitals, Visitor } from "../engine.ts";
import { loadPackage, programOf } from "../launch.ts";
import type { Settings } from "../settings.ts";
import { Latest, vitalsBinding, vitalsScript, type Told } from "../vitals.ts";
import { failed } from "./failure.ts";
import { PlaywrightTab, type Room } from "./tab.ts";

const launchWithinMs = 60_000;

/**
 * Browsers driven by Playwright.
 *
 * @throws SEA_WEB_PACKAGE, SEA_WEB_BROWSER, SEA_WEB_SETTING for a device that Playwright does not know
 */
export async function playwrightEngine(settings: Settings): Promise<Engine> {
  const playwright = await loadPackage("playwright-core", () => import("playwright-core"));
  const program = await programOf(settings);
  const device = settings.device === undefined ? {} : playwright.devices[settings.device];
  if (!device) throw problem("SEA_WEB_SETTING", { setting: "device", value: settings.device!, form: 'a device of Playwright\'s list, such as "iPhone 15" or "Pixel 7"' }, "web.device");
  const { defaultBrowserType: _, ...emulated } = device as BrowserContextOptions & { defaultBrowserType?: string };
  // Firefox knows no mobile pages, and would refuse the whole device.
  if (settings.browser === "firefox") delete emulated.isMobile;
  const { viewport, locale, timezone, colorScheme, insecure } = settings;
  const options: BrowserContextOptions = {
    ...emulated, acceptDownloads: true, ignoreHTTPSErrors: insecure,
    ...(viewport && { viewport }), ...(locale !== undefined && { locale }), ...(timezone !== undefined && { timezoneId: timezone }), ...(colorScheme && { colorScheme }),
  };
  const launch = async (): Promise<EngineBrowser> => {
    const { headless, args } = settings;
    try {
      // Signals are the runner's to handle: it heals before it ends.
      const browser = await playwright[settings.browser].launch({
        executablePath: program.path, headless, args: [...program.args, ...args], env: { ...process.env, ...program.env } as Record<string, string>, timeout: launchWithinMs, handleSIGINT: false, handleSIGTERM: false, handleSIGHUP: false,
      });
      return new PlaywrightBrowser(browser, options, settings);
    } catch (cause) {
      const [error] = (cause as Error).message.split("\n");
      throw problem("SEA_WEB_LAUNCH", { error: error!, path: program.path }, "web.executable", cause);
    }
  };
  return { launch, close: async () => undefined };
}

class PlaywrightBrowser implements EngineBrowser {
  readonly #browser: Browser;
  readonly #options: BrowserContextOptions;
  readonly #settings: Settings;

  constructor(browser: Browser, options: BrowserContextOptions, settings: Settings) {
    this.#browser = browser;
    this.#options = options;
    this.#settings = settings;
  }

  get lost(): boolean {
    return !this.#browser.isConnected();
  }

  async visitor(onVitals: (vitals: PageVitals) => void): Promise<Visitor> {
    const context = await failed(() => this.#browser.newContext(this.#options));
    try {
      const latest = new Map<object, Latest>();
      if (this.#settings.vitals) await measured(context, latest, onVitals);
      const { trace } = this.#settings;
      if (trace) await context.tracing.start({ snapshots: true, screenshots: true });
      const room: Room = { context, traces: trace };
      const page = await context.newPage();
      const close = async () => {
        for (const one of latest.values()) one.flush();
        await context.close();
      };
      const isLost = () => this.lost || page.isClosed();
      return { tab: new PlaywrightTab(page, room), close, get lost() { return isLost(); } };
    } catch (error) {
      await context.close().catch(() => undefined);
      throw error;
    }
  }

  close(): Promise<void> {
    return this.#browser.close();
  }
}

/** Hears what the pages of a visitor measure of themselves. */
async function measured(context: BrowserContext, latest: Map<object, Latest>, onVitals: (vitals: PageVitals) => void): Promise<void> {
  await context.exposeBinding(vitalsBinding, ({ page }, told: Told) => {
    let own = latest.get(page);
    if (!own) latest.set(page, (own = new Latest(onVitals)));
    own.tell(told);
  });
  await context.addInitScript(vitalsScript);
}
