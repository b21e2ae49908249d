import type { Target } from "./target.ts";

/** What an element is asked to do. */
export type Action =
  | { readonly kind: "click" | "doubleClick" | "hover" | "check" | "uncheck" }
  | { readonly kind: "fill"; readonly text: string }
  | { readonly kind: "press"; readonly keys: string }
  | { readonly kind: "select"; readonly choices: readonly string[] }
  | { readonly kind: "upload"; readonly files: readonly string[] };

/** The elements of a target as they are now: how many, and the first of them. */
export interface Seen {
  readonly count: number;
  readonly text: string;
  readonly value: string;
  readonly visible: boolean;
  readonly enabled: boolean;
  readonly checked: boolean;
}

/** What may be asked of an element beside whether it is there. */
export type Trait = Exclude<keyof Seen, "count">;

/** Where a tab is to go. */
export type Course = { readonly to: string } | "back" | "forward" | "reload";

/** A file that a page gave. */
export interface Download {
  /** As the page calls it. */
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** Thrown by an engine when a touch did not come about: how it is to be recorded. */
export class EngineFailure extends Error {
  readonly outcome: "refused" | "unsure";
  /** Countable: `no element`, `timeout`, `browser lost`. */
  override readonly cause: string;
  readonly status: number | undefined;
  constructor(outcome: "refused" | "unsure", cause: string, error: string, status?: number) {
    super(error);
    this.outcome = outcome;
    this.cause = cause;
    this.status = status;
  }
}

export const lostCause = "browser lost";
/** The browser ended under a touch, which may have happened. */
export const browserLost = (error: string) => new EngineFailure("unsure", lostCause, error);

/** What an engine knows of a tab after a failure. Whatever can't be had is left out. */
export interface Evidence {
  readonly url: string;
  readonly screenshot?: Uint8Array;
  /** Console and network, oldest first. */
  readonly log?: readonly string[];
  /** The accessibility tree. */
  readonly tree?: string;
  /** The page as it stands, where there is no tree to have. */
  readonly source?: string;
  readonly trace?: Uint8Array;
}

/** Waits for something that a touch brings about. It is told to begin before, and asked after. */
export interface Awaited<T> {
  readonly came: Promise<T>;
  cancel(): void;
}

export type DialogReply = { readonly accept: boolean; readonly text?: string };

/** One tab. What takes longer than its time is thrown as an `EngineFailure`. */
export interface EngineTab {
  readonly raw: unknown;
  /** Answers the status of the answer, where it is known. */
  go(course: Course, timeoutMs: number): Promise<number | undefined>;
  act(target: Target, action: Action, timeoutMs: number): Promise<void>;
  press(keys: string, timeoutMs: number): Promise<void>;
  /** At once, without waiting for any element. What is not in `asked` may be left empty. */
  look(target: Target, asked: readonly Trait[]): Promise<Seen>;
  attribute(target: Target, name: string): Promise<string | undefined>;
  /** @param titled false lets the title be left empty */
  where(titled: boolean): Promise<{ readonly url: string; readonly title: string }>;
  evaluate(script: string | ((argument: any) => unknown), argument: unknown, timeoutMs: number): Promise<unknown>;
  screenshot(timeoutMs: number): Promise<Uint8Array>;
  dialog(reply: DialogReply, timeoutMs: number): Promise<Awaited<string>>;
  download(timeoutMs: number): Promise<Awaited<Download>>;
  newTab(timeoutMs: number): Promise<Awaited<EngineTab>>;
  evidence(): Promise<Evidence>;
  close(): Promise<void>;
}

/** One measured page: where it was, and its vitals in ms (CLS in thousandths). */
export interface PageVitals {
  readonly url: string;
  readonly values: Readonly<Record<string, number>>;
}

/** A user's own cookies and storage in a browser, and the first tab. */
export interface Visitor {
  readonly tab: EngineTab;
  /** The browser under it is gone. */
  readonly lost: boolean;
  close(): Promise<void>;
}

export interface EngineBrowser {
  readonly lost: boolean;
  /**
   * @param onVitals called when a page is measured to its end
   * @throws EngineFailure `browser lost` when it has ended meanwhile
   */
  visitor(onVitals: (vitals: PageVitals) => void): Promise<Visitor>;
  close(): Promise<void>;
}

/**
 * **The seam** under sessions, touches, waiting and the pool: it starts browsers, and does to a tab
 * what it is told. Two engines pass one contract suite.
 */
export interface Engine {
  /** @throws SEA_WEB_LAUNCH */
  launch(): Promise<EngineBrowser>;
  /** After the last browser was closed. */
  close(): Promise<void>;
}
