import { access, key as keyCode, typed, type Code } from "./code.ts";
import { decoded } from "../address.ts";
import { type Swap } from "./wording.ts";
import { camel, singular, type Names } from "./names.ts";
import { isTelling, looksLikeId } from "./ids.ts";
import type { Ask } from "../recording.ts";

type Step = string | number;
type Leaf = "string" | "number";
/** What a journey reads of an answer: the part of its type that has to be said. */
interface Shape {
  leaf?: Leaf;
  readonly fields: Map<Step, Shape>;
}

interface Source {
  readonly index: number;
  readonly path: readonly Step[];
  readonly leaf: Leaf;
}

const deepest = 40;
const mostLeaves = 50_000;
const longestAnswer = 8 * 2 ** 20;

/** Values that a walk must take from an answer, for the service made them up: ids, tokens. */
export class Links {
  readonly swaps: readonly Swap[];
  readonly #names: ReadonlyMap<number, string>;
  readonly #read = new Map<number, Shape>();
  readonly #lastUse = new Map<number, number>();
  /** The ask that is being written. */
  index = 0;

  constructor(asks: readonly Ask[], names: Names) {
    const sources = findSources(asks);
    const own = new Map<number, string>();
    for (const { index } of [...sources.values()].sort((a, b) => a.index - b.index)) if (!own.has(index)) own.set(index, names.take(nameOf(asks[index]!)));
    this.#names = own;
    this.swaps = [...sources].map(([value, source]) => ({ value, isNumber: source.leaf === "number", after: source.index, isWhole: true, code: () => this.#use(source) }));
  }

  /** The variable that holds the answer to an ask, where anything of it is used. */
  answer(index: number): { readonly name: string; readonly type: Code } | undefined {
    const shape = this.#read.get(index);
    return shape && { name: this.#names.get(index)!, type: typeOf(shape) };
  }

  /** The last ask that speaks of an ask's answer; -1 when none does. */
  lastUse(index: number): number {
    return this.#lastUse.get(index) ?? -1;
  }

  #use({ index, path, leaf }: Source): string {
    this.#lastUse.set(index, this.index);
    let shape = this.#read.get(index);
    if (!shape) this.#read.set(index, (shape = { fields: new Map() }));
    for (const step of path) {
      if (!shape.fields.has(step)) shape.fields.set(step, { fields: new Map() });
      shape = shape.fields.get(step)!;
    }
    shape.leaf = leaf;
    return this.#names.get(index)! + path.map((step) => (typeof step === "number" ? `[${step}]!` : access(step))).join("");
  }
}

/** The type of what is read, from one shape or from the members of a list: `any` where two members have nothing in common. */
function typeOf(...shapes: readonly Shape[]): Code {
  const leaves = new Set(shapes.flatMap(({ leaf }) => leaf ?? []));
  const fields = shapes.flatMap((shape) => [...shape.fields]);
  if (fields.length === 0 && leaves.size === 1) return [...leaves][0]!;
  const isList = fields.every(([step]) => typeof step === "number");
  if (leaves.size > 0 || (!isList && fields.some(([step]) => typeof step === "number"))) return "any";
  if (isList) return [typeOf(...fields.map(([, shape]) => shape)), "[]"];
  const byName = Map.groupBy(fields, ([name]) => String(name));
  return typed([...byName].map(([name, own]) => [keyCode(name), ": ", typeOf(...own.map(([, shape]) => shape))]));
}

function nameOf({ url }: Ask): string {
  const segment = url.pathname.split("/").map(decoded).findLast((one) => one !== "" && !looksLikeId(one)) ?? "";
  return camel(singular(segment), "answer");
}

/** Where each value came from that a later request uses and no earlier one did. */
function findSources(asks: readonly Ask[]): Map<string, Source> {
  const firstUse = new Map<string, number>();
  asks.forEach((ask, index) => {
    for (const token of tokensOf(ask)) if (!firstUse.has(token)) firstUse.set(token, index);
  });
  const sources = new Map<string, Source | undefined>();
  asks.forEach((ask, index) => {
    const seen = new Map<string, Source | undefined>();
    for (const [value, path] of leaves(ask.answer)) {
      const text = String(value);
      const use = firstUse.get(text);
      if (use === undefined || use <= index || sources.has(text) || !cameBefore(ask, asks[use]!)) continue;
      const isClear = isTelling(value, String(path.findLast((step) => typeof step === "string") ?? ""));
      // Twice in one answer: nobody knows which of the two is meant.
      seen.set(text, seen.has(text) || !isClear ? undefined : { index, path, leaf: typeof value as Leaf });
    }
    // Later answers only repeat what the first one said, also where that was not clear.
    for (const [text, source] of seen) sources.set(text, source);
  });
  return new Map([...sources].flatMap(([text, source]) => (source ? [[text, source] as const] : [])));
}

const cameBefore = (answered: Ask, asking: Ask): boolean =>
  answered.beganMs === undefined || asking.beganMs === undefined || answered.beganMs + Math.min(answered.tookMs ?? 0, 60_000) <= asking.beganMs + 1;

/** Everything in a request that could be a value of an earlier answer. */
function tokensOf({ url, headers, body }: Ask): Set<string> {
  const tokens = new Set<string>();
  const add = (text: string) => {
    tokens.add(text);
    for (const word of text.split(/[^\w-]+/)) if (word !== "") tokens.add(word);
  };
  for (const segment of url.pathname.split("/")) add(decoded(segment));
  for (const [name, value] of url.searchParams) [name, value].forEach(add);
  for (const [name, value] of headers) if (name !== "cookie") value.split(" ").forEach(add);
  if (body?.kind === "parts") for (const { content } of body.parts) add(content);
  if (body?.kind === "text") {
    add(body.text);
    for (const [value] of leaves(body.text)) add(String(value));
    if (/^[^{[<]*=/.test(body.text)) for (const [, value] of new URLSearchParams(body.text)) add(value);
  }
  return tokens;
}

/** The texts and numbers of a JSON text, each with its way. */
function* leaves(text: string | undefined): Generator<readonly [value: string | number, path: readonly Step[]]> {
  if (text === undefined || text.length > longestAnswer || !/^\s*[[{"]/.test(text)) return;
  let root: unknown;
  try {
    root = JSON.parse(text);
  } catch {
    return;
  }
  let left = mostLeaves;
  function* below(value: unknown, path: readonly Step[]): Generator<readonly [string | number, readonly Step[]]> {
    if (left-- <= 0 || path.length > deepest) return;
    if (typeof value === "string" || typeof value === "number") yield [value, path];
    else if (Array.isArray(value)) for (const [index, one] of value.entries()) yield* below(one, [...path, index]);
    else if (typeof value === "object" && value !== null) for (const [name, one] of Object.entries(value)) yield* below(one, [...path, name]);
  }
  yield* below(root, []);
}
