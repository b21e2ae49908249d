/** The lines of a head: what may stand in them, and which of them say where the body ends. */

/** A server broke the rules of HTTP/1.1. */
export class Malformed extends Error {}

const cr = 13;
const lf = 10;

/** Characters of a name (RFC 9110 token), and of a value: tab, space, what is visible, and beyond ASCII. */
const isToken = table((code) => /[!#$%&'*+\-.^_`|~0-9A-Za-z]/.test(String.fromCharCode(code)));
const isText = table((code) => code === 9 || (code >= 32 && code !== 127));

function table(holds: (code: number) => boolean): Uint8Array {
  return Uint8Array.from({ length: 256 }, (_, code) => (holds(code) ? 1 : 0));
}

/** Where the next line feed is, or -1. */
export function lineFeed(view: Buffer, from: number, to: number): number {
  for (let i = from; i < to; i++) if (view[i] === lf) return i;
  return -1;
}

/** The end of a line without its CR LF; a line feed alone ends nothing, for another reader may think so. */
export function lineEnd(view: Buffer, from: number, feed: number): number {
  if (feed === from || view[feed - 1] !== cr) throw new Malformed("line feed without carriage return");
  return feed - 1;
}

export function checkText(view: Buffer, from: number, to: number, what: string): void {
  for (let i = from; i < to; i++) if (isText[view[i]!] === 0) throw new Malformed(`control character in ${what}`);
}

/** Where a name ends: at its colon. A folded line begins with a space, which no name does. */
export function nameEnd(view: Buffer, from: number, to: number): number {
  let i = from;
  while (i < to && isToken[view[i]!] === 1) i++;
  if (i === from && (view[i] === 32 || view[i] === 9)) throw new Malformed("folded header");
  if (i === from || i === to || view[i] !== 58) throw new Malformed("header without a proper name");
  return i;
}

/** True when these bytes are that word, in any case. The word is in lower case, of letters and hyphens. */
function isWord(view: Buffer, from: number, to: number, word: string): boolean {
  if (to - from !== word.length) return false;
  // A hyphen has the bit that makes letters small; without it, it would be a carriage return, which cannot stand here.
  for (let i = 0; i < word.length; i++) if ((view[from + i]! | 32) !== word.charCodeAt(i)) return false;
  return true;
}

const isSpace = (code: number | undefined) => code === 32 || code === 9;

/** What the headers of one head say of the body and of the connection. */
export class Framing {
  /** Of `content-length`; -1 for none. */
  contentLength = -1;
  chunked = false;
  close = false;
  keepAlive = false;
  /** How long the server says that it keeps an idle connection, s. */
  keepsSeconds = Infinity;

  /** Checks one header and takes in what it says. */
  read(view: Buffer, lineFrom: number, lineTo: number): void {
    const colon = nameEnd(view, lineFrom, lineTo);
    let [from, to] = [colon + 1, lineTo];
    checkText(view, from, to, "a header");
    // Most names are told apart by their length.
    const length = colon - lineFrom;
    if (length !== 10 && length !== 14 && length !== 17) return;
    while (from < to && isSpace(view[from])) from++;
    while (to > from && isSpace(view[to - 1])) to--;
    if (isWord(view, lineFrom, colon, "content-length")) this.#length(view, from, to);
    else if (isWord(view, lineFrom, colon, "transfer-encoding")) this.#encoding(view, from, to);
    else if (isWord(view, lineFrom, colon, "connection")) this.#connection(view, from, to);
    else if (isWord(view, lineFrom, colon, "keep-alive")) this.#keeps(view.toString("latin1", from, to));
  }

  #length(view: Buffer, from: number, to: number): void {
    // Even two equal ones: whoever sends two has been tampered with or is broken.
    if (this.contentLength >= 0) throw new Malformed("two content-lengths");
    if (from === to || to - from > 15) throw new Malformed("bad content-length");
    let length = 0;
    for (let i = from; i < to; i++) {
      const digit = view[i]! - 48;
      if (digit < 0 || digit > 9) throw new Malformed("bad content-length");
      length = length * 10 + digit;
    }
    this.contentLength = length;
  }

  #encoding(view: Buffer, from: number, to: number): void {
    if (this.chunked || !isWord(view, from, to, "chunked")) throw new Malformed("transfer-encoding other than chunked");
    this.chunked = true;
  }

  #connection(view: Buffer, from: number, to: number): void {
    // What nearly all say.
    if (isWord(view, from, to, "keep-alive")) this.keepAlive = true;
    else if (isWord(view, from, to, "close")) this.close = true;
    else for (const option of view.toString("latin1", from, to).toLowerCase().split(",")) {
      if (option.trim() === "close") this.close = true;
      if (option.trim() === "keep-alive") this.keepAlive = true;
    }
  }

  #keeps(value: string): void {
    const seconds = /(?:^|[\s,;])timeout\s*=\s*"?(\d{1,9})/i.exec(value)?.[1];
    if (seconds !== undefined) this.keepsSeconds = Number(seconds);
  }
}

/** A block of header lines as name, value, name, value…; the lines have been checked. */
export function splitFields(block: string): string[] {
  const flat: string[] = [];
  for (let from = 0; from < block.length; ) {
    const colon = block.indexOf(":", from);
    const to = block.indexOf("\r\n", colon);
    flat.push(block.slice(from, colon), trimSpace(block, colon + 1, to));
    from = to + 2;
  }
  return flat;
}

function trimSpace(text: string, from: number, to: number): string {
  while (from < to && isSpace(text.charCodeAt(from))) from++;
  while (to > from && isSpace(text.charCodeAt(to - 1))) to--;
  return text.slice(from, to);
}
