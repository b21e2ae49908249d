/** The door of the web driver. Importing it loads no browser library; opening a session does. */
import type { Driver, OpenContext } from "../../src/model/driver.ts";
import { problem } from "../../src/units/errors.ts";
import type { Engine } from "./engine.ts";
import type { WebSession } from "./page.ts";
import { Pool } from "./pool.ts";
import { OpenSession } from "./session.ts";
import { parseBase, readSettings, type Settings, type WebSettings } from "./settings.ts";

export type { Download } from "./engine.ts";
export type { DialogAnswer, ElementExpectation, Locator, PageExpectation, Scope, TextOptions, TouchOptions, TypeOptions, WebPage, WebSession } from "./page.ts";
export type { WebSettings } from "./settings.ts";

/** What one page and its share of a browser take, measured with Chromium's headless shell. */
const pageCost = { memoryMb: 80, cores: 0.25 };

/**
 * Sessions in real browsers: to an address, or to a service of the cluster by its name.
 *
 * @throws SEA_WEB_SETTING, SEA_WEB_BASE, SEA_WEB_ENGINE, SEA_UNIT_DURATION for settings that can't be
 * @example
 * const shop = web({ base: "https://shop.staging.example" });
 * const order = journey({ shop }, async ({ shop }) => {
 *   await shop.goto("/");
 *   await shop.label("Item").select("rope");
 *   await shop.role("button", "Order").click();
 *   await shop.role("status").expect({ text: "is placed" });
 * });
 */
export function web(settings: WebSettings): Driver<WebSession> {
  const read = readSettings(settings);
  const pool = new Pool(() => engineOf(read), read.browsers, read.pages);
  const driver: Driver<OpenSession> = {
    kind: "web",
    service: read.service,
    pool: { of: "browser pages", most: read.browsers * read.pages, ...(read.server ? { memoryMb: 0, cores: 0 } : pageCost) },
    ...(read.insecure && { caveats: [`Certificates are not checked for ${read.base?.origin ?? `service ${read.service}`} (tls.insecure).`] }),
    prepare: () => tryOut(read),
    open: async (context) => new OpenSession(context, pool, read.base ?? baseOf(read.service!, context), read),
    renew: (session) => session.rest(),
    rest: (session) => session.rest(),
    close: (session) => session.end(),
  };
  return Object.freeze(driver);
}

/** A browser that is there may lack what it needs: that is seen when it starts, and is better seen before a run. */
async function tryOut(settings: Settings): Promise<void> {
  const engine = await engineOf(settings);
  try {
    // Somebody else's server may have all its browsers in use.
    if (settings.server) return;
    const browser = await engine.launch();
    await (await browser.visitor(() => undefined)).close();
    await browser.close();
  } finally {
    await engine.close();
  }
}

async function engineOf(settings: Settings): Promise<Engine> {
  if (settings.engine === "playwright") return (await import("./playwright/index.ts")).playwrightEngine(settings);
  return (await import("./webdriver/index.ts")).webdriverEngine(settings);
}

function baseOf(service: string, context: OpenContext): URL {
  const address = context.service(service);
  if (address === undefined) throw problem("SEA_WEB_SERVICE", { service }, "web.service");
  return parseBase(address, `service ${service}`);
}
