import { crc32, deflateRawSync, inflateRawSync } from "node:zlib";
import type { Mask } from "../../src/mask/mask.ts";

const localHead = 0x04034b50;
const entryHead = 0x02014b50;
const endHead = 0x06054b50;
const longestComment = 65_535;
const deflated = 8;
/** What a text of a trace has at the most; a longer one is left out, for to mask it would hold everybody up. */
const mostTextBytes = 8 * 2 ** 20;
/** A zip of more than this is of a kind that is not read here. */
const mostEntries = 65_534;
const unreadable = /[\u0000-\u0008\u000e-\u001f\ufffd]/;

interface Entry {
  readonly name: Buffer;
  readonly content: Buffer;
}

/**
 * A zip archive with all its texts masked; pictures and fonts stay as they are. Undefined for one that can't be read:
 * what is not known to be clean is not kept.
 */
export function maskedArchive(bytes: Uint8Array, mask: Mask): Uint8Array | undefined {
  try {
    return written(read(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)).map(({ name, content }) => ({ name, content: masked(content, mask) })));
  } catch {
    return undefined;
  }
}

function masked(content: Buffer, mask: Mask): Buffer {
  const head = content.subarray(0, 4_096).toString();
  // The last letter may be cut.
  if (unreadable.test(head.slice(0, -1))) return content;
  if (content.length > mostTextBytes) return Buffer.from("(left out: too long)");
  return Buffer.from(mask.text(content.toString()));
}

/** @throws RangeError for what is no zip */
function read(zip: Buffer): Entry[] {
  let end = zip.length - 22;
  const least = Math.max(0, end - longestComment);
  while (end >= least && zip.readUInt32LE(end) !== endHead) end--;
  if (end < least) throw new RangeError("no zip");
  const count = zip.readUInt16LE(end + 10);
  if (count > mostEntries) throw new RangeError("too many files");
  let at = zip.readUInt32LE(end + 16);
  return Array.from({ length: count }, () => {
    if (zip.readUInt32LE(at) !== entryHead) throw new RangeError("no file");
    const [method, size, whole] = [zip.readUInt16LE(at + 10), zip.readUInt32LE(at + 20), zip.readUInt32LE(at + 24)];
    const [nameLength, extraLength, commentLength] = [zip.readUInt16LE(at + 28), zip.readUInt16LE(at + 30), zip.readUInt16LE(at + 32)];
    const local = zip.readUInt32LE(at + 42);
    const name = zip.subarray(at + 46, at + 46 + nameLength);
    at += 46 + nameLength + extraLength + commentLength;
    const begin = local + 30 + zip.readUInt16LE(local + 26) + zip.readUInt16LE(local + 28);
    const packed = zip.subarray(begin, begin + size);
    if (method !== 0 && method !== deflated) throw new RangeError("packed in another way");
    return { name, content: method === 0 ? packed : inflateRawSync(packed, { maxOutputLength: Math.max(1, whole) }) };
  });
}

function written(entries: readonly Entry[]): Buffer {
  const files: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const { name, content } of entries) {
    const packed = deflateRawSync(content);
    // Version, UTF-8 names, deflated, no time; what both heads have.
    const facts = Buffer.alloc(26);
    facts.writeUInt16LE(20, 0);
    facts.writeUInt16LE(0x0800, 2);
    facts.writeUInt16LE(deflated, 4);
    facts.writeUInt16LE(0x21, 8);
    facts.writeUInt32LE(crc32(content), 10);
    facts.writeUInt32LE(packed.length, 14);
    facts.writeUInt32LE(content.length, 18);
    facts.writeUInt16LE(name.length, 22);
    const local = Buffer.alloc(4);
    local.writeUInt32LE(localHead);
    files.push(local, facts, name, packed);
    const entry = Buffer.alloc(6);
    entry.writeUInt32LE(entryHead);
    entry.writeUInt16LE(20, 4);
    const place = Buffer.alloc(14);
    place.writeUInt32LE(offset, 10);
    directory.push(entry, facts, place, name);
    offset += 30 + name.length + packed.length;
  }
  const list = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(endHead);
  end.writeUInt16LE(entries.length, 8);
  end.writeUInt16LE(entries.length, 10);
  end.writeUInt32LE(list.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...files, list, end]);
}
