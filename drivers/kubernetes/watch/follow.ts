import type { Clock } from "../../../src/units/clock.ts";
import { sayError } from "../../../src/units/errors.ts";
import type { Resource, Thing } from "../api/api.ts";
import type { Connection } from "../api/connection.ts";
import { refusal } from "../api/failure.ts";
import { pathOf } from "../api/resources.ts";
import { Lines } from "./lines.ts";
import { listAll } from "./list.ts";
import type { Outage } from "./outage.ts";
import { Queue } from "./queue.ts";
import { Store, withoutManagedFields } from "./store.ts";
import type { Change, Watch, WatchSettings } from "./watch.ts";

/** Servers send a bookmark a minute where nothing else is to say: after this, the connection is dead. */
const silenceMs = 90_000;
/** Servers end watches by themselves; this is when. */
const lengthS = 290;
/** Between tries: twice as long each time. */
const backoffMs = { first: 100, most: 5_000 } as const;
/** A watch that ends sooner and said nothing counts as a failure: it must not be opened in a tight circle. */
const shortMs = 1_000;

/** A line of a watch. */
interface Said {
  readonly type: "ADDED" | "MODIFIED" | "DELETED" | "BOOKMARK" | "ERROR";
  readonly object: Thing & { readonly code?: number };
}

class Following<T> implements Watch<T> {
  readonly synced: Promise<void>;
  readonly #connection: Connection;
  readonly #clock: Clock;
  readonly #resource: Resource;
  readonly #settings: WatchSettings<T>;
  readonly #outage: Outage;
  readonly #store: Store<T>;
  readonly #listeners = new Set<(change: Change<T>) => void>();
  readonly #queues = new Set<Queue<T>>();
  readonly #closing = new AbortController();
  readonly #signal: AbortSignal;
  /** From where the next watch goes on; undefined: everything has to be listed. */
  #version: string | undefined;
  #heardMs: number;
  /** Lines so far. */
  #said = 0;
  #isSynced = false;
  #isOver = false;
  #awaySinceMs: number | undefined;
  #awayWhy = "";

  constructor(connection: Connection, clock: Clock, resource: Resource, settings: WatchSettings<T>, outage: Outage) {
    this.#connection = connection;
    this.#clock = clock;
    this.#resource = resource;
    this.#settings = settings;
    this.#outage = outage;
    this.#store = new Store(settings.slim ?? ((thing) => withoutManagedFields(thing) as T));
    this.#signal = settings.signal ? AbortSignal.any([settings.signal, this.#closing.signal]) : this.#closing.signal;
    this.#heardMs = clock.now();
    this.synced = this.#run();
    // Who does not wait for it hears of it by the end of the changes.
    this.synced.catch(() => undefined);
  }

  get awaySinceMs(): number | undefined {
    return this.#awaySinceMs;
  }

  now = (): readonly T[] => this.#store.values();
  get = (name: string, namespace?: string): T | undefined => this.#store.get(name, namespace);

  on(listener: (change: Change<T>) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Change<T>, void> {
    const queue = new Queue<T>();
    this.#queues.add(queue);
    if (this.#isOver) queue.end();
    try {
      yield* queue.read();
    } finally {
      this.#queues.delete(queue);
    }
  }

  close(): void {
    this.#closing.abort(new Error("the watch was closed"));
  }

  #emit(changes: readonly Change<T>[]): void {
    for (const change of changes) {
      for (const queue of this.#queues) queue.push(change);
      for (const listener of this.#listeners) {
        try {
          listener(change);
        } catch (error) {
          // A listener's mistake is its own, and must not look like one of the server.
          queueMicrotask(() => {
            throw error;
          });
        }
      }
    }
  }

  /** Settles with the first list; what follows goes on until the signal. */
  async #run(): Promise<void> {
    try {
      this.#signal.throwIfAborted();
      await this.#list();
    } catch (error) {
      this.#end();
      throw this.#signal.aborted ? this.#signal.reason : error;
    }
    void this.#goOn();
  }

  async #goOn(): Promise<void> {
    for (let failures = 0; !this.#signal.aborted; ) {
      const openedMs = this.#clock.now();
      const said = this.#said;
      try {
        if (this.#version === undefined) await this.#list();
        await this.#follow(this.#version!);
        if (this.#clock.now() - openedMs >= shortMs || this.#said > said) failures = 0;
        else throw new Error("the watch ended as soon as it was opened");
      } catch (error) {
        if (this.#signal.aborted) break;
        this.#awaySinceMs ??= this.#heardMs;
        this.#awayWhy = sayError(error);
        this.#outage.away(this, this.#awaySinceMs, this.#awayWhy);
        const waitMs = Math.min(backoffMs.most, backoffMs.first * 2 ** failures++);
        await this.#clock.sleep(waitMs, this.#signal).catch(() => undefined);
      }
    }
    this.#end();
  }

  #end(): void {
    this.#isOver = true;
    this.#outage.back(this);
    for (const queue of this.#queues) queue.end();
  }

  /** The server speaks again. */
  #back(): void {
    this.#outage.back(this);
    if (this.#awaySinceMs === undefined) return;
    const atMs = this.#clock.now();
    this.#emit([{ kind: "gap", fromMs: this.#awaySinceMs, toMs: atMs, why: this.#awayWhy, atMs }]);
    this.#awaySinceMs = undefined;
  }

  async #list(): Promise<void> {
    const { items, version } = await listAll(this.#connection, this.#resource, this.#settings, (thing) => this.#store.keep(thing), this.#signal);
    this.#back();
    const atMs = this.#clock.now();
    this.#emit(this.#store.replace(items, atMs, this.#isSynced));
    if (!this.#isSynced) this.#emit([{ kind: "synced", count: this.#store.size, atMs }]);
    this.#isSynced = true;
    this.#version = version;
    this.#heardMs = atMs;
  }

  /** The server does not remember what came after the version that was seen last. */
  #forget(): void {
    this.#version = undefined;
    this.#awaySinceMs ??= this.#heardMs;
    this.#awayWhy = "the server no longer knew what had come since (410)";
  }

  /** One connection: returns when it ended well, or when the version is too old. */
  async #follow(version: string): Promise<void> {
    const { namespace, labels, fields } = this.#settings;
    const { group, plural, namespaced } = this.#resource;
    const call = { verb: "watch", group, resource: plural, ...(namespaced && namespace !== undefined && { namespace }) };
    const query = { watch: true, resourceVersion: version, allowWatchBookmarks: true, timeoutSeconds: lengthS, labelSelector: labels, fieldSelector: fields };
    const silent = new AbortController();
    const response = await this.#connection.stream({ method: "GET", path: pathOf(this.#resource, namespace), query, call }, AbortSignal.any([this.#signal, silent.signal]));
    if (response.statusCode === 410) {
      response.destroy();
      return this.#forget();
    }
    this.#back();
    let lastMs = (this.#heardMs = this.#clock.now());
    let cancel = () => {};
    const listen = () => {
      cancel = this.#clock.at(lastMs + silenceMs, () => (this.#clock.now() - lastMs >= silenceMs ? silent.abort(new Error(`it said nothing for ${silenceMs / 1_000} s`)) : listen()));
    };
    listen();
    try {
      const lines = new Lines();
      for await (const chunk of response as AsyncIterable<Buffer>) {
        lastMs = this.#clock.now();
        for (const line of lines.take(chunk)) if (!this.#take(line)) return;
      }
    } catch (error) {
      throw silent.signal.aborted ? silent.signal.reason : error;
    } finally {
      cancel();
      response.destroy();
    }
  }

  /** False: the version is too old. */
  #take(line: string): boolean {
    const { type, object } = JSON.parse(line) as Said;
    if (type === "ERROR") {
      if (object.code !== 410) throw refusal(this.#connection.known, { verb: "watch", group: this.#resource.group, resource: this.#resource.plural }, object.code ?? 500, line.slice(line.indexOf('"object":') + 9, -1));
      this.#forget();
      return false;
    }
    const atMs = this.#clock.now();
    if (type === "DELETED") this.#emit(this.#store.drop(object, atMs));
    else if (type !== "BOOKMARK") this.#emit(this.#store.put(object, atMs));
    this.#version = object.metadata.resourceVersion;
    this.#heardMs = atMs;
    this.#said += 1;
    return true;
  }
}

/** What is there of a resource, and every change of it, until the signal aborts. */
export function watch<T>(connection: Connection, clock: Clock, resource: Resource, settings: WatchSettings<T>, outage: Outage): Watch<T> {
  return new Following(connection, clock, resource, settings, outage);
}
