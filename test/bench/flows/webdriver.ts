/** An order in the sample shop, by Seatrial's WebDriver engine and by webdriverio alone, each in a browser of its own. */
import type { Browser } from "webdriverio";
import { web, type WebSession } from "../../../drivers/web/index.ts";
import { orderOnPage } from "../../../scenarios/flows.ts";
import { beside, withShop } from "./beside.ts";

async function bare(browser: Browser, base: string): Promise<void> {
  await browser.url(`${base}/`);
  await browser.$("aria/Item").selectByAttribute("value", "rope");
  await browser.$("button=Order").click();
  const status = browser.$("[role=status]");
  await status.waitForDisplayed();
  if (!(await status.getText()).includes("is placed: rope")) throw new Error("not placed");
  await browser.$("[data-order]").getText();
  await browser.$("=Back to the shop").click();
  await browser.waitUntil(async () => (await browser.getUrl()) === `${base}/`);
}

/** A session as ours, in another browser of the same chromedriver, which ends both. */
const twinOf = async ({ raw }: WebSession): Promise<Browser> => {
  const { remote } = await import("webdriverio");
  const { options, requestedCapabilities } = raw as Browser & { requestedCapabilities: WebdriverIO.Capabilities };
  return remote({ protocol: "http", hostname: "127.0.0.1", port: options.port!, path: "/", logLevel: "silent", capabilities: requestedCapabilities });
};

await withShop(async (base) => {
  let twin: Promise<Browser> | undefined;
  let ready: WebSession | undefined;
  await beside({ page: web({ base, engine: "webdriver" }) }, async ({ page }) => {
    await orderOnPage(page);
    ready = page;
  }, async () => bare(await (twin ??= twinOf(ready!)), base));
});
