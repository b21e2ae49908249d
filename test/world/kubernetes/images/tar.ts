/** Archives as images need them: whole in memory, the same bytes for the same files. Pure. */

export interface Entry {
  /** Without a slash at its start; a folder's ends in one. */
  readonly path: string;
  readonly content?: Uint8Array;
  /** What a symbolic link points at. */
  readonly link?: string;
  /** Default: 0o644; 0o755 for a folder. */
  readonly mode?: number;
}

const blockBytes = 512;

export function tar(entries: readonly Entry[]): Buffer {
  const pieces = entries.flatMap((entry) => {
    const content = entry.content ?? new Uint8Array();
    return [header(entry, content.length), content, Buffer.alloc((blockBytes - (content.length % blockBytes)) % blockBytes)];
  });
  return Buffer.concat([...pieces, Buffer.alloc(2 * blockBytes)]);
}

function header({ path, link, mode }: Entry, bytes: number): Buffer {
  const block = Buffer.alloc(blockBytes);
  const octal = (value: number, at: number, length: number) => block.write(`${value.toString(8).padStart(length - 1, "0")}\0`, at, "latin1");
  if (Buffer.byteLength(path) > 100 || Buffer.byteLength(link ?? "") > 100) throw new Error(`${path}: too long a name for this archive`);
  const folder = path.endsWith("/");
  block.write(path, 0);
  octal(mode ?? (folder ? 0o755 : 0o644), 100, 8);
  octal(0, 108, 8);
  octal(0, 116, 8);
  octal(bytes, 124, 12);
  octal(0, 136, 12);
  block.write("        ", 148, "latin1");
  block.write(folder ? "5" : link === undefined ? "0" : "2", 156, "latin1");
  if (link !== undefined) block.write(link, 157);
  block.write("ustar\x0000", 257, "latin1");
  // The sum is of the block with spaces in its own place.
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148, "latin1");
  return block;
}
