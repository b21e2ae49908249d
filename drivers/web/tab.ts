import type { Clock } from "../../src/units/clock.ts";
import { problem } from "../../src/units/errors.ts";
import { EngineFailure, type Awaited as Coming, type Course, type Download, type EngineTab } from "./engine.ts";
import { becomes, complainOfPage, sayExpectation } from "./expect.ts";
import { OpenScope, timeoutOf, type Toucher } from "./locator.ts";
import type { DialogAnswer, PageExpectation, TouchOptions, WebPage } from "./page.ts";
import { touch, type Desk } from "./touch.ts";

/** What a tab needs beside the desk. */
export interface TabParts {
  readonly desk: Desk;
  readonly base: URL;
  readonly timeoutMs: number;
  /** The engine's tab, as soon as there is one. */
  readonly ready: () => Promise<EngineTab>;
  /** The engine's tab now. */
  readonly now: () => EngineTab | undefined;
  /** Says how the page that is opened next is to be called in measures. */
  readonly naming: (path: string, name: string | undefined) => void;
  readonly isOwn: boolean;
}

const absolute = /^(https?|about|data|blob):/i;

/** A page over any engine. */
export class OpenTab extends OpenScope implements WebPage {
  readonly #parts: TabParts;

  constructor(parts: TabParts) {
    super(toucherOf(parts), []);
    this.#parts = parts;
  }

  get raw(): unknown {
    const tab = this.#parts.now();
    if (!tab) throw problem("SEA_WEB_RAW");
    return tab.raw;
  }

  goto(path: string, options: TouchOptions = {}): Promise<void> {
    const { base, naming } = this.#parts;
    const text = absolute.test(path) ? path : `${base.origin}${base.pathname.replace(/\/$/, "")}${path}`;
    if (!(absolute.test(path) || path.startsWith("/")) || !URL.canParse(text)) throw problem("SEA_WEB_PATH", { path: String(path) });
    const { href, pathname } = new URL(text);
    const said = path.replace(/[?#].*$/s, "");
    naming(pathname, options.name);
    return this.#go(`goto ${options.name ?? said}`, `goto ${said}`, { to: href }, options);
  }

  back(options: TouchOptions = {}): Promise<void> {
    return this.#go(options.name === undefined ? "back" : `back ${options.name}`, "back", "back", options);
  }

  forward(options: TouchOptions = {}): Promise<void> {
    return this.#go(options.name === undefined ? "forward" : `forward ${options.name}`, "forward", "forward", options);
  }

  reload(options: TouchOptions = {}): Promise<void> {
    return this.#go(options.name === undefined ? "reload" : `reload ${options.name}`, "reload", "reload", options);
  }

  press(keys: string, options: TouchOptions = {}): Promise<void> {
    return this.#touch(`press ${options.name ?? keys}`, `press ${keys}`, options, (tab, untilMs) => tab.press(keys, this.#left(untilMs)));
  }

  expect(what: PageExpectation, options: TouchOptions = {}): Promise<void> {
    return this.#touch(`expect ${options.name ?? Object.keys(what).join(" and ")}`, `expect ${sayExpectation(what)}`, options, async (tab, untilMs) => {
      await becomes(this.#clock, untilMs, () => tab.where(what.title !== undefined), (at) => complainOfPage(what, at));
    });
  }

  evaluate<T, A = undefined>(script: string | ((argument: A) => T), argument?: A, options: TouchOptions = {}): Promise<Awaited<T>> {
    return this.#touch(`evaluate${options.name === undefined ? "" : ` ${options.name}`}`, "evaluate", options, (tab, untilMs) => tab.evaluate(script, argument, this.#left(untilMs)) as Promise<Awaited<T>>);
  }

  dialog(act: () => Promise<unknown>, answer: DialogAnswer = "accept", options: TouchOptions = {}): Promise<string> {
    const reply = typeof answer === "object" ? { accept: true, text: answer.text } : { accept: answer === "accept" };
    return this.#brought("dialog", act, options, (tab, timeoutMs) => tab.dialog(reply, timeoutMs));
  }

  download(act: () => Promise<unknown>, options: TouchOptions = {}): Promise<Download> {
    return this.#brought("download", act, options, (tab, timeoutMs) => tab.download(timeoutMs));
  }

  async newTab(act: () => Promise<unknown>, options: TouchOptions = {}): Promise<WebPage> {
    const opened = await this.#brought("new tab", act, options, (tab, timeoutMs) => tab.newTab(timeoutMs));
    return new OpenTab({ ...this.#parts, ready: async () => opened, now: () => opened, isOwn: true });
  }

  screenshot(name = "screenshot", options: TouchOptions = {}): Promise<string | undefined> {
    return this.#touch(`screenshot ${options.name ?? name}`, "screenshot", options, async (tab, untilMs) => this.#parts.desk.context.artifacts.save(`${name}.png`, await tab.screenshot(this.#left(untilMs))));
  }

  async url(): Promise<string> {
    return (await (await this.#parts.ready()).where(false)).url;
  }

  async close(): Promise<void> {
    if (!this.#parts.isOwn) throw problem("SEA_WEB_CLOSE");
    await this.#parts.now()?.close();
  }

  get #clock(): Clock {
    return this.toucher.clock;
  }

  #left(untilMs: number): number {
    return Math.max(1, untilMs - this.#clock.now());
  }

  #go(step: string, request: string, course: Course, options: TouchOptions): Promise<void> {
    return this.#touch(step, request, options, async (tab, untilMs) => {
      const status = await tab.go(course, this.#left(untilMs));
      if (status !== undefined && status >= 400) throw new EngineFailure("refused", `status ${status}`, "", status);
    });
  }

  /** What an act brings about is waited for from before the act, and its time counts from after it. */
  async #brought<T>(what: string, act: () => Promise<unknown>, options: TouchOptions, begin: (tab: EngineTab, timeoutMs: number) => Promise<Coming<T>>): Promise<T> {
    const step = options.name === undefined ? what : `${what} ${options.name}`;
    const timeoutMs = timeoutOf(options, this.#parts.timeoutMs);
    let coming: Coming<T>;
    try {
      coming = await begin(await this.#parts.ready(), timeoutMs * 2);
    } catch (error) {
      return this.#touch(step, what, options, () => Promise.reject(error));
    }
    // Nobody listens to it while the act is under way.
    coming.came.catch(() => {});
    try {
      await act();
      return await this.#touch(step, what, options, async (_, untilMs) => {
        let cancel = () => {};
        const late = new Promise<never>((_resolve, reject) => {
          cancel = this.#clock.at(untilMs, () => reject(new EngineFailure("refused", `no ${what}`, `none came within ${Math.round(timeoutMs)} ms`)));
        });
        return Promise.race([coming.came, late]).finally(cancel);
      });
    } finally {
      coming.cancel();
    }
  }

  #touch<T>(step: string, request: string, options: TouchOptions, act: (tab: EngineTab, untilMs: number) => Promise<T>): Promise<T> {
    return this.toucher.touch(step, request, options, act);
  }
}

const toucherOf = ({ desk, timeoutMs, ready }: TabParts): Toucher => ({
  clock: desk.context.clock, mask: desk.context.mask,
  touch: (step, request, options, act) => touch(desk, { step, request, timeoutMs: timeoutOf(options, timeoutMs), tab: ready }, act),
});
