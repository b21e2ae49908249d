import { problem } from "../../units/errors.ts";
import { addressAt, encoded } from "../address.ts";
import { isObject, listAt, objectAt, textOf, type Loose } from "../loose.ts";
import { readDocument } from "./document.ts";
import { someBase, standIn, type Ask, type Body, type Flow, type Pair, type Part, type Recording } from "../recording.ts";
import { follower } from "./references.ts";
import { exampleOf, parametersOf } from "./parameters.ts";
import { sampleOf, type Follow } from "./sample.ts";
import { secure } from "./security.ts";

const methods = ["get", "post", "put", "patch", "delete", "head", "options"];
const longestSample = 1_000_000;

export interface Api {
  readonly root: Loose;
  readonly follow: Follow;
  readonly base: string;
  /** A word that the environment will say. */
  readonly variable: (name: string) => string;
}

/**
 * A description of an API (OpenAPI 3.0, 3.1 and 3.2, in JSON or YAML): a journey for each tag, with its operations. DELETE is left out, and what is deprecated.
 *
 * @param name what the journey of operations without a tag will be called
 * @throws SEA_IMPORT_JSON, SEA_IMPORT_YAML, SEA_IMPORT_FORMAT, SEA_IMPORT_SHAPE, SEA_IMPORT_REF with the path to what is wrong
 */
export async function readOpenapi(text: string, name: string, file: string): Promise<Recording> {
  const root = await readDocument(text, file);
  const notes: string[] = [];
  const variables = new Map<string, string>();
  const word = standIn(text);
  const api: Api = {
    root, follow: follower(root), base: baseOf(root, notes),
    variable: (variable) => {
      variables.set(word(variable), variable);
      return word(variable);
    },
  };
  const byTag = new Map<string, Ask[]>();
  const [deprecated, deleting]: [string[], string[]] = [[], []];
  for (const [path, value] of Object.entries(objectAt(root["paths"] ?? {}, "paths"))) {
    const place = `paths["${path}"]`;
    const item = objectAt(api.follow(value, place), place);
    for (const method of methods) {
      if (item[method] === undefined) continue;
      const at = `${place}.${method}`;
      const operation = objectAt(item[method], at);
      const said = `${method.toUpperCase()} ${path}`;
      if (operation["deprecated"] === true) deprecated.push(said);
      else if (method === "delete") deleting.push(said);
      else {
        const tag = textOf(Array.isArray(operation["tags"]) ? operation["tags"][0] : undefined) ?? name;
        byTag.set(tag, [...(byTag.get(tag) ?? []), askOf(api, method, path, operation, item, at)]);
      }
    }
  }
  if (deleting.length > 0) notes.push(`what deletes: ${some(deleting)}`);
  if (deprecated.length > 0) notes.push(`deprecated: ${some(deprecated)}`);
  const flows = [...byTag].map(([tag, asks]): Flow => ({ name: tag, asks }));
  return { flows, browsed: false, bases: [api.base], variables, notes };
}

const some = (all: readonly string[]) => `${all.slice(0, 10).join(", ")}${all.length > 10 ? ` and ${all.length - 10} more` : ""}`;

/** The first server, with the defaults of its variables. */
function baseOf(root: Loose, notes: string[]): string {
  const [server] = root["servers"] === undefined ? [] : listAt(root["servers"], "servers");
  const { url: given, variables } = isObject(server) ? server : {};
  const url = (textOf(given) ?? "/").replace(/\{([^}]*)\}/g, (whole, name: string) => {
    const variable = isObject(variables) ? variables[name] : undefined;
    return (isObject(variable) ? textOf(variable["default"]) : undefined) ?? whole;
  });
  const isWhole = /^https?:\/\//i.test(url);
  if (!isWhole) notes.push(`the address of the service, which the description does not tell: ${someBase} stands for it`);
  const { origin, pathname } = addressAt(isWhole ? url : (URL.parse(url, someBase)?.href ?? url), "servers[0].url");
  return `${origin}${pathname.replace(/\/+$/, "")}`;
}

function askOf(api: Api, method: string, path: string, operation: Loose, item: Loose, place: string): Ask {
  const headers: Pair[] = [];
  const cookies: string[] = [];
  const query = new URLSearchParams();
  let filled = path;
  for (const { name, where, value } of parametersOf(operation, item, api.follow, place)) {
    const texts = [value].flat().map((one) => (typeof one === "object" ? JSON.stringify(one) : String(one)));
    if (where === "path") filled = filled.replaceAll(`{${name}}`, () => encoded(texts.join(",")));
    else if (where === "query") texts.forEach((text) => query.append(name, text));
    else if (where === "cookie") cookies.push(`${name}=${texts.join(",")}`);
    else if (!/^(accept|content-type|authorization)$/i.test(name)) headers.push([name.toLowerCase(), texts.join(",")]);
  }
  secure(api, operation, headers, cookies, query);
  if (cookies.length > 0) headers.push(["cookie", cookies.join("; ")]);
  const body = bodyOf(api, operation["requestBody"], headers, `${place}.requestBody`);
  const address = `${api.base}${filled.startsWith("/") ? "" : "/"}${filled.replaceAll("?", "%3F").replaceAll("#", "%23")}`;
  const url = addressAt(address, place);
  url.search = query.toString();
  const summary = textOf(operation["summary"]);
  return { place, method: method.toUpperCase(), url, headers, body, ...(path.includes("{") && { name: path.replace(/\{([^}]*)\}/g, ":$1") }), ...(summary && { remark: summary }) };
}

function bodyOf({ follow }: Api, given: unknown, headers: Pair[], place: string): Body | undefined {
  if (given === undefined) return undefined;
  const content = objectAt(follow(given, place), place)["content"];
  const types = isObject(content) ? Object.keys(content) : [];
  const type = types.find((one) => /[/+]json\b/i.test(one)) ?? types.find((one) => /x-www-form-urlencoded/i.test(one)) ?? types.find((one) => /^multipart\//i.test(one)) ?? types[0];
  if (type === undefined || !isObject(content)) return undefined;
  const media = objectAt(content[type] ?? {}, `${place}.content["${type}"]`);
  const example = exampleOf(media, follow, `${place}.content`);
  const value = example ? example.value : sampleOf(media["schema"], follow, `${place}.content["${type}"].schema`);
  const fields = isObject(value) ? Object.entries(value).map(([name, one]): Pair => [name, typeof one === "object" ? JSON.stringify(one) : String(one)]) : [];
  if (/^multipart\/form-data/i.test(type)) return { kind: "parts", parts: fields.map(([name, text]): Part => ({ name, content: text })) };
  headers.push(["content-type", type.includes("*") ? "application/octet-stream" : type]);
  if (/x-www-form-urlencoded/i.test(type)) return { kind: "text", text: new URLSearchParams(fields.map(([name, text]): [string, string] => [name, text])).toString() };
  const text = typeof value === "string" && !/[/+]json\b/i.test(type) ? value : (JSON.stringify(value) ?? "");
  if (text.length > longestSample) throw problem("SEA_IMPORT_BODY", { why: "its example is longer than a million characters" }, place);
  return { kind: "text", text };
}
