import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { BrowserContext, Dialog, FrameLocator, Locator, Page, Response } from "playwright-core";
import type { Action, Awaited, Course, DialogReply, Download, EngineTab, Evidence, Seen, Trait } from "../engine.ts";
import { seeElements } from "../look.ts";
import { causeOfNetwork } from "../network.ts";
import type { Step, Target, TextQuery } from "../target.ts";
import { failed, isTransient } from "./failure.ts";

/** What the tabs of one visitor share. */
export interface Room {
  readonly context: BrowserContext;
  readonly traces: boolean;
}

const mostLines = 200;
const errorPageWithinMs = 1_000;
const picturesWithinMs = 3_000;

/** A page of Playwright's as a tab. */
export class PlaywrightTab implements EngineTab {
  readonly raw: Page;
  readonly #room: Room;
  readonly #log: string[] = [];
  /** The latest page did not come, for a reason of the network. */
  #strayed = false;
  /** How the next dialog is answered, where somebody waits for one. */
  #onDialog: ((dialog: Dialog) => void) | undefined;

  constructor(page: Page, room: Room) {
    this.raw = page;
    this.#room = room;
    page.on("console", (message) => this.#note(`console ${message.type()}: ${message.text()}`));
    page.on("pageerror", (error) => this.#note(`page error: ${error.stack ?? error.message}`));
    page.on("requestfailed", (request) => this.#note(`network: ${request.method()} ${request.url()} ${request.failure()?.errorText ?? "failed"}`));
    page.on("response", (response) => void (response.status() >= 400 && this.#note(`network: ${response.request().method()} ${response.url()} status ${response.status()}`)));
    page.on("crash", () => this.#note("the page crashed"));
    page.on("dialog", (dialog) => {
      if (this.#onDialog) return this.#onDialog(dialog);
      this.#note(`dialog that nobody waited for: ${dialog.type()} ${dialog.message()}`);
      void (dialog.type() === "beforeunload" ? dialog.accept() : dialog.dismiss()).catch(() => undefined);
    });
  }

  #note(line: string): void {
    if (this.#log.length === mostLines) this.#log.shift();
    this.#log.push(line.slice(0, 1_000));
  }

  go(course: Course, timeout: number): Promise<number | undefined> {
    return failed(async () => {
      if (this.#strayed) await this.#settle(timeout);
      try {
        const response = await this.#sail(course, timeout);
        return response?.status();
      } catch (error) {
        this.#strayed = causeOfNetwork((error as Error).message) !== undefined;
        throw error;
      }
    });
  }

  /** Chromium's own page about a failure comes after the failure, and would cut short whatever is under way by then. */
  async #settle(timeout: number): Promise<void> {
    this.#strayed = false;
    if (this.#room.context.browser()?.browserType().name() !== "chromium") return;
    await this.raw.waitForURL(/^chrome-error:/, { timeout: Math.min(timeout, errorPageWithinMs), waitUntil: "commit" }).catch(() => undefined);
  }

  #sail(course: Course, timeout: number): Promise<Response | null> {
    const options = { timeout, waitUntil: "load" } as const;
    if (typeof course === "object") return this.raw.goto(course.to, options);
    return course === "back" ? this.raw.goBack(options) : course === "forward" ? this.raw.goForward(options) : this.raw.reload(options);
  }

  async act(target: Target, action: Action, timeout: number): Promise<void> {
    const locator = locatorOf(this.raw, target);
    await failed(() => acted(locator, action, timeout), () => this.#lookThrough(locator));
  }

  press(keys: string): Promise<void> {
    return failed(() => this.raw.keyboard.press(keys));
  }

  /**
   * By Playwright's own questions: its scripts are in the page for its clicks already, while a script of
   * ours would bring them in once more for every document, which costs it two frames. What those
   * questions don't fit, a picture for its text, is looked at by a script after all.
   */
  async look(target: Target, asked: readonly Trait[]): Promise<Seen> {
    const locator = locatorOf(this.raw, target);
    try {
      const count = await locator.count();
      if (count === 0) return nothing;
      const answers = await Promise.all(asked.map((trait) => questions[trait](locator.first())));
      return Object.assign({ ...nothing, count }, ...asked.map((trait, index) => ({ [trait]: answers[index] }))) as Seen;
    } catch {
      return this.#lookThrough(locator);
    }
  }

  async #lookThrough(locator: Locator): Promise<Seen> {
    for (let turn = 0; ; turn++) {
      try {
        return await failed(() => locator.evaluateAll(seeElements));
      } catch (error) {
        // Between two pages there is nothing to see yet; whoever looks will look again.
        if (!isTransient(error) || turn === 3) throw error;
      }
    }
  }

  attribute(target: Target, name: string): Promise<string | undefined> {
    return failed(async () => (await locatorOf(this.raw, target).first().getAttribute(name)) ?? undefined);
  }

  async where(titled: boolean): Promise<{ readonly url: string; readonly title: string }> {
    return { url: this.raw.url(), title: titled ? await failed(() => this.raw.title()).catch(() => "") : "" };
  }

  evaluate(script: string | ((argument: any) => unknown), argument: unknown): Promise<unknown> {
    return failed(() => this.raw.evaluate(script, argument));
  }

  screenshot(timeout: number): Promise<Uint8Array> {
    return failed(() => this.raw.screenshot({ timeout }));
  }

  async dialog(reply: DialogReply): Promise<Awaited<string>> {
    const { promise, resolve, reject } = Promise.withResolvers<string>();
    this.#onDialog = (dialog) => {
      this.#onDialog = undefined;
      (reply.accept ? dialog.accept(reply.text) : dialog.dismiss()).then(() => resolve(dialog.message()), reject);
    };
    return { came: promise, cancel: () => void (this.#onDialog = undefined) };
  }

  async download(timeout: number): Promise<Awaited<Download>> {
    const came = failed(async () => {
      const download = await this.raw.waitForEvent("download", { timeout });
      const path = await download.path();
      const bytes = await readFile(path);
      await download.delete().catch(() => undefined);
      return { name: download.suggestedFilename(), bytes };
    });
    return { came, cancel: () => undefined };
  }

  async newTab(timeout: number): Promise<Awaited<EngineTab>> {
    const came = failed(async () => {
      const page = await this.#room.context.waitForEvent("page", { timeout });
      return new PlaywrightTab(page, this.#room);
    });
    return { came, cancel: () => undefined };
  }

  async evidence(): Promise<Evidence> {
    const timeout = picturesWithinMs;
    const [screenshot, tree, trace] = await Promise.all([
      this.raw.screenshot({ timeout }).catch(() => undefined),
      this.raw.locator("body").ariaSnapshot({ timeout }).catch(() => undefined),
      this.#room.traces ? this.#trace().catch(() => undefined) : undefined,
    ]);
    return { url: this.raw.url(), log: [...this.#log], ...(screenshot && { screenshot }), ...(tree !== undefined && { tree }), ...(trace && { trace }) };
  }

  /** What was traced so far; the trace begins anew. */
  async #trace(): Promise<Uint8Array> {
    const folder = await mkdtemp(join(tmpdir(), "seatrial-trace-"));
    try {
      const path = join(folder, "trace.zip");
      const { tracing } = this.#room.context;
      await tracing.stop({ path });
      await tracing.start({ snapshots: true, screenshots: true });
      return await readFile(path);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }

  close(): Promise<void> {
    return this.raw.close();
  }
}

const nothing: Seen = { count: 0, text: "", value: "", visible: false, enabled: false, checked: false };

/** An element that was there a moment ago is there, or is looked for anew. */
const atOnce = { timeout: 250 };
const questions: Readonly<Record<Trait, (locator: Locator) => Promise<string | boolean>>> = {
  text: (locator) => locator.innerText(atOnce),
  value: (locator) => locator.inputValue(atOnce),
  visible: (locator) => locator.isVisible(),
  enabled: (locator) => locator.isEnabled(atOnce),
  checked: (locator) => locator.isChecked(atOnce),
};

function acted(locator: Locator, action: Action, timeout: number): Promise<unknown> {
  switch (action.kind) {
    case "click":
      return locator.click({ timeout });
    case "doubleClick":
      return locator.dblclick({ timeout });
    case "hover":
      return locator.hover({ timeout });
    case "check":
      return locator.check({ timeout });
    case "uncheck":
      return locator.uncheck({ timeout });
    case "fill":
      return locator.fill(action.text, { timeout });
    case "press":
      return locator.press(action.keys, { timeout });
    case "select":
      return locator.selectOption([...action.choices], { timeout });
    case "upload":
      return locator.setInputFiles([...action.files], { timeout });
  }
}

const wanted = ({ text, flags }: TextQuery): string | RegExp => (flags === undefined ? text : new RegExp(text, flags));

/** Playwright's own way of looking for what the target says. */
function locatorOf(page: Page, target: Target): Locator {
  let at: Page | FrameLocator | Locator = page;
  for (const step of target) at = next(at, step);
  return at as Locator;
}

function next(at: Page | FrameLocator | Locator, step: Step): FrameLocator | Locator {
  switch (step.by) {
    case "role":
      return at.getByRole(step.role as Parameters<Page["getByRole"]>[0], step.name && { name: wanted(step.name), exact: step.name.exact });
    case "label":
      return at.getByLabel(wanted(step.text), { exact: step.text.exact });
    case "text":
      return at.getByText(wanted(step.text), { exact: step.text.exact });
    case "testId":
      return at.getByTestId(step.at);
    case "frame":
      return at.frameLocator(step.at);
    case "nth":
      return (at as Locator).nth(step.index);
    default:
      return at.locator(`${step.by}=${step.at}`);
  }
}
