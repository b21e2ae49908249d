import { problem } from "../../src/units/errors.ts";

/** What a form field may hold. */
export type Field = string | number | boolean;

/** A file of a multipart body. */
export interface FileField {
  readonly content: string | Uint8Array;
  /** Default: the field's name. */
  readonly filename?: string;
  /** Its media type; default `"application/octet-stream"`. */
  readonly type?: string;
}

/** A body with its media type. */
export interface Encoded {
  readonly type: string | undefined;
  readonly content: string | Uint8Array;
}

class Form implements Encoded {
  readonly type: string;
  readonly content: string | Uint8Array;
  constructor(type: string, content: string | Uint8Array) {
    this.type = type;
    this.content = content;
  }
}

/** Strings and bytes go as they are, `form()` and `multipart()` as such; plain objects, lists, numbers, booleans and null go as JSON. */
export type Body = string | Uint8Array | Form | object | number | boolean | null;

/**
 * A body as a browser sends a form: `application/x-www-form-urlencoded`. A list repeats its field.
 *
 * @example await shop.post("/session", form({ user: "mary", remember: true }))
 */
export function form(fields: Readonly<Record<string, Field | readonly Field[]>>): Form {
  const pairs = Object.entries(fields).flatMap(([name, value]) => [value].flat().map((one): [string, string] => [name, String(one)]));
  return new Form("application/x-www-form-urlencoded", new URLSearchParams(pairs).toString());
}

/**
 * A body of fields and files: `multipart/form-data`.
 *
 * @example await shop.post("/items/rope/photo", multipart({ alt: "a rope", photo: { content: jpeg, filename: "rope.jpg", type: "image/jpeg" } }))
 */
export function multipart(fields: Readonly<Record<string, Field | FileField | readonly (Field | FileField)[]>>): Form {
  const parts = Object.entries(fields).flatMap(([name, value]) => [value].flat().map((one) => part(name, one as Field | FileField)));
  const boundary = boundaryOf(parts.map(({ content }) => content));
  const bytes = parts.flatMap(({ head, content }) => [Buffer.from(`--${boundary}\r\n${head}\r\n\r\n`), content, Buffer.from("\r\n")]);
  return new Form(`multipart/form-data; boundary=${boundary}`, Buffer.concat([...bytes, Buffer.from(`--${boundary}--\r\n`)]));
}

const escaped = (text: string) => text.replaceAll('"', "%22").replaceAll("\r", "%0D").replaceAll("\n", "%0A");

function part(name: string, value: Field | FileField): { head: string; content: Buffer } {
  const head = `content-disposition: form-data; name="${escaped(name)}"`;
  if (typeof value !== "object") return { head, content: Buffer.from(String(value)) };
  const { content, filename = name, type = "application/octet-stream" } = value;
  return { head: `${head}; filename="${escaped(filename)}"\r\ncontent-type: ${escaped(type)}`, content: Buffer.from(content as string) };
}

/** The same fields give the same bytes, so that a run can be repeated; no part may hold the boundary. */
function boundaryOf(contents: readonly Buffer[]): string {
  for (let n = 0; ; n++) {
    const boundary = `seatrial-boundary-${n}`;
    if (!contents.some((content) => content.includes(boundary))) return boundary;
  }
}

/**
 * A body as it goes out.
 *
 * @throws SEA_HTTP_BODY for what is neither text, bytes, a form nor JSON: a Map, a Blob, a function
 */
export function encodeBody(body: Body | undefined): Encoded | undefined {
  if (body === undefined || body instanceof Form) return body;
  if (typeof body === "string") return { type: "text/plain;charset=UTF-8", content: body };
  if (body instanceof Uint8Array) return { type: undefined, content: body };
  const json = isPlain(body) ? JSON.stringify(body) : undefined;
  if (json === undefined) throw problem("SEA_HTTP_BODY", { what: (body as object)?.constructor?.name ?? typeof body });
  return { type: "application/json", content: json };
}

function isPlain(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return true;
  if (Array.isArray(value) || "toJSON" in value) return true;
  const prototype = Object.getPrototypeOf(value) as unknown;
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}
