import type { Thing } from "../api/api.ts";
import type { Change, Key } from "./watch.ts";

interface Kept<T> {
  readonly key: Key;
  readonly version: string;
  readonly value: T;
}

/** Without what only servers read. */
export function withoutManagedFields(thing: Thing): Thing {
  const { managedFields: _, ...metadata } = thing.metadata as Thing["metadata"] & { readonly managedFields?: unknown };
  return { ...thing, metadata };
}

/**
 * The objects of one watch, by name. It turns what the server says into changes: an object under
 * the name of another one (another uid) is the old one's end and the new one's beginning.
 */
export class Store<T> {
  readonly #kept = new Map<string, Kept<T>>();
  readonly #slim: (thing: Thing) => T;

  constructor(slim: (thing: Thing) => T) {
    this.#slim = slim;
  }

  values(): readonly T[] {
    return Array.from(this.#kept.values(), ({ value }) => value);
  }

  get(name: string, namespace = ""): T | undefined {
    return this.#kept.get(`${namespace}/${name}`)?.value;
  }

  get size(): number {
    return this.#kept.size;
  }

  /** It is there, as it is said to be. */
  put(thing: Thing, atMs: number, missed = false): readonly Change<T>[] {
    return this.#put(this.#keep(thing), atMs, missed);
  }

  /** What stays of an object of a list, until all of the list has come. */
  keep(thing: Thing): Kept<T> {
    return this.#keep(thing);
  }

  #keep(thing: Thing): Kept<T> {
    const { uid = "", name, namespace = "", resourceVersion = "" } = thing.metadata;
    return { key: { uid, name, namespace }, version: resourceVersion, value: this.#slim(thing) };
  }

  #put(now: Kept<T>, atMs: number, missed: boolean): readonly Change<T>[] {
    const id = idOf(now.key);
    const was = this.#kept.get(id);
    // A new list shows again what was known.
    if (was?.key.uid === now.key.uid && was.version === now.version) return [];
    this.#kept.set(id, now);
    const more = { atMs, ...(missed && { missed: true as const }) };
    if (was?.key.uid === now.key.uid) return [{ kind: "changed", key: now.key, now: now.value, was: was.value, ...more }];
    const ended: readonly Change<T>[] = was ? [{ kind: "gone", key: was.key, was: was.value, atMs, missed: true }] : [];
    return [...ended, { kind: "added", key: now.key, now: now.value, ...more }];
  }

  /** It is gone. One of that name but another uid is another one, and stays. */
  drop(thing: Thing, atMs: number): readonly Change<T>[] {
    const last = this.#keep(thing);
    const was = this.#kept.get(idOf(last.key));
    if (!was || was.key.uid !== last.key.uid) return [];
    this.#kept.delete(idOf(last.key));
    return [{ kind: "gone", key: was.key, was: last.value, atMs }];
  }

  /** All that is there now: what is not among it has gone meanwhile. */
  replace(all: readonly Kept<T>[], atMs: number, missed: boolean): readonly Change<T>[] {
    const there = new Map(all.map((kept) => [idOf(kept.key), kept]));
    const changes: Change<T>[] = [];
    for (const [id, { key, value }] of this.#kept) {
      if (there.has(id)) continue;
      this.#kept.delete(id);
      changes.push({ kind: "gone", key, was: value, atMs, missed: true });
    }
    for (const kept of there.values()) changes.push(...this.#put(kept, atMs, missed));
    return changes;
  }
}

const idOf = ({ namespace, name }: Key) => `${namespace}/${name}`;
