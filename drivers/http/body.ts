import { hash } from "node:crypto";
import { problem } from "../../src/units/errors.ts";
import type { Content } from "./engine.ts";
import { joined, sourceOf, Upload, type Pieces } from "./upload.ts";

/** What a form field may hold. */
export type Field = string | number | boolean;

/** A file of a multipart body. */
export interface FileField {
  readonly content: string | Uint8Array | Upload;
  /** Default: the field's name. */
  readonly filename?: string;
  /** Its media type; default `"application/octet-stream"`. */
  readonly type?: string;
}

/** A body with its media type. */
export interface Encoded {
  readonly type: string | undefined;
  readonly content: Content;
}

class Form implements Encoded {
  readonly type: string;
  readonly content: string | Uint8Array;
  constructor(type: string, content: string | Uint8Array) {
    this.type = type;
    this.content = content;
  }
}

/** Strings and bytes go as they are, streams as they come, `form()`, `multipart()`, `file()` and `stream()` as such; plain objects, lists, numbers, booleans and null go as JSON. */
export type Body = string | Uint8Array | Form | Upload | Pieces | object | number | boolean | null;

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
 * A body of fields and files: `multipart/form-data`. With `file()` or `stream()` in it, it is read while it is sent.
 *
 * @example await shop.post("/items/rope/photo", multipart({ alt: "a rope", photo: { content: jpeg, filename: "rope.jpg", type: "image/jpeg" } }))
 */
export function multipart(fields: Readonly<Record<string, PartValue | readonly PartValue[]>>): Form | Upload {
  const parts = Object.entries(fields).flatMap(([name, value]) => [value].flat().map((one) => part(name, one as PartValue)));
  const boundary = boundaryOf(parts);
  const type = `multipart/form-data; boundary=${boundary}`;
  const framed = <P>(contentOf: (content: Buffer | Upload) => P): (Buffer | P)[] => [
    ...parts.flatMap(({ head, content }) => [Buffer.from(`--${boundary}\r\n${head}\r\n\r\n`), contentOf(content), Buffer.from("\r\n")]),
    Buffer.from(`--${boundary}--\r\n`),
  ];
  if (!parts.some(({ content }) => content instanceof Upload)) return new Form(type, Buffer.concat(framed((content) => content as Buffer)));
  return new Upload(type, () => joined(framed((content) => (content instanceof Upload ? content.open() : content))));
}

type PartValue = Field | FileField | Upload;

interface Part {
  readonly head: string;
  readonly content: Buffer | Upload;
}

const escaped = (text: string) => text.replaceAll('"', "%22").replaceAll("\r", "%0D").replaceAll("\n", "%0A");

function part(name: string, value: PartValue): Part {
  const head = `content-disposition: form-data; name="${escaped(name)}"`;
  if (typeof value !== "object") return { head, content: Buffer.from(String(value)) };
  const { content, filename, type }: FileField = value instanceof Upload ? { content: value } : value;
  const upload = content instanceof Upload ? content : undefined;
  return {
    head: `${head}; filename="${escaped(filename ?? upload?.filename ?? name)}"\r\ncontent-type: ${escaped(type ?? upload?.type ?? "application/octet-stream")}`,
    content: upload ?? Buffer.from(content as string),
  };
}

/**
 * The same fields give the same bytes, so that a run can be repeated; no part may hold the boundary. What is
 * read while it is sent can't be searched: there, it hangs on everything that is known.
 */
function boundaryOf(parts: readonly Part[]): string {
  const known = parts.flatMap(({ content }) => (content instanceof Upload ? [] : [content]));
  const name = known.length === parts.length ? "boundary" : hash("sha256", parts.map(({ head }) => head).join("\n")).slice(0, 32);
  for (let n = 0; ; n++) {
    const boundary = `seatrial-${name}-${n}`;
    if (!known.some((content) => content.includes(boundary))) return boundary;
  }
}

/**
 * A body as it goes out.
 *
 * @throws SEA_HTTP_BODY for what is neither text, bytes, a stream, a form nor JSON: a Map, a Blob, a function
 * @throws SEA_HTTP_FILE for a file that can't be read
 */
export function encodeBody(body: Body | undefined): Encoded | undefined {
  if (body === undefined || body instanceof Form) return body;
  if (body instanceof Upload) return { type: body.type, content: body.open() };
  if (typeof body === "string") return { type: "text/plain;charset=UTF-8", content: body };
  if (body instanceof Uint8Array) return { type: undefined, content: body };
  if (isPieces(body)) return { type: undefined, content: sourceOf(body) };
  const json = isPlain(body) ? JSON.stringify(body) : undefined;
  if (json === undefined) throw problem("SEA_HTTP_BODY", { what: (body as object)?.constructor?.name ?? typeof body });
  return { type: "application/json", content: json };
}

const isPieces = (value: unknown): value is Pieces => typeof value === "object" && value !== null && Symbol.asyncIterator in value;

function isPlain(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return true;
  if (Array.isArray(value) || "toJSON" in value) return true;
  const prototype = Object.getPrototypeOf(value) as unknown;
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}
