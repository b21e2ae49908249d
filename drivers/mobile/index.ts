/** The door of the mobile driver. Importing it loads neither webdriverio nor Appium; the first touch of a session does. */
import type { Driver, OpenContext } from "../../src/model/driver.ts";
import { problem } from "../../src/units/errors.ts";
import { capabilitiesOf, driverOf } from "./capabilities.ts";
import { Devices } from "./devices.ts";
import type { MobileSession } from "./page.ts";
import { findAppium, loadWebdriverio } from "./programs.ts";
import { Seat } from "./seat.ts";
import { Servers } from "./servers.ts";
import { OpenSession } from "./session.ts";
import { readBase, readSettings, type MobileSettings, type Settings } from "./settings.ts";

export type { App, Direction, ElementExpectation, Locator, MobileSession, Scope, TouchOptions, TypeOptions } from "./page.ts";
export type { MobileSettings, OwnServer, Platform, Screen } from "./settings.ts";

/**
 * Sessions on phones, through Appium: an app or a browser on Android and iOS, or a Chromium that takes
 * itself for a phone's.
 *
 * @throws SEA_MOBILE_SETTING, SEA_UNIT_DURATION for settings that can't be
 * @example
 * const shop = mobile({ platform: "android", app: "shop.apk", appId: "example.shop", devices: ["emulator-5554", "emulator-5556"] });
 * const order = journey({ shop }, async ({ shop }) => {
 *   await shop.label("Rope").tap();
 *   await shop.id("example.shop:id/amount").fill("2");
 *   await shop.text("Buy").tap();
 *   await shop.label("status").expect({ text: "is placed" });
 * });
 */
export function mobile(settings: MobileSettings): Driver<MobileSession> {
  const read = readSettings(settings);
  const servers = new Servers(read.server, driverOf(read));
  const devices = new Devices(read.devices, read.sessions, whereOf(read.server));
  const driver: Driver<OpenSession> = {
    kind: "mobile",
    service: read.service,
    rehearses: false,
    // A phone's work is its own; Chromium's is this machine's.
    pool: { of: read.devices ? "devices" : "mobile sessions", most: read.devices?.length ?? read.sessions, ...(read.platform === "emulated" && !(read.server instanceof URL) ? { memoryMb: 300, cores: 0.25 } : { memoryMb: 0, cores: 0 }) },
    prepare: () => tryOut(read),
    open: async (context) => new OpenSession(context, new Seat(context, devices, servers, read), read.base ?? baseOf(read.service, context), read),
    renew: (session) => session.renew(),
    rest: (session) => session.renew(),
    close: (session) => session.end(),
  };
  return Object.freeze(driver);
}

/** What a session will need and this machine may lack; a server is not started, for it takes long. */
async function tryOut(settings: Settings): Promise<void> {
  await loadWebdriverio();
  if (settings.server instanceof URL) return;
  capabilitiesOf(settings, undefined);
  findAppium(settings.server.home ?? process.cwd());
}

/** This machine's devices are the same whichever server of its own leads to them. */
const whereOf = (server: URL | object): string => (server instanceof URL && !/^(localhost|127\.|\[::1\])/.test(server.hostname) ? server.host : "local");

function baseOf(service: string | undefined, context: OpenContext): string | undefined {
  if (service === undefined) return undefined;
  const address = context.service(service);
  if (address === undefined) throw problem("SEA_MOBILE_SERVICE", { service }, "mobile.service");
  return readBase(address, `service ${service}`);
}
