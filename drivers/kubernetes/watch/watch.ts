import type { ListSettings, Thing } from "../api/api.ts";

/** Which very object a change is about. */
export interface Key {
  readonly uid: string;
  readonly name: string;
  /** "" for what is in no namespace. */
  readonly namespace: string;
}

/**
 * One thing that a watch says. Times are of the clock's `now()`.
 *
 * `missed` is on changes that happened while the watch was away: they came by a new list, so that
 * neither their moment nor steps between are known; the `gap` before them says from when to when.
 */
export type Change<T> =
  | { readonly kind: "added"; readonly key: Key; readonly now: T; readonly atMs: number; readonly missed?: true }
  | { readonly kind: "changed"; readonly key: Key; readonly now: T; readonly was: T; readonly atMs: number; readonly missed?: true }
  | { readonly kind: "gone"; readonly key: Key; readonly was: T; readonly atMs: number; readonly missed?: true }
  /** The first list is complete: its objects were `added` before. */
  | { readonly kind: "synced"; readonly count: number; readonly atMs: number }
  /** It heard nothing from the one time to the other; what it missed follows, and nothing is left out. */
  | { readonly kind: "gap"; readonly fromMs: number; readonly toMs: number; readonly why: string; readonly atMs: number }
  /** An iterating reader was too slow: so many changes were dropped, and `now()` alone has them. */
  | { readonly kind: "overrun"; readonly lost: number; readonly atMs: number };

/** What is there of a resource, kept up to date. */
export interface Watch<T> extends AsyncIterable<Change<T>> {
  /** Resolves when the first list is complete; rejects when it can't be had, or when the watch is closed before. */
  readonly synced: Promise<void>;
  /** All that is there, by the server's last word. */
  now(): readonly T[];
  get(name: string, namespace?: string): T | undefined;
  /** Calls for every change from now on, in order; the answer ends it. */
  on(listener: (change: Change<T>) => void): () => void;
  /** Since when the watch hears nothing (of `now()` of the clock); undefined while all is well. */
  readonly awaySinceMs: number | undefined;
  /** Ends it, as the signal of its settings does. */
  close(): void;
}

export interface WatchSettings<T> extends ListSettings {
  readonly signal?: AbortSignal;
  /** What is kept of each object; default the object without its managed fields. Name, namespace and uid are kept beside it. */
  readonly slim?: (thing: Thing) => T;
}
