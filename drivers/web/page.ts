import type { Duration } from "../../src/units/duration.ts";
import type { Download } from "./engine.ts";

/** What any touch may say beside what it does. */
export interface TouchOptions {
  /** What the op is called, in place of the words made from the touch: for what has an id in it. */
  readonly name?: string;
  /** How long it may take, waiting included. Default: the driver's. */
  readonly timeout?: Duration;
}

export interface TypeOptions extends TouchOptions {
  /** The text is in no file and no record from now on. Default: where the field is called so, as `label("Password")` is. */
  readonly secret?: boolean;
}

/** How a name or a text is meant: as a part of it in any case of letters, as all of it, or by a pattern. */
export interface TextOptions {
  /** The whole text with its case, white space around it aside. Default false. */
  readonly exact?: boolean;
}

/** What an element must become, all of it at once. */
export interface ElementExpectation {
  /** Its text has this in it, or fits this pattern; white space counts as one space. */
  readonly text?: string | RegExp;
  /** A field's value, all of it, or a pattern. */
  readonly value?: string | RegExp;
  /** False holds also where there is no such element. */
  readonly visible?: boolean;
  readonly enabled?: boolean;
  readonly checked?: boolean;
  /** How many elements there are. */
  readonly count?: number;
}

export interface PageExpectation {
  /** A path, with its query where one is asked for, or a whole address, or a pattern of the whole address. */
  readonly url?: string | RegExp;
  /** Has this in it, or fits this pattern. */
  readonly title?: string | RegExp;
}

/** Where elements are looked for: the page, a frame, or an element. Open shadow roots are looked into, but for XPath. */
export interface Scope {
  /** By its ARIA role, and by its accessible name. @example page.role("button", "Buy") */
  role(role: string, name?: string | RegExp, options?: TextOptions): Locator;
  /** A field by its label. */
  label(text: string | RegExp, options?: TextOptions): Locator;
  /** The innermost elements with this text. */
  text(text: string | RegExp, options?: TextOptions): Locator;
  /** By `data-testid`. */
  testId(id: string): Locator;
  css(selector: string): Locator;
  xpath(expression: string): Locator;
  /** What is inside the frame that this CSS selector finds. */
  frame(selector: string): Scope;
}

/**
 * A way to find an element, asked anew by every touch: none is found too early, and none goes stale.
 * Each touch waits until the element is there, visible and able to take it; one that fits several
 * elements is refused as `ambiguous` (see `nth`).
 */
export interface Locator extends Scope {
  /** One of several, from 0; from the end below that. */
  nth(index: number): Locator;
  click(options?: TouchOptions): Promise<void>;
  doubleClick(options?: TouchOptions): Promise<void>;
  hover(options?: TouchOptions): Promise<void>;
  /** Replaces what is in the field. */
  fill(text: string, options?: TypeOptions): Promise<void>;
  /** A key, or several at once: `"Enter"`, `"Control+A"`. */
  press(keys: string, options?: TouchOptions): Promise<void>;
  /** Options of a list by their value or their label. */
  select(choice: string | readonly string[], options?: TouchOptions): Promise<void>;
  check(options?: TouchOptions): Promise<void>;
  uncheck(options?: TouchOptions): Promise<void>;
  /** Files of this machine, by their paths. */
  upload(files: string | readonly string[], options?: TouchOptions): Promise<void>;
  /** Waits until it is so; refused where it does not become so in time, with what it was instead. */
  expect(what: ElementExpectation, options?: TouchOptions): Promise<void>;
  /** The text of the element, once it is there. */
  read(options?: TouchOptions): Promise<string>;
  /** What an attribute says; undefined where the element has none of that name. */
  attribute(name: string, options?: TouchOptions): Promise<string | undefined>;
  /** How many there are now; waits for none. */
  count(options?: TouchOptions): Promise<number>;
}

/** One tab. Every touch is one op, named after what it does: `goto /items`, `click button "Buy"`. */
export interface WebPage extends Scope {
  /**
   * Opens an address, and waits until it is loaded; a path counts from the base. Refused at a status of 400 and above.
   * @example await page.goto(`/items/${id}`, { name: "/items/:item" });
   */
  goto(path: string, options?: TouchOptions): Promise<void>;
  back(options?: TouchOptions): Promise<void>;
  forward(options?: TouchOptions): Promise<void>;
  reload(options?: TouchOptions): Promise<void>;
  /** To whatever has the focus: a key, or several at once. */
  press(keys: string, options?: TouchOptions): Promise<void>;
  /** Waits until the page is so. */
  expect(what: PageExpectation, options?: TouchOptions): Promise<void>;
  /** Runs an expression or a function in the page; its argument and answer are plain data. */
  evaluate<T, A = undefined>(script: string | ((argument: A) => T), argument?: A, options?: TouchOptions): Promise<Awaited<T>>;
  /** Does `act`, answers the dialog that it opens, and says the dialog's message. One that nobody waits for is dismissed. */
  dialog(act: () => Promise<unknown>, answer?: DialogAnswer, options?: TouchOptions): Promise<string>;
  /** Does `act`, and waits for the file that it downloads. */
  download(act: () => Promise<unknown>, options?: TouchOptions): Promise<Download>;
  /** Does `act`, and answers the tab that it opens. */
  newTab(act: () => Promise<unknown>, options?: TouchOptions): Promise<WebPage>;
  /** Saves a picture beside the ledger, and answers its path; undefined where the run has saved enough. */
  screenshot(name?: string, options?: TouchOptions): Promise<string | undefined>;
  /** Where the page is. No touch. */
  url(): Promise<string>;
  /** Closes a tab that `newTab` gave; the first one is the user's until the end. */
  close(): Promise<void>;
  /**
   * What the engine itself has for this tab, for what is missing here: Playwright's `Page`, or webdriverio's `Browser`.
   * What is done with it is in no record.
   * @throws SEA_WEB_RAW before the first touch
   */
  readonly raw: unknown;
}

/** Accepts, dismisses, or writes a text and accepts. Default `"accept"`. */
export type DialogAnswer = "accept" | "dismiss" | { readonly text: string };

/** A user's browser: its first tab. Cookies and storage are the user's own. */
export type WebSession = WebPage;
