import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { html } from "../../reports/html/index.ts";
import { junit } from "../../reports/junit/index.ts";
import { gameDay, gameDayVerdict, hostile } from "./game-day.ts";
import { poorWords } from "./contrast.ts";
import { poorCases } from "./poor.ts";
import { jenkinsPolicy, launchBrowser, serve } from "./served.ts";

let browser: Browser;
beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(async () => {
  await browser?.close();
});

interface Look {
  readonly width?: number;
  readonly scheme?: "light" | "dark";
  readonly policy?: string;
  readonly of?: () => { view: ReturnType<typeof gameDay>; verdict: typeof gameDayVerdict };
}

/** Opens the report as served, and gives back what its console said. */
async function look({ width = 1280, scheme = "light", policy, of = () => ({ view: gameDay(), verdict: gameDayVerdict }) }: Look, see: (page: Page, complaints: string[]) => Promise<void>): Promise<void> {
  const { view, verdict } = of();
  const server = await serve(html.render(view, verdict), policy);
  const page = await browser.newPage({ viewport: { width, height: 900 }, colorScheme: scheme, locale: "en-US" });
  const complaints: string[] = [];
  page.on("console", (message) => void (["error", "warning"].includes(message.type()) && complaints.push(message.text())));
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("dialog", () => complaints.push("a hostile word ran"));
  try {
    await page.goto(server.url, { waitUntil: "load" });
    await see(page, complaints);
  } finally {
    await page.close();
    await server.close();
  }
}

/** What is asked in the page has no types here: the tests are not compiled against a browser's library. */
type Node = any;
const overflow = (page: Page) => page.evaluate<number>("document.documentElement.scrollWidth - document.documentElement.clientWidth");
const sizes = (page: Page, selector: string) => page.locator(selector).evaluateAll((all: Node): { width: number; height: number }[] => all.map((one: Node) => {
  const { width, height } = one.getBoundingClientRect();
  return { width, height };
}));
const scheme = ["light", "dark"] as const;

describe.each(scheme)("%s", (scheme) => {
  describe.each([360, 1280])("at %d px", (width) => {
    test("under Jenkins' policy the page reads completely", () => look({ width, scheme, policy: jenkinsPolicy }, async (page, complaints) => {
      expect(complaints.filter((text) => !/^Blocked script execution/.test(text))).toEqual([]);
      expect(await overflow(page)).toBe(0);
      const verdict = page.getByLabel("Verdict");
      expect(await verdict.isVisible()).toBe(true);
      expect((await verdict.boundingBox())!.y).toBeLessThan(500);
      const plots = await sizes(page, ".chart");
      expect(plots).toHaveLength(4);
      for (const size of plots) expect(size.width > 200 && size.height > 150).toBe(true);
      // The style sheet came, and follows the scheme.
      const background = await page.evaluate<string>("getComputedStyle(document.body).backgroundColor");
      expect(background).toBe(scheme === "dark" ? "rgb(14, 23, 31)" : "rgb(248, 247, 243)");
      expect(await page.locator(".zoom").isVisible()).toBe(false);
      expect(await page.locator("details > summary").first().isVisible()).toBe(true);
    }));

    test("with scripts the plots come alive, without a complaint", () => look({ width, scheme }, async (page, complaints) => {
      expect(complaints).toEqual([]);
      expect(await overflow(page)).toBe(0);
      const canvases = await sizes(page, ".plot canvas");
      expect(canvases).toHaveLength(4);
      for (const size of canvases) expect(size.width > 200 && size.height > 150).toBe(true);
      for (const { width: box } of await sizes(page, ".plot-box")) expect(box).toBeLessThanOrEqual(width);
    }));
  });
});

test.each(scheme)("every word has contrast enough in %s", (scheme) => look({ scheme, policy: jenkinsPolicy }, async (page) => {
  expect(await poorWords(page)).toEqual([]);
}));

test("dragging zooms all plots, a phase's button zooms to it, and a double click shows the whole run", () => look({}, async (page, complaints) => {
  const pressed = () => page.locator('.zoom button[aria-pressed="true"]').allTextContents();
  const picture = (plot: string) => page.locator(`[data-plot=${plot}] canvas`).evaluate((canvas: Node): string => canvas.toDataURL());
  const before = [await picture("rate"), await picture("latency")];
  expect(await pressed()).toEqual(["Whole run"]);

  const over = page.locator("[data-plot=rate] .u-over");
  await over.scrollIntoViewIfNeeded();
  const box = (await over.boundingBox())!;
  await page.mouse.move(box.x + box.width * 0.3, box.y + 50);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width * 0.6, box.y + 60, { steps: 5 });
  await page.mouse.up();
  await expect.poll(pressed).toEqual([]);
  const dragged = [await picture("rate"), await picture("latency")];
  expect(dragged[0]).not.toBe(before[0]);
  expect(dragged[1]).not.toBe(before[1]);

  await page.getByRole("button", { name: "3 lose a node" }).click();
  await expect.poll(pressed).toEqual(["3 lose a node"]);
  expect(await picture("latency")).not.toBe(dragged[1]);

  await over.dblclick({ position: { x: 100, y: 50 } });
  await expect.poll(pressed).toEqual(["Whole run"]);
  expect(complaints).toEqual([]);
}));

test("the legend says the values under the cursor, in every plot at once", () => look({}, async (page) => {
  const over = page.locator("[data-plot=latency] .u-over");
  await over.scrollIntoViewIfNeeded();
  const box = (await over.boundingBox())!;
  await page.mouse.move(box.x + box.width * 0.35, box.y + 40);
  const now = (plot: string) => page.locator(`[data-plot=${plot}] .now`).allTextContents();
  await expect.poll(() => now("latency")).toEqual([expect.stringMatching(/^[\d.]+ms$/), expect.stringMatching(/^[\d.]+ms$/), expect.stringMatching(/^[\d.]+ms$/), expect.stringMatching(/^[\d.]+ms$/)]);
  await expect.poll(() => now("users")).toEqual(["20"]);
}));

test("tables sort by a number, back again, and filter; steps keep their journey's name", () => look({}, async (page) => {
  const table = page.locator("[data-table=journeys]");
  const names = () => table.locator("tbody tr:not([hidden]) th").allTextContents();
  const original = await names();
  const ops = table.getByRole("button", { name: "Ops" });
  await ops.click();
  expect(await table.locator("th[aria-sort]").getAttribute("aria-sort")).toBe("descending");
  const values = await table.locator("tbody tr td:nth-child(2)").evaluateAll((cells: Node): number[] => cells.map((cell: Node) => Number(cell.dataset.value)));
  expect(values).toEqual([...values].sort((a, b) => b - a));
  expect(await table.locator("tbody th[data-under]").first().evaluate((cell: Node): string => cell.ownerDocument.defaultView.getComputedStyle(cell, "::before").content)).toContain("browse");
  await ops.click();
  await ops.click();
  expect(await names()).toEqual(original);
  await page.locator("#journeys input[type=search]").fill("ITEMS");
  expect(await names()).toEqual(original.filter((name) => name.includes("items")));
}));

test("wide tables scroll in their own box on a phone, reachable by keyboard", () => look({ width: 360, policy: jenkinsPolicy }, async (page) => {
  const box = page.locator(".table-box", { has: page.locator("[data-table=journeys]") });
  expect(await box.evaluate((box: Node): boolean => box.scrollWidth > box.clientWidth && box.tabIndex === 0)).toBe(true);
}));

test("plots follow the window and the paper", () => look({}, async (page, complaints) => {
  await page.setViewportSize({ width: 420, height: 800 });
  await expect.poll(async () => (await sizes(page, ".plot .uplot"))[0]!.width).toBeLessThan(420);
  expect(await overflow(page)).toBe(0);
  await page.emulateMedia({ media: "print", colorScheme: "light" });
  expect((await sizes(page, ".chart")).every(({ height }) => height > 150)).toBe(true);
  expect(await page.locator(".plot .uplot").first().isVisible()).toBe(false);
  expect(complaints).toEqual([]);
}));

test.each(Object.entries(poorCases))("%s reads, too", (_, of) => look({ of, width: 360 }, async (page, complaints) => {
  expect(complaints).toEqual([]);
  expect(await overflow(page)).toBe(0);
  expect(await page.getByLabel("Verdict").innerText()).toContain(of().verdict.grade.toUpperCase());
}));

test("a browser's XML parser takes the JUnit file, too", () => look({}, async (page) => {
  const file = junit.render(gameDay(), gameDayVerdict).files["junit.xml"] as string;
  const answer = await page.evaluate((xml: string): { error: number; text: string } => {
    const root = new (globalThis as Node).DOMParser().parseFromString(xml, "application/xml");
    return { error: root.querySelectorAll("parsererror").length, text: root.documentElement.textContent };
  }, file);
  expect(answer.error).toBe(0);
  expect(answer.text).toContain(hostile.markup);
}));
