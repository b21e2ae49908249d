import type { Duration } from "../../src/units/duration.ts";

/** What any touch may say beside what it does. */
export interface TouchOptions {
  /** What the op is called, in place of the words made from the touch: for what has an id in it. */
  readonly name?: string;
  /** How long it may take, waiting included. Default: the driver's. */
  readonly timeout?: Duration;
}

export interface TypeOptions extends TouchOptions {
  /** The text is in no file and no record from now on. Default: where the field is called so, as `id("password")` is. */
  readonly secret?: boolean;
}

/** What an element must become, all of it at once. */
export interface ElementExpectation {
  /** Its text has this in it, or fits this pattern; white space counts as one space. */
  readonly text?: string | RegExp;
  /** False holds also where there is no such element. */
  readonly visible?: boolean;
  readonly enabled?: boolean;
  readonly checked?: boolean;
  /** How many elements there are. */
  readonly count?: number;
}

/** Where a finger moves, not the content: `"up"` shows what is further down. */
export type Direction = "up" | "down" | "left" | "right";

/** Where elements are looked for: the screen, or an element. */
export interface Scope {
  /** By its accessibility id: Android's content description, iOS's accessibility identifier, `aria-label` in web contexts. */
  label(name: string): Locator;
  /** Android's resource id, iOS's name, `id` in web contexts. */
  id(id: string): Locator;
  /** By the whole text that it shows. */
  text(text: string): Locator;
  xpath(expression: string): Locator;
  /** In web contexts. */
  css(selector: string): Locator;
  /** By a strategy of the platform's own. @example phone.by("-android uiautomator", 'new UiSelector().textStartsWith("Buy")') */
  by(strategy: string, selector: string): Locator;
}

/**
 * A way to find an element, asked anew by every touch: none is found too early, and none goes stale.
 * Each touch waits until the element is there and takes it; one that fits several elements is refused
 * as `ambiguous` (see `nth`).
 */
export interface Locator extends Scope {
  /** One of several, from 0; from the end below that. */
  nth(index: number): Locator;
  tap(options?: TouchOptions): Promise<void>;
  /** Keeps the finger on it for so long. Default `"800ms"`. */
  longPress(options?: TouchOptions & { readonly for?: Duration }): Promise<void>;
  /** Replaces what is in the field. */
  fill(text: string, options?: TypeOptions): Promise<void>;
  /** Adds to what is in the field. */
  type(text: string, options?: TypeOptions): Promise<void>;
  /** Swipes the screen up until the element is there and visible. */
  scrollTo(options?: TouchOptions): Promise<void>;
  /** Waits until it is so; refused where it does not become so in time, with what it was instead. */
  expect(what: ElementExpectation, options?: TouchOptions): Promise<void>;
  /** The text of the element, once it is there. */
  read(options?: TouchOptions): Promise<string>;
  /** What an attribute says; undefined where the element has none of that name. */
  attribute(name: string, options?: TouchOptions): Promise<string | undefined>;
  /** How many there are now; waits for none. */
  count(options?: TouchOptions): Promise<number>;
}

/** The app under trial; `id` is another app's, default the driver's `appId`. */
export interface App {
  install(path: string, options?: TouchOptions): Promise<void>;
  remove(id?: string, options?: TouchOptions): Promise<void>;
  /** Brings it to the front, started where it was not. */
  launch(id?: string, options?: TouchOptions): Promise<void>;
  stop(id?: string, options?: TouchOptions): Promise<void>;
  /** As freshly installed, and started. iOS: simulators only. Emulated and fake sessions begin anew. */
  reset(options?: TouchOptions): Promise<void>;
}

/** One user with a phone in the hand. Every touch is one op, named after what it does: `tap "Buy"`, `swipe up`. */
export interface MobileSession extends Scope {
  /** Opens an address in a browser or web context; a path counts from the base. Refused at a status of 400 and above. */
  goto(path: string, options?: TouchOptions): Promise<void>;
  swipe(direction: Direction, options?: TouchOptions): Promise<void>;
  back(options?: TouchOptions): Promise<void>;
  rotate(to: "portrait" | "landscape", options?: TouchOptions): Promise<void>;
  /** Puts the app behind for so long, then to the front again. */
  background(time: Duration, options?: TouchOptions): Promise<void>;
  /** Opens an address as if it was tapped in another app. */
  deepLink(address: string, options?: TouchOptions): Promise<void>;
  /** Goes to the native screens, to the first web view (waits for one), or to a context by its name. */
  context(which: "native" | "web" | (string & {}), options?: TouchOptions): Promise<void>;
  /** Waits for a dialog, answers it, and says its message. */
  dialog(answer: "accept" | "dismiss", options?: TouchOptions): Promise<string>;
  /** Android: `"android.permission.CAMERA"`. iOS simulators: `"camera"`. */
  permission(name: string, to: "grant" | "revoke", options?: TouchOptions): Promise<void>;
  /** Saves a picture beside the ledger, and answers its path; undefined where the run keeps no more of them. */
  screenshot(name?: string, options?: TouchOptions): Promise<string | undefined>;
  readonly app: App;
  /** The device that the user has now; undefined before the first touch, and where the server chooses. */
  readonly device: string | undefined;
  /**
   * webdriverio's `Browser` of this session, for what is missing here. What is done with it is in no record.
   * @throws SEA_MOBILE_RAW before the first touch
   */
  readonly raw: unknown;
}
