import { existsSync, readdirSync } from "node:fs";
import { basename, join } from "node:path";
import { problem } from "../../../src/units/errors.ts";
import { splitUrl } from "../send/url.ts";
import { readable, readYaml } from "./file.ts";
import type { AuthShape, BodyShape, CollectionShape, EventShape, ItemShape, Param, UrlShape } from "./shape.ts";

/** What the files of a v3 folder hold, as far as it is read. */
interface Definition {
  readonly $kind?: string;
  readonly name?: string;
  readonly order?: number;
  readonly auth?: { readonly type?: string; readonly credentials?: unknown } | readonly unknown[] | null;
  readonly scripts?: readonly { readonly type?: string; readonly code?: string; readonly disabled?: boolean }[];
  readonly variables?: readonly Param[];
  readonly settings?: Readonly<Record<string, unknown>>;
  readonly url?: string;
  readonly method?: string;
  readonly headers?: readonly Param[];
  readonly queryParams?: readonly Param[];
  readonly pathVariables?: readonly Param[];
  readonly body?: { readonly type?: string; readonly content?: unknown };
  readonly query?: string;
}

const requestFile = /\.request\.ya?ml$/i;
const mostDepth = 50;

/** True for a folder that holds a v3 collection, or a folder of one. */
export function isFolder(path: string): boolean {
  return readdirSync(path, { recursive: true }).some((file) => requestFile.test(String(file)));
}

/**
 * A v3 collection, as Postman 12 keeps it in a repository: one YAML file a request, told in the shape
 * of v2.1, so that both modes can run it.
 *
 * @throws SEA_POSTMAN_FORM with file, line and column
 */
export function readFolder(path: string): CollectionShape {
  const { item, name, event, auth, variable } = folder(path, 0);
  return { info: { name: name! }, item: item!, ...(event && { event }), ...(auth !== undefined && { auth }), variable: variable ?? [] };
}

function folder(path: string, depth: number): ItemShape & { readonly order: number; readonly variable?: readonly Param[] } {
  if (depth > mostDepth) throw problem("SEA_POSTMAN_FORM", { what: "a collection", why: "its folders are nested too deep" }, readable(path));
  const found = ["yaml", "yml"].map((ext) => join(path, ".resources", `definition.${ext}`)).find((file) => existsSync(file));
  const definition = found === undefined ? {} : read(found);
  // Inside of a collection variables of a folder hold for it alone: there is nothing like it in v2.1.
  if (depth > 0 && (definition.variables?.length ?? 0) > 0) throw problem("SEA_POSTMAN_FORM", { what: "a folder", why: "variables of a folder can't be read: move them to the collection" }, readable(found!));
  const entries = readdirSync(path, { withFileTypes: true }).toSorted((a, b) => a.name.localeCompare(b.name, "en"));
  const items = entries.flatMap((entry) => {
    if (entry.isDirectory() && !entry.name.endsWith(".resources") && !entry.name.startsWith(".")) return [folder(join(path, entry.name), depth + 1)];
    return entry.isFile() && requestFile.test(entry.name) ? [request(join(path, entry.name))] : [];
  });
  return {
    ...common(definition, basename(path)),
    order: definition.order ?? Infinity,
    item: items.filter(({ item, request }) => request !== undefined || item!.length > 0).toSorted((a, b) => (a.order === b.order ? 0 : a.order - b.order)).map(({ order: _, ...rest }) => rest),
    ...(definition.variables && { variable: definition.variables }),
  };
}

function read(path: string): Definition {
  const value = readYaml(path);
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw problem("SEA_POSTMAN_FORM", { what: "YAML", why: "it holds no object" }, readable(path));
  return value as Definition;
}

function request(path: string): ItemShape & { readonly order: number } {
  const said = read(path);
  const kind = said.$kind ?? "http-request";
  const item = { ...common(said, basename(path).replace(requestFile, "")), order: said.order ?? Infinity };
  const body = kind === "graphql-request" ? { mode: "graphql", graphql: { query: said.query, ...("variables" in said && { variables: said.variables as unknown }) } } : bodyOf(said.body, path);
  // Another protocol's request stays in the list, so that it is refused by name and not forgotten.
  if (kind !== "http-request" && kind !== "graphql-request") return { ...item, request: { method: kind, url: said.url ?? "" } };
  const { queryParams = [], pathVariables = [], url = "" } = said;
  const asked = queryParams.filter(({ disabled }) => !disabled).map(({ key, value }) => (value === undefined || value === null ? key : `${key}=${value as string}`)).join("&");
  const whole = asked === "" || url.includes("?") ? url : `${url}?${asked}`;
  return {
    ...item,
    request: {
      method: said.method ?? (kind === "graphql-request" ? "POST" : "GET"),
      url: pathVariables.length === 0 ? whole : withVariables(whole, pathVariables),
      header: said.headers ?? [],
      ...(body && { body }),
      ...(said.auth !== undefined && { auth: authOf(said.auth, path) }),
    },
  };
}

/** In its parts: an address with values for its `:names` can't be a text. */
function withVariables(url: string, variable: readonly Param[]): UrlShape {
  const { protocol, auth, host, port, path, query, hash } = splitUrl(url);
  return { raw: url, host: [host], path: path ?? [], query, variable, ...(protocol !== undefined && { protocol }), ...(auth && { auth }), ...(port !== undefined && { port }), ...(hash !== undefined && { hash }) };
}

function common({ name, scripts, auth, settings, $kind }: Definition, fallback: string): ItemShape {
  const event = (scripts ?? []).map(({ type = "", code = "", disabled }): EventShape => {
    const listen = /before(Request|Query)$/.test(type) ? "prerequest" : /afterResponse$/.test(type) ? "test" : type;
    return { listen, script: { exec: code }, ...(disabled && { disabled }) };
  });
  return {
    name: name ?? fallback,
    ...(event.length > 0 && { event }),
    ...($kind === "collection" && auth !== undefined && { auth: authOf(auth, fallback) }),
    ...(settings && { protocolProfileBehavior: settings }),
  };
}

function authOf(auth: Definition["auth"], place: string): AuthShape | null {
  if (auth === null || auth === undefined) return null;
  if (!("type" in auth) || typeof auth.type !== "string") throw problem("SEA_POSTMAN_FORM", { what: "auth", why: "it is a list of logins, of which one would have to be chosen" }, readable(place));
  return { type: auth.type, [auth.type]: auth.credentials ?? [] };
}

const languages = new Set(["json", "text", "xml", "html", "javascript"]);

function bodyOf(body: Definition["body"], place: string): BodyShape | undefined {
  if (!body || body.type === undefined || body.type === "none") return undefined;
  const { type, content } = body;
  if (languages.has(type)) return { mode: "raw", raw: typeof content === "string" ? content : JSON.stringify(content), options: { raw: { language: type } } };
  if (type === "urlencoded" || type === "formdata") return { mode: type, [type]: content as readonly Param[] };
  if (type === "file") return { mode: "file", file: typeof content === "string" ? { src: content } : (content as { src?: string }) };
  throw problem("SEA_POSTMAN_FORM", { what: "a body", why: `nobody knows the type ${type}` }, readable(place));
}
