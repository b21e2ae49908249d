import { decoded } from "../address.ts";
import { quote, template } from "./code.ts";

/** A value of the recording, and the expression that stands for it in the scenario. */
export interface Swap {
  readonly value: string;
  /** An expression; asking for it marks it as used. */
  readonly code: () => string;
  /** A number in the answer it comes from: text needs `String()`. */
  readonly isNumber: boolean;
  /** From this ask on: answers can be spoken of after they came. -1 for always. */
  readonly after: number;
  /** Only where it stands by itself; a secret is taken out of the middle of a word too. */
  readonly isWhole: boolean;
}

export type Piece = string | Swap;

const inWord = /[\w-]/;

/** By so many letters a value is looked for; none is shorter. */
const shortest = 4;

/** Turns text of the recording into expressions, with everything put in that stands for something else. */
export class Wording {
  readonly #swaps: ReadonlyMap<string, readonly Swap[]>;
  /** The lengths of the values that begin alike, the longest first: one may be a part of another. */
  readonly #lengths = new Map<string, readonly number[]>();
  /** The ask that is being written. */
  index = 0;

  constructor(swaps: readonly Swap[]) {
    this.#swaps = Map.groupBy(swaps.filter(({ value }) => value.length >= shortest), ({ value }) => value);
    const alike = Map.groupBy(this.#swaps.keys(), (value) => value.slice(0, shortest));
    for (const [start, values] of alike) this.#lengths.set(start, [...new Set(values.map(({ length }) => length))].sort((a, b) => b - a));
  }

  pieces(text: string): Piece[] {
    const found: Piece[] = [];
    let from = 0;
    for (let at = 0; at + shortest <= text.length; ) {
      const swap = this.#swapAt(text, at);
      if (swap) {
        if (at > from) found.push(text.slice(from, at));
        found.push(swap);
        from = at + swap.value.length;
      }
      at = swap ? from : at + 1;
    }
    if (from < text.length || found.length === 0) found.push(text.slice(from));
    return found;
  }

  #swapAt(text: string, at: number): Swap | undefined {
    for (const length of this.#lengths.get(text.slice(at, at + shortest)) ?? []) {
      const isAlone = !inWord.test(text[at - 1] ?? " ") && !inWord.test(text[at + length] ?? " ");
      const swap = this.#swaps.get(text.slice(at, at + length))?.find((one) => one.after < this.index && (isAlone || !one.isWhole));
      if (swap) return swap;
    }
    return undefined;
  }

  has(text: string): boolean {
    return this.pieces(text).some((piece) => typeof piece !== "string");
  }

  /** An expression for a text. */
  text(text: string): string {
    const pieces = this.pieces(text);
    const [only] = pieces;
    if (pieces.length === 1 && typeof only === "object") return only.isNumber ? `String(${only.code()})` : only.code();
    return template(pieces.map((piece) => (typeof piece === "string" ? piece : { code: piece.code() })));
  }

  /** An expression for a text that an answer gave, but for a few characters beside it such as `Bearer `. */
  given(text: string): string | undefined {
    const pieces = this.pieces(text);
    const isGiven = pieces.some((piece) => typeof piece !== "string" && piece.after >= 0);
    const beside = pieces.reduce((sum, piece) => sum + (typeof piece === "string" ? piece.length : 0), 0);
    return isGiven && beside <= 16 ? this.text(text) : undefined;
  }

  /** An expression for a number, where one stands for it. */
  number(value: number): string | undefined {
    const [only, ...more] = this.pieces(String(value));
    if (typeof only !== "object" || more.length > 0) return undefined;
    return only.isNumber ? only.code() : `Number(${only.code()})`;
  }

  /** An expression for a path that may hold encoded characters. @param query goes after it as it is */
  path(path: string, query = ""): string {
    const parts = path.split("/").flatMap((segment, index): (string | { readonly code: string })[] => {
      const slash = index === 0 ? [] : ["/"];
      const plain = decoded(segment);
      const pieces = this.pieces(plain);
      if (pieces.every((piece) => typeof piece === "string")) return [...slash, segment];
      return [...slash, ...pieces.map((piece) => {
        if (typeof piece === "string") return encodeURIComponent(piece);
        return { code: encodeURIComponent(piece.value) === piece.value ? piece.code() : `encodeURIComponent(${piece.code()})` };
      })];
    });
    return template([...parts, query]);
  }

  /** Text for comments and names: what must not be told is blotted out. */
  blotted(text: string): string {
    return this.pieces(text).map((piece) => (typeof piece === "string" ? piece : "***")).join("");
  }

  /** The name of a property. */
  key(name: string, otherwise: (name: string) => string): string {
    return this.has(name) ? `[${this.text(name)}]` : name.length > 1_000 ? quote(name) : otherwise(name);
  }
}
