import { statSync } from "node:fs";
import { problem } from "../../../src/units/errors.ts";
import { pathOf, readable, readJson } from "./file.ts";
import { isFolder, readFolder } from "./folder.ts";
import type { AuthShape, BodyShape, CollectionShape, EventShape, ItemShape, Param, RequestShape } from "./shape.ts";

type Loose = Readonly<Record<string, unknown>>;

/** A collection in the shape of v2.1, and where it was read. */
export interface Collection {
  readonly file: string;
  readonly shape: CollectionShape;
}

/**
 * A collection of a JSON file (v2.0, v2.1, also as Postman's API wraps it) or of a folder (v3).
 *
 * @throws SEA_POSTMAN_FILE, SEA_POSTMAN_FORM, SEA_POSTMAN_VERSION
 */
export function readCollection(file: string | URL): Collection {
  const path = pathOf(file);
  const name = readable(path);
  if (isFolderOnDisk(path)) {
    if (!isFolder(path)) throw problem("SEA_POSTMAN_FORM", { what: "a collection", why: "the folder holds no *.request.yaml" }, name);
    return { file: name, shape: readFolder(path) };
  }
  const given = readJson(path) as Loose | null;
  const inside = (given?.["collection"] ?? given) as Loose | null;
  if (typeof inside !== "object" || inside === null) throw problem("SEA_POSTMAN_FORM", { what: "a collection", why: "it is no object" }, name);
  if (Array.isArray(inside["requests"]) && !("item" in inside)) throw problem("SEA_POSTMAN_VERSION", { found: "1" }, name);
  const { info, item } = inside as unknown as CollectionShape;
  if (typeof info !== "object" || info === null || !Array.isArray(item)) throw problem("SEA_POSTMAN_FORM", { what: "a collection", why: "it has no info, or no list of items" }, name);
  return { file: name, shape: { ...group(inside as unknown as CollectionShape, name), info, variable: (inside["variable"] ?? []) as readonly Param[] } as CollectionShape };
}

function isFolderOnDisk(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

function group(item: ItemShape, place: string): ItemShape {
  const list = (item.item ?? []).map((child, index) => {
    const at = `${place} › ${child?.name ?? index + 1}`;
    if (typeof child !== "object" || child === null) throw problem("SEA_POSTMAN_FORM", { what: "an item", why: "it is no object" }, at);
    return Array.isArray(child.item) ? group(child, at) : leaf(child, at);
  });
  return { ...common(item), item: list };
}

function leaf(item: ItemShape, place: string): ItemShape {
  const { request } = item;
  if (request === undefined || request === null) return common(item);
  const given: RequestShape = typeof request === "string" ? { url: request } : request;
  if (typeof given !== "object") throw problem("SEA_POSTMAN_FORM", { what: "a request", why: "it is neither an address nor an object" }, place);
  const { auth, header, body, method, ...rest } = given;
  return { ...common(item), request: { ...rest, method: String(method ?? "GET"), header: headersOf(header), ...(body && { body: bodyOf(body) }), ...(auth !== undefined && { auth: authOf(auth) }) } };
}

function common(item: ItemShape): ItemShape {
  const { event, auth } = item;
  if (event !== undefined && event !== null && !Array.isArray(event)) throw problem("SEA_POSTMAN_FORM", { what: "an item", why: "its events are no list" }, item.name);
  return { ...item, ...(auth !== undefined && { auth: authOf(auth) }), ...(event && { event: event.filter((one): one is EventShape => typeof one === "object" && one !== null) }) };
}

/** v2.0 has the settings of a login as an object. */
function authOf(auth: AuthShape | null): AuthShape | null {
  if (!auth || typeof auth.type !== "string") return null;
  const settings = auth[auth.type];
  if (settings === undefined || settings === null || Array.isArray(settings)) return auth;
  return { type: auth.type, [auth.type]: Object.entries(settings).map(([key, value]) => ({ key, value })) };
}

/** Also as one text, a line each. */
function headersOf(header: RequestShape["header"]): readonly Param[] {
  if (typeof header !== "string") return listOf(header);
  return header.split(/\r?\n/).filter((line) => line.includes(":")).map((line) => ({ key: line.slice(0, line.indexOf(":")).trim(), value: line.slice(line.indexOf(":") + 1).trim() }));
}

function bodyOf(body: BodyShape): BodyShape {
  const { urlencoded, formdata } = body;
  if (typeof urlencoded !== "string") return { ...body, ...(urlencoded && { urlencoded: listOf(urlencoded) }), ...(formdata && { formdata: listOf(formdata) }) };
  return { ...body, urlencoded: urlencoded.split("&").map((pair) => ({ key: pair.split("=")[0]!, value: pair.includes("=") ? pair.slice(pair.indexOf("=") + 1) : null })) };
}

/** Lists are objects in some exports. */
function listOf(params: unknown): readonly Param[] {
  if (Array.isArray(params)) return params as readonly Param[];
  return typeof params === "object" && params !== null ? Object.entries(params).map(([key, value]) => ({ key, value: value as unknown })) : [];
}
