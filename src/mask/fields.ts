import { blot } from "./values.ts";

export type IsSecret = (name: string) => boolean;

/**
 * A name and what stands between it and its value: `token=`, `"token": `, `\"token\":`, `token: `, `user[token]=`,
 * `"Password" [active]: `. A word is looked at from its start, so that a long one is read once.
 */
const named = /(?<slashes>\\{0,7})"(?<quoted>[^"\\\r\n]{1,100})\k<slashes>"(?: \[[^\]\r\n]{0,80}\]){0,3}\s{0,20}:\s{0,20}|(?<![\w$%-])(?<plain>[\w$%.[\]-]{1,100})["']?(?:[ \t]{0,20}(?<sign>[:=])[ \t]{0,20})/g;
const beginOfLine = /(?:^|[\r\n])[\t "'\-*|<>]{0,20}$/;
const jsonNumber = /-?\d[\d.eE+-]{0,40}(?=[\s,}\]]|$)/y;
const literal = /(?:true|false|null|undefined)\b/y;
const words = /[^\s"'<>&;,#)}\]]+/y;
const line = /[^\r\n]+/y;
const cookieAttribute = /^ *(?:(?:path|domain|max-age|samesite|priority)=[^,;]*|expires=[\w, :+-]{0,40}|secure|httponly|partitioned) *$/i;

/** Without the values of secret names, whatever the text is written in; where it breaks off, to its end. */
export function withoutFields(text: string, isSecret: IsSecret): string {
  let clean = "";
  let done = 0;
  named.lastIndex = 0;
  for (let found = named.exec(text); found; found = named.exec(text)) {
    const { slashes, quoted, plain, sign } = found.groups!;
    const name = quoted ?? plain!;
    const begin = named.lastIndex;
    // `POST /session: status 401` is about a path.
    const isPath = sign === ":" && text[found.index - 1] === "/";
    if (isPath || !isSecret(readable(name))) {
      // A quote that ended a value may have looked like one that begins a name.
      if (quoted !== undefined) named.lastIndex = found.index + slashes!.length + 1;
      continue;
    }
    const isLine = sign !== "=" && beginOfLine.test(text.slice(Math.max(0, found.index - 21), found.index));
    const [end, put] = valueAt(text, begin, { name, level: quoted === undefined ? undefined : slashes!, isLine, isQuery: sign === "=" });
    clean += text.slice(done, begin) + put;
    done = named.lastIndex = end;
    if (end === begin) named.lastIndex = begin;
  }
  return clean + text.slice(done);
}

interface Place {
  readonly name: string;
  /** How often the quotes around the name are escaped; undefined for none. */
  readonly level: string | undefined;
  /** It is the first of its line, as in a head of HTTP or YAML. */
  readonly isLine: boolean;
  readonly isQuery: boolean;
}

/** Where the value ends, and what takes its place. */
function valueAt(text: string, begin: number, { name, level, isLine, isQuery }: Place): readonly [end: number, put: string] {
  const quote = /\\{0,7}["']/y;
  quote.lastIndex = begin;
  const [open] = quote.exec(text) ?? [];
  if (open !== undefined) {
    const end = endOfText(text, begin + open.length, open);
    // A pair of `key` and `value`: `withoutPairs` has been here.
    if (name === "key" && valueNext.test(text.slice(end, end + 80))) return [end, text.slice(begin, end)];
    return [end, open + blotted(name, text.slice(begin + open.length, end))];
  }
  if (!isQuery && /[[{]/.test(text[begin] ?? "")) {
    const end = endOfList(text, begin, level ?? "");
    const isEmpty = /^[[{]\s*[\]}]$/.test(text.slice(begin, Math.min(end, begin + 200)));
    return [end, isEmpty ? text.slice(begin, end) : hidden(text[begin]!, level)];
  }
  const take = (pattern: RegExp) => {
    pattern.lastIndex = begin;
    return pattern.exec(text)?.[0];
  };
  const known = take(literal);
  if (known !== undefined) return [begin + known.length, known];
  const number = level === undefined ? undefined : take(jsonNumber);
  if (number !== undefined) return [begin + number.length, `${level}"${blot}${level}"`];
  const value = (isLine || level !== undefined ? take(line) : take(isQuery ? parameter : words)) ?? "";
  return [begin + value.length, value === "" ? "" : blotted(name, value)];
}
/** A list stays a list, for whoever reads it by program. */
function hidden(bracket: string, level: string | undefined): string {
  if (level === undefined) return blot;
  const word = `${level}"${blot}${level}"`;
  return bracket === "[" ? `[${word}]` : `{${word}:${word}}`;
}

const valueNext = /^\\{0,7}"\s{0,40},\s{0,40}\\{0,7}"value\\{0,7}"\s{0,40}:/;
const parameter = /[^\s"'<>&;#]+/y;

/** The quote that ends a text, of the same kind as the one that began it; the end of everything where there is none. */
function endOfText(text: string, begin: number, open: string): number {
  const slashes = open.length - 1;
  for (let at = text.indexOf(open, begin); at >= 0; at = text.indexOf(open, at + 1)) {
    let before = 0;
    while (at - before - 1 >= begin && text[at - before - 1] === "\\") before++;
    // Escaped once more than its own kind, it is a part of the text.
    if (slashes === 0 ? before % 2 === 0 : before === 0) return at;
  }
  return text.length;
}

/** The bracket that ends a list or an object, texts within it skipped. */
function endOfList(text: string, begin: number, level: string): number {
  let depth = 0;
  for (let at = begin; at < text.length; at++) {
    const letter = text[at];
    if (text.startsWith(`${level}"`, at)) at = endOfText(text, at + level.length + 1, `${level}"`) + level.length;
    else if (letter === "[" || letter === "{") depth++;
    else if ((letter === "]" || letter === "}") && --depth === 0) return at + 1;
  }
  return text.length;
}

/** In the place of a value: schemes of logins and names of cookies stay. */
function blotted(name: string, value: string): string {
  const plain = name.toLowerCase();
  if (value === "" || value === blot) return value;
  if (/authorization$/.test(plain)) return value.replace(/^([\w-]{1,30} +)?.*$/s, `$1${blot}`);
  if (plain === "cookie" || plain === "set-cookie") return value.split(";").map((part) => (cookieAttribute.test(part) ? part : part.replace(/^( *[^=\s]{1,200}=)?.*$/s, (_, sent: string = "") => `${sent}${blot}`))).join(";");
  return blot;
}

/** Names in addresses and forms may be written in percents. */
function readable(name: string): string {
  if (!name.includes("%")) return name;
  const [[plain = ""] = []] = new URLSearchParams(`${name}=`);
  return plain;
}

/** `{"name":"token","value":"…"}`, in either order, as archives, traces and collections have their headers. */
const pairs = ["", "\\\\"].flatMap((slash) => {
  // Escaped once more, a quote is a part of the text.
  const letter = slash === "" ? `(?:[^"\\\\]|\\\\.)` : `(?:[^"\\\\]|\\\\[^"\\\\]|\\\\\\\\.{1,2})`;
  const text = `${slash}"(${letter}{0,200})${slash}"`;
  const open = `${slash}"value${slash}"\\s{0,40}:\\s{0,40}${slash}"`;
  return [{
    before: new RegExp(`${slash}"(?:name|key)${slash}"\\s{0,40}:\\s{0,40}${text}[^{}]{0,400}?${open}`, "g"),
    after: new RegExp(`${open}(${letter}{0,4000})(${slash}"\\s{0,40},\\s{0,40}${slash}"(?:name|key)${slash}"\\s{0,40}:\\s{0,40}${text})`, "g"),
    quote: `${slash === "" ? "" : "\\"}"`,
  }];
});

/** What stands in a field for passwords, as snapshots of pages have it. */
const typed = /("(?:value|__playwright_value_)":")(?:[^"\\]|\\.){1,1000}("[^{}]{0,400}?"type":"password")/g;
const typedAfter = /("type":"password"[^{}]{0,400}?"(?:value|__playwright_value_)":")(?:[^"\\]|\\.){1,1000}/g;

/** Without the values of pairs whose name is a secret's. */
export function withoutPairs(text: string, isSecret: IsSecret): string {
  let clean = text.replace(typed, `$1${blot}$2`).replace(typedAfter, `$1${blot}`);
  for (const { before, after, quote } of pairs) {
    let made = "";
    let done = 0;
    for (const found of clean.matchAll(before)) {
      const begin = found.index + found[0].length;
      if (found.index < done || !isSecret(found[1]!)) continue;
      const end = endOfText(clean, begin, quote);
      made += clean.slice(done, begin) + blotted(found[1]!, clean.slice(begin, end));
      done = end;
    }
    clean = (made + clean.slice(done)).replace(after, (whole, _: string, rest: string, name: string) => (isSecret(name) ? `${quote}value${quote}:${quote}${blot}${rest}` : whole));
  }
  return clean;
}

/** The parts of a multipart body, up to the next boundary. */
const part = /\bname="([^"\r\n]{1,200})"((?:;[^\r\n]{0,400})?(?:\r?\n[^\r\n]{1,400}){0,5}\r?\n\r?\n)/g;

/** Without the parts of a multipart body whose name is a secret's. */
export function withoutParts(text: string, isSecret: IsSecret): string {
  let clean = "";
  let done = 0;
  for (const found of text.matchAll(part)) {
    const begin = found.index + found[0].length;
    if (found.index < done || !isSecret(found[1]!)) continue;
    const end = /\r?\n--/.exec(text.slice(begin))?.index ?? text.length - begin;
    if (end === 0) continue;
    clean += text.slice(done, begin) + blot;
    done = begin + end;
  }
  return clean + text.slice(done);
}
