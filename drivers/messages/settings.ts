import type { OpenContext } from "../../src/model/driver.ts";
import { parseBase as parseHttpBase } from "../http/address.ts";
import type { AuthSetting } from "../http/auth.ts";
import type { TlsSettings } from "../http/engine.ts";
import { addHeaders, type HeaderSettings } from "../http/headers.ts";
import { authOf } from "../http/settings.ts";
import { checkTls } from "../http/wire/origin.ts";
import { durationMs, type Duration } from "../../src/units/duration.ts";
import { problem } from "../../src/units/errors.ts";

/** Where connections go: an address, or a service of the cluster by its name. */
export type Target = { readonly base: string; readonly service?: never } | { readonly service: string; readonly base?: never };

/** What drivers of messages have in common; a call may say some of it otherwise. */
export interface MessageOptions {
  /** Sent with every request that opens a connection. */
  readonly headers?: HeaderSettings;
  /** How long a touch may take. Default `"30s"`. */
  readonly timeout?: Duration;
  /** Sent to the base's origin. */
  readonly auth?: AuthSetting;
  readonly tls?: TlsSettings;
  /** Connections that one user may have open at once. Default 10. */
  readonly connections?: number;
  /** Messages that wait for somebody to receive them, a connection; the oldest are dropped beyond that. Default 1,000. */
  readonly backlog?: number;
  /** Longest message, bytes. Default 1 MiB. */
  readonly messageLimitBytes?: number;
}

/** Settings read and checked. */
export interface Settings {
  /** As an http or https address, which is what connections begin as. */
  readonly base: URL | undefined;
  readonly service: string | undefined;
  readonly headers: ReadonlyMap<string, string>;
  readonly timeoutMs: number;
  readonly auth: AuthSetting | undefined;
  readonly tls: TlsSettings;
  readonly connections: number;
  readonly backlog: number;
  readonly messageLimitBytes: number;
}

/** What tells one driver of messages from another. */
export interface Kind {
  readonly driver: "websocket" | "sse";
  /** Of its base addresses: the plain one, the secure one. */
  readonly schemes: readonly [string, string];
  /** Settings beside the common ones. */
  readonly more: readonly string[];
}

const common = ["base", "service", "headers", "timeout", "auth", "tls", "connections", "backlog", "messageLimitBytes"];
const ofTls = new Set(["ca", "cert", "key", "servername", "insecure"]);

/** The error for a setting that can't be. */
export const wrongSetting = ({ driver }: Kind, setting: string, value: unknown, form: string) =>
  problem("SEA_MESSAGES_SETTING", { driver, setting, value: typeof value === "string" ? value : (JSON.stringify(value) ?? typeof value), form }, `${driver}.${setting}`);

/** A base address of that kind, as the http address that a connection is asked for at. */
function parseBase({ driver, schemes }: Kind, text: string, place: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const at = schemes.findIndex((scheme) => url?.protocol === `${scheme}:`);
  if (!url || at < 0 || url.username || url.password || url.search || url.hash) throw problem("SEA_MESSAGES_BASE", { base: String(text), driver, schemes: schemes.join(" or ") }, place);
  return new URL(`${at === 0 ? "http" : "https"}://${url.host}${url.pathname}`);
}

/**
 * Reads what is common.
 *
 * @throws SEA_MESSAGES_SETTING, SEA_MESSAGES_BASE, SEA_HTTP_HEADER, SEA_UNIT_DURATION
 */
export function readSettings(kind: Kind, given: Target & MessageOptions, headers: Readonly<Record<string, string>>): Settings {
  // A slip of the finger must not pass for a default; its value stays unsaid, for it may be a secret.
  const known = [...common, ...kind.more];
  for (const name of Object.keys(given)) if (!known.includes(name)) throw wrongSetting(kind, "setting", name, `one of ${known.join(", ")}`);
  const { base, service, timeout = "30s", auth, tls = {}, connections = 10, backlog = 1_000, messageLimitBytes = 2 ** 20 } = given;
  for (const name of Object.keys(tls)) if (!ofTls.has(name)) throw wrongSetting(kind, "tls", name, `one of ${[...ofTls].join(", ")}`);
  if ((base === undefined) === (service === undefined)) throw wrongSetting(kind, "base", base, "a base or a service, one of the two");
  if (service !== undefined && (typeof service !== "string" || service === "")) throw wrongSetting(kind, "service", service, "the name of a service");
  if (auth !== undefined && typeof auth !== "function") authOf(auth);
  const timeoutMs = durationMs(timeout, `${kind.driver}.timeout`);
  if (timeoutMs === 0) throw wrongSetting(kind, "timeout", timeout, "longer than nothing");
  for (const [name, value] of Object.entries({ connections, backlog, messageLimitBytes })) {
    if (!Number.isInteger(value) || value < 1) throw wrongSetting(kind, name, value, "a whole number from 1");
  }
  return {
    base: base === undefined ? undefined : parseBase(kind, base, `${kind.driver}.base`),
    service, timeoutMs, auth, tls, connections, backlog, messageLimitBytes,
    headers: addHeaders(new Map(Object.entries({ "user-agent": "seatrial", ...headers })), given.headers, `${kind.driver}.headers`),
  };
}

/**
 * Where a session's connections go: the base, or the address of the cluster's service, which is an http one.
 *
 * @throws SEA_HTTP_SERVICE for one that is not there; SEA_HTTP_SETTING for certificates that are none
 */
export function baseIn({ driver }: Kind, { base, service, tls }: Settings, context: OpenContext): URL {
  checkTls(tls);
  if (base) return base;
  const address = context.service(service!);
  if (address === undefined) throw problem("SEA_HTTP_SERVICE", { service: service! }, `${driver}.service`);
  return parseHttpBase(address, `service ${service}`);
}

/** What every reader of a report must know. */
export const caveatsOf = ({ base, service, tls }: Settings): { caveats?: readonly string[] } =>
  tls.insecure ? { caveats: [`Certificates are not checked for ${base?.origin ?? `service ${service}`} (tls.insecure).`] } : {};
