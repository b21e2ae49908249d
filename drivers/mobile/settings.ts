import { durationMs, type Duration } from "../../src/units/duration.ts";
import { problem } from "../../src/units/errors.ts";

/** What the sessions run on; `"emulated"` is a Chromium of this machine that takes itself for a phone's, `"fake"` Appium's player of apps in an XML file. */
export type Platform = "android" | "ios" | "emulated" | "fake";
const platforms: readonly Platform[] = ["android", "ios", "emulated", "fake"];

/** The screen that an emulated phone has. */
export interface Screen {
  /** CSS pixels. */
  readonly width: number;
  readonly height: number;
  readonly pixelRatio: number;
}

/** A server of the project's own Appium, started for the run. */
export interface OwnServer {
  /** The folder whose `node_modules` has Appium and its drivers. Default: the working directory. */
  readonly home?: string;
  /** More words for its command line, such as `["--allow-insecure", "uiautomator2:chromedriver_autodownload"]`. */
  readonly args?: readonly string[];
}

export interface MobileSettings {
  readonly platform: Platform;
  /** The app to install: a path or an address of an `.apk`, `.ipa`, `.app`, or a fake app's XML file. */
  readonly app?: string;
  /** The app by its id: Android's package, iOS's bundle id. Alone, it is one that is installed already. */
  readonly appId?: string;
  /** The activity that starts the app. Android only; default: the app's own. */
  readonly activity?: string;
  /** A browser in place of an app: `"chrome"`, `"safari"`. Emulated sessions need none. */
  readonly browser?: string;
  /** Where paths of `goto` count from. */
  readonly base?: string;
  /** The service of the cluster that the paths count from, in place of a base. */
  readonly service?: string;
  /** Devices by their ids (`adb devices`, `xcrun xctrace list devices`); each carries one session at a time. Default: the server chooses. */
  readonly devices?: readonly string[];
  /** Where no devices are named: sessions at once, 1 or more, in each worker. Default 4. */
  readonly sessions?: number;
  /** The address of an Appium server or a device farm, with a login before the `@`; or how to start one. Default: the project's own. */
  readonly server?: string | OwnServer;
  /** More capabilities, as Appium's drivers and farms want them; they win over those that are built. */
  readonly capabilities?: Readonly<Record<string, unknown>>;
  /** Emulated sessions only. Default 412 × 915, pixel ratio 2.625. */
  readonly screen?: Screen;
  /** What an emulated phone's browser says it is. Default: Chrome on Android. */
  readonly userAgent?: string;
  /** Chromium and its driver for emulated sessions. Default: `CHROME_PATH` or what is on the PATH. */
  readonly chrome?: { readonly binary?: string; readonly driver?: string };
  /** Longest time of a touch, its waiting included. Default `"30s"`. */
  readonly timeout?: Duration;
  /** Longest wait for a device; who gets none by then has met a lack of the generator's. Default `"60s"`. */
  readonly queue?: Duration;
  /** Longest start of a session, the installation of the app included. Default `"120s"`. */
  readonly start?: Duration;
}

/** Settings read and checked. */
export interface Settings {
  readonly platform: Platform;
  readonly app: string | undefined;
  readonly appId: string | undefined;
  readonly activity: string | undefined;
  readonly browser: string | undefined;
  readonly service: string | undefined;
  readonly devices: readonly string[] | undefined;
  readonly base: string | undefined;
  readonly sessions: number;
  readonly server: URL | OwnServer;
  readonly capabilities: Readonly<Record<string, unknown>>;
  readonly screen: Screen;
  readonly userAgent: string;
  readonly chrome: { readonly binary?: string; readonly driver?: string };
  readonly timeoutMs: number;
  readonly queueMs: number;
  readonly startMs: number;
}

const known = new Set<keyof MobileSettings>(["platform", "app", "appId", "activity", "browser", "base", "service", "devices", "sessions", "server", "capabilities", "screen", "userAgent", "chrome", "timeout", "queue", "start"]);

const say = (value: unknown) => (typeof value === "string" ? value : (JSON.stringify(value) ?? typeof value));
const wrong = (setting: string, value: unknown, form: string) => problem("SEA_MOBILE_SETTING", { setting, value: say(value), form }, `mobile.${setting}`);

function texts(given: MobileSettings): void {
  for (const name of ["app", "appId", "activity", "browser", "service", "userAgent"] as const) {
    if (given[name] !== undefined && (typeof given[name] !== "string" || given[name] === "")) throw wrong(name, given[name], "a text that is not empty");
  }
}

function whole(setting: string, value: unknown, least: number): number {
  if (!Number.isInteger(value) || (value as number) < least) throw wrong(setting, value, `a whole number from ${least}`);
  return value as number;
}

function lasting(setting: string, value: Duration): number {
  const ms = durationMs(value, `mobile.${setting}`);
  if (ms === 0) throw wrong(setting, value, "longer than nothing");
  return ms;
}

export function readBase(base: string, place: string): string {
  if (!URL.canParse(base) || !/^https?:$/.test(new URL(base).protocol)) throw problem("SEA_MOBILE_SETTING", { setting: place, value: base, form: 'an http or https address, such as "https://shop.example"' }, `mobile.${place}`);
  return base.endsWith("/") ? base : `${base}/`;
}

/** What must be there for a session to have something to show. */
function subject({ platform, app, appId, browser, devices }: MobileSettings): void {
  if (browser !== undefined && (app !== undefined || appId !== undefined)) throw wrong("browser", browser, "a browser or an app, one of the two");
  if (platform === "fake" && app === undefined) throw wrong("app", app, "the path of the fake app's XML file");
  if (platform === "emulated" && (app !== undefined || appId !== undefined || devices !== undefined)) throw wrong("platform", platform, '"android" or "ios" for an app or devices');
  if ((platform === "android" || platform === "ios") && app === undefined && appId === undefined && browser === undefined) throw wrong("app", app, "an app, the appId of an installed one, or a browser");
  if (devices === undefined) return;
  if (!Array.isArray(devices) || devices.length === 0 || devices.some((name) => typeof name !== "string" || name === "")) throw wrong("devices", devices, "a list of device ids, at least one");
  if (new Set(devices).size < devices.length) throw wrong("devices", devices, "each device once: it carries one session at a time");
}

function readServer(server: string | OwnServer): URL | OwnServer {
  // Its value stays unsaid, for it may have a login in it.
  if (typeof server !== "string") return server;
  if (!URL.canParse(server) || !/^https?:$/.test(new URL(server).protocol)) throw wrong("server", typeof server, 'an http or https address, such as "http://127.0.0.1:4723"');
  return new URL(server);
}

/**
 * Reads the settings of `mobile()`.
 *
 * @throws SEA_MOBILE_SETTING, SEA_UNIT_DURATION
 */
export function readSettings(given: MobileSettings): Settings {
  // A slip of the finger must not pass for a default.
  for (const name of Object.keys(given)) if (!known.has(name as keyof MobileSettings)) throw wrong("setting", name, `one of ${[...known].join(", ")}`);
  const { platform, app, appId, activity, browser, base, service, devices, sessions = 4, server = {}, capabilities = {}, timeout = "30s", queue = "60s", start = "120s" } = given;
  const { screen = { width: 412, height: 915, pixelRatio: 2.625 }, chrome = {} } = given;
  if (!platforms.includes(platform)) throw wrong("platform", platform, `one of ${platforms.map((name) => `"${name}"`).join(", ")}`);
  texts(given);
  subject(given);
  if (base !== undefined && service !== undefined) throw wrong("base", base, "a base or a service, one of the two");
  for (const [name, value] of Object.entries(screen)) if (!(value > 0)) throw wrong(`screen.${name}`, value, "more than 0");
  return {
    platform, app, appId, activity, browser, service, devices, chrome, capabilities,
    base: base === undefined ? undefined : readBase(base, "base"),
    sessions: whole("sessions", sessions, 1),
    server: readServer(server),
    screen,
    userAgent: given.userAgent ?? "Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Mobile Safari/537.36",
    timeoutMs: lasting("timeout", timeout),
    queueMs: durationMs(queue, "mobile.queue"),
    startMs: lasting("start", start),
  };
}
