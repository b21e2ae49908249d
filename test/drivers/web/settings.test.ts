import { expect, test } from "vitest";
import { web, type WebSettings } from "../../../drivers/web/index.ts";

const base = "http://127.0.0.1:1";

test.each<[string, object, string, string]>([
  ["no target", {}, "SEA_WEB_SETTING", "a base or a service"],
  ["two targets", { base, service: "shop" }, "SEA_WEB_SETTING", "one of the two"],
  ["a slip of the finger", { base, timout: "1s" }, "SEA_WEB_SETTING", "one of base, service"],
  ["no address", { base: "shop" }, "SEA_WEB_BASE", "http or https"],
  ["no engine", { base, engine: "selenium" }, "SEA_WEB_SETTING", '"playwright" or "webdriver"'],
  ["no browser", { base, browser: "chrome" }, "SEA_WEB_SETTING", '"chromium" or "firefox" or "webkit"'],
  ["no time", { base, timeout: "0s" }, "SEA_WEB_SETTING", "longer than nothing"],
  ["no duration", { base, queue: "soon" }, "SEA_UNIT_DURATION", "200ms"],
  ["half a browser", { base, browsers: 0.5 }, "SEA_WEB_SETTING", "a whole number from 1"],
  ["a device over WebDriver", { base, engine: "webdriver", device: "iPhone 15" }, "SEA_WEB_ENGINE", 'web({ engine: "playwright" })'],
  ["a trace over WebDriver", { base, engine: "webdriver", trace: true }, "SEA_WEB_ENGINE", "leave it out"],
  ["WebKit over WebDriver", { base, engine: "webdriver", browser: "webkit" }, "SEA_WEB_ENGINE", "leave it out"],
  ["a server with Playwright", { base, server: "http://127.0.0.1:4444" }, "SEA_WEB_ENGINE", 'web({ engine: "webdriver" })'],
  ["vitals of Firefox", { base, browser: "firefox", vitals: true }, "SEA_WEB_SETTING", "chromium"],
])("%s is refused when the driver is made", (_, settings, code, hint) => {
  const made = (() => {
    try {
      return web(settings as WebSettings);
    } catch (error) {
      return error;
    }
  })();
  expect(made).toMatchObject({ code, hint: expect.stringContaining(hint) });
});

test("a driver says what it shares, and what one page of it costs", () => {
  expect(web({ base }).pool).toEqual({ of: "browser pages", most: 8, memoryMb: 80, cores: 0.25 });
  expect(web({ base, engine: "webdriver" }).pool).toMatchObject({ most: 4 });
  expect(web({ base, engine: "webdriver", server: "http://127.0.0.1:4444", browsers: 20 }).pool).toEqual({ of: "browser pages", most: 20, memoryMb: 0, cores: 0 });
});
