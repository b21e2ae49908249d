import { existsSync } from "node:fs";
import type { Browser } from "webdriverio";
import { problem } from "../../../src/units/errors.ts";
import { browserLost, EngineFailure, type Action, type Awaited as Coming, type Course, type DialogReply, type Download, type EngineTab, type Evidence, type Seen } from "../engine.ts";
import { absent, ambiguous, becomes, type Complaint } from "../expect.ts";
import { seeElements } from "../look.ts";
import type { Target } from "../target.ts";
import { awaited } from "./awaited.ts";
import type { Downloads } from "./downloads.ts";
import { meaningOf, passingOf } from "./failure.ts";
import { chooseOptions, findElements, readyElement } from "./finder.ts";
import { keyActions } from "./keys.ts";
import type { Reference, Room } from "./room.ts";

const inPage = `const findElements = ${findElements}; const seeElements = ${seeElements}; const readyElement = ${readyElement}; const chooseOptions = ${chooseOptions};`;

/** The protocol tells neither the status of a page nor, for most reasons, that the browser shows one of its own in its place. */
const arrival = `const isError = document.documentURI.startsWith("chrome-error:");
return { status: performance.getEntriesByType("navigation")[0]?.responseStatus ?? 0, error: isError ? /ERR_\\w+/.exec(document.body?.innerText ?? "")?.[0] ?? "ERR_UNKNOWN" : null };`;

/** What the tabs of one visitor share. */
export interface Shared {
  readonly room: Room;
  readonly downloads: Downloads | undefined;
  /** Files go to the browser's machine by another way than this one's disk. */
  readonly isRemote: boolean;
}

/** A window of a WebDriver session as a tab. */
export class WebDriverTab implements EngineTab {
  readonly raw: Browser;
  readonly #window: string;
  readonly #shared: Shared;

  constructor(window: string, shared: Shared) {
    this.raw = shared.room.browser;
    this.#window = window;
    this.#shared = shared;
  }

  get #room(): Room {
    return this.#shared.room;
  }

  #run<T>(act: () => Promise<T>): Promise<T> {
    return this.#room.in(this.#window, act);
  }

  /** Tries again while what stands in the way may pass. */
  async #insist(timeoutMs: number, once: () => Promise<Complaint | undefined>): Promise<void> {
    const { clock } = this.#room;
    await becomes(clock, clock.now() + timeoutMs, async () => {
      try {
        return await once();
      } catch (error) {
        const passing = passingOf(error);
        if (!passing) throw meaningOf(error);
        return passing;
      }
    }, (complaint) => complaint);
  }

  async go(course: Course, timeoutMs: number): Promise<number | undefined> {
    try {
      return await this.#run(async () => {
        await this.#room.patience(timeoutMs);
        if (typeof course === "object") await this.raw.navigateTo(course.to);
        else if (course === "back") await this.raw.back();
        else if (course === "forward") await this.raw.forward();
        else await this.raw.refresh();
        const { status, error } = (await this.raw.executeScript(arrival, [])) as { status: number; error: string | null };
        if (error !== null) throw Object.assign(new Error(`net::${error}`), { name: "unknown error" });
        return status || undefined;
      });
    } catch (error) {
      throw meaningOf(error);
    }
  }

  act(target: Target, action: Action, timeoutMs: number): Promise<void> {
    if (action.kind === "upload") {
      const lost = action.files.find((file) => !existsSync(file));
      if (lost !== undefined) return Promise.reject(new EngineFailure("refused", "no file", lost));
    }
    return this.#insist(timeoutMs, () => this.#run(async () => {
      await this.#room.patience(timeoutMs);
      return this.#once(target, action);
    }));
  }

  async #once(target: Target, action: Action): Promise<Complaint | undefined> {
    const steps = await this.#room.enter(target, (way) => this.#first(way));
    if (!steps) return absent;
    const [element, count, obstacle, checked] = (await this.raw.executeScript(
      `${inPage} const all = findElements(arguments[0]); const [e] = all; return [all.length === 1 ? e : null, all.length, all.length === 1 ? readyElement(e, arguments[1]) : null, all.length === 1 ? seeElements(all).checked : false];`,
      [steps, action.kind],
    )) as [Reference | null, number, string | null, boolean];
    if (!element) return count === 0 ? absent : ambiguous(count);
    if (obstacle) return { cause: obstacle.startsWith("covered") ? "covered" : obstacle, instead: obstacle };
    return this.#do(element, action, checked);
  }

  async #do(element: Reference, action: Action, checked: boolean): Promise<Complaint | undefined> {
    const id = Object.values(element)[0]!;
    const { raw } = this;
    switch (action.kind) {
      case "click":
        await raw.elementClick(id);
        return undefined;
      case "check":
      case "uncheck":
        if (checked !== (action.kind === "check")) await raw.elementClick(id);
        return undefined;
      case "hover":
      case "doubleClick": {
        const press = [{ type: "pointerDown", button: 0 }, { type: "pointerUp", button: 0 }];
        const more = action.kind === "doubleClick" ? [...press, ...press] : [];
        await raw.performActions([{ type: "pointer", id: "mouse", parameters: { pointerType: "mouse" }, actions: [{ type: "pointerMove", duration: 0, x: 0, y: 0, origin: element }, ...more] }]);
        return undefined;
      }
      case "fill":
        await raw.elementClear(id);
        if (action.text !== "") await raw.elementSendKeys(id, action.text);
        return undefined;
      case "press":
        await raw.executeScript("arguments[0].focus()", [element]);
        await raw.performActions([keyActions(action.keys)]);
        return undefined;
      case "select": {
        const done = await raw.executeScript(`${inPage} return chooseOptions(arguments[0], arguments[1]);`, [element, [...action.choices]]);
        return done ? undefined : { cause: "no option", instead: "the list has no such option" };
      }
      case "upload": {
        const files = this.#shared.isRemote ? await Promise.all(action.files.map((file) => raw.uploadFile(file))) : action.files;
        await raw.elementSendKeys(id, files.join("\n"));
        return undefined;
      }
    }
  }

  press(keys: string, timeoutMs: number): Promise<void> {
    return this.#insist(timeoutMs, async () => {
      await this.#run(() => this.raw.performActions([keyActions(keys)]));
      return undefined;
    });
  }

  #first(steps: Target): Promise<Reference | null> {
    return this.raw.executeScript(`${inPage} return findElements(arguments[0])[0] ?? null;`, [steps]) as Promise<Reference | null>;
  }

  async look(target: Target): Promise<Seen> {
    const nothing: Seen = { count: 0, text: "", value: "", visible: false, enabled: false, checked: false };
    for (let turn = 0; ; turn++) {
      try {
        return await this.#run(async () => {
          const steps = await this.#room.enter(target, (way) => this.#first(way));
          return steps ? ((await this.raw.executeScript(`${inPage} return seeElements(findElements(arguments[0]));`, [steps])) as Seen) : nothing;
        });
      } catch (error) {
        if (!passingOf(error) || turn === 5) throw meaningOf(error);
      }
    }
  }

  async attribute(target: Target, name: string): Promise<string | undefined> {
    try {
      return await this.#run(async () => {
        const steps = await this.#room.enter(target, (way) => this.#first(way));
        const value = steps ? await this.raw.executeScript(`${inPage} return findElements(arguments[0])[0]?.getAttribute(arguments[1]) ?? null;`, [steps, name]) : null;
        return (value as string | null) ?? undefined;
      });
    } catch (error) {
      throw meaningOf(error);
    }
  }

  async where(): Promise<{ readonly url: string; readonly title: string }> {
    try {
      return await this.#run(async () => (await this.raw.executeScript("return { url: location.href, title: document.title }", [])) as { url: string; title: string });
    } catch (error) {
      if (passingOf(error)) return { url: "", title: "" };
      throw meaningOf(error);
    }
  }

  async evaluate(script: string | ((argument: any) => unknown), argument: unknown): Promise<unknown> {
    const code = typeof script === "string" ? `return (${script});` : `return (${script}).apply(null, arguments);`;
    try {
      return await this.#run(() => this.raw.executeScript(code, [argument ?? null]));
    } catch (error) {
      throw meaningOf(error);
    }
  }

  async screenshot(): Promise<Uint8Array> {
    try {
      return Buffer.from(await this.#run(() => this.raw.takeScreenshot()), "base64");
    } catch (error) {
      throw meaningOf(error);
    }
  }

  async dialog(reply: DialogReply, timeoutMs: number): Promise<Coming<string>> {
    const room = this.#room;
    room.awaitsDialog = true;
    return awaited(room.clock, timeoutMs, () => room.aside(async () => {
      const text = await this.raw.getAlertText().catch(() => undefined);
      if (text === undefined) return undefined;
      if (reply.text !== undefined) await this.raw.sendAlertText(reply.text);
      await (reply.accept ? this.raw.acceptAlert() : this.raw.dismissAlert());
      return text;
    }), () => (room.awaitsDialog = false));
  }

  async download(timeoutMs: number): Promise<Coming<Download>> {
    const { downloads, room } = this.#shared;
    if (!downloads) throw problem("SEA_WEB_ENGINE", { what: "a download to a server's machine", engine: "webdriver", other: "playwright" });
    const before = await downloads.names();
    return awaited(room.clock, timeoutMs, () => downloads.takeNew(before));
  }

  async newTab(timeoutMs: number): Promise<Coming<EngineTab>> {
    const known = new Set(await this.#run(() => this.raw.getWindowHandles()).catch((error: unknown) => {
      throw meaningOf(error);
    }));
    return awaited(this.#room.clock, timeoutMs, async () => {
      const opened = (await this.#run(() => this.raw.getWindowHandles())).find((handle) => !known.has(handle));
      return opened === undefined ? undefined : new WebDriverTab(opened, this.#shared);
    });
  }

  async evidence(): Promise<Evidence> {
    const [{ url }, screenshot, source] = await Promise.all([
      this.where().catch(() => ({ url: "" })), this.screenshot().catch(() => undefined), this.#run(() => this.raw.getPageSource()).catch(() => undefined),
    ]);
    return { url, log: [...this.#room.log], ...(screenshot && { screenshot }), ...(source !== undefined && { source }) };
  }

  async close(): Promise<void> {
    await this.#run(() => this.raw.closeWindow()).catch((error: unknown) => {
      throw browserLost(String(error));
    });
  }
}
