import { brotliDecompressSync, gunzipSync, inflateRawSync, inflateSync, zstdDecompressSync } from "node:zlib";

/** What `accept-encoding` says unless told otherwise. */
export const acceptedEncodings = "gzip, deflate, br, zstd";

/** Nobody packs more often, but whoever wants to keep us busy: each layer may unpack to the limit. */
const mostEncodings = 4;

/**
 * A body without its content encodings. An encoding that is not known leaves the bytes as they are.
 *
 * @throws what zlib throws for damaged bytes, or for more than `limitBytes` of content in any layer; RangeError for more than 4 layers
 */
export function unpack(body: Uint8Array, encodings: string | undefined, limitBytes: number): Uint8Array {
  if (encodings === undefined || body.length === 0) return body;
  const options = { maxOutputLength: limitBytes };
  let bytes = body;
  const layers = encodings.toLowerCase().split(",").filter((layer) => !/^\s*(identity\s*)?$/.test(layer));
  if (layers.length > mostEncodings) throw new RangeError(`${layers.length} encodings in a row`);
  for (const encoding of layers.reverse()) {
    switch (encoding.trim()) {
      case "gzip":
      case "x-gzip":
        bytes = gunzipSync(bytes, options);
        break;
      case "deflate":
        // Some servers send the bare stream, without the zlib header that the standard asks for.
        bytes = (bytes[0]! & 0x0f) === 8 ? inflateSync(bytes, options) : inflateRawSync(bytes, options);
        break;
      case "br":
        bytes = brotliDecompressSync(bytes, options);
        break;
      case "zstd":
        bytes = zstdDecompressSync(bytes, options);
        break;
    }
  }
  return bytes;
}

const utf8 = new TextDecoder();
/** Up to here `Buffer` is quicker than a decoder. */
const shortBytes = 2_048;

/** Bytes as text, by the charset of the content type; UTF-8 where it names none, or one that is not known. */
export function textOf(bytes: Uint8Array, contentType: string | undefined): string {
  const charset = contentType === undefined || !contentType.includes(";") ? undefined : /;\s*charset\s*=\s*"?([^\s";]+)/i.exec(contentType)?.[1];
  // A byte order mark begins with this byte, and is no part of the text.
  if (charset === undefined && bytes.length < shortBytes && bytes[0] !== 0xef && Buffer.isBuffer(bytes)) return bytes.toString();
  if (charset === undefined || /^utf-?8$/i.test(charset)) return utf8.decode(bytes);
  try {
    return new TextDecoder(charset).decode(bytes);
  } catch {
    return utf8.decode(bytes);
  }
}
