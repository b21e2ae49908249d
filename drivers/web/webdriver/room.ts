import type { Browser } from "webdriverio";
import type { Clock } from "../../../src/units/clock.ts";
import type { Target } from "../target.ts";
import { passingOf } from "./failure.ts";

/** An element as the protocol writes it. */
export type Reference = { readonly [key: string]: string };
/** An open dialog stops every command; it gets so many looks before somebody may have waited for it in vain. */
const mostDialogs = 5;

/**
 * One WebDriver session. It has one window and one frame at a time, so what its tabs want is done one
 * after the other, each in its own place.
 */
export class Room {
  readonly browser: Browser;
  readonly clock: Clock;
  /** Somebody waits for a dialog: it is theirs. */
  awaitsDialog = false;
  readonly log: string[] = [];
  #window: string;
  #isInFrame = false;
  #queue: Promise<unknown> = Promise.resolve();

  /** How long the browser waits for a page, whichever command finds it loading. */
  #patienceMs: number;

  constructor(browser: Browser, clock: Clock, window: string, patienceMs: number) {
    this.browser = browser;
    this.clock = clock;
    this.#window = window;
    this.#patienceMs = patienceMs;
  }

  /** Sets that time, where it is not about the same already. */
  async patience(ms: number): Promise<void> {
    if (Math.abs(ms - this.#patienceMs) < 250) return;
    await this.browser.setTimeouts(undefined, Math.ceil(ms));
    this.#patienceMs = ms;
  }

  note(line: string): void {
    if (this.log.length === 200) this.log.shift();
    this.log.push(line.slice(0, 1_000));
  }

  /** Does something in a window, and in its top document. */
  in<T>(window: string, act: () => Promise<T>): Promise<T> {
    const turn = this.#queue.then(() => this.#there(window, act));
    this.#queue = turn.catch(() => undefined);
    return turn;
  }

  /** Something that stands in no window, such as an answer to a dialog. */
  aside<T>(act: () => Promise<T>): Promise<T> {
    const turn = this.#queue.then(act);
    this.#queue = turn.catch(() => undefined);
    return turn;
  }

  async #there<T>(window: string, act: () => Promise<T>): Promise<T> {
    for (let turn = 0; ; turn++) {
      try {
        if (this.#window !== window) {
          await this.browser.switchToWindow(window);
          this.#window = window;
          this.#isInFrame = false;
        }
        if (this.#isInFrame) {
          await this.browser.switchToFrame(null);
          this.#isInFrame = false;
        }
        return await act();
      } catch (error) {
        if (passingOf(error)?.cause !== "dialog" || this.awaitsDialog || turn === mostDialogs) throw error;
        const text = await this.browser.getAlertText().catch(() => "");
        this.note(`dialog that nobody waited for: ${text}`);
        await this.browser.dismissAlert().catch(() => undefined);
      }
    }
  }

  /** Goes into the frames on the way to a target, and answers the steps that are left inside the last one. */
  async enter(target: Target, find: (steps: Target) => Promise<Reference | null>): Promise<Target | undefined> {
    let steps: Target[number][] = [];
    for (const step of target) {
      if (step.by !== "frame") {
        steps.push(step);
        continue;
      }
      const frame = await find([...steps, { by: "css", at: step.at }]);
      if (!frame) return undefined;
      this.#isInFrame = true;
      await this.browser.switchToFrame(frame);
      steps = [];
    }
    return steps;
  }
}
