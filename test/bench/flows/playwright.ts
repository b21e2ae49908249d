/** An order in the sample shop, by Seatrial's Playwright engine and by playwright-core alone. */
import { chromium, type Page } from "playwright-core";
import { web } from "../../../drivers/web/index.ts";
import { programOf } from "../../../drivers/web/launch.ts";
import { orderOnPage } from "../../../scenarios/flows.ts";
import { beside, withShop } from "./beside.ts";

async function bare(page: Page, base: string): Promise<void> {
  await page.goto(`${base}/`);
  await page.getByLabel("Item").selectOption("rope");
  await page.getByRole("button", { name: "Order" }).click();
  const status = page.getByRole("status");
  await status.waitFor();
  if (!(await status.innerText()).includes("is placed: rope")) throw new Error("not placed");
  await page.locator("[data-order]").innerText();
  await page.getByRole("link", { name: "Back to the shop" }).click();
  await page.waitForURL(`${base}/`);
}

await withShop(async (base) => {
  const { path, args, env } = await programOf({ engine: "playwright", browser: "chromium", executable: undefined, headless: true });
  const browser = await chromium.launch({ executablePath: path, args: [...args], env: { ...process.env, ...env } as Record<string, string> });
  const page = await (await browser.newContext()).newPage();
  try {
    await beside({ page: web({ base }) }, async ({ page }) => void (await orderOnPage(page)), () => bare(page, base));
  } finally {
    await browser.close();
  }
});
