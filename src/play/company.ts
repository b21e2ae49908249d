import type { Book } from "../ledger/book.ts";
import type { ClosedPace } from "../model/progress.ts";
import type { Plan, PlannedPhase } from "../plan/plan.ts";
import { userNumbers, type Shard } from "../plan/shard.ts";
import { Crew, type Since } from "./crew.ts";
import type { Voyage } from "./voyage.ts";

/**
 * Everybody who walks: in this thread, or shared out to workers. `play` gives the orders, and does
 * not know which. Whoever wants another one, such as more users in the middle of a phase, adds it
 * here, and to the orders of workers.
 */
export interface Company {
  /** Users aboard now, as far as is known. */
  readonly size: number;
  /** The closed paces of the phase, with what a person added to them. */
  readonly closed: readonly ClosedPace[];
  /** Up to here everything that happened is in the book. */
  readonly countedMs: number;
  /** So long after a second is over it can be looked at. */
  readonly settleMs: number;
  /** All take up the paces of a phase. */
  enter(phase: PlannedPhase, beginMs: number): void;
  /** Adds users to a closed pace, or takes some away, until the phase ends; answers what is wanted then. */
  adjust(journey: string, delta: number): ClosedPace | undefined;
  /** Settles when all counted paces of the phase have walked all their walks. */
  counted(): Promise<unknown>;
  /** Settles when every start that is due in the phase was begun or dropped. */
  arrived(): Promise<unknown>;
  /** Nobody begins a walk any more; walks under way go on. */
  dismiss(): void;
  /** Ends the walks under way. */
  cut(): void;
  /** Settles when everyone is gone. */
  gone(): Promise<unknown>;
  /** Returns when all that was noted so far is written; answers what is missing for good, in words. Bounded. */
  gather(): Promise<string | undefined>;
  /** Closes the seconds that are over; true when somebody who walks could not keep up in one of them. */
  turn(nowMs: number): boolean;
  /** Closes the second that is under way, at the end of the run. Bounded. */
  finish(): Promise<void>;
}

/** What a company takes part in. */
export interface Deck {
  readonly plan: Plan;
  readonly voyage: Voyage;
  readonly book: Book;
}

/** All crews in this thread. */
export class OwnCompany implements Company {
  readonly settleMs = 0;
  countedMs = 0;
  readonly #book: Book;
  readonly #crews: ReadonlyMap<string, Crew>;

  /** @param shard which part of a plan's users these are, where there are others */
  constructor({ plan, voyage, book }: Deck, shard: Shard = { index: 0, of: 1 }, firstUser = 0) {
    this.#book = book;
    this.#crews = new Map(Object.entries(plan.journeys).map(([name, journey]) => [name, new Crew(voyage, name, journey, userNumbers(plan, name, shard, firstUser))]));
  }

  get size(): number {
    let size = 0;
    for (const crew of this.#crews.values()) size += crew.size;
    return size;
  }

  get closed(): readonly ClosedPace[] {
    return [...this.#crews.values()].flatMap((crew) => crew.closed ?? []);
  }

  adjust(journey: string, delta: number): ClosedPace | undefined {
    return this.#crews.get(journey)?.adjust(delta);
  }

  #all(act: (crew: Crew, journey: string) => Promise<void> | void): Promise<unknown> {
    return Promise.all([...this.#crews].map(([journey, crew]) => act(crew, journey)));
  }

  enter(phase: PlannedPhase, beginMs: number, sinceOf: (journey: string) => Since | undefined = () => undefined): void {
    void this.#all((crew, journey) => crew.enter(phase, phase.load.get(journey), beginMs, sinceOf(journey)));
  }

  counted(): Promise<unknown> {
    return this.#all((crew) => crew.counted);
  }

  arrived(): Promise<unknown> {
    return this.#all((crew) => crew.arrived);
  }

  dismiss(): void {
    void this.#all((crew) => crew.dismiss());
  }

  cut(): void {
    void this.#all((crew) => crew.cut());
  }

  gone(): Promise<unknown> {
    return this.#all((crew) => crew.gone());
  }

  async gather(): Promise<undefined> {
    this.#book.writeNotes();
  }

  turn(nowMs: number): boolean {
    this.#book.turn(nowMs);
    this.countedMs = Math.floor(nowMs / 1_000) * 1_000;
    return false;
  }

  async finish(): Promise<void> {
    this.#book.finish();
  }
}
