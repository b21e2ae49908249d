import { parts, type Part, type Recorder } from "../../src/model/op.ts";
import { sayMs } from "../../src/units/duration.ts";

/**
 * Where the time of a request went, in ms, redirects included; together they are all of it. What a request
 * did not need (a name, a connection, TLS) is undefined, and what it was too quick for is 0.
 */
export type Timings = { readonly [P in Part as `${P}Ms`]: P extends "dns" | "connect" | "tls" ? number | undefined : number };

/** A connection that is being made; moments by the run's clock, undefined for what has not come. */
export interface Way {
  /** It needs an address first. */
  readonly isNamed: boolean;
  readonly isSecure: boolean;
  readonly foundMs: number | undefined;
  /** Through proxies, too. */
  readonly connectedMs: number | undefined;
  /** Requests may be written to it. */
  readonly openedMs: number | undefined;
}

/** How far one request came, and when. */
export interface Marks {
  /** It got a connection, or the one that is being made for it. */
  boardedMs: number | undefined;
  /** Of a connection that is being made for it. */
  way: Way | undefined;
  /** The last byte left. */
  sentMs: number | undefined;
  /** The first byte of the answer came. */
  heardMs: number | undefined;
}

/** One request and its end. Without marks it was written at once to a connection that was there, and heard in one piece. */
export interface Leg {
  readonly beganMs: number;
  readonly endedMs: number;
  readonly marks: Marks | undefined;
}

/** In their order, the parts of a leg as far as it came. */
function* partsOf({ beganMs, endedMs, marks }: Leg, isWhole: boolean): Generator<readonly [Part, number]> {
  const way = marks?.way;
  const ends: readonly (readonly [Part, number | undefined])[] = marks
    ? [
        ["blocked", marks.boardedMs],
        ...(way?.isNamed ? [["dns", way.foundMs] as const] : []),
        ...(way ? [["connect", way.connectedMs] as const] : []),
        ...(way?.isSecure ? [["tls", way.openedMs] as const] : []),
        // An answer may come before the request has left.
        ["sending", marks.sentMs ?? marks.heardMs],
        ["waiting", marks.heardMs ?? (isWhole ? endedMs : undefined)],
        ["receiving", undefined],
      ]
    : [["blocked", beganMs], ["sending", beganMs], ["waiting", isWhole ? endedMs : undefined], ...(isWhole ? [["receiving", endedMs] as const] : [])];
  let atMs = beganMs;
  for (const [part, endMs] of ends) {
    const toMs = Math.min(endedMs, Math.max(atMs, endMs ?? endedMs));
    yield [part, toMs - atMs];
    if (endMs === undefined) return;
    atMs = toMs;
  }
}

function sums(legs: readonly Leg[], isWhole: boolean): ReadonlyMap<Part, number> {
  const all = new Map<Part, number>();
  legs.forEach((leg, nth) => {
    for (const [part, ms] of partsOf(leg, isWhole || nth < legs.length - 1)) all.set(part, (all.get(part) ?? 0) + ms);
  });
  return all;
}

/** Of a request that was answered, whatever redirects it took. */
export function timingsOf(legs: readonly Leg[]): Timings {
  const all = sums(legs, true);
  return Object.fromEntries(parts.map((part) => [`${part}Ms`, all.get(part)])) as Timings;
}

/** Writes them down beside their touch. */
export function recordParts(record: Recorder, { step, beganMs }: { readonly step: string; readonly beganMs: number }, timings: Timings): void {
  for (const part of parts) {
    const ms = timings[`${part}Ms`];
    if (ms !== undefined) record.part?.(step, part, beganMs, ms);
  }
}

/** Of a request that was not: `"connect 3ms, tls 12ms, waiting 4.985s"`. The last one is where it stood. */
export function sayProgress(legs: readonly Leg[]): string {
  const said = [...sums(legs, false)];
  return said.filter(([, ms], nth) => ms >= 0.05 || nth === said.length - 1).map(([part, ms]) => `${part} ${sayMs(ms)}`).join(", ");
}
