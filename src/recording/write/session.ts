import { cookiesOf, loginOf, ownHeaders } from "./headers.ts";
import type { Ask, Pair } from "../recording.ts";
import type { Target } from "./targets.ts";

/** Headers that a session says from one ask on: the same for every request from there to the end, and the ask where that begins. */
type Standing = ReadonlyMap<Target, ReadonlyMap<string, number>>;

/** What the session knows by now, as the asks go by. */
export interface Memory {
  readonly standing: Standing;
  /** Names of cookies that an answer set. */
  readonly set: Set<string>;
  /** Cookies that were sent to each target the last time any were. */
  readonly sent: Map<Target, ReadonlyMap<string, string>>;
  /** When the last answer had come, NaN where a time is not known; undefined before the first. */
  endedMs: number | undefined;
}

export const remember = (asks: readonly Ask[], targetOf: (ask: Ask) => Target): Memory => ({ standing: standingOf(asks, targetOf), set: new Set(), sent: new Map(), endedMs: undefined });

/** Cookies that no answer set: a session from before the recording. */
export function newCookies({ headers, sets = [] }: Ask, target: Target, { set, sent }: Memory): Pair[] {
  const own = cookiesOf(headers);
  const known = sent.get(target);
  const fresh = own.filter(([name, value]) => !set.has(name) && known?.get(name) !== value);
  if (own.length > 0) sent.set(target, new Map(own));
  for (const name of sets) set.add(name);
  return fresh;
}

function standingOf(asks: readonly Ask[], targetOf: (ask: Ask) => Target): Standing {
  const byTarget = Map.groupBy(asks.map((ask, index) => ({ index, headers: new Map(ownHeaders(ask.headers)), target: targetOf(ask) })), ({ target }) => target);
  return new Map([...byTarget].map(([target, own]) => {
    const seen = new Map<string, { readonly from: number; readonly value: string; times: number }>();
    own.forEach(({ headers }, at) => {
      for (const [name, value] of headers) {
        const known = seen.get(name);
        if (!known) seen.set(name, { from: at, value, times: 1 });
        else if (known.value === value) known.times++;
      }
    });
    const staying = [...seen].filter(([name, { from, value, times }]) => {
      // A login that was there from the beginning is said by each request, in the driver's own words.
      const isLogin = name === "authorization" && from === 0 && loginOf(value) !== undefined;
      return times > 1 && times === own.length - from && !isLogin;
    });
    return [target, new Map(staying.map(([name, { from }]) => [name, own[from]!.index]))];
  }));
}
