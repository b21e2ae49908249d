import { call, key, list, object, objectOf, quote, type Code } from "./code.ts";
import { isObject } from "../loose.ts";
import type { Ask, Pair, Part } from "../recording.ts";
import { headerOf } from "./headers.ts";
import { isSecretName } from "../../mask/names.ts";
import type { Vault } from "./secrets.ts";
import type { Wording } from "./wording.ts";

/** What the writer of a request needs at hand. */
export interface Desk {
  readonly wording: Wording;
  readonly vault: Vault;
  /** Words that the file must import from `seatrial/http` and `node:fs/promises`. */
  readonly needs: Set<string>;
}

/** A body, and the media type that has to be said because the driver would say another. */
export interface WrittenBody {
  readonly code: Code;
  readonly type: string | undefined;
}

type Content =
  | { readonly kind: "json"; readonly value: unknown }
  | { readonly kind: "form"; readonly fields: readonly Pair[] }
  | { readonly kind: "text" };

const mediaOf = (type: string | undefined): string => (type ?? "").split(";")[0]!.trim().toLowerCase();
const isJson = (type: string | undefined): boolean => /[/+]json$/.test(mediaOf(type));

/** What a body of text is, as far as a scenario can say it without loss. */
export function contentOf(text: string, type: string | undefined): Content {
  const json = /^\s*[[{]/.test(text) || isJson(type) ? plainJson(text) : undefined;
  if (json) return { kind: "json", value: json.value };
  // `form()` gives every field its =, and encodes as browsers do.
  const isForm = mediaOf(type) === "application/x-www-form-urlencoded" && text !== "" && text.split("&").every((field) => field.includes("="));
  return isForm ? { kind: "form", fields: [...new URLSearchParams(text)] } : { kind: "text" };
}

const deepest = 60;

/** The value of a JSON text that a literal can hold without loss; undefined for any other text. */
function plainJson(text: string): { readonly value: unknown } | undefined {
  try {
    const value: unknown = JSON.parse(text);
    // A text by itself would be sent as it is, without its quotes.
    return typeof value !== "string" && isExact(value, 0) ? { value } : undefined;
  } catch {
    return undefined;
  }
}

function isExact(value: unknown, depth: number): boolean {
  if (depth > deepest) return false;
  if (typeof value === "number") return Number.isFinite(value) && !Object.is(value, -0) && Math.abs(value) <= Number.MAX_SAFE_INTEGER;
  return typeof value !== "object" || value === null || Object.values(value).every((one) => isExact(one, depth + 1));
}

export function writeBody({ body, headers }: Ask, desk: Desk): WrittenBody | undefined {
  if (!body) return undefined;
  const type = headerOf(headers, "content-type");
  if (body.kind === "file") {
    desk.needs.add("readFile");
    return { code: `await readFile(${desk.wording.text(body.file)})`, type };
  }
  if (body.kind === "parts") return { code: multipart(body.parts, desk), type: undefined };
  const content = contentOf(body.text, type);
  if (content.kind === "form") {
    desk.needs.add("form");
    return { code: ["form(", fieldsCode(content.fields, desk), ")"], type: undefined };
  }
  if (content.kind === "json") {
    const code = jsonCode(content.value, desk, false);
    if (isJson(type)) return { code, type: /^application\/json(;\s*charset="?utf-8"?)?$/i.test(type!) ? undefined : type };
    return { code: call("JSON.stringify", [code]), type };
  }
  return { code: desk.wording.text(body.text), type: type === undefined || /^text\/plain;charset=utf-8$/i.test(type) ? undefined : type };
}

/** The expression for a value that was put away; what an answer gave is taken from there. */
export const secretCode = (value: string, { wording, vault }: Desk): string | undefined => wording.given(value) ?? vault.code(value);

/** A value that a name stands before. */
export const valueCode = (name: string, value: string, desk: Desk): string => (isSecretName(name) ? secretCode(value, desk) : undefined) ?? desk.wording.text(value);

/** Fields by their names; a name that comes again has a list. */
export function fieldsCode(fields: readonly Pair[], desk: Desk): Code {
  const byName = Map.groupBy(fields, ([name]) => name);
  return object([...byName].map(([name, own]): Code => {
    const values = own.map(([, value]) => valueCode(name, value, desk));
    return [desk.wording.key(name, key), ": ", values.length === 1 ? values[0]! : list(values)];
  }));
}

/** A JSON value as a literal. */
function jsonCode(value: unknown, desk: Desk, isSecret: boolean): Code {
  const { wording, vault } = desk;
  if (typeof value === "string") return (isSecret ? secretCode(value, desk) : undefined) ?? wording.text(value);
  if (typeof value === "number") {
    const kept = isSecret ? vault.code(String(value)) : undefined;
    return wording.number(value) ?? (kept ? `Number(${kept})` : String(value));
  }
  if (Array.isArray(value)) return list(value.map((one) => jsonCode(one, desk, isSecret)));
  if (isObject(value)) return object(Object.entries(value).map(([name, one]): Code => [wording.key(name, key), ": ", jsonCode(one, desk, isSecret || isSecretName(name))]));
  return String(value);
}

function multipart(parts: readonly Part[], desk: Desk): Code {
  desk.needs.add("multipart");
  const byName = Map.groupBy(parts, ({ name }) => name);
  const fields = [...byName].map(([name, own]): Code => {
    const values = own.map((part) => partCode(part, desk));
    return [desk.wording.key(name, key), ": ", values.length === 1 ? values[0]! : list(values)];
  });
  return ["multipart(", object(fields), ")"];
}

function partCode({ name, content, file, filename, type }: Part, desk: Desk): Code {
  if (file === undefined && filename === undefined && type === undefined) return valueCode(name, content, desk);
  if (file !== undefined) desk.needs.add("readFile");
  return objectOf({
    content: file === undefined ? desk.wording.text(content) : `await readFile(${desk.wording.text(file)})`,
    filename: filename === undefined ? undefined : desk.wording.text(filename),
    type: type === undefined ? undefined : quote(type),
  });
}
