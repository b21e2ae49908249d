import { spawn } from "node:child_process";
import { once } from "node:events";
import type { Server as HttpServer } from "node:http";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { mobile, type MobileSession } from "../../../drivers/mobile/index.ts";
import type { Driver } from "../../../src/model/driver.ts";
import type { TouchFailed } from "../../../src/model/op.ts";
import { failureOf, until, userContext } from "../../contract/driver.ts";
import { addressOf, appiumOf, below, hasChromium, isAlive, root, serve, stop } from "./world.ts";

const page = `<!doctype html><meta name="viewport" content="width=device-width"><title>Shop</title>
<button aria-label="Buy" onclick="document.querySelector('#status').textContent = touched ? 'tapped' : 'clicked'">Buy</button>
<input id="name"><p id="status">nothing</p><button id="stuck" onclick="while (true);">Stuck</button>
<div style="height: 4000px"></div><button id="deep" onclick="this.textContent = 'Found'">Deep</button>
<script>let touched = false; addEventListener("touchstart", () => (touched = true));</script>`;

describe.skipIf(!hasChromium)("mobile web in an emulated phone", () => {
  let shop: HttpServer;
  let driver: Driver<MobileSession>;
  let phone: MobileSession;
  const user = userContext();
  beforeAll(async () => {
    shop = await serve((asked, reply) => {
      if (asked.url === "/never") return;
      reply.writeHead(asked.url === "/lost" ? 404 : 200, { "content-type": "text/html" }).end(asked.url === "/other" ? "<title>Other</title><h1>Other</h1>" : page);
    });
    driver = mobile({ platform: "emulated", base: addressOf(shop), server: { home: root }, timeout: "15s" });
    phone = await driver.open(user.context);
  });
  afterAll(async () => {
    await driver.close(phone);
    await stop(shop);
  }, 30_000);

  test("the page sees a phone, and is tapped, filled, swiped and scrolled", async () => {
    await phone.goto("/");
    const seen = await (phone.raw as { executeScript(script: string, args: unknown[]): Promise<unknown> }).executeScript("return [navigator.maxTouchPoints > 0, matchMedia('(pointer: coarse)').matches, innerWidth, /Mobile/.test(navigator.userAgent)]", []);
    expect(seen).toEqual([true, true, 412, true]);
    await phone.id("name").fill("ada");
    await phone.id("name").type(" l");
    expect(await phone.label("Buy").attribute("aria-label")).toBe("Buy");
    await phone.text("Buy").tap();
    await phone.css("#status").expect({ text: /tapped|clicked/ });
    await phone.swipe("up");
    await phone.id("deep").scrollTo();
    await phone.id("deep").tap();
    await phone.text("Found").expect({ visible: true });
    await phone.goto("/other");
    await phone.back();
    await phone.label("Buy").expect({ visible: true });
    await phone.deepLink(`${addressOf(shop)}/other`);
    await phone.text("Other").expect({ visible: true });
    expect(user.ops.every(({ outcome }) => outcome === "ok")).toBe(true);
  }, 60_000);

  test("a page that is not there, nobody's address, and a page that never comes", async () => {
    expect((await failureOf(phone.goto("/lost"))).failure.cause).toBe("status 404");
    expect((await failureOf(phone.goto("http://127.0.0.1:1/"))).outcome).toBe("refused");
    const { outcome, failure } = await failureOf(phone.goto("/never", { timeout: "500ms" }));
    expect([outcome, failure.cause]).toEqual(["unsure", "timeout"]);
    await phone.goto("/");
    await phone.label("Buy").tap();
  }, 60_000);

  test("a page that hangs is unsure, and a new session follows", async () => {
    await phone.goto("/");
    const { outcome, failure } = await failureOf(phone.id("stuck").tap({ timeout: "1s" }));
    expect([outcome, failure.cause]).toEqual(["unsure", "timeout"]);
    await phone.goto("/").catch((error: TouchFailed) => expect.fail(error.failure.error));
    await phone.label("Buy").tap();
  }, 60_000);

  test("a killed server leaves no browser behind", async () => {
    await phone.goto("/");
    const appium = appiumOf(phone)!;
    const browsers = below(appium).map(({ pid }) => pid);
    expect(browsers.length).toBeGreaterThan(2);
    process.kill(appium, "SIGKILL");
    await until("the end of its browsers", () => browsers.every((pid) => !isAlive(pid)));
  }, 60_000);
});

test("a process that is killed leaves no server behind", async () => {
  const program = `
    const { Server } = await import(${JSON.stringify(new URL("../../../drivers/mobile/server.ts", import.meta.url).href)});
    const { realClock } = await import(${JSON.stringify(new URL("../../../src/units/clock.ts", import.meta.url).href)});
    await Server.start({ home: ${JSON.stringify(root)} }, realClock(), "fake");
    console.log("up");`;
  const child = spawn(process.execPath, ["--no-warnings", "--input-type=module", "-e", program], { stdio: ["ignore", "pipe", "inherit"] });
  await once(child.stdout, "data");
  const family = below(child.pid!).map(({ pid }) => pid);
  expect(family).toHaveLength(2);
  child.kill("SIGKILL");
  const patience = userContext().context.clock;
  while (family.some(isAlive) && patience.now() < 10_000) await patience.sleep(20);
  expect(family.filter(isAlive)).toEqual([]);
}, 60_000);
