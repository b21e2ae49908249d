import type { Mask } from "../../src/mask/mask.ts";
import { durationMs } from "../../src/units/duration.ts";
import { problem } from "../../src/units/errors.ts";
import type { Clock } from "../../src/units/clock.ts";
import type { Action, EngineTab, Trait } from "./engine.ts";
import { absent, ambiguous, becomes, complainOfElement, sayExpectation, traitsOf } from "./expect.ts";
import type { ElementExpectation, Locator, Scope, TextOptions, TouchOptions, TypeOptions } from "./page.ts";
import { sayTarget, textQuery, type Step, type Target } from "./target.ts";

/** How scopes and locators touch the tab that they belong to. */
export interface Toucher {
  readonly clock: Clock;
  readonly mask: Mask;
  touch<T>(step: string, request: string, options: TouchOptions, act: (tab: EngineTab, untilMs: number) => Promise<T>): Promise<T>;
}

/** Looks for elements in a tab, a frame or an element. */
export class OpenScope implements Scope {
  protected readonly toucher: Toucher;
  protected readonly target: Target;

  constructor(toucher: Toucher, target: Target) {
    this.toucher = toucher;
    this.target = target;
  }

  role(role: string, name?: string | RegExp, { exact }: TextOptions = {}): Locator {
    return this.#inside({ by: "role", role, name: name === undefined ? undefined : textQuery(name, exact) });
  }

  label(text: string | RegExp, { exact }: TextOptions = {}): Locator {
    return this.#inside({ by: "label", text: textQuery(text, exact) });
  }

  text(text: string | RegExp, { exact }: TextOptions = {}): Locator {
    return this.#inside({ by: "text", text: textQuery(text, exact) });
  }

  testId(id: string): Locator {
    return this.#inside({ by: "testId", at: id });
  }

  css(selector: string): Locator {
    return this.#inside({ by: "css", at: selector });
  }

  xpath(expression: string): Locator {
    return this.#inside({ by: "xpath", at: expression });
  }

  frame(selector: string): Scope {
    return new OpenScope(this.toucher, [...this.target, { by: "frame", at: selector }]);
  }

  #inside(step: Step): Locator {
    return new OpenLocator(this.toucher, [...this.target, step]);
  }
}

class OpenLocator extends OpenScope implements Locator {
  nth(index: number): Locator {
    if (!Number.isInteger(index)) throw problem("SEA_COUNT", { value: String(index), least: 0 }, "nth");
    return new OpenLocator(this.toucher, [...this.target, { by: "nth", index }]);
  }

  click(options?: TouchOptions): Promise<void> {
    return this.#act("click", { kind: "click" }, options);
  }

  doubleClick(options?: TouchOptions): Promise<void> {
    return this.#act("double click", { kind: "doubleClick" }, options);
  }

  hover(options?: TouchOptions): Promise<void> {
    return this.#act("hover", { kind: "hover" }, options);
  }

  fill(text: string, options?: TypeOptions): Promise<void> {
    const { mask } = this.toucher;
    if (options?.secret ?? mask.isSecret(sayTarget(this.target))) mask.keep(String(text));
    return this.#act("fill", { kind: "fill", text: String(text) }, options);
  }

  press(keys: string, options?: TouchOptions): Promise<void> {
    return this.#act(`press ${keys} in`, { kind: "press", keys }, options);
  }

  select(choice: string | readonly string[], options?: TouchOptions): Promise<void> {
    return this.#act("select", { kind: "select", choices: [choice].flat() }, options);
  }

  check(options?: TouchOptions): Promise<void> {
    return this.#act("check", { kind: "check" }, options);
  }

  uncheck(options?: TouchOptions): Promise<void> {
    return this.#act("uncheck", { kind: "uncheck" }, options);
  }

  upload(files: string | readonly string[], options?: TouchOptions): Promise<void> {
    return this.#act("upload", { kind: "upload", files: [files].flat() }, options);
  }

  expect(what: ElementExpectation, options?: TouchOptions): Promise<void> {
    return this.#touch("expect", options, async (tab, untilMs) => {
      await becomes(this.toucher.clock, untilMs, () => tab.look(this.target, traitsOf(what)), (seen) => complainOfElement(what, seen));
    }, sayExpectation(what));
  }

  read(options?: TouchOptions): Promise<string> {
    return this.#touch("read", options, async (tab, untilMs) => (await this.#single(tab, untilMs, ["text"])).text);
  }

  attribute(name: string, options?: TouchOptions): Promise<string | undefined> {
    return this.#touch(`read ${name} of`, options, async (tab, untilMs) => {
      await this.#single(tab, untilMs, []);
      return tab.attribute(this.target, name);
    });
  }

  count(options?: TouchOptions): Promise<number> {
    return this.#touch("count", options, async (tab) => (await tab.look(this.target, [])).count);
  }

  #single(tab: EngineTab, untilMs: number, asked: readonly Trait[]) {
    return becomes(this.toucher.clock, untilMs, () => tab.look(this.target, asked), ({ count }) => (count === 1 ? undefined : count === 0 ? absent : ambiguous(count)));
  }

  #act(verb: string, action: Action, options?: TouchOptions): Promise<void> {
    return this.#touch(verb, options, (tab, untilMs) => tab.act(this.target, action, Math.max(1, untilMs - this.toucher.clock.now())));
  }

  #touch<T>(verb: string, options: TouchOptions = {}, act: (tab: EngineTab, untilMs: number) => Promise<T>, more = ""): Promise<T> {
    const said = sayTarget(this.target);
    return this.toucher.touch(`${verb} ${options.name ?? said}`, `${verb} ${said}${more && ` ${more}`}`, options, act);
  }
}

/** The time of a touch. @throws SEA_UNIT_DURATION */
export const timeoutOf = ({ timeout }: TouchOptions, usualMs: number): number => (timeout === undefined ? usualMs : durationMs(timeout, "timeout"));
