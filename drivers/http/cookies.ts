import type { CookieJar } from "tough-cookie";
import { problem } from "../../src/units/errors.ts";
import { CookieMemory } from "./cookie-memory.ts";

/** A user's cookies, kept by the rules of browsers: domain, path, expiry, Secure. */
export interface Cookies {
  /** The value of a cookie that would be sent to the base; undefined when none would. */
  get(name: string): string | undefined;
  /** All cookies that would be sent to the base. */
  all(): Readonly<Record<string, string>>;
  /**
   * Sets a cookie of the base's host for every path, or takes it away.
   * @throws SEA_HTTP_HEADER when it can't be sent
   */
  set(name: string, value: string | undefined): void;
  clear(): void;
}

/** A jar that is made when the first cookie comes: most simulated users never see one. */
export class Jar implements Cookies {
  readonly #make: () => CookieJar;
  readonly #base: URL;
  readonly #wallMs: () => number;
  #memory: CookieMemory | undefined;

  constructor(make: () => CookieJar, base: URL, wallMs: () => number) {
    this.#make = make;
    this.#wallMs = wallMs;
    this.#base = base;
  }

  get(name: string): string | undefined {
    return this.all()[name];
  }

  all(): Readonly<Record<string, string>> {
    const cookies = this.#memory?.all(this.#base) ?? [];
    // The most specific comes first, and is the one that counts.
    return Object.fromEntries(cookies.reverse().map(({ key, value }) => [key, value]));
  }

  set(name: string, value: string | undefined): void {
    if (!/^[^\s;=,\x00-\x1f\x7f-\uffff]+$/.test(name) || /[;\x00-\x1f]|[^\x20-\xff]/.test(value ?? "")) {
      throw problem("SEA_HTTP_HEADER", { name: "cookie", why: `'${name}' or its value can't be written in one` }, "cookies.set");
    }
    this.store(this.#base, [value === undefined ? `${name}=; Path=/; Max-Age=0` : `${name}=${value}; Path=/`]);
  }

  clear(): void {
    this.#memory = undefined;
  }

  /** No cookie came yet. */
  get isEmpty(): boolean {
    return this.#memory === undefined;
  }

  /** The `cookie` header for an address; undefined for none. */
  header(url: URL): string | undefined {
    return this.#memory?.header(url);
  }

  /** The latest values of cookies, wherever they would be sent, replaced ones among them. */
  values(): Iterable<string> {
    return this.#memory?.values ?? [];
  }

  /** Keeps what `set-cookie` lines say; lines that a browser would ignore are ignored. */
  store(url: URL, lines: readonly string[]): void {
    if (lines.length > 0) (this.#memory ??= new CookieMemory(this.#make(), this.#wallMs)).store(url, lines);
  }
}
