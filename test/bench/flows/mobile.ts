/** A tap in an app, by Seatrial's mobile driver and by webdriverio's protocol commands alone, each in a session of its own on the same Appium. */
import { fileURLToPath } from "node:url";
import type { Browser } from "webdriverio";
import { mobile, type MobileSession } from "../../../drivers/mobile/index.ts";
import { beside } from "./beside.ts";

/** One alone takes a few ms. */
const taps = 20;
const app = fileURLToPath(new URL("../../../scenarios/shop/app.xml", import.meta.url));

/** As its own examples ask for one. */
async function bareSession({ raw }: MobileSession): Promise<Browser> {
  const { remote } = await import("webdriverio");
  return remote({
    hostname: "127.0.0.1", port: (raw as Browser).options.port!, path: "/", logLevel: "silent",
    capabilities: { platformName: "Fake", "appium:automationName": "Fake", "appium:deviceName": "Fake", "appium:app": app, "wdio:enforceWebDriverClassic": true } as WebdriverIO.Capabilities,
  });
}

let bare: Promise<Browser> | undefined;
let ready: MobileSession | undefined;
await beside({ phone: mobile({ platform: "fake", app }) }, async ({ phone }) => {
  for (let n = 0; n < taps; n++) await phone.id("rope").tap();
  ready = phone;
}, async () => {
  const browser = await (bare ??= bareSession(ready!));
  for (let n = 0; n < taps; n++) {
    const found = await browser.findElement("id", "rope");
    await browser.elementClick(Object.values(found)[0] as string);
  }
}, taps);
