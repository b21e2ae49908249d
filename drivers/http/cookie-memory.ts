import type { Cookie, CookieJar } from "tough-cookie";

/** A service that gives a new session with every answer must not fill the memory. */
const mostValues = 50;
/** What browsers keep: so many cookies, a name with its value so long. */
const mostCookies = 180;
const longestCookie = 4_096;

/** Of an address, the header that goes there is remembered, for so many. */
const mostHeaders = 20;
const mayExpire = /;\s*(?:max-age|expires)\s*=/i;
/** So near to an expiry the jar is asked itself: its clock and ours may differ a little. */
const nearMs = 1_000;

/**
 * Cookies that came, with what was asked about them: the jar itself is asked when something changed,
 * for the same question costs it more than a request on the wire.
 */
export class CookieMemory {
  readonly #jar: CookieJar;
  readonly #wallMs: () => number;
  /** The latest line of each name, with the address that said it. */
  readonly #latest = new Map<string, string>();
  readonly #headers = new Map<URL, string | undefined>();
  /** Those in the jar, the latest set last. */
  readonly #kept = new Map<string, Cookie>();
  #nextExpiryMs = Infinity;
  /** The latest values, wherever they would be sent, replaced ones among them. Beside the jar: asking it for all of them takes longer than a request. */
  readonly values = new Set<string>();

  constructor(jar: CookieJar, wallMs: () => number) {
    this.#jar = jar;
    this.#wallMs = wallMs;
  }

  /** Those that would be sent to an address. */
  all(url: URL): Cookie[] {
    return this.#jar.getCookiesSync(inJar(url));
  }

  /** The `cookie` header for an address; undefined for none. */
  header(url: URL): string | undefined {
    const isNear = this.#wallMs() >= this.#nextExpiryMs - nearMs;
    if (isNear) this.#changed();
    else if (this.#headers.has(url)) return this.#headers.get(url);
    const header = this.#jar.getCookieStringSync(inJar(url)) || undefined;
    if (this.#headers.size === mostHeaders) this.#headers.clear();
    this.#headers.set(url, header);
    return header;
  }

  /** Forgets what was answered before, and looks when the next cookie expires. */
  #changed(): void {
    this.#headers.clear();
    const passedMs = this.#wallMs() - nearMs;
    this.#nextExpiryMs = Infinity;
    for (const [id, cookie] of this.#kept) {
      const atMs = cookie.expiryTime() ?? Infinity;
      if (atMs < passedMs) this.#kept.delete(id);
      else this.#nextExpiryMs = Math.min(this.#nextExpiryMs, atMs);
    }
  }

  /** Knows the cookie as the latest, and lets the oldest go when there are too many. */
  #keep(cookie: Cookie): void {
    const id = `${cookie.domain} ${cookie.path} ${cookie.key}`;
    this.#kept.delete(id);
    this.#kept.set(id, cookie);
    if (this.#kept.size <= mostCookies) return;
    const [oldestId, oldest] = this.#kept.entries().next().value!;
    this.#kept.delete(oldestId);
    // Should it be said again, it is news.
    this.#latest.clear();
    this.#jar.store.removeCookie(oldest.domain!, oldest.path!, oldest.key, () => {});
  }

  /** Keeps what `set-cookie` lines say; lines that a browser would ignore are ignored. */
  store(url: URL, lines: readonly string[]): void {
    for (const line of lines) {
      const name = line.slice(0, line.indexOf("="));
      const said = `${url.href}\n${line}`;
      // Many services say with every answer what they said with the last one.
      if (this.#latest.get(name) === said && !mayExpire.test(line)) continue;
      if (pairOf(line).length > longestCookie) continue;
      const cookie = this.#jar.setCookieSync(line, inJar(url), { ignoreError: true });
      if (this.#latest.size === mostValues) this.#latest.clear();
      this.#latest.set(name, said);
      if (cookie) {
        // The jar would count a Max-Age from the latest use, and a cookie in use would never expire.
        if (cookie.maxAge !== null) [cookie.expires, cookie.maxAge] = [cookie.expiryDate() ?? "Infinity", null];
        this.#keep(cookie);
      }
      this.values.add(/^[^=;]*= *"?([^;"]*)/.exec(line)?.[1]?.trimEnd() ?? "");
      this.#changed();
    }
    for (const oldest of this.values) {
      if (this.values.size <= mostValues) break;
      this.values.delete(oldest);
    }
  }
}

/** Its name and value. */
function pairOf(line: string): string {
  const end = line.indexOf(";");
  return end < 0 ? line : line.slice(0, end);
}

/** tough-cookie throws at these names when they stand alone, as they do in small networks. */
const inJar = (url: URL): string => (/^(example|invalid|local|test)$/.test(url.hostname) ? `${url.protocol}//${url.hostname}.localhost${url.pathname}` : url.href);
