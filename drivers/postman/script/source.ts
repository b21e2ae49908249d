import { Script } from "node:vm";
import { isKnownModule } from "./modules.ts";

/** A script of a collection, ready to be made a function of each user's context. */
export interface Compiled {
  readonly script: Script;
  /** Folder, request and kind, for messages. */
  readonly place: string;
  /** The item whose script it is: a request, or a folder around it. */
  readonly owner: string;
  /** The modules that it asks for. */
  readonly modules: readonly string[];
}

/** What no sandbox of this process can do as Postman's would. */
const refused: readonly (readonly [form: RegExp, why: string])[] = [
  [/\bpm\s*\.\s*vault\b/, "pm.vault: the vault is Postman's own"],
  [/\bpm\s*\.\s*require\b/, "pm.require: packages of Postman's library"],
  [/\bpm\s*\.\s*execution\s*\.\s*runRequest\b/, "pm.execution.runRequest"],
  [/\bpm\s*\.\s*(?:message|datasets|state|mock)\b/, "this part of pm belongs to another protocol"],
  [/\bBackbone\b/, "Backbone"],
  [/\bimport\s*\(/, "import()"],
];
/** Globals of older scripts, and the package behind each. */
const globals: Readonly<Record<string, string>> = { _: "lodash", CryptoJS: "crypto-js", tv4: "tv4", cheerio: "cheerio", xml2Json: "xml2js" };

/**
 * Compiles a script, or says why it can't be: each reason with its line.
 *
 * It is wrapped in a function, so that `const data = …` at its top can be said in every script.
 */
export function compileScript(code: string, place: string, owner: string): Compiled | { readonly why: readonly string[] } {
  const plain = codeAlone(code);
  const why = refused.flatMap(([form, reason]) => linesOf(plain, form).map((line) => `line ${line}: ${reason}`));
  const modules = new Set<string>();
  for (const { 0: whole, 1: name, index } of plain.matchAll(/(?<![.\w$])require\s*\(\s*(?:(["'`])([^"'`]*)\1\s*\))?/g)) {
    const asked = name === undefined ? undefined : /["'`](.*)["'`]/s.exec(whole)?.[1];
    if (asked === undefined || !isKnownModule(asked)) why.push(`line ${lineAt(plain, index)}: require(${asked === undefined ? "…" : `"${asked}"`})`);
    else modules.add(asked);
  }
  for (const [name, module] of Object.entries(globals)) if (new RegExp(`(?<![.\\w$])${name}\\s*[.(\\[]`).test(plain)) modules.add(module);
  if (/\bexpect\b|\.\s*to\b|\bchai\b/.test(plain)) modules.add("chai");
  if (/\bjsonSchema\b/.test(plain)) modules.add("ajv");
  if (why.length > 0) return { why };
  try {
    return { script: new Script(`(function () {\n${code}\n})`, { filename: place, lineOffset: -1 }), place, owner, modules: [...modules] };
  } catch (error) {
    const line = /:(\d+)\n/.exec((error as Error).stack ?? "")?.[1];
    return { why: [`${line === undefined ? "" : `line ${line}: `}${(error as Error).message}`] };
  }
}

const lineAt = (text: string, offset: number): number => text.slice(0, offset).split("\n").length;
const linesOf = (text: string, form: RegExp): number[] => [...text.matchAll(new RegExp(form, "g"))].map(({ index }) => lineAt(text, index));

/**
 * The code alone: comments, patterns and texts as spaces, but for the text that is required. What
 * stands in backticks stays, for there may be code in it. A slash begins a pattern where no value can end before it.
 */
function codeAlone(code: string): string {
  const token = /\/\/[^\n]*|\/\*[^]*?(?:\*\/|$)|"(?:\\[^]|[^"\\\n])*"|'(?:\\[^]|[^'\\\n])*'|`(?:\\[^]|[^`\\])*`|(?<=(?:^|[=(,:;!&|?{}[+\-*%~^<>]|\b(?:return|typeof|case|in|of))\s*)\/(?![/*])(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\\n])+\//g;
  return code.replace(token, (text, offset: number) => (text.startsWith("`") || (/^["']/.test(text) && /require\s*\(\s*$/.test(code.slice(0, offset))) ? text : text.replace(/[^\n]/g, " ")));
}
