import type { Param, UrlShape } from "../read/shape.ts";

/** An address in its parts, with gaps still in them. */
export interface UrlParts {
  readonly protocol: string | undefined;
  readonly auth: { readonly user?: string; readonly password?: string } | undefined;
  /** Empty where there is none. */
  readonly host: string;
  readonly port: string | undefined;
  /** Undefined where nothing stands after the host. */
  readonly path: readonly string[] | undefined;
  readonly query: readonly Param[];
  readonly hash: string | undefined;
  readonly variable: readonly Param[];
}

/** Splits an address; an object's parts count more than its text, as they do in Postman. */
export function splitUrl(url: string | UrlShape): UrlParts {
  if (typeof url === "string") return parse(url, []);
  const { protocol, auth, host, port, path, query, hash, raw } = url;
  const variable = (url.variable ?? []).map((one) => ({ ...one, key: one.key ?? one.id ?? "" }));
  if (host === undefined && path === undefined && raw !== undefined) return parse(raw, variable);
  return {
    protocol: protocol === undefined || protocol === null ? undefined : protocol.replace(/:?\/\/$/, ""),
    auth,
    host: typeof host === "string" ? host : (host ?? []).join("."),
    port: port === undefined || port === null ? undefined : String(port),
    path: typeof path === "string" ? path.replace(/^\//, "").split("/") : path?.map((segment) => (typeof segment === "string" ? segment : (segment?.value ?? ""))),
    query: [query ?? []].flat() as readonly Param[],
    hash: hash ?? undefined,
    variable,
  };
}

/** A gap may hold any of the marks that part an address. */
function outside(text: string, mark: string): number {
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    if (text.startsWith("{{", at)) depth++;
    else if (depth > 0 && text.startsWith("}}", at)) depth--;
    else if (depth === 0 && text[at] === mark) return at;
  }
  return -1;
}

function cut(text: string, mark: string): [before: string, after: string | undefined] {
  const at = outside(text, mark);
  return at < 0 ? [text, undefined] : [text.slice(0, at), text.slice(at + 1)];
}

function parse(text: string, variable: readonly Param[]): UrlParts {
  const [beforeHash, hash] = cut(text.trim(), "#");
  const [beforeQuery, search] = cut(beforeHash, "?");
  const [, protocol, rest] = /^([^:/?#{}]+|\{\{[^{}]*\}\}):\/\/(.*)$/s.exec(beforeQuery) ?? [undefined, undefined, beforeQuery];
  const [authority, path] = cut(rest!.replaceAll("\\", "/"), "/");
  const [login, remote] = authority.includes("@") ? [authority.slice(0, authority.lastIndexOf("@")), authority.slice(authority.lastIndexOf("@") + 1)] : [undefined, authority];
  const [, host = remote, port] = /^(.*):(\d+|\{\{[^{}]*\}\})$/s.exec(remote) ?? [];
  const [user, password] = login === undefined ? [] : cut(login, ":");
  return {
    protocol,
    auth: user === undefined ? undefined : { user, ...(password !== undefined && { password }) },
    host,
    port,
    path: path === undefined ? undefined : path.split("/"),
    query: search === undefined ? [] : splitQuery(search),
    hash,
    variable,
  };
}

function splitQuery(search: string): Param[] {
  const params: Param[] = [];
  for (let rest: string | undefined = search; rest !== undefined; ) {
    const [pair, after] = cut(rest, "&");
    const [key, value] = cut(pair, "=");
    params.push({ key, value: value ?? null });
    rest = after;
  }
  return params;
}

/** The address as one text, with the values of `:names` in its path and without what is switched off. */
export function joinUrl({ protocol, auth, host, port, path, query, hash, variable }: UrlParts): string {
  const values = new Map(variable.map(({ key, value }) => [key, value]));
  const filled = path?.map((segment) => {
    const [, name] = /^:([^.]+)/s.exec(segment) ?? [];
    const value = name === undefined ? undefined : values.get(name);
    return typeof value === "string" && value !== "" ? value + segment.slice(1 + name!.length) : segment;
  });
  const asked = query.filter(({ disabled }) => disabled !== true);
  const search = asked.map(({ key, value }) => (value === null || value === undefined ? (key ?? "") : `${key ?? ""}=${String(value)}`)).join("&");
  const login = auth === undefined ? "" : `${auth.user ?? ""}${auth.password === undefined ? "" : `:${auth.password}`}@`;
  return [
    protocol === undefined ? "" : `${protocol}://`, login, host, port === undefined ? "" : `:${port}`,
    filled === undefined ? "" : `/${filled.join("/")}`, asked.length === 0 ? "" : `?${search}`, hash === undefined ? "" : `#${hash}`,
  ].join("");
}

/** An address as it can be sent: with a protocol, and with what a URL would silently drop written out. */
export function sendable(text: string): string {
  const whole = /^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `http://${text.replace(/^\/\//, "")}`;
  return whole.trim().replace(/[\t\n\r]/g, (mark) => encodeURIComponent(mark));
}

/** Adds a parameter to an address's query, in place of those of its name. */
export function withParam(url: string, key: string, value: string): string {
  const [beforeHash, hash] = cut(url, "#");
  const [base, search] = cut(beforeHash, "?");
  const kept = search === undefined || search === "" ? [] : search.split("&").filter((pair) => cut(pair, "=")[0] !== key);
  return `${base}?${[...kept, `${key}=${encodeParam(value)}`].join("&")}${hash === undefined ? "" : `#${hash}`}`;
}

/** What would end the parameter, as Postman writes it. */
const encodeParam = (value: string): string => value.replace(/[&#]/g, encodeURIComponent);
