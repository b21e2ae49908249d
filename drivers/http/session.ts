import type { OpenContext } from "../../src/model/driver.ts";
import { durationMs, type Duration } from "../../src/units/duration.ts";
import { problem } from "../../src/units/errors.ts";
import { addressOf, stepOf, type Params } from "./address.ts";
import type { AuthSetting } from "./auth.ts";
import { encodeBody, type Body } from "./body.ts";
import type { Cookies, Jar } from "./cookies.ts";
import type { Engine } from "./engine.ts";
import type { Expect } from "./expect.ts";
import { addHeaders, HeaderLines, type HeaderSettings } from "./headers.ts";
import { forgetOrigin, type Hop } from "./redirect.ts";
import type { Reply } from "./reply.ts";
import type { Patience } from "./patience.ts";
import { authOf, continueMs, type Settings } from "./settings.ts";
import { Touch, unread, type Desk } from "./touch.ts";

const methodForm = /^[A-Z]+(-[A-Z]+)*$/;
/** Types of bodies whose headers are remembered; a multipart body's has its boundary in it. */
const mostUsual = 16;

/** What a request may say beside its path. */
export interface RequestOptions {
  /** Groups requests: the step is called `GET ${name}`. Default: the path without its query. */
  readonly name?: string;
  /** The query. */
  readonly params?: Params;
  readonly headers?: HeaderSettings;
  /** Default: the driver's. */
  readonly timeout?: Duration;
  /** Which answers are good. Default: every status below 400. */
  readonly expect?: Expect;
  /** Default: the driver's. */
  readonly auth?: AuthSetting;
  /** How many redirects to follow. Default: the driver's. */
  readonly redirects?: number;
  /** Asks before the body is sent. Default: the driver's. */
  readonly expectContinue?: Duration | boolean;
}

/**
 * One user's browser, so to speak: cookies, headers and connections of its own. Every call is one
 * op. One that fails is recorded, then throws `TouchFailed`, which ends the walk.
 */
export interface HttpSession {
  get(path: string, options?: RequestOptions): Promise<Reply>;
  head(path: string, options?: RequestOptions): Promise<Reply>;
  options(path: string, options?: RequestOptions): Promise<Reply>;
  delete(path: string, options?: RequestOptions): Promise<Reply>;
  post(path: string, body?: Body, options?: RequestOptions): Promise<Reply>;
  put(path: string, body?: Body, options?: RequestOptions): Promise<Reply>;
  patch(path: string, body?: Body, options?: RequestOptions): Promise<Reply>;
  /** Any method, with or without a body. */
  request(method: string, path: string, options?: RequestOptions & { readonly body?: Body }): Promise<Reply>;
  /**
   * A header for every request from now on, such as a token after the sign-in; undefined ends that.
   * @example shop.header("authorization", `Bearer ${reply.json<{ token: string }>().token}`);
   */
  header(name: string, value: string | undefined): void;
  readonly cookies: Cookies;
}

/** A session with the verbs of its driver: renew and close. */
export class OpenSession implements HttpSession {
  readonly cookies: Jar;
  readonly #base: URL;
  readonly #origin: string;
  readonly #settings: Settings;
  /** The session's own headers; most have none. */
  #headers: Map<string, string> | undefined;
  /** The headers of a request without any of its own, by the type of its body; until the session's own change. */
  #usual: Map<string | undefined, HeaderLines>;
  readonly #desk: Desk;
  #closed = false;

  constructor(context: OpenContext, engine: Engine, patience: Patience, jar: Jar, base: URL, settings: Settings) {
    this.cookies = jar;
    this.#base = base;
    this.#origin = base.origin;
    this.#settings = settings;
    this.#usual = settings.usual;
    this.#desk = { context, engine, patience, jar, bodyLimitBytes: settings.bodyLimitBytes, timings: settings.timings, evidenceBytes: settings.evidenceBytes, underWay: [], cut: context.signal.aborted };
    context.signal.addEventListener("abort", this.#cut, { once: true });
  }

  get(path: string, options?: RequestOptions): Promise<Reply> {
    return this.#touch("GET", path, undefined, options);
  }

  head(path: string, options?: RequestOptions): Promise<Reply> {
    return this.#touch("HEAD", path, undefined, options);
  }

  options(path: string, options?: RequestOptions): Promise<Reply> {
    return this.#touch("OPTIONS", path, undefined, options);
  }

  delete(path: string, options?: RequestOptions): Promise<Reply> {
    return this.#touch("DELETE", path, undefined, options);
  }

  post(path: string, body?: Body, options?: RequestOptions): Promise<Reply> {
    return this.#touch("POST", path, body, options);
  }

  put(path: string, body?: Body, options?: RequestOptions): Promise<Reply> {
    return this.#touch("PUT", path, body, options);
  }

  patch(path: string, body?: Body, options?: RequestOptions): Promise<Reply> {
    return this.#touch("PATCH", path, body, options);
  }

  request(method: string, path: string, options: RequestOptions & { readonly body?: Body } = {}): Promise<Reply> {
    if (!methodForm.test(method)) return unread(Promise.reject(problem("SEA_HTTP_METHOD", { method })));
    return this.#touch(method, path, options.body, options);
  }

  header(name: string, value: string | undefined): void {
    this.#headers = addHeaders(this.#headers ?? new Map(), { [name]: value }, "session.header");
    this.#usual = new Map();
  }

  renew(): void {
    this.cookies.clear();
    this.#headers = undefined;
    this.#usual = this.#settings.usual;
  }

  /** Ends everything at once; saying it twice is no harm. */
  async close(): Promise<void> {
    this.#desk.context.signal.removeEventListener("abort", this.#cut);
    this.#cut();
    if (!this.#closed) this.#desk.patience.leave();
    this.#closed = true;
    await this.#desk.engine.close();
  }

  readonly #cut = (): void => {
    this.#desk.cut = true;
    for (const touch of [...this.#desk.underWay]) touch.cut();
  };

  #touch(method: string, path: string, body: Body | undefined, options: RequestOptions = {}): Promise<Reply> {
    const beganMs = this.#desk.context.clock.now();
    const { name, timeout, expect, redirects = this.#settings.redirects } = options;
    try {
      const hop = this.#hop(method, path, body, options);
      const timeoutMs = timeout === undefined ? this.#settings.timeoutMs : durationMs(timeout, "timeout");
      return new Touch(this.#desk, { step: stepOf(method, path, name), beganMs, hop, timeoutMs, redirects, expect }).begin();
    } catch (error) {
      return unread(Promise.reject(error));
    }
  }

  /** The request as it first goes out. */
  #hop(method: string, path: string, body: Body | undefined, options: RequestOptions): Hop {
    const address = addressOf(this.#base, path, options.params);
    const encoded = encodeBody(body);
    const headers = this.#lines(address.origin === this.#origin, encoded?.type, options);
    const { expectContinue } = options;
    const waitMs = expectContinue === undefined ? this.#settings.continueMs : continueMs(expectContinue, "expectContinue");
    return { method, address, headers, body: encoded?.content, continueMs: waitMs };
  }

  #lines(isHome: boolean, type: string | undefined, options: RequestOptions): HeaderLines {
    const isUsual = isHome && options.headers === undefined && options.auth === undefined && typeof this.#settings.auth !== "function";
    if (!isUsual) return this.#decide(isHome, type, options);
    // Users that set none of their own, as most do, share theirs with all others of the driver.
    const usual = this.#usual;
    let lines = usual.get(type);
    if (!lines) {
      lines = this.#decide(isHome, type, options);
      if (usual.size === mostUsual) usual.clear();
      usual.set(type, lines);
    }
    return lines;
  }

  /** What is said nearer to the request wins, and a login of the driver's or the session's stays with the base. */
  #decide(isHome: boolean, type: string | undefined, options: RequestOptions): HeaderLines {
    const headers = new Map(this.#settings.headers);
    if (this.#settings.auth) headers.set("authorization", authOf(this.#settings.auth).authorization);
    for (const [name, value] of this.#headers ?? []) headers.set(name, value);
    if (!isHome) forgetOrigin(headers);
    if (options.auth) headers.set("authorization", authOf(options.auth).authorization);
    if (type !== undefined) headers.set("content-type", type);
    return new HeaderLines(addHeaders(headers, options.headers));
  }
}
