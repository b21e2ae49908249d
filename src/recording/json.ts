import { problem } from "../units/errors.ts";

/**
 * The value of a JSON text; a byte order mark is no part of it.
 *
 * @throws SEA_IMPORT_JSON with line and column
 */
export function parseJson(text: string, file: string): unknown {
  const body = text.replace(/^\ufeff/, "");
  try {
    return JSON.parse(body);
  } catch (cause) {
    // Node's own message quotes the text, which may hold a secret, and often leaves out where.
    if (body.trim() === "") throw problem("SEA_IMPORT_JSON", { why: "it is empty" }, file, cause);
    const fault = faultAt(body);
    const before = body.slice(0, fault).split("\n");
    const why = fault >= body.trimEnd().length ? "it ends too early" : "this does not belong here";
    throw problem("SEA_IMPORT_JSON", { why }, `${file}:${before.length}:${before.at(-1)!.length + 1}`, cause);
  }
}

const space = /[ \t\n\r]*/y;
const mark = /[{}[\],:]/y;
const literal = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/y;
const inString = /[^"\\\u0000-\u001f]{1,10000}|\\(?:["\\/bfnrt]|u[\da-fA-F]{4})/y;

/** What may come next: after a bracket that opened, after a value, and so on. */
type Wanted = "first" | "value" | "key" | "colon" | "next";

/** Where a text that is no JSON stops being some. */
function faultAt(text: string): number {
  const open: string[] = [];
  let wanted: Wanted = "value";
  let at = 0;
  const take = (form: RegExp): string | undefined => {
    form.lastIndex = at;
    const [taken] = form.exec(text) ?? [];
    at += taken?.length ?? 0;
    return taken;
  };
  for (;;) {
    take(space);
    const inside = open.at(-1);
    const begins = at;
    const sign = take(mark);
    const isKey: boolean = inside === "{" && (wanted === "key" || wanted === "first");
    const isEnd = (wanted === "next" || wanted === "first") && ((sign === "}" && inside === "{") || (sign === "]" && inside === "["));
    const isValue = wanted === "value" || (wanted === "first" && inside === "[");
    if (isEnd) {
      open.pop();
      wanted = "next";
    } else if (sign === "," && wanted === "next" && inside !== undefined) wanted = inside === "{" ? "key" : "value";
    else if (sign === ":" && wanted === "colon") wanted = "value";
    else if ((sign === "{" || sign === "[") && isValue) {
      open.push(sign);
      wanted = "first";
    } else if (sign === undefined && text[at] === '"' && (isKey || isValue)) {
      for (at++; take(inString); );
      if (text[at] !== '"') return at;
      at++;
      wanted = isKey ? "colon" : "next";
    } else if (sign === undefined && isValue && take(literal) !== undefined) wanted = "next";
    else return begins;
  }
}
