import type { AuthShape, Param, RequestShape } from "../read/shape.ts";
import { authTypes, compileAuth, type CompiledAuth, type Wire } from "./auth.ts";
import { bodyModes, compileBody, type CompiledBody } from "./body.ts";
import { Template, type Lookup } from "./template.ts";
import { joinUrl, sendable, splitUrl } from "./url.ts";

/** What a collection may say of how a request travels, as far as load mode follows it. */
export interface Behavior {
  readonly followRedirects: boolean;
  readonly maxRedirects: number;
  readonly followOriginalHttpMethod: boolean;
  readonly followAuthorizationHeader: boolean;
  readonly removeRefererHeaderOnRedirect: boolean;
  readonly disableBodyPruning: boolean;
  /** Headers that are not to be sent unless the request names them, in lower case. */
  readonly without: readonly string[];
}

/** A request whose gaps are left to fill. */
export interface CompiledRequest {
  readonly method: string;
  readonly url: Template;
  readonly headers: readonly { readonly name: Template; readonly value: Template }[];
  readonly body: CompiledBody | undefined;
  readonly auth: CompiledAuth | undefined;
  readonly behavior: Behavior;
}

const withoutBody = new Set(["GET", "COPY", "HEAD", "PURGE", "UNLOCK"]);

export function compileRequest(request: RequestShape, auth: AuthShape | null | undefined, behavior: Behavior): CompiledRequest {
  const method = (request.method ?? "GET").toUpperCase();
  const header = (request.header ?? []) as readonly Param[];
  return {
    method,
    url: new Template(joinUrl(splitUrl(request.url ?? ""))),
    headers: header.filter((one) => one && one.disabled !== true && typeof one.key === "string" && one.key !== "").map(({ key, value }) => ({ name: new Template(key), value: new Template(value === undefined || value === null ? "" : String(value)) })),
    body: withoutBody.has(method) && !behavior.disableBodyPruning ? undefined : compileBody(request.body),
    auth: compileAuth(auth),
    behavior,
  };
}

/** Fills a request. Two headers of one name go as one line; written in another case, the later one replaces the earlier. */
export function resolve({ method, url, headers: given, body, behavior }: CompiledRequest, look: Lookup): Wire {
  const headers: Wire["headers"] = new Map();
  for (const line of given) {
    const [name, value] = [line.name.fill(look), line.value.fill(look)];
    const id = name.toLowerCase();
    const before = headers.get(id);
    headers.set(id, { name, value: before?.name !== name ? value : `${before.value}${id === "cookie" ? "; " : ", "}${value}` });
  }
  const encoded = body?.encode(look, headers.get("content-type")?.value);
  if (encoded?.type !== undefined && (!headers.has("content-type") || encoded.isOwnType) && !behavior.without.includes("content-type")) headers.set("content-type", { name: "Content-Type", value: encoded.type });
  const address = sendable(url.fill(look));
  const login = headers.has("authorization") ? undefined : loginIn(address);
  if (login !== undefined) headers.set("authorization", { name: "Authorization", value: login });
  return { method, url: address, headers, body: encoded?.content };
}

/** A login that stands in the address. */
function loginIn(address: string): string | undefined {
  if (!address.includes("@") || !URL.canParse(address)) return undefined;
  const { username, password } = new URL(address);
  return username === "" && password === "" ? undefined : `Basic ${Buffer.from(`${decodeURIComponent(username)}:${decodeURIComponent(password)}`).toString("base64")}`;
}

const usual = { followRedirects: true, maxRedirects: 10, followOriginalHttpMethod: false, followAuthorizationHeader: false, removeRefererHeaderOnRedirect: false, disableBodyPruning: false } as const;
/** Of the connection, which the engine keeps. */
const ofConnection = new Set(["connection", "content-length", "expect", "keep-alive", "transfer-encoding", "upgrade", "host"]);

export const usualBehavior: Behavior = { ...usual, without: [] };

/** Reads `protocolProfileBehavior`. @param isInsecure the driver trusts any certificate */
export function readBehavior(given: Readonly<Record<string, unknown>>, isInsecure: boolean): { readonly behavior: Behavior; readonly why: readonly string[] } {
  const why: string[] = [];
  const read: Record<string, unknown> = { ...usual };
  let without: readonly string[] = [];
  for (const [name, value] of Object.entries(given)) {
    if (value === undefined || value === null) continue;
    if (name in usual) read[name] = value;
    else if (name === "disabledSystemHeaders") {
      without = Object.entries(value as object).filter(([, off]) => off === true).map(([header]) => header.toLowerCase());
      for (const header of without) if (ofConnection.has(header)) why.push(`disabledSystemHeaders: ${header} belongs to the connection`);
    } else if (name === "strictSSL") {
      if (value === isInsecure) why.push(`strictSSL: ${value}: it is the driver's to say, http: { tls: { insecure: ${!value} } }`);
    } else if (!(value === false || (name === "protocolVersion" && (value === "http1" || value === "auto")))) why.push(`protocolProfileBehavior.${name}`);
  }
  return { behavior: { ...(read as unknown as Behavior), without }, why };
}

/** What of a request load mode can't do, each with its reason. */
export function refusalsOf(request: RequestShape, auth: AuthShape | null | undefined): string[] {
  const why: string[] = [];
  const { type } = auth ?? {};
  const settings = compileAuth(auth)?.settings ?? {};
  if (type !== undefined && !authTypes.has(type)) why.push(`auth: ${type}`);
  if (type === "oauth2" && !settings["accessToken"] && settings["grant_type"] !== undefined && settings["grant_type"] !== "client_credentials") why.push(`auth: oauth2 by ${String(settings["grant_type"])} without an access token`);
  if (type === "digest" && settings["disableRetryRequest"] === true && !settings["nonce"]) why.push("auth: digest without a retry");
  if (request.body?.mode !== undefined && request.body.disabled !== true && !bodyModes.has(request.body.mode)) why.push(`body: ${request.body.mode}`);
  if (request.proxy !== undefined && request.proxy !== null) why.push("a proxy of the request's own");
  if (request.certificate !== undefined && request.certificate !== null) why.push("a certificate of the request's own");
  for (const { key, disabled } of (request.header ?? []) as readonly Param[]) {
    if (disabled !== true && ofConnection.has(String(key).toLowerCase()) && String(key).toLowerCase() !== "host") why.push(`header ${key}: it belongs to the connection`);
  }
  if (!/^[A-Z]+(-[A-Z]+)*$/.test((request.method ?? "GET").toUpperCase())) why.push(`method ${request.method}`);
  const { protocol } = splitUrl(request.url ?? "");
  if (protocol !== undefined && !/^https?$|\{\{/i.test(protocol)) why.push(`protocol ${protocol}`);
  return why;
}
