import type { Clock } from "../../../src/units/clock.ts";
import { sayMs } from "../../../src/units/duration.ts";

/** An outage of less is not worth a word. */
const shortMs = 2_000;

/** All watches of one server lose it together: the person watching hears of it once, and once when it is over. */
export class Outage {
  readonly #clock: Clock;
  readonly #say: (line: string) => void;
  readonly #server: string;
  readonly #away = new Map<object, number>();
  #saidSinceMs: number | undefined;

  constructor(clock: Clock, server: string, say: (line: string) => void) {
    this.#clock = clock;
    this.#server = server;
    this.#say = say;
  }

  /** The watch hears nothing since then. Said again and again while it lasts. */
  away(watch: object, sinceMs: number, why: string): void {
    this.#away.set(watch, sinceMs);
    if (this.#saidSinceMs !== undefined || this.#clock.now() - sinceMs < shortMs) return;
    this.#saidSinceMs = sinceMs;
    this.#say(`watches of ${this.#server} hear nothing (${why}); they go on as soon as it answers`);
  }

  back(watch: object): void {
    if (!this.#away.delete(watch) || this.#away.size > 0 || this.#saidSinceMs === undefined) return;
    this.#say(`watches of ${this.#server} go on after ${sayMs(this.#clock.now() - this.#saidSinceMs)}`);
    this.#saidSinceMs = undefined;
  }
}
