import type { ProbeFacts, ProbeLine } from "../../src/ledger/lines.ts";
import { sayAsked } from "../story.ts";

/** The last readings of a probe, for its curve. */
const mostReadings = 90;

/** A probe and what the world answered so far. */
export interface Asked {
  readonly name: string;
  readonly phase: number | undefined;
  /** `"≥ 4, every 10s"` */
  readonly asked: string;
  readonly count: number;
  readonly outside: number;
  readonly errors: number;
  /** Of the latest reading. */
  readonly state: "ok" | "outside" | "error" | "none";
  readonly text: string;
  readonly values: readonly (number | null)[];
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** The probes of a run, as they answer. */
export class Probes {
  #rows: (Mutable<Omit<Asked, "values">> & { readonly facts: ProbeFacts; values: (number | null)[] })[] = [];
  #changed = false;

  begin(probes: readonly ProbeFacts[]): void {
    this.#rows = probes.map((facts) => ({ facts, name: facts.name, phase: facts.phase, asked: sayAsked(facts), count: 0, outside: 0, errors: 0, state: "none", text: "", values: [] }));
    this.#changed = true;
  }

  add({ name, phase, value, ok, text, error }: ProbeLine): void {
    const row = this.#rows.find((one) => one.name === name && one.phase === phase);
    if (!row) return;
    const { atLeast = -Infinity, atMost = Infinity } = row.facts;
    const outside = ok === false || (value !== undefined && (value < atLeast || value > atMost));
    row.count += 1;
    row.outside += outside ? 1 : 0;
    row.errors += error !== undefined ? 1 : 0;
    row.state = error !== undefined ? "error" : outside ? "outside" : "ok";
    row.text = error ?? [value === undefined ? "" : String(Number(value.toPrecision(6))), ok === undefined ? "" : ok ? "ok" : "not ok", text ?? ""].filter(Boolean).join(", ");
    row.values.push(value ?? null);
    if (row.values.length > mostReadings) row.values.shift();
    this.#changed = true;
  }

  whole(): Asked[] {
    return this.#rows.map(({ facts: _facts, ...row }) => row);
  }

  news(): Asked[] | undefined {
    if (!this.#changed) return undefined;
    this.#changed = false;
    return this.whole();
  }
}
