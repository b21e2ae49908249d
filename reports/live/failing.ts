import type { FailLine, SecondLine, SeriesLine } from "../../src/ledger/lines.ts";
import { cutTo } from "../escape.ts";

/** Causes that are told apart, and how many of them are shown: those that were seen last. */
const mostCauses = 300;
const mostShown = 12;
const longest = 600;

/** One cause of failures in one step, with the last example that the ledger keeps of it. */
export interface Failing {
  readonly journey: string;
  readonly step: string;
  readonly cause: string;
  readonly count: number;
  /** The second in which it was last counted. */
  readonly lastS: number;
  readonly example?: { readonly t: number; readonly user: number; readonly request: string; readonly status?: number; readonly error: string; readonly body: string };
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** What fails, the latest first. */
export class Failures {
  readonly #series = new Map<number, { readonly journey: string; readonly step: string }>();
  readonly #causes = new Map<string, Mutable<Failing>>();
  #changed = false;

  series({ id, journey, step }: SeriesLine): void {
    this.#series.set(id, { journey, step });
  }

  add({ s, c = [] }: SecondLine): void {
    for (const [series, cause, count] of c) {
      const failing = this.#cause(series, cause);
      if (!failing) continue;
      failing.count += count;
      failing.lastS = s;
      this.#changed = true;
    }
  }

  fail({ series, t, user, cause, request = "", status, error = "", body = "" }: FailLine): void {
    const failing = this.#cause(series, cause);
    if (!failing) return;
    failing.example = { t, user, request: cutTo(request, longest), ...(status !== undefined && { status }), error: cutTo(error, longest), body: cutTo(body, longest) };
    this.#changed = true;
  }

  whole(): Failing[] {
    return [...this.#causes.values()].filter(({ count }) => count > 0).sort((a, b) => b.lastS - a.lastS || b.count - a.count).slice(0, mostShown);
  }

  news(): Failing[] | undefined {
    if (!this.#changed) return undefined;
    this.#changed = false;
    return this.whole();
  }

  #cause(series: number, cause: string): Mutable<Failing> | undefined {
    const of = this.#series.get(series);
    if (!of) return undefined;
    const key = `${of.journey}\n${of.step}\n${cause}`;
    let failing = this.#causes.get(key);
    if (!failing) {
      if (this.#causes.size >= mostCauses) this.#forget();
      this.#causes.set(key, (failing = { ...of, cause: cutTo(cause, longest), count: 0, lastS: 0 }));
    }
    return failing;
  }

  /** The one that was not seen for the longest time makes room; the ledger has it. */
  #forget(): void {
    let oldest: readonly [string, Failing] | undefined;
    for (const entry of this.#causes) if (!oldest || entry[1].lastS < oldest[1].lastS) oldest = entry;
    if (oldest) this.#causes.delete(oldest[0]);
  }
}
