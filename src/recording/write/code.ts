/**
 * A printer for our own output: pieces of TypeScript that break where the line ends. Whatever comes
 * from a recording enters through `quote`, `template`, `comment` or `key`, and can't leave again.
 */
export type Code = string | Group | readonly Code[];

interface Group {
  readonly open: string;
  readonly items: readonly Code[];
  readonly close: string;
  /** What parts the items: a comma, or a semicolon in a type. */
  readonly mark: "," | ";";
}

/** A statement, or a line with statements inside and the line that ends them. */
export type Statement = Code | { readonly head: Code; readonly body: readonly Statement[]; readonly tail: string };

const width = 120;

export const object = (items: readonly Code[]): Code => ({ open: "{ ", items, close: " }", mark: "," });
/** The type of an object. */
export const typed = (items: readonly Code[]): Code => ({ open: "{ ", items, close: " }", mark: ";" });
export const list = (items: readonly Code[]): Code => ({ open: "[", items, close: "]", mark: "," });
export const call = (name: Code, args: readonly Code[]): Code => [name, { open: "(", items: args, close: ")", mark: "," }];
/** An object where there is something to say. */
export const objectOf = (fields: Readonly<Record<string, Code | undefined>>): Code =>
  object(Object.entries(fields).flatMap(([name, value]) => (value === undefined ? [] : [[key(name), ": ", value]])));

/** Characters that would hide or move what stands around them, or end a line. */
const unseen = /[\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202f\u2060-\u206f\ufeff\ufff9-\ufffb]/g;
const escaped = (letter: string) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, "0")}`;

/** A string literal. */
export const quote = (text: string): string => JSON.stringify(text).replace(unseen, escaped);

/** A template literal of texts and expressions by turns, or a string where there is no expression. */
export function template(parts: readonly (string | { readonly code: string })[]): string {
  if (parts.every((part) => typeof part === "string")) return quote(parts.join(""));
  const inner = parts.map((part) => {
    if (typeof part !== "string") return `\${${part.code}}`;
    return quote(part).slice(1, -1).replaceAll('\\"', '"').replaceAll("`", "\\`").replace(/\$(?=\{|$)/g, "\\$");
  });
  return `\`${inner.join("")}\``;
}

/** Text for a comment: on one line, and unable to end it. */
export function comment(text: string, most = 200): string {
  const line = text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\s]+/gu, " ").replaceAll("*/", "* /").trim();
  return line.length > most ? `${line.slice(0, most - 1)}…` : line;
}

const plainKey = /^[A-Za-z_$][\w$]*$/;

/** The name of a property; `__proto__` would set the prototype unless it is computed. */
export const key = (name: string): string => (name === "__proto__" ? '["__proto__"]' : plainKey.test(name) ? name : quote(name));
/** The way to a property. */
export const access = (name: string): string => (plainKey.test(name) ? `.${name}` : `[${quote(name)}]`);

function flat(code: Code): string {
  if (typeof code === "string") return code;
  if (!isGroup(code)) return code.map(flat).join("");
  if (code.items.length === 0) return (code.open + code.close).replaceAll(" ", "");
  return `${code.open}${code.items.map(flat).join(`${code.mark} `)}${code.close}`;
}

const isGroup = (code: Code): code is Group => typeof code === "object" && !Array.isArray(code);

/** The pieces of a concatenation, however deep. */
const pieces = (code: Code): (string | Group)[] => (typeof code === "string" || isGroup(code) ? [code] : code.flatMap(pieces));

function layout(code: Code, indent: string, column: number): string {
  const all = pieces(code);
  let text = "";
  const here = () => {
    const end = text.lastIndexOf("\n");
    return end < 0 ? column + text.length : text.length - end - 1;
  };
  all.forEach((piece, index) => {
    if (typeof piece === "string") {
      text += piece;
      return;
    }
    const next = all.findIndex((one, at) => at > index && isGroup(one));
    const after = all.slice(index + 1, next < 0 ? undefined : next + 1).map((one) => (isGroup(one) ? one.open : one)).join("").length;
    const line = flat(piece);
    text += piece.items.length === 0 || here() + line.length + after <= width ? line : broken(piece, indent, here());
  });
  return text;
}

function broken({ open, items, close, mark }: Group, indent: string, column: number): string {
  const last = pieces(items.at(-1)!);
  const before = items.slice(0, -1).map((item) => `${flat(item)}, `).join("");
  const hugs = open === "(" && last.length === 1 && isGroup(last[0]!) && column + before.length + 3 <= width;
  if (hugs) return `(${before}${broken(last[0] as Group, indent, column + before.length + 1)})`;
  const deeper = `${indent}  `;
  return `${open.trim()}\n${items.map((item) => `${deeper}${layout(item, deeper, deeper.length)}${mark}\n`).join("")}${indent}${close.trim()}`;
}

/** Statements as lines, each ended by a line break. */
export function lines(statements: readonly Statement[], indent = ""): string {
  return statements.map((one) => {
    if (typeof one === "object" && "head" in one) return `${indent}${layout(one.head, indent, indent.length)}\n${lines(one.body, `${indent}  `)}${indent}${one.tail}\n`;
    const text = layout(one, indent, indent.length);
    return text === "" ? "\n" : `${indent}${text}\n`;
  }).join("");
}
