import type { Jar } from "../../http/cookies.ts";
import { PropertyList } from "./list.ts";

type Done<T> = (error: Error | null, value?: T) => void;
interface CookieShape {
  readonly name?: string;
  readonly key?: string;
  readonly value?: string;
  readonly domain?: string;
  readonly path?: string;
  readonly expires?: string | Date;
  readonly maxAge?: number;
  readonly secure?: boolean;
  readonly httpOnly?: boolean;
}

/** The cookies that would be sent to an address, as `pm.cookies` lists them. */
export function cookiesFor(jar: Jar, url: string): PropertyList {
  const header = URL.canParse(url) ? jar.header(new URL(url)) : undefined;
  const pairs = header === undefined ? [] : header.split("; ");
  return new PropertyList(pairs.map((pair) => ({ key: pair.slice(0, pair.indexOf("=")), name: pair.slice(0, pair.indexOf("=")), value: decoded(pair.slice(pair.indexOf("=") + 1)) })));
}

const decoded = (value: string): string => {
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
};

/** `pm.cookies.jar()`: every verb calls back later. @param later runs a callback so that the script is waited for */
export class ScriptJar {
  readonly #jar: Jar;
  readonly #later: (call: () => void) => void;

  constructor(jar: Jar, later: (call: () => void) => void) {
    this.#jar = jar;
    this.#later = later;
  }

  get(url: string, name: string, done: Done<unknown>): void {
    this.#answer(done, () => cookiesFor(this.#jar, whole(url)).get(name) ?? null);
  }

  getAll(url: string, options: unknown, done?: Done<PropertyList>): void {
    this.#answer(done ?? (options as Done<PropertyList>), () => cookiesFor(this.#jar, whole(url)));
  }

  set(url: string, name: string | CookieShape, value?: unknown, done?: Done<CookieShape>): void {
    const call = typeof value === "function" ? (value as Done<CookieShape>) : done;
    this.#answer(call, () => {
      const cookie: CookieShape = typeof name === "object" ? name : typeof value === "string" ? { name, value } : {};
      this.#jar.store(new URL(whole(url)), [typeof name === "string" && cookie.name === undefined ? name : lineOf(cookie)]);
      return cookie;
    });
  }

  unset(url: string, name: string, done?: Done<void>): void {
    this.#answer(done, () => this.#forget(whole(url), [name]));
  }

  clear(url: string, done?: Done<void>): void {
    this.#answer(done, () => this.#forget(whole(url), cookiesFor(this.#jar, whole(url)).map(({ key }) => key)));
  }

  /** A cookie is known by its domain and path too, which nobody names here: each that may be meant is said to have expired. */
  #forget(url: string, names: readonly string[]): void {
    const { hostname, pathname } = new URL(url);
    const steps = pathname.split("/");
    const paths = new Set(["/", ...steps.map((_, index) => steps.slice(0, index + 1).join("/") || "/")]);
    const labels = hostname.split(".");
    const domains = ["", ...labels.slice(0, -1).map((_, index) => `; Domain=${labels.slice(index).join(".")}`)];
    this.#jar.store(new URL(url), names.flatMap((name) => domains.flatMap((domain) => [...paths].map((path) => `${name}=; Max-Age=0; Path=${path}${domain}`))));
  }

  #answer<T>(done: Done<T> | undefined, act: () => T): void {
    let [error, value]: [Error | null, T | undefined] = [null, undefined];
    try {
      value = act();
    } catch (thrown) {
      error = thrown as Error;
    }
    if (typeof done === "function") this.#later(() => done(error, value));
  }
}

const whole = (url: unknown): string => (/^[a-z]+:\/\//i.test(String(url)) ? String(url) : `http://${String(url)}`);

function lineOf({ name, key, value = "", domain, path, expires, maxAge, secure, httpOnly }: CookieShape): string {
  const parts = [`${name ?? key}=${value}`];
  if (domain) parts.push(`Domain=${domain}`);
  if (path) parts.push(`Path=${path}`);
  if (expires) parts.push(`Expires=${expires instanceof Date ? expires.toUTCString() : expires}`);
  if (maxAge !== undefined) parts.push(`Max-Age=${maxAge}`);
  if (secure) parts.push("Secure");
  if (httpOnly) parts.push("HttpOnly");
  return parts.join("; ");
}
