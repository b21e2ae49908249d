import { isSecretName, wordsOf } from "../../mask/names.ts";
import { markedKey, webToken } from "../../mask/shapes.ts";
import { quote } from "./code.ts";
import { camel, Names } from "./names.ts";
import type { Swap } from "./wording.ts";

/** `password=…`, `<token>…`, `"secret": "…"` in text of no known form. */
const named = /(?<![\w-])([\w-]{3,80})["']?\s{0,20}(?:>([^<]{1,4096})|[:=]\s{0,20}(?:"((?:[^"\\]|\\.){1,4096})"|'([^']{1,4096})'|([^\s"'<>&,;}]+)))/g;

interface Secret {
  readonly variable: string;
  /** Long or odd enough to be taken out wherever it stands. */
  readonly isTelling: boolean;
}

/** Everything that must not be written into a scenario, and the variable of the environment that each comes from. */
export class Vault {
  readonly #secrets = new Map<string, Secret>();
  readonly #names = new Names();
  readonly #used = new Set<string>();

  /** Variables that the recording names itself. */
  constructor(variables: ReadonlyMap<string, string>) {
    for (const [word, variable] of variables) {
      this.#secrets.set(word, { variable: this.#names.take(variable), isTelling: true });
    }
  }

  /** Puts a secret away, under a name of words. */
  keep(value: string, words: string, isTelling = true): void {
    if (value === "") return;
    const known = this.#secrets.get(value);
    if (known) {
      if (isTelling && !known.isTelling) this.#secrets.set(value, { ...known, isTelling });
      return;
    }
    const wanted = wordsOf(words).join("_").toUpperCase().replace(/^(?=\d)/, "_").slice(0, 60) || "SECRET";
    this.#secrets.set(value, { variable: this.#names.take(wanted, "_"), isTelling });
  }

  /** Puts away what shows by its form that it is a secret. */
  search(text: string, prefix: string, isFree = false): void {
    for (const [words] of text.matchAll(webToken)) this.keep(words.slice(words.indexOf("eyJ")), `${prefix} token`);
    for (const [value] of text.matchAll(markedKey)) this.keep(value, `${prefix} token`);
    if (!isFree) return;
    for (const [, name, ...values] of text.matchAll(named)) if (isSecretName(name!)) this.keep(values.find((value) => value !== undefined)!.trim(), `${prefix} ${camel(name!, "secret")}`);
  }

  /** The expression for a whole value that was put away. */
  code(value: string): string | undefined {
    const secret = this.#secrets.get(value);
    return secret && this.#variableCode(secret.variable);
  }

  /** The variables that the scenario speaks of. */
  get variables(): readonly string[] {
    return [...this.#used];
  }

  get swaps(): readonly Swap[] {
    return [...this.#secrets].filter(([value, { isTelling }]) => isTelling && value.length >= 4).map(([value, { variable }]) => ({
      value, isNumber: false, after: -1, isWhole: value.length < 6, code: () => this.#variableCode(variable),
    }));
  }

  #variableCode(variable: string): string {
    this.#used.add(variable);
    return `process.env[${quote(variable)}]!`;
  }
}
