import type { Plain } from "../../../src/model/cluster.ts";
import type { Watch, WatchSettings } from "../watch/watch.ts";

/** Who owns an object: its controller where `controller` is true. */
export interface Owner {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly uid: string;
  readonly controller?: boolean;
  readonly blockOwnerDeletion?: boolean;
}

export interface Meta {
  readonly name: string;
  readonly namespace?: string;
  readonly uid?: string;
  readonly resourceVersion?: string;
  readonly generation?: number;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly ownerReferences?: readonly Owner[];
  readonly finalizers?: readonly string[];
  /** RFC 3339, as the other times here. */
  readonly creationTimestamp?: string;
  readonly deletionTimestamp?: string;
  readonly deletionGracePeriodSeconds?: number;
  /** Create only: the server makes a name that begins so; `name` is "" then. */
  readonly generateName?: string;
}

/** Any object of the API server, as its JSON. */
export interface Thing {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: Meta;
  readonly [field: string]: unknown;
}

/** A resource of the API server by the parts of its path. `group` is "" for the core. */
export interface Resource {
  readonly group: string;
  readonly version: string;
  readonly plural: string;
  readonly kind: string;
  readonly namespaced: boolean;
}

/** One operation of a JSON patch (RFC 6902). */
export interface JsonPatch {
  readonly op: "add" | "remove" | "replace" | "move" | "copy" | "test";
  readonly path: string;
  readonly from?: string;
  readonly value?: Plain;
}

/** How an object is changed; a strategic patch only for kinds that the server has built in. */
export type Patch = { readonly merge: Plain } | { readonly json: readonly JsonPatch[] } | { readonly strategic: Plain };

/** One call, as access rules see it. */
export interface Call {
  readonly verb: string;
  readonly group: string;
  /** The plural. */
  readonly resource: string;
  readonly subresource?: string;
  readonly namespace?: string;
  readonly name?: string;
}

/** What became of asking a pod to leave. */
export interface Eviction {
  /**
   * `going`: it is being deleted; `gone`: it was not there any more; `blocked`: a disruption budget, or
   * the server's own limit, does not allow it now; `misconfigured`: no waiting will help.
   */
  readonly verdict: "going" | "gone" | "blocked" | "misconfigured";
  /** In the server's words. */
  readonly reason: string;
  /** The disruption budget that blocks, where the server names it. */
  readonly budget?: string;
  /** The server asks to wait so long before the next try. */
  readonly retryAfterMs?: number;
}

export interface ListSettings {
  /** Default: all namespaces. */
  readonly namespace?: string;
  /** A label selector, as `kubectl -l`. */
  readonly labels?: string;
  /** A field selector, as `--field-selector`. */
  readonly fields?: string;
}

export interface RemoveSettings {
  /** Default: the object's own. 0 ends it at once. */
  readonly graceS?: number;
  /** Only this very object: one of the same name and another uid stays, which is no error. */
  readonly uid?: string;
  readonly propagation?: "Background" | "Foreground" | "Orphan";
}

/**
 * An API server, spoken to in its own words: objects in, objects out, by `Resource`. Every call ends within
 * its patience, and fails with an error of the catalogue: SEA_KUBE_UNREACHABLE, _TLS, _CREDENTIALS,
 * _UNAUTHORISED, _FORBIDDEN (with the missing rule as YAML), _TIMEOUT, _RESOURCE (the server has no such
 * resource), _BUSY, _REFUSED, and those named beside the verbs.
 */
export interface Api {
  readonly context: string;
  readonly server: string;
  /** The server's version, such as "v1.36.4". */
  version(): Promise<string>;
  /** Undefined: there is none. */
  read<T extends Thing>(resource: Resource, name: string, namespace?: string): Promise<T | undefined>;
  /** Read page by page; all of it. @throws SEA_KUBE_MANY above 100,000 */
  list<T extends Thing>(resource: Resource, settings?: ListSettings): Promise<readonly T[]>;
  /** Into the namespace of its metadata; with `dryRun` everything is checked and nothing kept. @throws SEA_KUBE_EXISTS */
  create<T extends Thing>(resource: Resource, body: T, settings?: { readonly dryRun?: boolean }): Promise<T>;
  /** Server-side apply as field manager "seatrial", by force. */
  apply<T extends Thing>(resource: Resource, body: T): Promise<T>;
  /** @throws SEA_KUBE_NOT_FOUND, SEA_KUBE_CONFLICT when a resourceVersion in it does not hold, SEA_KUBE_REFUSED when a test does not */
  patch<T extends Thing>(resource: Resource, name: string, namespace: string | undefined, patch: Patch, settings?: { readonly subresource?: "status" | "scale" }): Promise<T>;
  /** What is gone already is no error. */
  remove(resource: Resource, name: string, namespace: string | undefined, settings?: RemoveSettings): Promise<void>;
  evict(pod: string, namespace: string, settings?: { readonly graceS?: number; readonly uid?: string }): Promise<Eviction>;
  /** Runs a program in a container, its first one where none is named; 60 s at most. @throws SEA_KUBE_NOT_FOUND */
  exec(pod: string, namespace: string, command: readonly string[], settings?: { readonly container?: string; readonly input?: string }): Promise<{ readonly code: number; readonly out: string; readonly err: string }>;
  /** Would this call be allowed? Asks the server (SelfSubjectAccessReview). */
  may(call: Call): Promise<{ readonly allowed: boolean; readonly reason: string }>;
  /** What is there, and every change of it from now on, across lost connections. */
  watch<T = Thing>(resource: Resource, settings: WatchSettings<T>): Watch<T>;
  /** Gives its connections back; watches end. */
  close(): void;
}
