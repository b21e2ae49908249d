import type { OpenContext } from "../../src/model/driver.ts";
import type { Mask } from "../../src/mask/mask.ts";
import { durationMs, type Duration } from "../../src/units/duration.ts";
import { problem } from "../../src/units/errors.ts";
import { needDevice, OpenApp } from "./app.ts";
import { DeviceFailure } from "./failure.ts";
import { swipe } from "./finger.ts";
import { OpenScope, type Toucher } from "./locator.ts";
import type { App, Direction, MobileSession, TouchOptions } from "./page.ts";
import type { Phone } from "./phone.ts";
import type { Seat } from "./seat.ts";
import type { Settings } from "./settings.ts";
import { touch, type Desk } from "./touch.ts";

/** The protocol does not tell the status of a page, nor that the browser shows one of its own in its place. */
const arrival = `return { status: performance.getEntriesByType("navigation")[0]?.responseStatus ?? 0, error: document.documentURI.startsWith("chrome-error:") ? /ERR_\\w+/.exec(document.body?.innerText ?? "")?.[0] ?? "ERR_UNKNOWN" : null }`;

/** A user's phone, with the verbs of its driver. The device is taken by the first touch, not before. */
export class OpenSession extends OpenScope implements MobileSession, Toucher {
  readonly app: App;
  readonly #desk: Desk;
  readonly #seat: Seat;
  readonly #settings: Settings;
  readonly #base: string | undefined;

  constructor(context: OpenContext, seat: Seat, base: string | undefined, settings: Settings) {
    // The scope touches through its session, which is not there before its own fields are.
    const self: Toucher = { touch: (step, request, options, act) => this.touch(step, request, options, act), mask: context.mask };
    super(self, []);
    this.#desk = { context, ended: seat.ended };
    this.#seat = seat;
    this.#settings = settings;
    this.#base = base;
    this.app = new OpenApp(self, settings.appId, () => seat.anew());
  }

  touch<T>(step: string, request: string, { timeout }: TouchOptions, act: (phone: Phone, untilMs: number) => Promise<T>, moreMs = 0): Promise<T> {
    const timeoutMs = (timeout === undefined ? this.#settings.timeoutMs : durationMs(timeout, "timeout")) + moreMs;
    return touch(this.#desk, { step, request, timeoutMs, ready: () => this.#seat.ready() }, act);
  }

  get mask(): Mask {
    return this.#desk.context.mask;
  }

  get device(): string | undefined {
    return this.#seat.device;
  }

  get raw(): unknown {
    const phone = this.#seat.now();
    if (!phone) throw problem("SEA_MOBILE_RAW", {}, "mobile.raw");
    return phone.browser;
  }

  goto(path: string, options: TouchOptions = {}): Promise<void> {
    const address = new URL(path, this.#base === undefined ? undefined : new URL(this.#base)).href;
    return this.#do(`goto ${options.name ?? path.replace(/[?#].*$/s, "")}`, options, async (phone, untilMs) => {
      await phone.insist(untilMs, () => phone.browser.navigateTo(address));
      if (!phone.isWeb || phone.platform === "fake") return;
      const { status, error } = (await phone.browser.executeScript(arrival, [])) as { status: number; error: string | null };
      if (error !== null) throw new DeviceFailure("refused", error.includes("CONNECTION_REFUSED") ? "refused" : error.includes("NAME_NOT_RESOLVED") ? "dns" : "no page", error);
      if (status >= 400) throw new DeviceFailure("refused", `status ${status}`, "");
    });
  }

  swipe(direction: Direction, options: TouchOptions = {}): Promise<void> {
    return this.#do(options.name ?? `swipe ${direction}`, options, (phone) => swipe(phone, direction));
  }

  back(options: TouchOptions = {}): Promise<void> {
    return this.#do(options.name ?? "back", options, (phone) => phone.browser.back());
  }

  rotate(to: "portrait" | "landscape", options: TouchOptions = {}): Promise<void> {
    return this.#do(options.name ?? `rotate to ${to}`, options, (phone) => phone.browser.setOrientation(to.toUpperCase()));
  }

  background(time: Duration, options: TouchOptions = {}): Promise<void> {
    const ms = durationMs(time, "background");
    return this.touch(options.name ?? "background", `background for ${time}`, options, async (phone) => {
      needDevice(phone, "go to the background");
      await phone.mobile("backgroundApp", { seconds: ms / 1_000 });
    }, ms);
  }

  deepLink(address: string, options: TouchOptions = {}): Promise<void> {
    const { appId } = this.#settings;
    return this.#do(`deep link ${options.name ?? address.replace(/[?#].*$/s, "")}`, options, async (phone) => {
      if (phone.platform === "emulated") return void (await phone.browser.navigateTo(address));
      const platform = needDevice(phone, "open a deep link");
      await phone.mobile("deepLink", { url: address, ...(appId !== undefined && (platform === "android" ? { package: appId } : { bundleId: appId })) });
    });
  }

  context(which: string, options: TouchOptions = {}): Promise<void> {
    return this.#do(`switch to ${options.name ?? which}`, options, (phone, untilMs) => phone.insist<void>(untilMs, async () => {
      if (phone.platform === "emulated") {
        if (which === "web") return undefined;
        throw new DeviceFailure("refused", "can't", "emulated sessions are web alone");
      }
      const names = ((await phone.browser.getAppiumContexts()) as (string | { id: string })[]).map((one) => (typeof one === "string" ? one : one.id));
      const name = which === "native" ? "NATIVE_APP" : which === "web" ? names.find((one) => /^(WEBVIEW|CHROMIUM)/.test(one)) : names.find((one) => one === which);
      if (name === undefined) return { cause: "no context", instead: `there are ${names.join(", ")}` };
      await phone.browser.switchAppiumContext(name);
      phone.isWeb = name !== "NATIVE_APP";
      return undefined;
    }));
  }

  dialog(answer: "accept" | "dismiss", options: TouchOptions = {}): Promise<string> {
    return this.#do(options.name ?? `${answer} dialog`, options, (phone, untilMs) => phone.insist<string>(untilMs, async () => {
      const text = await phone.browser.getAlertText().catch((error: Error) => {
        if (/no such alert|no such driver alert|modal dialog/i.test(`${error.name} ${error.message}`)) return undefined;
        throw error;
      });
      if (text === undefined) return { cause: "no dialog", instead: "no dialog is open" };
      await (answer === "accept" ? phone.browser.acceptAlert() : phone.browser.dismissAlert());
      return text;
    }));
  }

  permission(name: string, to: "grant" | "revoke", options: TouchOptions = {}): Promise<void> {
    const { appId } = this.#settings;
    return this.#do(options.name ?? `${to} ${name}`, options, async (phone) => {
      const platform = needDevice(phone, `${to} a permission`);
      if (appId === undefined) throw problem("SEA_MOBILE_APP_ID", {}, "mobile.appId");
      if (platform === "android") await phone.mobile("changePermissions", { permissions: name, appPackage: appId, action: to });
      else await phone.mobile("setPermission", { bundleId: appId, access: { [name]: to === "grant" ? "yes" : "no" } });
    });
  }

  screenshot(name = "screen", options: TouchOptions = {}): Promise<string | undefined> {
    return this.#do(options.name ?? "screenshot", options, async (phone) => this.#desk.context.artifacts.save(`${name}.png`, Buffer.from(await phone.browser.takeScreenshot(), "base64")));
  }

  /** The next touch is a new visitor's: on a device in its turn, in a session of its own. */
  renew(): void {
    this.#seat.leave();
  }

  end(): Promise<void> {
    return this.#seat.end();
  }

  #do<T>(step: string, options: TouchOptions, act: (phone: Phone, untilMs: number) => Promise<T>): Promise<T> {
    return this.touch(step, step, options, act);
  }
}
