import { problem } from "./errors.ts";

/**
 * Seeded chance. The same seed gives the same numbers on every machine and in every version,
 * and a fork depends on its labels alone, never on how much of the parent was used.
 */
export interface Random {
  /** A number in [0, 1). */
  next(): number;
  /** A whole number from `least` to `most`, both included. */
  int(least: number, most: number): number;
  /** A number in [least, most). */
  between(least: number, most: number): number;
  /** One of the list. */
  pick<T>(list: readonly T[]): T;
  /**
   * One of the names, each as often as its weight.
   * @throws SEA_WEIGHTS for weights that are no numbers of at least 0, or all 0
   */
  pick<Name extends string>(weights: Readonly<Record<Name, number>>): Name;
  /** A shuffled copy. */
  shuffle<T>(list: readonly T[]): T[];
  /** An independent stream named by labels: a user, a storm, a feeder. */
  fork(...labels: readonly (string | number)[]): Random;
}

/** FNV-1a over the text, then an avalanche, so that near labels give far seeds. */
function hash(text: string, seed: number): number {
  let h = (0x811c9dc5 ^ seed) >>> 0;
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193) >>> 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b) >>> 0;
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35) >>> 0;
  return (h ^ (h >>> 16)) >>> 0;
}

/** A label may hold a slash and is still one label: fork("a/b") is not fork("a", "b"). */
const escape = (label: string | number) => String(label).replaceAll("~", "~0").replaceAll("/", "~1");

/** Array.isArray does not tell a read-only list from the rest. */
const isList = (from: readonly unknown[] | Readonly<Record<string, number>>): from is readonly unknown[] => Array.isArray(from);

/** The name on whose stretch of the whole `at` (0 to 1) falls. */
function weighted(weights: Readonly<Record<string, number>>, at: number): string {
  const names = Object.keys(weights);
  let total = 0;
  for (const name of names) {
    if (!(weights[name]! >= 0)) total = Number.NaN;
    total += weights[name]!;
  }
  if (!(total > 0 && total < Infinity)) throw problem("SEA_WEIGHTS", { weights: Object.values(weights).join(", ") }, "pick");
  let left = at * total;
  for (const name of names) {
    left -= weights[name]!;
    if (left < 0) return name;
  }
  // Rounding can leave a crumb: it belongs to the last that has any weight.
  return names.findLast((name) => weights[name]! > 0)!;
}

class Sfc32 implements Random {
  #a: number;
  #b: number;
  #c: number;
  #count = 1;
  readonly #seed: number;
  readonly #path: string;

  constructor(seed: number, path: string) {
    this.#seed = seed >>> 0;
    this.#path = path;
    this.#a = hash(`${path}#a`, this.#seed);
    this.#b = hash(`${path}#b`, this.#seed);
    this.#c = hash(`${path}#c`, this.#seed);
    for (let i = 0; i < 12; i++) this.next();
  }

  next(): number {
    const t = (this.#a + this.#b + this.#count) | 0;
    this.#count = (this.#count + 1) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = ((this.#c << 21) | (this.#c >>> 11)) + t | 0;
    return (t >>> 0) / 4_294_967_296;
  }

  int(least: number, most: number): number {
    return least + Math.floor(this.next() * (most - least + 1));
  }

  between(least: number, most: number): number {
    return least + this.next() * (most - least);
  }

  pick<T>(list: readonly T[]): T;
  pick<Name extends string>(weights: Readonly<Record<Name, number>>): Name;
  pick(from: readonly unknown[] | Readonly<Record<string, number>>): unknown {
    if (!isList(from)) return weighted(from, this.next());
    if (from.length === 0) throw new RangeError("pick from an empty list");
    return from[Math.floor(this.next() * from.length)]!;
  }

  shuffle<T>(list: readonly T[]): T[] {
    const copy = [...list];
    for (let i = copy.length - 1; i > 0; i--) {
      const j = this.int(0, i);
      [copy[i], copy[j]] = [copy[j]!, copy[i]!];
    }
    return copy;
  }

  fork(...labels: readonly (string | number)[]): Random {
    return new Sfc32(this.#seed, [this.#path, ...labels.map(escape)].join("/"));
  }
}

/** A stream of seeded chance. @example seeded(42).int(1, 6) */
export function seeded(seed: number): Random {
  return new Sfc32(seed, "");
}

/** A seed nobody chose, for runs that name none; it is printed, so that the run can be played again. */
export function freshSeed(): number {
  return Math.floor(Math.random() * 4_294_967_296);
}
