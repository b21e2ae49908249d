import { durationMs, type Duration } from "../../src/units/duration.ts";
import { problem } from "../../src/units/errors.ts";

/** Where paths count from: an address, or a service of the cluster by its name. */
export type WebTarget = { readonly base: string; readonly service?: never } | { readonly service: string; readonly base?: never };

export type EngineName = "playwright" | "webdriver";
export type BrowserName = "chromium" | "firefox" | "webkit";

/** Everything else that a driver may say. */
export interface WebOptions {
  /** What drives the browser: the package `playwright-core`, or the package `webdriverio`. Default `"playwright"`. */
  readonly engine?: EngineName;
  /** WebKit with Playwright only. Default `"chromium"`. */
  readonly browser?: BrowserName;
  /** The browser's program. Default: found as the README says. */
  readonly executable?: string;
  /** More words for the browser's command line. */
  readonly args?: readonly string[];
  /** False shows the windows. Default true. */
  readonly headless?: boolean;
  /** How long a touch may take, waiting included. Default `"10s"`. */
  readonly timeout?: Duration;
  /** Browsers of this driver at the most; all users share them. Default 2 with Playwright, 4 with WebDriver. */
  readonly browsers?: number;
  /** Users at once in one browser, each with cookies of its own. Default 4; with WebDriver a browser has one user. */
  readonly pages?: number;
  /** How long a user waits for a free place in a browser. Default `"30s"`. */
  readonly queue?: Duration;
  /** A device of Playwright's list, such as `"iPhone 15"`: its size, touch, agent. Playwright only. */
  readonly device?: string;
  /** Inner size of the window, in CSS pixels. Default 1280 × 720, or the device's. */
  readonly viewport?: { readonly width: number; readonly height: number };
  /** Such as `"de-DE"`. Playwright only. */
  readonly locale?: string;
  /** Such as `"Europe/Berlin"`. Playwright only. */
  readonly timezone?: string;
  /** Playwright only. */
  readonly colorScheme?: "light" | "dark";
  /** `insecure: true` believes any certificate, and is said in every report. */
  readonly tls?: { readonly insecure?: boolean };
  /** LCP, CLS, INP and TTFB of every page as measures (`LCP of /items`). Default true with Playwright and Chromium; can't be had elsewhere. */
  readonly vitals?: boolean;
  /** Keep a trace of every walk, to save it when a touch fails. Costs every touch. Playwright only. Default false. */
  readonly trace?: boolean;
  /** WebDriver only: a Selenium server or grid, such as `"http://grid.example:4444"`. Default: a driver of this machine. */
  readonly server?: string;
  /** WebDriver only: the driver's program. Default: chromedriver or geckodriver from the PATH. */
  readonly driver?: string;
  /** WebDriver only. BiDi also hears the console and the network. Default `"bidi"`. */
  readonly protocol?: "classic" | "bidi";
}

export type WebSettings = WebTarget & WebOptions;

/** Settings read and checked. */
export interface Settings {
  readonly base: URL | undefined;
  readonly service: string | undefined;
  readonly engine: EngineName;
  readonly browser: BrowserName;
  readonly executable: string | undefined;
  readonly args: readonly string[];
  readonly headless: boolean;
  readonly timeoutMs: number;
  readonly browsers: number;
  readonly pages: number;
  readonly queueMs: number;
  readonly device: string | undefined;
  readonly viewport: { readonly width: number; readonly height: number } | undefined;
  readonly locale: string | undefined;
  readonly timezone: string | undefined;
  readonly colorScheme: "light" | "dark" | undefined;
  readonly insecure: boolean;
  readonly vitals: boolean;
  readonly trace: boolean;
  readonly server: URL | undefined;
  readonly driver: string | undefined;
  readonly protocol: "classic" | "bidi";
}

const known = new Set([
  "base", "service", "engine", "browser", "executable", "args", "headless", "timeout", "browsers", "pages", "queue", "device", "viewport", "locale", "timezone",
  "colorScheme", "tls", "vitals", "trace", "server", "driver", "protocol",
]);
const only: Readonly<Record<EngineName, readonly (keyof WebOptions)[]>> = {
  playwright: ["device", "locale", "timezone", "colorScheme", "pages", "trace", "vitals"],
  webdriver: ["server", "driver", "protocol"],
};

const wrong = (setting: string, value: unknown, form: string) =>
  problem("SEA_WEB_SETTING", { setting, value: typeof value === "string" ? value : (JSON.stringify(value) ?? typeof value), form }, `web.${setting}`);

function onlyKnown(setting: string, given: object, names: ReadonlySet<string>): void {
  for (const name of Object.keys(given)) if (!names.has(name)) throw wrong(setting, name, `one of ${[...names].join(", ")}`);
}

function oneOf<T extends string>(setting: string, value: T, names: readonly T[]): T {
  if (!names.includes(value)) throw wrong(setting, value, names.map((name) => `"${name}"`).join(" or "));
  return value;
}

function whole(setting: string, value: number, least: number): number {
  if (!Number.isInteger(value) || value < least) throw wrong(setting, value, `a whole number from ${least}`);
  return value;
}

/** @throws SEA_WEB_BASE for what is no http or https address, or has a login, a query or a fragment */
export function parseBase(text: string, place = "web.base"): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || !/^https?:$/.test(url.protocol) || url.username || url.search || url.hash) throw problem("SEA_WEB_BASE", { base: String(text) }, place);
  return url;
}

/**
 * Reads the settings of `web()`.
 *
 * @throws SEA_WEB_SETTING, SEA_WEB_BASE, SEA_WEB_ENGINE, SEA_UNIT_DURATION
 */
export function readSettings(given: WebSettings): Settings {
  onlyKnown("setting", given, known);
  const { base, service, executable, args = [], headless = true, timeout = "10s", queue = "30s", tls = {}, server, driver } = given;
  if ((base === undefined) === (service === undefined)) throw wrong("base", base, "a base or a service, one of the two");
  const engine = oneOf("engine", given.engine ?? "playwright", ["playwright", "webdriver"]);
  const browser = oneOf("browser", given.browser ?? "chromium", ["chromium", "firefox", "webkit"]);
  const other = engine === "playwright" ? "webdriver" : "playwright";
  for (const setting of only[other]) {
    if (given[setting] !== undefined && given[setting] !== false) throw problem("SEA_WEB_ENGINE", { what: setting, engine, other }, `web.${setting}`);
  }
  if (engine === "webdriver" && browser === "webkit") throw problem("SEA_WEB_ENGINE", { what: "webkit", engine, other }, "web.browser");
  onlyKnown("tls", tls, new Set(["insecure"]));
  if (given.vitals && browser !== "chromium") throw wrong("vitals", true, "false for every browser but chromium, which alone measures them");
  const timeoutMs = durationMs(timeout, "web.timeout");
  if (timeoutMs === 0) throw wrong("timeout", timeout, "longer than nothing");
  return {
    base: base === undefined ? undefined : parseBase(base),
    service, engine, browser, executable, args, headless, timeoutMs,
    browsers: whole("browsers", given.browsers ?? (engine === "playwright" ? 2 : 4), 1),
    pages: engine === "webdriver" ? 1 : whole("pages", given.pages ?? 4, 1),
    queueMs: durationMs(queue, "web.queue"),
    device: given.device, viewport: given.viewport, locale: given.locale, timezone: given.timezone, colorScheme: given.colorScheme,
    insecure: tls.insecure ?? false,
    vitals: given.vitals ?? (engine === "playwright" && browser === "chromium"),
    trace: given.trace ?? false,
    server: server === undefined ? undefined : parseBase(server, "web.server"),
    driver,
    protocol: oneOf("protocol", given.protocol ?? "bidi", ["classic", "bidi"]),
  };
}
