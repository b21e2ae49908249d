import { problem } from "../../units/errors.ts";

/** One command of a shell text; nothing of it is run. */
export interface Command {
  readonly words: readonly string[];
  /** The line it begins on, from 1. */
  readonly line: number;
  /** What stands before it: a pipe hands it the answer of the one before. */
  readonly after: "" | "|" | "&&" | "||" | ";" | "&" | "\n";
}

const ansi: Readonly<Record<string, string>> = { n: "\n", t: "\t", r: "\r", a: "\x07", b: "\b", e: "\x1b", E: "\x1b", f: "\f", v: "\v", "\\": "\\", "'": "'", '"': '"', "?": "?" };

/**
 * The commands of a text in the grammar of bash, as far as a list of simple commands needs it. A variable becomes
 * what `variable` answers for its name.
 *
 * @throws SEA_IMPORT_SHELL with the line, for an open quote and for what would run something
 */
export function readCommands(text: string, file: string, variable: (name: string) => string): Command[] {
  const commands: Command[] = [];
  let [at, line] = [0, 1];
  let [words, word, began]: [string[], string | undefined, number] = [[], undefined, 1];
  let after: Command["after"] = "";
  let skipsWord = false;
  const wrong = (why: string, where = line) => problem("SEA_IMPORT_SHELL", { why }, `${file}:${where}`);
  const take = (count = 1): string => {
    const taken = text.slice(at, at + count);
    for (const letter of taken) if (letter === "\n") line++;
    at += count;
    return taken;
  };
  const add = (more: string) => {
    if (words.length === 0 && word === undefined) began = line;
    word = (word ?? "") + more;
  };
  const endWord = () => {
    if (word !== undefined && !skipsWord) words.push(word);
    if (word !== undefined) skipsWord = false;
    word = undefined;
  };
  const endCommand = (next: Command["after"]) => {
    endWord();
    if (words.length > 0) commands.push({ words, line: began, after });
    if (words.length > 0 || next !== "\n") after = next;
    words = [];
  };
  /** After a `$` outside of single quotes. */
  const dollar = () => {
    const rest = text.slice(at, at + 200);
    const [all, name = "", braced = ""] = /^([A-Za-z_]\w*)|^\{([A-Za-z_]\w*)\}/.exec(rest) ?? [];
    if (all !== undefined) {
      add(variable(name || braced));
      take(all.length);
    } else if (/^[({]/.test(rest)) throw wrong("it runs or computes something with $( ) or ${ }");
    else add("$");
  };

  while (at < text.length) {
    const letter = take();
    if (letter === "\\") {
      if (/^\r?\n/.test(text.slice(at, at + 2))) take(text[at] === "\r" ? 2 : 1);
      else add(take());
    } else if (letter === "'") {
      const end = text.indexOf("'", at);
      if (end < 0) throw wrong("a ' is not closed");
      add("");
      add(take(end - at));
      take();
    } else if (letter === '"') {
      const open = line;
      add("");
      for (;;) {
        if (at >= text.length) throw wrong('a " is not closed', open);
        const inner = take();
        if (inner === '"') break;
        if (inner === "\\" && /[$`"\\\n]/.test(text[at] ?? "")) {
          const kept = take();
          if (kept !== "\n") add(kept);
        } else if (inner === "$") dollar();
        else if (inner === "`") throw wrong("it runs something between ` `");
        else add(inner);
      }
    } else if (letter === "$" && text[at] === "'") {
      const open = line;
      take();
      add("");
      for (;;) {
        if (at >= text.length) throw wrong("a $' is not closed", open);
        const inner = take();
        if (inner === "'") break;
        add(inner === "\\" ? escapeOf() : inner);
      }
    } else if (letter === "$" && text[at] === '"') continue;
    else if (letter === "$") dollar();
    else if (letter === "`") throw wrong("it runs something between ` `");
    else if (letter === "#" && word === undefined) {
      while (at < text.length && text[at] !== "\n") take();
    } else if (letter === "\n") endCommand("\n");
    else if (letter === ";") endCommand(";");
    else if (letter === "|") endCommand(text[at] === "|" ? (take(), "||") : "|");
    else if (letter === "&" && text[at] === ">") {
      take();
      endWord();
      skipsWord = true;
    } else if (letter === "&") endCommand(text[at] === "&" ? (take(), "&&") : "&");
    else if (letter === ">" || letter === "<") {
      // `2>` and `>` name a file that nobody needs here.
      if (letter === "<") throw wrong("it reads from elsewhere with <");
      if (word !== undefined && /^\d$/.test(word)) word = undefined;
      endWord();
      while (/[>&]/.test(text[at] ?? "")) take();
      skipsWord = true;
    } else if (letter === "^" && /["^\r\n]/.test(text[at] ?? "")) throw wrong("it is quoted with ^ for the prompt of Windows");
    else if (letter === "(" || letter === ")") throw wrong(`it has a bare ${letter}`);
    else if (/\s/.test(letter)) endWord();
    else add(letter);
  }
  endCommand("\n");
  return commands;

  function escapeOf(): string {
    const rest = text.slice(at, at + 10);
    const [all, hex, short, long, octal] = /^(?:x([0-9a-fA-F]{1,2})|u([0-9a-fA-F]{1,4})|U([0-9a-fA-F]{1,8})|([0-7]{1,3}))/.exec(rest) ?? [];
    if (all !== undefined) {
      take(all.length);
      const code = octal !== undefined ? Number.parseInt(octal, 8) & 0xff : Number.parseInt((hex ?? short ?? long)!, 16);
      return code <= 0x10ffff ? String.fromCodePoint(code) : "\ufffd";
    }
    const next = take();
    return ansi[next] ?? `\\${next}`;
  }
}
