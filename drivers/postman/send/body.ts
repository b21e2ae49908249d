import { readFileSync } from "node:fs";
import { basename, resolve } from "node:path";
import { stringify } from "node:querystring";
import type { BodyShape, Param } from "../read/shape.ts";
import { fill, Template, type Lookup } from "./template.ts";

/** A body as it goes out, with the media type that it has unless a header names one. */
export interface Encoded {
  readonly content: string | Uint8Array;
  readonly type: string | undefined;
  /** No header may name another type: nobody could read it. */
  readonly isOwnType?: boolean;
}

/** A body that is made for each request; undefined where there is nothing to send. */
export interface CompiledBody {
  encode(look: Lookup, contentType: string | undefined): Encoded | undefined;
  /** Files that it names without a gap. */
  readonly files: readonly string[];
}

const languages: Readonly<Record<string, string>> = { html: "text/html", text: "text/plain", json: "application/json", javascript: "application/javascript", xml: "application/xml" };
const isJson = /^application\/(\S+\+)?json/;

export const bodyModes = new Set(["raw", "urlencoded", "formdata", "file", "graphql"]);

export function compileBody(body: BodyShape | null | undefined): CompiledBody | undefined {
  if (!body || body.disabled === true || body.mode === undefined) return undefined;
  if (body.mode === "raw") return raw(body);
  if (body.mode === "urlencoded") return urlencoded(body.urlencoded as readonly Param[] | undefined);
  if (body.mode === "formdata") return formdata(body.formdata);
  if (body.mode === "graphql") return graphql(body.graphql);
  return body.mode === "file" ? file(body.file) : undefined;
}

function raw({ raw: given, options }: BodyShape): CompiledBody | undefined {
  if (given === undefined || given === null || given === "" || typeof given === "number" || typeof given === "boolean") return undefined;
  const template = new Template(typeof given === "string" ? given : JSON.stringify(given));
  const language = options?.raw?.language;
  return {
    files: [],
    encode(look, contentType) {
      const text = template.fill(look);
      const mayComment = language === undefined ? contentType !== undefined && isJson.test(contentType) : language === "json";
      const content = mayComment && /\/[/*]/.test(text) ? withoutComments(text) : text;
      return content === "" ? undefined : { content, type: languages[language ?? "text"] ?? "text/plain" };
    },
  };
}

/** JSON as people write it: what is no JSON is taken out before it is sent. */
const withoutComments = (text: string): string => text.replace(/"(?:\\[^]|[^"\\])*"|\/\/[^\r\n]*|\/\*[^]*?\*\//g, (token) => (token.startsWith('"') ? token : ""));

const enabled = (params: readonly Param[] | undefined) => (params ?? []).filter((param) => typeof param === "object" && param !== null && param.disabled !== true);
const textOf = (value: unknown): string => (typeof value === "string" ? value : value === undefined || value === null ? "" : JSON.stringify(value));

function urlencoded(params: readonly Param[] | undefined): CompiledBody | undefined {
  const fields = enabled(params).map(({ key, value }) => ({ key: new Template(key ?? ""), value: new Template(textOf(value)) }));
  if (fields.length === 0) return undefined;
  return {
    files: [],
    encode(look, contentType) {
      const form: Record<string, string | string[]> = {};
      for (const { key, value } of fields) {
        const [name, text] = [key.fill(look), value.fill(look)];
        form[name] = Object.hasOwn(form, name) ? [form[name]!, text].flat() : text;
      }
      return { content: stringify(form).replace(/[!'()*]/g, (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`), type: "application/x-www-form-urlencoded", isOwnType: contentType?.includes("application/x-www-form-urlencoded") !== true };
    },
  };
}

function graphql(given: BodyShape["graphql"]): CompiledBody | undefined {
  if (given === undefined || given === null) return undefined;
  return {
    files: [],
    encode(look) {
      const { query, operationName, variables } = fill(given, look) as NonNullable<BodyShape["graphql"]>;
      const type = "application/json";
      if (typeof variables !== "string") return { content: JSON.stringify({ query, operationName, variables }), type };
      // Variables as a text are JSON already.
      const parts = [typeof query === "string" && `"query":${JSON.stringify(query)}`, typeof operationName === "string" && `"operationName":${JSON.stringify(operationName)}`, variables !== "" && `"variables":${variables}`];
      return { content: `{${parts.filter(Boolean).join(",")}}`, type };
    },
  };
}

function file(given: BodyShape["file"]): CompiledBody | undefined {
  const { src, content } = typeof given === "string" ? { src: given } : (given ?? {});
  if (typeof content === "string") return { files: [], encode: () => ({ content, type: undefined }) };
  if (typeof src !== "string" || src === "") return undefined;
  const template = new Template(src);
  return { files: template.isConstant ? [src] : [], encode: (look) => ({ content: contentOf(template.fill(look)), type: undefined }) };
}

/** A field with a value, or one with a file. */
interface FormField {
  readonly key: Template;
  readonly value: Template;
  readonly src: Template | undefined;
  readonly contentType: string | undefined;
  readonly fileName: string | undefined;
}

function formdata(params: readonly Param[] | undefined): CompiledBody | undefined {
  const fields = enabled(params).flatMap(({ key, value, type, src, contentType, fileName }): FormField[] => {
    const common = { key: new Template(key ?? ""), contentType, fileName };
    if (type !== "file") return [{ ...common, value: new Template(textOf(value)), src: undefined }];
    const list = [src ?? []].flat();
    return list.length === 0 ? [{ ...common, value: new Template(""), src: undefined, fileName: fileName ?? "" }] : list.map((one) => ({ ...common, value: new Template(""), src: new Template(one) }));
  });
  if (fields.length === 0) return undefined;
  return {
    files: fields.flatMap(({ src }) => (src?.isConstant ? [src.source] : [])),
    encode(look) {
      const parts = fields.map(({ key, value, src, contentType, fileName }) => {
        const path = src?.fill(look);
        const name = fileName ?? (path === undefined ? undefined : basename(path));
        const type = contentType ?? (name === undefined || name === "" ? undefined : typeOf(name));
        const head = `Content-Disposition: form-data; name="${quoted(key.fill(look))}"${name === undefined ? "" : `; filename="${quoted(name)}"`}${type === undefined ? "" : `\r\nContent-Type: ${type}`}`;
        return { head, content: path === undefined ? Buffer.from(value.fill(look)) : contentOf(path) };
      });
      const boundary = boundaryOf(parts.map(({ content }) => content));
      const bytes = parts.flatMap(({ head, content }) => [Buffer.from(`--${boundary}\r\n${head}\r\n\r\n`), content, Buffer.from("\r\n")]);
      return { content: Buffer.concat([...bytes, Buffer.from(`--${boundary}--\r\n`)]), type: `multipart/form-data; boundary=${boundary}`, isOwnType: true };
    },
  };
}

const quoted = (text: string): string => text.replaceAll('"', "%22").replaceAll("\r", "%0D").replaceAll("\n", "%0A");

/** The same fields give the same bytes; no part may hold the boundary. */
function boundaryOf(contents: readonly Uint8Array[]): string {
  for (let n = 0; ; n++) {
    const boundary = `--------------------------${String(n).padStart(24, "0")}`;
    if (!contents.some((content) => Buffer.from(content.buffer, content.byteOffset, content.byteLength).includes(boundary))) return boundary;
  }
}

const types: Readonly<Record<string, string>> = {
  txt: "text/plain", csv: "text/csv", html: "text/html", css: "text/css", js: "application/javascript", json: "application/json", xml: "application/xml", pdf: "application/pdf", zip: "application/zip",
  png: "image/png", jpg: "image/jpeg", jpeg: "image/jpeg", gif: "image/gif", svg: "image/svg+xml", webp: "image/webp", mp3: "audio/mpeg", mp4: "video/mp4", yaml: "text/yaml", yml: "text/yaml",
};
const typeOf = (name: string): string => types[/\.(\w+)$/.exec(name)?.[1]?.toLowerCase() ?? ""] ?? "application/octet-stream";

/** A collection sends the same few files again and again. */
const contents = new Map<string, Uint8Array>();
const mostContents = 100;

/** @param path from the working directory, as Newman has it */
function contentOf(path: string): Uint8Array {
  const whole = resolve(path);
  let content = contents.get(whole);
  if (!content) {
    content = readFileSync(whole);
    if (contents.size === mostContents) contents.clear();
    contents.set(whole, content);
  }
  return content;
}
