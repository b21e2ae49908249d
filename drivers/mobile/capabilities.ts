import { resolve } from "node:path";
import { findProgram } from "../flow/programs.ts";
import { problem } from "../../src/units/errors.ts";
import type { Settings } from "./settings.ts";

/** A session that nobody talks to for so long is ended by the server: what thinks must not be, what was left behind must. */
const idleSeconds = 300;

const isAddress = (app: string) => /^[a-z][a-z0-9+.-]+:/i.test(app);
/** Programs of phones are asked for by absolute paths: the server has a working directory of its own. */
const appOf = (app: string) => (isAddress(app) ? app : resolve(app));

/** The driver of Appium's for a platform, as it is called on the server's command line; undefined where the capabilities name another one. */
export function driverOf({ platform, capabilities }: Settings): string | undefined {
  if (capabilities["appium:automationName"] !== undefined) return undefined;
  return { android: "uiautomator2", ios: "xcuitest", emulated: "chromium", fake: "fake" }[platform];
}

type Capabilities = Record<string, unknown>;

/** Two servers on one machine would choose the same ports; devices have places in a list, so each has its own. */
function portsOf(platform: Settings["platform"], index: number): Capabilities {
  if (platform === "android") return { "appium:systemPort": 8_200 + index, "appium:mjpegServerPort": 9_200 + index, "appium:chromedriverPort": 9_515 + index };
  return platform === "ios" ? { "appium:wdaLocalPort": 8_100 + index, "appium:mjpegServerPort": 9_100 + index } : {};
}

function device({ devices = [], platform }: Settings, name: string | undefined): Capabilities {
  if (name === undefined) return {};
  return { "appium:udid": name, ...portsOf(platform, devices.indexOf(name)) };
}

function emulated({ chrome, screen, userAgent }: Settings, env: NodeJS.ProcessEnv): Capabilities {
  const binary = chrome.binary ?? env["CHROME_PATH"] ?? findProgram(["chromium", "chromium-browser", "google-chrome"], env);
  const driver = chrome.driver ?? findProgram(["chromedriver"], env);
  if (binary === undefined || driver === undefined) throw problem("SEA_MOBILE_PROGRAM", { program: binary === undefined ? "Chromium" : "chromedriver" }, "mobile.chrome");
  return {
    // Appium's name for Chromium on this machine; the phone is in the emulation below.
    platformName: process.platform === "darwin" ? "mac" : process.platform === "win32" ? "windows" : "linux",
    browserName: "chrome",
    "appium:automationName": "Chromium",
    "appium:executable": driver,
    "goog:chromeOptions": {
      binary,
      args: ["--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--no-first-run"],
      mobileEmulation: { deviceMetrics: { ...screen, touch: true, mobile: true }, userAgent },
    },
  };
}

/**
 * What a session is asked for with.
 *
 * @throws SEA_MOBILE_PROGRAM where an emulated session finds no browser
 */
export function capabilitiesOf(settings: Settings, deviceName: string | undefined, env: NodeJS.ProcessEnv = process.env): Capabilities {
  const { platform, app, appId, activity, browser, capabilities } = settings;
  const common: Capabilities = {
    // The protocol's newer half would open a second connection that nothing here listens to.
    "wdio:enforceWebDriverClassic": true,
    "appium:newCommandTimeout": idleSeconds,
  };
  const of = {
    android: () => ({
      platformName: "Android", "appium:automationName": "UiAutomator2", ...device(settings, deviceName),
      ...(browser !== undefined && { browserName: browser }),
      ...(app !== undefined && { "appium:app": appOf(app) }),
      ...(appId !== undefined && { "appium:appPackage": appId }),
      ...(activity !== undefined && { "appium:appActivity": activity }),
    }),
    ios: () => ({
      platformName: "iOS", "appium:automationName": "XCUITest", ...device(settings, deviceName),
      ...(browser !== undefined && { browserName: browser }),
      ...(app !== undefined && { "appium:app": appOf(app) }),
      ...(appId !== undefined && { "appium:bundleId": appId }),
    }),
    emulated: () => emulated(settings, env),
    fake: () => ({ platformName: "Fake", "appium:automationName": "Fake", "appium:deviceName": deviceName ?? "Fake", "appium:app": appOf(app!) }),
  }[platform]();
  return { ...common, ...of, ...capabilities };
}
