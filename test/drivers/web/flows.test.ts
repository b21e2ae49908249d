import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { web, type WebPage, type WebSession, type WebSettings } from "../../../drivers/web/index.ts";
import type { Driver } from "../../../src/model/driver.ts";
import { failureOf, userContext } from "../../contract/driver.ts";
import { onEngines } from "./engines.ts";
import { world, type World } from "./world.ts";

/** What people do in pages, alike on every engine. */
onEngines("flows", ({ settings }) => {
  let site: World;
  let driver: Driver<WebSession>;
  /** Keeps a browser open from test to test. */
  let keeper: WebSession;
  let user: ReturnType<typeof userContext>;
  let page: WebSession;
  beforeAll(async () => {
    site = await world();
    driver = web({ base: site.base, timeout: "20s", ...settings } as WebSettings);
    keeper = await driver.open(userContext().context);
    await keeper.goto("/");
  }, 60_000);
  afterAll(async () => {
    await driver.close(keeper);
    await site.stop();
  });
  beforeEach(async () => {
    user = userContext();
    page = await driver.open(user.context);
  });
  afterEach(() => driver.close(page));

  const steps = () => user.ops.map(({ step }) => step);
  /** Long enough to be found, short enough to be waited for. */
  const soon = { timeout: "400ms" } as const;
  const causeOf = async (touch: Promise<unknown>) => (await failureOf(touch)).failure.cause;

  test("ops are named after what they do", async () => {
    await page.goto("/");
    await page.role("link", "Goods").click();
    await page.expect({ url: "/items?page=2" });
    await page.expect({ url: "/items", title: "Goods" });
    await page.expect({ url: /items/ }, { name: "the goods" });
    await page.role("button", "buy").nth(1).click();
    await page.role("listitem").nth(1).role("button").click({ name: "the rope" });
    await page.css("output").expect({ text: "Rope bought" });
    await page.back();
    await page.goto("/items?page=3", { name: "/items/:page" });
    await page.reload();
    expect(steps()).toEqual([
      "goto /", 'click link "Goods"', "expect url", "expect url and title", "expect the goods", 'click button "buy" #2', "click the rope", "expect output", "back", "goto /items/:page", "reload",
    ]);
    expect(user.ops.every(({ outcome }) => outcome === "ok")).toBe(true);
    expect(user.measures.map(({ name }) => name)).toContain("browser wait");
  });

  test("a form: labels, lists, boxes, files, keys", async () => {
    const folder = await mkdtemp(join(tmpdir(), "seatrial-upload-"));
    try {
      await writeFile(join(folder, "plan.txt"), "sail");
      await page.goto("/form");
      await page.label("Your name").fill("gone");
      await page.label("Your name").fill("Ada");
      await page.label("Item").select("Rope");
      await page.label(/as a gift/i).check();
      await page.label("As a gift").expect({ checked: true });
      await page.label("Plan").upload(join(folder, "plan.txt"));
      await page.css("#plan").expect({ value: "sail" });
      await page.role("button", "Send it", { exact: true }).click();
      await page.role("status").expect({ text: "Ada 2 true sail" });
      await page.label("As a gift").uncheck();
      await page.label("Item").select("1");
      await page.role("button", "Send").click();
      await page.role("status").expect({ text: "Ada 1 false sail" });
      await page.label("Your name").expect({ value: "Ada", enabled: true });
      await page.testId("hint").expect({ visible: false });
      await page.role("button", "Never").expect({ enabled: false });
      await page.label("Search").press("a");
      await page.press("Enter");
      await page.css("#keys").expect({ text: "a Enter" });
      await page.xpath("//div[@id='hover']").hover();
      await page.css("#hover").expect({ text: "over" });
      await page.css("#hover").doubleClick();
      expect(await page.css("#hover").read()).toBe("twice");
      expect(await page.label("Plan").attribute("type")).toBe("file");
      expect(await page.label("Plan").attribute("nonsense")).toBeUndefined();
      expect(await page.css("input").count()).toBe(5);
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  test("what comes late is waited for, and what is drawn anew is caught", async () => {
    await page.goto("/late");
    await page.role("button", "Come").click();
    await page.css("#p").expect({ text: "at last" });
    await page.role("button", "Come").expect({ visible: false });
    await page.goto("/flicker");
    await page.role("button", "Catch me").click();
    await page.expect({ title: "caught" });
  });

  test("why an element could not be touched is said", async () => {
    await page.goto("/form");
    expect(await causeOf(page.role("button", "Fly").click(soon))).toBe("no element");
    expect(await causeOf(page.role("button").click(soon))).toBe("ambiguous");
    expect(await causeOf(page.role("button", "Never").click(soon))).toBe("disabled");
    expect(await causeOf(page.testId("hint").click(soon))).toBe("hidden");
    expect(await causeOf(page.label("Item").select("Lamp", soon))).toBe("no option");
    expect(await causeOf(page.label("Plan").upload("/no/such/file", soon))).toBe("no file");
    expect(await causeOf(page.text("Gone").read(soon))).toBe("no element");
    expect((await failureOf(page.role("status").expect({ text: "done" }, soon))).failure).toMatchObject({ cause: "expect text", error: 'it says ""', request: 'expect status text "done"' });
    expect((await failureOf(page.css("input").expect({ count: 2 }, soon))).failure).toMatchObject({ cause: "expect count", error: "there are 5" });
    expect((await failureOf(page.expect({ url: "/items" }, soon))).failure).toMatchObject({ cause: "expect url", error: `it is ${site.base}/form` });
    await page.goto("/covered");
    expect(await causeOf(page.role("button").click(soon))).toBe("covered");
    expect(user.ops.filter(({ outcome }) => outcome !== "ok").map(({ outcome }) => outcome)).toEqual(Array.from({ length: 11 }, () => "refused"));
  });

  test("dialogs are answered, and those that nobody waits for are dismissed", async () => {
    await page.goto("/dialogs");
    const said = page.css("#said");
    expect(await page.dialog(() => page.role("button", "Confirm").click())).toBe("Sure?");
    await said.expect({ text: "true" });
    expect(await page.dialog(() => page.role("button", "Confirm").click(), "dismiss")).toBe("Sure?");
    await said.expect({ text: "false" });
    expect(await page.dialog(() => page.role("button", "Prompt").click(), { text: "Ada" })).toBe("Name?");
    await said.expect({ text: "Ada" });
    expect(await page.dialog(() => page.role("button", "Alert").click())).toBe("Look");
    await said.expect({ text: "looked" });
    await page.role("button", "Confirm").click();
    await said.expect({ text: "false" });
    expect(await causeOf(page.dialog(async () => undefined, "accept", soon))).toBe("no dialog");
    expect(steps().filter((step) => step === "dialog")).toHaveLength(5);
  });

  test("frames and open shadow roots are looked into", async () => {
    await page.goto("/frames");
    const pay = page.frame("#pay");
    await pay.label("Card").fill("4711");
    await pay.role("button", "Pay").click();
    await pay.css("p").expect({ text: "paid 4711" });
    await page.css("p").expect({ count: 0 });
    await page.goto("/shadow");
    await page.label("Inner").fill("deep");
    await page.role("button", "Go in").click();
    await page.role("status").expect({ text: "in: deep" });
    await page.css(".go").expect({ visible: true });
    expect(steps()).toContain('fill label "Card" in frame #pay');
  });

  // What is left does not hang on how the browser is spoken to.
  if (settings.protocol === "classic") return;

  test("a new tab is a page of its own", async () => {
    await page.goto("/");
    const other: WebPage = await page.newTab(() => page.text("Other tab").click());
    await other.role("heading").expect({ text: "The other tab" });
    await page.role("heading").expect({ text: "Harbour" });
    expect(await other.url()).toBe(`${site.base}/other`);
    await other.close();
    await page.role("heading").expect({ text: "Harbour" });
    await expect(page.close()).rejects.toMatchObject({ code: "SEA_WEB_CLOSE" });
  });

  test("a download is handed over", async () => {
    await page.goto("/downloads");
    const { name, bytes } = await page.download(() => page.text("The list").click());
    expect([name, new TextDecoder().decode(bytes)]).toEqual(["list.csv", "a,b\n1,2\n"]);
    expect(steps()).toEqual(["goto /downloads", 'click text "The list"', "download"]);
  });

  test("scripts run in the page, pictures are taken of it, and the engine's own page is there", async () => {
    expect(() => page.raw).toThrow(expect.objectContaining({ code: "SEA_WEB_RAW" }));
    await page.goto("/items");
    expect(page.raw).toBeTypeOf("object");
    expect(await page.evaluate<string>("document.title")).toBe("Goods");
    expect(await page.evaluate((factor: number) => ({ twice: factor * 2 }), 21)).toEqual({ twice: 42 });
    expect(await causeOf(page.evaluate("nonsense.nothing"))).toBe("can't");
    expect(await page.screenshot("goods")).toBe("goods.png");
    expect(() => page.goto("items")).toThrow(expect.objectContaining({ code: "SEA_WEB_PATH" }));
  });

  test("a page that never comes is told from one that was refused", async () => {
    const failure = async (touch: Promise<unknown>) => {
      const { outcome, failure } = await failureOf(touch);
      return [outcome, failure.cause];
    };
    expect(await failure(page.goto("/hang", { timeout: "1s" }))).toEqual(["unsure", "timeout"]);
    expect(await failure(page.goto("/half", { timeout: "1s" }))).toEqual(["unsure", "timeout"]);
    expect(await failure(page.goto("/down"))).toEqual(["unsure", "reset"]);
    expect(await failure(page.goto("/fails"))).toEqual(["refused", "status 503"]);
    const closed = await world();
    await closed.stop();
    expect(await failure(page.goto(`${closed.base}/`))).toEqual(["refused", "refused"]);
    await page.goto("/");
  });
});
