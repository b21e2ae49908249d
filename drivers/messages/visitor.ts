import type { OpenContext } from "../../src/model/driver.ts";
import { secretsIn } from "../../src/mask/values.ts";
import { problem } from "../../src/units/errors.ts";
import { addressOf, type Address, type Params } from "../http/address.ts";
import type { AuthSetting } from "../http/auth.ts";
import type { Jar } from "../http/cookies.ts";
import { addHeaders, type HeaderSettings } from "../http/headers.ts";
import { authOf } from "../http/settings.ts";
import type { Settings } from "./settings.ts";
import type { Desk } from "./touch.ts";

/** What opening a connection may say, whatever comes over it. */
export interface OpenOptions {
  /** What its steps are called after. Default: the path without its query. */
  readonly name?: string;
  /** The query. */
  readonly params?: Params;
  readonly headers?: HeaderSettings;
  /** Default: the driver's. */
  readonly auth?: AuthSetting;
}

/** A connection as its session sees it. */
export interface Link {
  /** Ends it at once and without a record. */
  drop(): void;
}

/** What is asked for to open a connection. */
export interface Asked extends Address {
  readonly headers: ReadonlyMap<string, string>;
  /** What the connection's steps are called after. */
  readonly name: string;
  /** The request, on one line. */
  readonly line: string;
}

const mostSecrets = 50;

/** One user: headers, cookies and connections of their own. What both kinds of sessions are made of. */
export class Visitor {
  readonly cookies: Jar;
  readonly desk: Desk;
  readonly #base: URL;
  readonly #settings: Settings;
  readonly #headers = new Map<string, string>();
  readonly #links = new Set<Link>();
  #opening = 0;
  /** Logins sent lately; failures that quote them are masked. */
  readonly #sent = new Set<string>();

  constructor(context: OpenContext, jar: Jar, base: URL, settings: Settings) {
    this.cookies = jar;
    this.#base = base;
    this.#settings = settings;
    this.desk = { context, underWay: new Set(), cut: context.signal.aborted, secrets: () => [...this.#sent, ...jar.values()] };
    context.signal.addEventListener("abort", this.#cut, { once: true });
  }

  header(name: string, value: string | undefined): void {
    addHeaders(this.#headers, { [name]: value }, "session.header");
  }

  /** A new visitor's: nothing of the one before is kept open. */
  renew(): void {
    this.cookies.clear();
    this.#headers.clear();
    this.#dropAll();
  }

  close(): void {
    this.desk.context.signal.removeEventListener("abort", this.#cut);
    this.#cut();
  }

  /** The request that opens a connection; what is said nearer to it wins. */
  ask(path: string, { name = path.replace(/[?#].*$/s, ""), params, headers: own, auth = this.#settings.auth }: OpenOptions): Asked {
    const address = addressOf(this.#base, path, params);
    const headers = new Map(this.#settings.headers);
    const isHome = address.origin === this.#base.origin;
    if (auth && isHome) headers.set("authorization", authOf(auth).authorization);
    if (isHome) for (const [name, value] of this.#headers) headers.set(name, value);
    addHeaders(headers, own);
    if (!headers.has("cookie")) {
      const cookie = this.cookies.header(address.url);
      if (cookie !== undefined) headers.set("cookie", cookie);
    }
    for (const secret of secretsIn(headers, this.desk.context.mask.isSecret)) this.#sent.add(secret);
    for (const oldest of this.#sent) {
      if (this.#sent.size <= mostSecrets) break;
      this.#sent.delete(oldest);
    }
    return { ...address, headers, name, line: `GET ${address.url.pathname}${address.url.search}`.slice(0, 300) };
  }

  /**
   * Keeps a place until it is known whether a connection comes of it; what is answered gives it back.
   *
   * @throws SEA_MESSAGES_OPEN when there are as many as a user may have
   */
  makeRoom(): () => void {
    const count = this.#links.size + this.#opening;
    if (count >= this.#settings.connections) throw problem("SEA_MESSAGES_OPEN", { count });
    this.#opening++;
    return () => void this.#opening--;
  }

  add(link: Link): void {
    this.#links.add(link);
  }

  remove(link: Link): void {
    this.#links.delete(link);
  }

  #dropAll(): void {
    for (const link of this.#links) link.drop();
    this.#links.clear();
  }

  readonly #cut = (): void => {
    this.desk.cut = true;
    for (const cut of [...this.desk.underWay]) cut();
    this.#dropAll();
  };
}

