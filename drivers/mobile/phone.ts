import type { Browser } from "webdriverio";
import type { Clock } from "../../src/units/clock.ts";
import { sayError } from "../../src/units/errors.ts";
import { absent, ambiguous, DeviceFailure, meaningOf, passingOf, type Complaint } from "./failure.ts";
import { loadWebdriverio } from "./programs.ts";
import type { Platform } from "./settings.ts";
import { queryOf, type Target } from "./target.ts";

/** A screen changes within a frame or two, or it takes its time. */
const pausesMs = [20, 50, 100, 200];
/** A server that does not answer at the end is left to its own time-out of idle sessions. */
const hangUpMs = 2_000;
/** Longer than any touch: each has its own time. */
const callMs = 3_600_000;

/** One session of Appium's. */
export class Phone {
  readonly browser: Browser;
  readonly platform: Platform;
  readonly #clock: Clock;
  readonly #calls: AbortController;
  /** Ends the wait for the end of the session. */
  readonly #bye: AbortController;
  /** In a web view or a browser, and not in native screens. */
  isWeb: boolean;
  /** The server does not know it any more, or does not answer. */
  lost = false;

  private constructor(browser: Browser, platform: Platform, isWeb: boolean, clock: Clock, calls: AbortController, bye: AbortController) {
    this.browser = browser;
    this.platform = platform;
    this.isWeb = isWeb;
    this.#clock = clock;
    this.#calls = calls;
    this.#bye = bye;
  }

  /** @throws DeviceFailure `no session`, SEA_MOBILE_PACKAGE */
  static async dial(url: URL, capabilities: Record<string, unknown>, { platform, isWeb, clock, startMs, signal }: { readonly platform: Platform; readonly isWeb: boolean; readonly clock: Clock; readonly startMs: number; readonly signal: AbortSignal }): Promise<Phone> {
    const { remote } = await loadWebdriverio();
    const calls = new AbortController();
    const bye = new AbortController();
    const login = url.username === "" ? {} : { user: decodeURIComponent(url.username), key: decodeURIComponent(url.password) };
    const cancel = clock.at(clock.now() + startMs, () => calls.abort(new Error("the session did not start in time: timeout")));
    try {
      signal.throwIfAborted();
      const browser = await remote({
        protocol: url.protocol.slice(0, -1), hostname: url.hostname.replace(/^\[|\]$/g, ""), port: Number(url.port) || (url.protocol === "https:" ? 443 : 80), path: url.pathname, ...login,
        capabilities: capabilities as WebdriverIO.Capabilities, logLevel: "silent", waitforTimeout: 0,
        // A tap that is sent again is a second tap.
        connectionRetryCount: 0, connectionRetryTimeout: callMs,
        transformRequest: (request) => ({ ...request, signal: request.method === "DELETE" && calls.signal.aborted ? bye.signal : calls.signal }),
      });
      return new Phone(browser, platform, isWeb, clock, calls, bye);
    } catch (error) {
      if (error instanceof Error && "code" in error && String(error.code).startsWith("SEA_")) throw error;
      throw new DeviceFailure("refused", "no session", sayError(error).split("\n")[0]!.slice(0, 500));
    } finally {
      cancel();
    }
  }

  /** Leaves what is under way, without an answer. */
  abandon(): void {
    this.lost = true;
    this.#calls.abort(new Error("abandoned"));
  }

  /** Ends the session at the server; never throws. */
  async hangUp(): Promise<void> {
    this.#calls.abort(new Error("hung up"));
    const cancel = this.#clock.at(this.#clock.now() + hangUpMs, () => this.#bye.abort(new Error("no answer")));
    await this.browser.deleteSession({ shutdownDriver: false }).catch(() => undefined);
    cancel();
  }

  /** Tries again while what stands in the way may pass. @throws DeviceFailure */
  async insist<T>(untilMs: number, once: () => Promise<T | Complaint>): Promise<T> {
    for (let turn = 0; ; turn++) {
      const seen = await once().catch((error: unknown) => {
        const passing = passingOf(error);
        if (!passing) throw meaningOf(error);
        return passing;
      });
      if (!isComplaint(seen)) return seen;
      const leftMs = untilMs - this.#clock.now();
      if (leftMs <= 0 || this.lost) throw new DeviceFailure("refused", seen.cause, seen.instead);
      await this.#clock.sleep(Math.min(leftMs, pausesMs[Math.min(turn, pausesMs.length - 1)]!), this.#calls.signal).catch(() => {
        throw new DeviceFailure("unsure", "timeout", "abandoned");
      });
    }
  }

  /** The ids of the elements that are there now. */
  async find(target: Target): Promise<string[]> {
    let found: string[] | undefined;
    for (const step of target) {
      if (step.by === "nth") {
        const one = found?.at(step.index);
        found = one === undefined ? [] : [one];
        continue;
      }
      const { using, value } = queryOf(step, this.platform, this.isWeb, found !== undefined);
      const within: string[] | undefined = found;
      const lists = within === undefined ? [await this.browser.findElements(using, value)] : await Promise.all(within.map((id) => this.browser.findElementsFromElement(id, using, value)));
      found = [...new Set(lists.flat().map((reference) => Object.values(reference)[0] as string))];
    }
    return found ?? [];
  }

  /** The one element there must be, or why it is not. */
  async single(target: Target): Promise<string | Complaint> {
    const found = await this.find(target);
    return found.length === 1 ? found[0]! : found.length === 0 ? absent : ambiguous(found.length);
  }

  /** Runs `act` with the element, as soon as there is one that takes it. */
  with<T>(target: Target, untilMs: number, act: (id: string) => Promise<T | Complaint>): Promise<T> {
    return this.insist<T>(untilMs, async () => {
      const id = await this.single(target);
      return typeof id === "string" ? act(id) : id;
    });
  }

  /** The size of what a finger can reach. */
  async size(): Promise<{ readonly width: number; readonly height: number }> {
    if (this.isWeb && this.platform !== "fake") return (await this.browser.executeScript("return { width: innerWidth, height: innerHeight }", [])) as { width: number; height: number };
    return this.browser.getWindowRect();
  }

  /** A command of the platform's driver. */
  mobile(name: string, args: object): Promise<unknown> {
    return this.browser.executeScript(`mobile: ${name}`, [args]);
  }
}

const isComplaint = (seen: unknown): seen is Complaint => typeof seen === "object" && seen !== null && "instead" in seen && "cause" in seen;
