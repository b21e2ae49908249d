import { afterEach, beforeEach, expect, test } from "vitest";
import type { Server as HttpServer } from "node:http";
import { mobile, type MobileSession, type MobileSettings } from "../../../drivers/mobile/index.ts";
import { failureOf, userContext } from "../../contract/driver.ts";
import { addressOf, serve, stop } from "./world.ts";

/**
 * No device is here: this writes down what a driver of Android's or iOS's would be sent. That it is what
 * they take is read in their documentation, and not proven by these tests.
 */
let server: HttpServer;
let calls: { readonly what: string; readonly body: any }[];
beforeEach(async () => {
  calls = [];
  server = await serve((asked, reply) => {
    let text = "";
    asked.on("data", (chunk) => (text += chunk)).on("end", () => {
      const what = `${asked.method} ${asked.url!.replace("/session/s1", "")}`;
      const body = text === "" ? undefined : JSON.parse(text);
      calls.push({ what, body });
      const value = what === "POST /session" ? { sessionId: "s1", capabilities: body.capabilities.alwaysMatch } : what.endsWith("/elements") ? [{ "element-6066-11e4-a52e-4f735466cecf": "e1" }] : what === "GET /window/rect" ? { x: 0, y: 0, width: 400, height: 800 } : what === "GET /contexts" ? ["NATIVE_APP", "WEBVIEW_shop"] : null;
      reply.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify({ value }));
    });
  });
});
afterEach(() => stop(server));

async function walk(settings: Partial<MobileSettings> & Pick<MobileSettings, "platform">, touch: (phone: MobileSession) => Promise<unknown>): Promise<Record<string, any>> {
  const driver = mobile({ server: addressOf(server), timeout: "5s", ...settings });
  const { context, ops } = userContext();
  const phone = await driver.open(context);
  await touch(phone);
  expect(ops.every(({ outcome }) => outcome === "ok")).toBe(true);
  await driver.close(phone);
  return calls[0]!.body.capabilities.alwaysMatch;
}
const scripts = () => calls.filter(({ what }) => what.startsWith("POST /execute")).map(({ body }) => [body.script, body.args[0]]);

const everything = async (phone: MobileSession) => {
  await phone.text("Buy").tap();
  await phone.deepLink("shop://order/1");
  await phone.background("2s");
  await phone.permission("camera", "revoke");
  await phone.app.install("/apps/new");
  await phone.app.stop();
  await phone.app.launch();
  await phone.app.remove("example.other");
  await phone.app.reset();
  await phone.context("web");
  await phone.css(".buy").tap();
};

test("Android's capabilities and commands", async () => {
  const devices = [`first-${process.pid}`, `second-${process.pid}`];
  const asked = await walk({ platform: "android", app: "/apps/shop.apk", appId: "example.shop", activity: ".Main", devices, capabilities: { "appium:noReset": true } }, everything);
  expect(asked).toMatchObject({
    platformName: "Android", "appium:automationName": "UiAutomator2", "appium:app": "/apps/shop.apk", "appium:appPackage": "example.shop", "appium:appActivity": ".Main",
    "appium:udid": devices[0], "appium:systemPort": 8200, "appium:noReset": true, "appium:newCommandTimeout": 300,
  });
  expect(calls.find(({ what }) => what === "POST /elements")!.body).toEqual({ using: "-android uiautomator", value: 'new UiSelector().text("Buy")' });
  expect(scripts()).toEqual([
    ["mobile: deepLink", { url: "shop://order/1", package: "example.shop" }],
    ["mobile: backgroundApp", { seconds: 2 }],
    ["mobile: changePermissions", { permissions: "camera", appPackage: "example.shop", action: "revoke" }],
    ["mobile: installApp", { appPath: "/apps/new" }],
    ["mobile: terminateApp", { appId: "example.shop" }],
    ["mobile: activateApp", { appId: "example.shop" }],
    ["mobile: removeApp", { appId: "example.other" }],
    ["mobile: terminateApp", { appId: "example.shop" }],
    ["mobile: clearApp", { appId: "example.shop" }],
    ["mobile: activateApp", { appId: "example.shop" }],
  ]);
  expect(calls.find(({ what }) => what === "POST /context")!.body).toEqual({ name: "WEBVIEW_shop" });
  expect(calls.findLast(({ what }) => what === "POST /elements")!.body).toEqual({ using: "css selector", value: ".buy" });
  expect(calls.at(-1)!.what).toBe("DELETE ");
});

test("iOS's capabilities and commands", async () => {
  const asked = await walk({ platform: "ios", appId: "example.shop", devices: [`phone-${process.pid}`] }, everything);
  expect(asked).toMatchObject({ platformName: "iOS", "appium:automationName": "XCUITest", "appium:bundleId": "example.shop", "appium:wdaLocalPort": 8100 });
  expect(calls.find(({ what }) => what === "POST /elements")!.body).toEqual({ using: "-ios predicate string", value: 'label == "Buy" OR value == "Buy"' });
  expect(scripts().slice(0, 4)).toEqual([
    ["mobile: deepLink", { url: "shop://order/1", bundleId: "example.shop" }],
    ["mobile: backgroundApp", { seconds: 2 }],
    ["mobile: setPermission", { bundleId: "example.shop", access: { camera: "no" } }],
    ["mobile: installApp", { app: "/apps/new" }],
  ]);
});

test("Chrome on Android begins in the web, and a device farm gets the login of its address", async () => {
  const asked = await walk({ platform: "android", browser: "chrome", base: "https://shop.example/", server: addressOf(server).replace("//", "//me:secret@") }, async (phone) => {
    await phone.label("Buy").tap();
    await phone.text('say "hi"').count();
  });
  expect(asked).toMatchObject({ browserName: "chrome", "appium:automationName": "UiAutomator2" });
  expect(calls.filter(({ what }) => what === "POST /elements").map(({ body }) => body)).toEqual([
    { using: "css selector", value: '[aria-label="Buy"]' },
    { using: "xpath", value: `//body//*[text()[normalize-space(.)=concat("say ", '"', "hi", '"', "")]]` },
  ]);
});

test("settings that can't be are refused with what to give instead", () => {
  const code = (settings: object) => {
    try {
      mobile(settings as MobileSettings);
      return "none";
    } catch (error) {
      return `${(error as { code: string }).code} ${(error as { place?: string }).place}`;
    }
  };
  expect(code({ platform: "windows" })).toBe("SEA_MOBILE_SETTING mobile.platform");
  expect(code({ platform: "android" })).toBe("SEA_MOBILE_SETTING mobile.app");
  expect(code({ platform: "fake" })).toBe("SEA_MOBILE_SETTING mobile.app");
  expect(code({ platform: "android", app: "a.apk", browser: "chrome" })).toBe("SEA_MOBILE_SETTING mobile.browser");
  expect(code({ platform: "android", app: "a.apk", devices: [] })).toBe("SEA_MOBILE_SETTING mobile.devices");
  expect(code({ platform: "android", app: "a.apk", devices: ["a", "a"] })).toBe("SEA_MOBILE_SETTING mobile.devices");
  expect(code({ platform: "android", app: "a.apk", sessions: 0 })).toBe("SEA_MOBILE_SETTING mobile.sessions");
  expect(code({ platform: "android", app: "a.apk", server: "ftp://x" })).toBe("SEA_MOBILE_SETTING mobile.server");
  expect(code({ platform: "android", app: "a.apk", apps: "b" })).toBe("SEA_MOBILE_SETTING mobile.setting");
  expect(code({ platform: "emulated", devices: ["a"] })).toBe("SEA_MOBILE_SETTING mobile.platform");
  expect(code({ platform: "emulated", base: "shop" })).toBe("SEA_MOBILE_SETTING mobile.base");
  expect(code({ platform: "emulated", timeout: "0s" })).toBe("SEA_MOBILE_SETTING mobile.timeout");
});

test("a project without Appium is told how to get it", async () => {
  const driver = mobile({ platform: "android", app: "a.apk", server: { home: "/nowhere" } });
  const { context, ops } = userContext();
  const phone = await driver.open(context);
  await expect(phone.text("Buy").tap()).rejects.toMatchObject({ code: "SEA_MOBILE_APPIUM" });
  expect(ops).toEqual([]);
  await driver.close(phone);
});

test("a server where nobody is refuses the session, and says why", async () => {
  const driver = mobile({ platform: "android", app: "a.apk", server: "http://127.0.0.1:1" });
  const { context } = userContext();
  const phone = await driver.open(context);
  expect((await failureOf(phone.text("Buy").tap())).failure).toMatchObject({ cause: "no session", error: expect.stringContaining("127.0.0.1:1") });
  await driver.close(phone);
});
