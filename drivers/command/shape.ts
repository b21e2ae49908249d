/** The document is not what it should be; the message says where. */
export class Unreadable extends Error {}

/** A JSON value that knows its place in its document, and answers what is expected there or throws `Unreadable`. */
export class Shape {
  readonly value: unknown;
  readonly place: string;

  constructor(value: unknown, place = "") {
    this.value = value;
    this.place = place;
  }

  /** @throws Unreadable for text that is not JSON */
  static parse(text: string): Shape {
    if (text.trim() === "") throw new Unreadable("the results are empty");
    try {
      return new Shape(JSON.parse(text));
    } catch (error) {
      throw new Unreadable(`the results are not JSON: ${(error as Error).message.slice(0, 200)}`);
    }
  }

  #fail(wanted: string): never {
    throw new Unreadable(`expected ${wanted} at ${this.place || "the top"}, found ${(JSON.stringify(this.value) ?? "nothing").slice(0, 60)}`);
  }

  /** Undefined where there is none. */
  maybe(name: string): Shape | undefined {
    const inner = this.get(name);
    return inner.value === undefined || inner.value === null ? undefined : inner;
  }

  get(name: string): Shape {
    const { value, place } = this;
    if (typeof value !== "object" || value === null || Array.isArray(value)) this.#fail("an object");
    return new Shape((value as { readonly [name: string]: unknown })[name], place === "" ? name : `${place}.${name}`);
  }

  /** The names of an object. */
  names(): readonly string[] {
    const { value } = this;
    if (typeof value !== "object" || value === null || Array.isArray(value)) this.#fail("an object");
    return Object.keys(value as object);
  }

  list(): readonly Shape[] {
    if (!Array.isArray(this.value)) this.#fail("a list");
    return this.value.map((one: unknown, index) => new Shape(one, `${this.place}[${index}]`));
  }

  /** A list that may be left out. */
  items(name: string): readonly Shape[] {
    return this.maybe(name)?.list() ?? [];
  }

  text(): string {
    return typeof this.value === "string" ? this.value : this.#fail("text");
  }

  /** A number of at least 0. */
  number(): number {
    return typeof this.value === "number" && this.value >= 0 && this.value < Infinity ? this.value : this.#fail("a number from 0");
  }

  flag(): boolean {
    return typeof this.value === "boolean" ? this.value : this.#fail("true or false");
  }

  oneOf<const T extends string>(...words: readonly T[]): T {
    return (words as readonly unknown[]).includes(this.value) ? (this.value as T) : this.#fail(`one of ${words.join(", ")}`);
  }

  /** An ISO time as ms since 1970. */
  time(): number {
    const ms = new Date(this.text()).getTime();
    return Number.isNaN(ms) ? this.#fail("a time") : ms;
  }
}
