/** One entry of a list: a header, a query parameter, a form field, a cookie. */
export interface Entry {
  key: string;
  value?: unknown;
  disabled?: boolean;
  [more: string]: unknown;
}

export type EntryLike = Entry | (Omit<Partial<Entry>, "name"> & { name?: unknown }) | string;

/** A list of entries as scripts know it, found by key. Where keys are headers', in any case. */
export class PropertyList {
  members: Entry[];
  readonly #foldsCase: boolean;
  readonly #separators: readonly [pair: string, list: string];

  constructor(entries: readonly EntryLike[] = [], kind: "plain" | "header" | "query" = "plain") {
    this.#foldsCase = kind === "header";
    this.#separators = kind === "query" ? ["=", "&"] : [": ", "\n"];
    this.members = entries.map((entry) => this.#entry(entry));
  }

  #entry(entry: EntryLike): Entry {
    if (typeof entry !== "string") return "key" in entry && typeof entry.key === "string" ? (entry as Entry) : { ...entry, key: String(entry.key ?? entry.name ?? "") };
    const [mark] = this.#separators;
    const at = entry.indexOf(mark.trim());
    return at < 0 ? { key: entry.trim(), value: mark === "=" ? null : "" } : { key: entry.slice(0, at).trim(), value: entry.slice(at + 1).trim() };
  }

  #is(entry: Entry, key: string): boolean {
    return this.#foldsCase ? entry.key.toLowerCase() === key.toLowerCase() : entry.key === key;
  }

  /** The latest of that key. */
  one(key: string): Entry | undefined {
    return this.members.findLast((entry) => this.#is(entry, String(key)));
  }
  get(key: string): unknown {
    return this.one(key)?.value;
  }
  has(item: string | Entry, value?: unknown): boolean {
    if (typeof item === "object" && item !== null) return this.members.includes(item);
    const found = this.members.filter((entry) => this.#is(entry, String(item)));
    return value === undefined ? found.length > 0 : found.some((entry) => entry.value === value);
  }
  all(): Entry[] {
    return [...this.members];
  }
  idx(index: number): Entry | undefined {
    return this.members[index];
  }
  indexOf(item: string | Entry): number {
    return typeof item === "string" ? this.members.findIndex((entry) => this.#is(entry, item)) : this.members.indexOf(item);
  }
  count(): number {
    return this.members.length;
  }
  each(call: (entry: Entry, index: number) => void): void {
    this.members.forEach((entry, index) => call(entry, index));
  }
  map<T>(call: (entry: Entry, index: number) => T): T[] {
    return this.members.map((entry, index) => call(entry, index));
  }
  filter(call: (entry: Entry, index: number) => boolean): Entry[] {
    return this.members.filter((entry, index) => call(entry, index));
  }
  find(call: (entry: Entry, index: number) => boolean): Entry | undefined {
    return this.members.find((entry, index) => call(entry, index));
  }
  reduce<T>(call: (sum: T, entry: Entry) => T, first: T): T {
    return this.members.reduce((sum, entry) => call(sum, entry), first);
  }
  add(entry: EntryLike): void {
    if (entry !== undefined && entry !== null) this.members.push(this.#entry(entry));
  }
  append(entry: EntryLike): void {
    this.add(entry);
  }
  prepend(entry: EntryLike): void {
    this.members.unshift(this.#entry(entry));
  }
  /** Answers true for a new one, false for one that was changed. */
  upsert(given: EntryLike): boolean {
    const entry = this.#entry(given);
    const at = this.members.findLastIndex((one) => this.#is(one, entry.key));
    if (at < 0) this.members.push(entry);
    else this.members[at] = { ...this.members[at], ...entry };
    return at < 0;
  }
  remove(what: string | Entry | ((entry: Entry) => boolean)): void {
    this.members = this.members.filter((entry) => !(typeof what === "function" ? what(entry) : typeof what === "string" ? this.#is(entry, what) : entry === what));
  }
  clear(): void {
    this.members = [];
  }
  populate(entries: readonly EntryLike[]): void {
    for (const entry of entries ?? []) this.add(entry);
  }
  repopulate(entries: readonly EntryLike[]): void {
    this.clear();
    this.populate(entries);
  }
  toObject(excludeDisabled = false, caseSensitive = true, multiValue = false): Record<string, unknown> {
    const object: Record<string, unknown> = {};
    for (const { key, value, disabled } of this.members) {
      if (excludeDisabled && disabled) continue;
      const name = caseSensitive === false ? key.toLowerCase() : key;
      if (multiValue && Object.hasOwn(object, name)) object[name] = [object[name], value].flat();
      else object[name] = value;
    }
    return object;
  }
  toJSON(): Entry[] {
    return this.members.map((entry) => ({ ...entry }));
  }
  toString(): string {
    const [pair, between] = this.#separators;
    return this.members.filter(({ disabled }) => !disabled).map(({ key, value }) => (value === null || value === undefined ? key : `${key}${pair}${String(value)}`)).join(between);
  }
  [Symbol.iterator](): Iterator<Entry> {
    return this.members[Symbol.iterator]();
  }
}
