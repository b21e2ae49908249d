import { createReadStream, statSync } from "node:fs";
import { basename } from "node:path";
import { problem } from "../../src/units/errors.ts";
import type { Source } from "./engine.ts";
import { Pieced, type Reading } from "./reading.ts";

/** Bytes, or text that goes as UTF-8, one piece after the other: a stream of Node's or the web's, a generator. */
export type Pieces = AsyncIterable<Uint8Array | string>;

/** A body that is read while it is sent. Made by `file`, `stream`, or `multipart` with one of them in it. */
export class Upload {
  readonly type: string | undefined;
  /** What its part of a multipart body is called where nobody says otherwise. */
  readonly filename: string | undefined;
  /** Looks at what is to be sent, at the time of the request. @throws SEA_HTTP_BODY */
  readonly open: () => Source;

  constructor(type: string | undefined, open: () => Source, filename?: string) {
    this.type = type;
    this.open = open;
    this.filename = filename;
  }
}

/**
 * A file as a body: read as it is sent, with its length said before, and again where a redirect wants it again.
 *
 * @param path a relative one counts from the working directory
 * @param options.type its media type; default `"application/octet-stream"`
 * @throws SEA_HTTP_BODY, from the request, when it can't be read
 * @example await shop.put("/items/rope/photo", file("rope.jpg", { type: "image/jpeg" }))
 */
export function file(path: string, { type = "application/octet-stream" }: { readonly type?: string } = {}): Upload {
  const open = (): Source => {
    const lengthBytes = sizeOf(path);
    // No further than was said, should it grow meanwhile.
    return new Pieced(lengthBytes, always, (seen) => (lengthBytes === 0 ? nothing() : exactly(createReadStream(path, { end: lengthBytes - 1 }), lengthBytes, seen)));
  };
  return new Upload(type, open, basename(path));
}

const always = () => true;

async function* nothing(): AsyncGenerator<Uint8Array> {}

function sizeOf(path: string): number {
  try {
    const stat = statSync(path);
    if (!stat.isFile()) throw new Error("it is no file");
    return stat.size;
  } catch (cause) {
    throw problem("SEA_HTTP_FILE", { path, error: (cause as NodeJS.ErrnoException).code ?? (cause as Error).message }, undefined, cause);
  }
}

/**
 * A stream as a body. Without `lengthBytes` it goes in chunks. A stream can be sent once; a function that
 * answers a new one each time can be sent again, for a redirect or over another connection.
 *
 * @param options.lengthBytes how long it will be; what is longer or shorter fails as `upload`
 * @param options.type its media type; default none
 * @throws SEA_HTTP_BODY, from the request, for a stream that was sent before
 * @example await shop.post("/import", stream(() => rows(), { type: "text/csv" }))
 */
export function stream(pieces: Pieces | (() => Pieces), { type, lengthBytes }: { readonly type?: string; readonly lengthBytes?: number } = {}): Upload {
  if (lengthBytes !== undefined && !(Number.isSafeInteger(lengthBytes) && lengthBytes >= 0)) {
    throw problem("SEA_HTTP_SETTING", { setting: "lengthBytes", value: String(lengthBytes), form: "a whole number from 0" }, "stream");
  }
  if (typeof pieces === "function") return new Upload(type, () => new Pieced(lengthBytes, always, (seen) => exactly(pieces(), lengthBytes, seen)));
  return new Upload(type, () => sourceOf(pieces, lengthBytes));
}

/** Streams that were read, at least in part: what is left of one must not pass for the whole. */
const read = new WeakSet<Pieces>();

/** @throws SEA_HTTP_BODY */
export function sourceOf(pieces: Pieces, lengthBytes?: number): Source {
  if (read.has(pieces)) throw problem("SEA_HTTP_BODY", { what: "stream that was sent before" });
  return new Pieced(lengthBytes, () => !read.has(pieces), (seen) => {
    read.add(pieces);
    return exactly(pieces, lengthBytes, seen);
  });
}

async function* bytesOf(pieces: Pieces): AsyncGenerator<Uint8Array> {
  for await (const piece of pieces) {
    if (typeof piece === "string") yield Buffer.from(piece);
    else if (piece instanceof Uint8Array) yield piece;
    else throw new TypeError("a piece that is neither bytes nor text");
  }
}

/** Bytes and sources, one behind the other. */
export function joined(parts: readonly (Uint8Array | Source)[]): Source {
  const lengths = parts.map((part) => (part instanceof Uint8Array ? part.length : part.lengthBytes));
  const sources = parts.filter((part): part is Source => !(part instanceof Uint8Array));
  const lengthBytes = lengths.includes(undefined) ? undefined : (lengths as number[]).reduce((sum, length) => sum + length, 0);
  return new Pieced(lengthBytes, () => sources.every((source) => source.readable), async function* (seen) {
    for (const part of parts) {
      for await (const chunk of part instanceof Uint8Array ? [part] : part.chunks()) {
        seen.see(chunk);
        yield chunk;
      }
    }
  });
}

/**
 * What comes must be as long as it was said: for a service that believes it, what is left would be the
 * next request. So the last piece is held back until nothing comes behind it.
 */
async function* exactly(pieces: Pieces, lengthBytes: number | undefined, seen: Reading): AsyncGenerator<Uint8Array> {
  let sent = 0;
  let last: Uint8Array | undefined;
  for await (const piece of bytesOf(pieces)) {
    sent += piece.length;
    seen.see(piece);
    if (lengthBytes !== undefined && sent > lengthBytes) throw new RangeError(`more than the ${lengthBytes} bytes that were said`);
    if (sent !== lengthBytes) yield piece;
    else if (piece.length > 0) last = piece;
  }
  if (lengthBytes !== undefined && sent < lengthBytes) throw new RangeError(`${sent} bytes in place of the ${lengthBytes} that were said`);
  if (last) yield last;
}
