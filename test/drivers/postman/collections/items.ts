/** Builds collections for the tests: a request in one line. */

type Loose = Record<string, unknown>;
const event = (listen: string, code: string | undefined) => (code === undefined ? [] : [{ listen, script: { type: "text/javascript", exec: code.split("\n") } }]);

export interface ItemWords extends Loose {
  readonly pre?: string;
  readonly test?: string;
  readonly behavior?: Loose;
}

/** A request. `what` is its address, or the whole of it. */
export function item(name: string, what: string | Loose, { pre, test, behavior, ...more }: ItemWords = {}): Loose {
  const request = typeof what === "string" ? { method: "GET", url: what } : what;
  return { name, request, event: [...event("prerequest", pre), ...event("test", test)], ...(behavior && { protocolProfileBehavior: behavior }), ...more };
}

export function folder(name: string, items: readonly Loose[], { pre, test, behavior, ...more }: ItemWords = {}): Loose {
  return { name, item: items, event: [...event("prerequest", pre), ...event("test", test)], ...(behavior && { protocolProfileBehavior: behavior }), ...more };
}

export function collection(items: readonly Loose[], words: ItemWords = {}): Loose {
  const { name: _, ...rest } = folder("", items, words);
  return { info: { name: "a collection", schema: "https://schema.getpostman.com/json/collection/v2.1.0/collection.json" }, ...rest };
}
