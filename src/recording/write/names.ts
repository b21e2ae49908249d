import { wordsOf } from "../../mask/names.ts";

/** Words that a scenario of ours uses itself, or that JavaScript keeps. */
const taken = [
  "arguments", "async", "await", "break", "case", "catch", "class", "const", "continue", "debugger", "default", "delete", "do", "else", "enum", "eval", "export",
  "extends", "false", "finally", "for", "function", "if", "implements", "import", "in", "instanceof", "interface", "let", "new", "null", "package", "private",
  "protected", "public", "return", "static", "super", "switch", "this", "throw", "true", "try", "typeof", "undefined", "var", "void", "while", "with", "yield",
  "scenario", "journey", "arrivals", "users", "times", "split", "http", "form", "multipart", "basic", "bearer", "readFile", "user", "all", "path", "process",
  "encodeURIComponent", "Promise", "String", "Number", "constructor", "prototype", "toString", "valueOf", "hasOwnProperty", "isPrototypeOf", "toLocaleString",
  "propertyIsEnumerable",
];

/** A name for a variable, from the first few words. */
export function camel(text: string, otherwise: string): string {
  const words = wordsOf(text).slice(0, 4).map((word) => word.slice(0, 24));
  const name = words.map((word, index) => (index === 0 ? word : word[0]!.toUpperCase() + word.slice(1))).join("");
  return /^[a-z]/.test(name) ? name : `${otherwise}${name === "" ? "" : name[0]!.toUpperCase() + name.slice(1)}`;
}

/** One of something: `orders` → `order`. */
export const singular = (word: string): string => word.replace(/ies$/i, "y").replace(/(?<=[^s])s$/i, "");

/** Names of one file: none is given twice, none hides a word that the file needs. */
export class Names {
  readonly #used = new Set(taken);
  /** What the next one of a name is numbered. */
  readonly #next = new Map<string, number>();

  isFree(name: string): boolean {
    return !this.#used.has(name);
  }

  /** @param joint what stands between a name and its number */
  take(wanted: string, joint = ""): string {
    let name = wanted;
    for (let n = this.#next.get(wanted) ?? 2; this.#used.has(name); n++) {
      name = `${wanted}${joint}${n}`;
      this.#next.set(wanted, n + 1);
    }
    this.#used.add(name);
    return name;
  }
}
