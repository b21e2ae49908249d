import { durationMs, type Duration } from "../../src/units/duration.ts";
import { problem } from "../../src/units/errors.ts";
import { parseBase } from "./address.ts";
import type { Auth, AuthSetting } from "./auth.ts";
import { acceptedEncodings } from "./decode.ts";
import type { EngineSettings, TlsSettings } from "./engine.ts";
import { addHeaders, type HeaderLines, type HeaderSettings } from "./headers.ts";
import { readRoute } from "./route.ts";

/** Where requests go: an address, or a service of the cluster by its name. */
export type HttpTarget = { readonly base: string; readonly service?: never } | { readonly service: string; readonly base?: never };

/** See `HttpOptions.engine`. */
type EngineName = "auto" | "wire" | "h2" | "undici";
const engines: readonly EngineName[] = ["auto", "wire", "h2", "undici"];

/** Everything else that a driver may say; a request may say some of it otherwise. */
export interface HttpOptions {
  /** Sent with every request. */
  readonly headers?: HeaderSettings;
  /** From begin to last byte, redirects included. Default `"30s"`. */
  readonly timeout?: Duration;
  /** Sent to the base's origin only. */
  readonly auth?: AuthSetting;
  /** How many redirects to follow; 0 for none. Default 10. */
  readonly redirects?: number;
  readonly tls?: TlsSettings;
  /** The unix socket that leads to the base. Other origins are reached by the network. */
  readonly socketPath?: string;
  /**
   * Whoever connects in our place, to every origin: `"http://proxy.example:3128"` or, names resolved by it,
   * `"socks5://proxy.example:1080"`; with a login before the `@`. Default: none, whatever `HTTP_PROXY` says.
   */
  readonly proxy?: string;
  /** How long the addresses of a name are believed before the machine is asked again; all users share them. Default `"30s"`. */
  readonly dnsTtl?: Duration;
  /**
   * Asks the service before a body is sent (`Expect: 100-continue`), and sends it when the service says so or has said
   * nothing for so long; true is `"1s"`. Default false.
   */
  readonly expectContinue?: Duration | boolean;
  /** How long an idle connection is kept; false closes after every answer. Default `"60s"`. */
  readonly keepAlive?: Duration | false;
  /**
   * Whose connections they are: each user's own, as a browser's, or common to all users of the driver, as those of
   * a gateway or another service; then `connections` must say how many. Cookies and logins are always a user's own. Default `"user"`.
   */
  readonly pool?: "user" | "shared";
  /** Connections to one origin at once, of one user or of the shared pool, 1 or more, over HTTP/1.1; HTTP/2 has one for all. Default 6, as browsers have it. */
  readonly connections?: number;
  /** Longest body, as it comes and unpacked, bytes. Default 32 MiB. */
  readonly bodyLimitBytes?: number;
  /**
   * Records, step by step, where the time of answered requests went; reports show it. Default false. One request's is in
   * `reply.timings`, whatever this says.
   */
  readonly timings?: boolean;
  /**
   * Keeps request and answer of a failed touch, masked, as a file beside the ledger: of each failure of a counted walk, and
   * under load of the first few of each cause. `bodyBytes` is how much of each body is in it, default 64 KiB; false keeps none.
   */
  readonly evidence?: false | { readonly bodyBytes?: number };
  /**
   * What carries the requests. `"auto"` lets an https server choose between HTTP/2 and HTTP/1.1, as browsers do (ALPN),
   * and speaks HTTP/1.1 over http; `"wire"` is HTTP/1.1 and nothing else; `"h2"` HTTP/2 and nothing else, over http with
   * prior knowledge (h2c); `"undici"` is HTTP/1.1 over that library. Default `"auto"`. See `reply.version`.
   */
  readonly engine?: EngineName;
}

export type HttpSettings = HttpTarget & HttpOptions;

/** Settings read and checked. */
export interface Settings extends EngineSettings {
  readonly base: URL | undefined;
  readonly service: string | undefined;
  readonly headers: ReadonlyMap<string, string>;
  readonly timeoutMs: number;
  readonly auth: AuthSetting | undefined;
  readonly redirects: number;
  readonly pool: "user" | "shared";
  readonly engine: EngineName;
  readonly continueMs: number | undefined;
  readonly timings: boolean;
  /** How much of each body is evidence of a failure; undefined for no evidence at all. */
  readonly evidenceBytes: number | undefined;
  /** Headers decided before, by the type of the body. */
  readonly usual: Map<string | undefined, HeaderLines>;
}

const known = new Set(["base", "service", "headers", "timeout", "auth", "redirects", "tls", "socketPath", "proxy", "dnsTtl", "expectContinue", "keepAlive", "pool", "connections", "bodyLimitBytes", "timings", "evidence", "engine"]);
const knownTls = new Set(["ca", "cert", "key", "servername", "insecure"]);

const wrong = (setting: string, value: unknown, form: string) =>
  problem("SEA_HTTP_SETTING", { setting, value: typeof value === "string" ? value : (JSON.stringify(value) ?? typeof value), form }, `http.${setting}`);

/** A slip of the finger must not pass for a default; its value stays unsaid, for it may be a secret. */
function onlyKnown(setting: string, given: object, names: ReadonlySet<string>): void {
  for (const name of Object.keys(given)) {
    if (!names.has(name)) throw problem("SEA_HTTP_SETTING", { setting, value: name, form: `one of ${[...names].join(", ")}` }, "http");
  }
}

function whole(setting: string, value: number, least: number): number {
  if (!Number.isInteger(value) || value < least) throw wrong(setting, value, `a whole number from ${least}`);
  return value;
}

/** How long to wait for the service's word; undefined where it is not asked. */
export function continueMs(setting: Duration | boolean | undefined, place: string): number | undefined {
  if (setting === undefined || setting === false) return undefined;
  return setting === true ? 1_000 : durationMs(setting, place);
}

const usualBodyBytes = 64 * 1_024;
const mostBodyBytes = 4 * 2 ** 20;

/** How much of each body is evidence; undefined where none is wanted. */
export function evidenceBytes(setting: HttpOptions["evidence"]): number | undefined {
  if (setting === false) return undefined;
  if (setting !== undefined && (typeof setting !== "object" || setting === null)) throw wrong("evidence", setting, "false or { bodyBytes: 65_536 }");
  onlyKnown("evidence setting", setting ?? {}, new Set(["bodyBytes"]));
  const bytes = whole("evidence.bodyBytes", setting?.bodyBytes ?? usualBodyBytes, 0);
  if (bytes > mostBodyBytes) throw wrong("evidence.bodyBytes", bytes, `at most ${mostBodyBytes}`);
  return bytes;
}

/** A login, asked for now where the setting is a function. */
export function authOf(setting: AuthSetting): Auth {
  const auth = typeof setting === "function" ? setting() : setting;
  if (typeof auth?.authorization !== "string") throw wrong("auth", typeof auth, "basic(…), bearer(…), or a function that answers one");
  return auth;
}

/**
 * Reads the settings of `http()`.
 *
 * @throws SEA_HTTP_SETTING, SEA_HTTP_BASE, SEA_HTTP_HEADER, SEA_UNIT_DURATION
 */
export function readSettings(given: HttpSettings): Settings {
  onlyKnown("setting", given, known);
  const { base, service, headers, timeout = "30s", auth, redirects = 10, tls = {}, socketPath, proxy, dnsTtl = "30s", expectContinue, keepAlive = "60s", pool = "user", connections = pool === "shared" ? undefined : 6, bodyLimitBytes = 32 * 2 ** 20, timings = false, evidence, engine = "auto" } = given;
  if ((base === undefined) === (service === undefined)) throw wrong("base", base, "a base or a service, one of the two");
  if (service !== undefined && (typeof service !== "string" || service === "")) throw wrong("service", service, "the name of a service");
  if (!engines.includes(engine)) throw wrong("engine", engine, `one of ${engines.map((name) => `"${name}"`).join(", ")}`);
  onlyKnown("tls setting", tls, knownTls);
  if (typeof (tls.insecure ?? false) !== "boolean") throw wrong("tls.insecure", typeof tls.insecure, "true or false");
  if (typeof (tls.servername ?? "x") !== "string" || tls.servername === "") throw wrong("tls.servername", tls.servername, "the name of a host");
  if ((tls.cert === undefined) !== (tls.key === undefined)) throw wrong("tls.cert", "one without the other", "cert and key together");
  if (auth !== undefined && typeof auth !== "function") authOf(auth);
  if (pool !== "user" && pool !== "shared") throw wrong("pool", pool, '"user" or "shared"');
  if (connections === undefined) throw wrong("connections", connections, "how many connections the shared pool has: everybody's times hang on it");
  if (typeof timings !== "boolean") throw wrong("timings", timings, "true or false");
  const timeoutMs = durationMs(timeout, "http.timeout");
  if (timeoutMs === 0) throw wrong("timeout", timeout, "longer than nothing");
  const baseUrl = base === undefined ? undefined : parseBase(base);
  const route = readRoute(baseUrl, socketPath, proxy);
  const ofWire = route ? (route.kind === "socket" ? "socketPath" : "proxy") : expectContinue ? "expectContinue" : undefined;
  if (ofWire !== undefined && engine === "undici") throw wrong("engine", engine, `another than "undici" for ${ofWire}`);
  // Its server speaks first, and what comes behind a proxy's answer is not trusted.
  if (route && route.kind !== "socket" && engine === "h2" && baseUrl?.protocol === "http:") throw wrong("engine", engine, '"auto" or "wire" for http through a proxy');
  return {
    base: baseUrl,
    service,
    headers: addHeaders(new Map([["accept", "*/*"], ["accept-encoding", acceptedEncodings], ["user-agent", "seatrial"]]), headers, "http.headers"),
    timeoutMs,
    auth,
    redirects: whole("redirects", redirects, 0),
    keepAliveMs: keepAlive === false ? 0 : durationMs(keepAlive, "http.keepAlive"),
    connections: whole("connections", connections, 1),
    pool,
    bodyLimitBytes: whole("bodyLimitBytes", bodyLimitBytes, 0),
    engine,
    continueMs: continueMs(expectContinue, "http.expectContinue"),
    tls,
    timings,
    evidenceBytes: evidenceBytes(evidence),
    usual: new Map(),
    route,
    dnsTtlMs: durationMs(dnsTtl, "http.dnsTtl"),
  };
}
