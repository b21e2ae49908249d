import type { Mask } from "../../src/mask/mask.ts";
import { durationMs, type Duration } from "../../src/units/duration.ts";
import { problem } from "../../src/units/errors.ts";
import { complainOf, sayExpectation } from "./expect.ts";
import { press, swipe } from "./finger.ts";
import type { ElementExpectation, Locator, Scope, TouchOptions, TypeOptions } from "./page.ts";
import type { Phone } from "./phone.ts";
import { sayTarget, type Step, type Target } from "./target.ts";

/** How scopes and locators touch the session that they belong to. */
export interface Toucher {
  touch<T>(step: string, request: string, options: TouchOptions, act: (phone: Phone, untilMs: number) => Promise<T>): Promise<T>;
  readonly mask: Mask;
}

/** Looks for elements on a screen or in an element. */
export class OpenScope implements Scope {
  readonly #toucher: Toucher;
  readonly #target: Target;

  constructor(toucher: Toucher, target: Target) {
    this.#toucher = toucher;
    this.#target = target;
  }

  label = (name: string): Locator => this.#inside({ by: "label", at: name });
  id = (id: string): Locator => this.#inside({ by: "id", at: id });
  text = (text: string): Locator => this.#inside({ by: "text", at: text });
  xpath = (expression: string): Locator => this.#inside({ by: "xpath", at: expression });
  css = (selector: string): Locator => this.#inside({ by: "css", at: selector });
  by = (strategy: string, selector: string): Locator => this.#inside({ by: "own", using: strategy, at: selector });

  #inside(step: Step): Locator {
    return new OpenLocator(this.#toucher, [...this.#target, step]);
  }
}

class OpenLocator extends OpenScope implements Locator {
  readonly #toucher: Toucher;
  readonly #target: Target;

  constructor(toucher: Toucher, target: Target) {
    super(toucher, target);
    this.#toucher = toucher;
    this.#target = target;
  }

  nth(index: number): Locator {
    if (!Number.isInteger(index)) throw problem("SEA_COUNT", { value: String(index), least: 0 }, "nth");
    return new OpenLocator(this.#toucher, [...this.#target, { by: "nth", index }]);
  }

  tap(options?: TouchOptions): Promise<void> {
    return this.#act("tap", options, (phone, id) => phone.browser.elementClick(id));
  }

  longPress({ for: time = "800ms", ...options }: TouchOptions & { readonly for?: Duration } = {}): Promise<void> {
    const ms = durationMs(time, "longPress");
    return this.#act("long press", options, (phone, id) => press(phone, id, ms));
  }

  fill(text: string, options?: TypeOptions): Promise<void> {
    return this.#write("fill", text, options, true);
  }

  type(text: string, options?: TypeOptions): Promise<void> {
    return this.#write("type in", text, options, false);
  }

  #write(verb: string, text: string, options: TypeOptions = {}, replaces: boolean): Promise<void> {
    const { mask } = this.#toucher;
    if (options.secret ?? mask.isSecret(sayTarget(this.#target))) mask.keep(text);
    return this.#act(verb, options, async (phone, id) => {
      if (replaces) await phone.browser.elementClear(id);
      if (text !== "") await phone.browser.elementSendKeys(id, text);
    });
  }

  scrollTo(options?: TouchOptions): Promise<void> {
    return this.#touch("scroll to", options, (phone, untilMs) => phone.insist<void>(untilMs, async () => {
      const id = await phone.single(this.#target);
      if (typeof id !== "string" && id.cause === "ambiguous") return id;
      if (typeof id === "string" && phone.isWeb && phone.platform !== "fake") {
        await phone.browser.executeScript("arguments[0].scrollIntoView({ block: 'center' })", [{ "element-6066-11e4-a52e-4f735466cecf": id }]);
        return undefined;
      }
      if (typeof id === "string" && (await phone.browser.isElementDisplayed(id))) return undefined;
      await swipe(phone, "up");
      return { cause: "no element", instead: "it did not come into view" };
    }));
  }

  expect(what: ElementExpectation, options?: TouchOptions): Promise<void> {
    return this.#touch("expect", options, (phone, untilMs) => phone.insist<void>(untilMs, async () => complainOf(what, phone, this.#target)), sayExpectation(what));
  }

  read(options?: TouchOptions): Promise<string> {
    return this.#touch("read", options, (phone, untilMs) => phone.with(this.#target, untilMs, (id) => phone.browser.getElementText(id)));
  }

  attribute(name: string, options?: TouchOptions): Promise<string | undefined> {
    return this.#touch(`read ${name} of`, options, async (phone, untilMs) => ((await phone.with<string | null>(this.#target, untilMs, (id) => phone.browser.getElementAttribute(id, name))) ?? undefined));
  }

  count(options?: TouchOptions): Promise<number> {
    return this.#touch("count", options, async (phone) => (await phone.find(this.#target)).length);
  }

  #act(verb: string, options: TouchOptions | undefined, act: (phone: Phone, id: string) => Promise<void>): Promise<void> {
    return this.#touch(verb, options, (phone, untilMs) => phone.with<void>(this.#target, untilMs, async (id) => {
      await act(phone, id);
    }));
  }

  #touch<T>(verb: string, options: TouchOptions = {}, act: (phone: Phone, untilMs: number) => Promise<T>, more = ""): Promise<T> {
    const said = sayTarget(this.#target);
    return this.#toucher.touch(`${verb} ${options.name ?? said}`, `${verb} ${said}${more && ` ${more}`}`, options, act);
  }
}
