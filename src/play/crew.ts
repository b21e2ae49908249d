import type { Journey } from "../model/journey.ts";
import type { ClosedPace } from "../model/progress.ts";
import type { PlannedArrivals, PlannedPace, PlannedPhase, PlannedTimes, PlannedUsers } from "../plan/plan.ts";
import { startsOf, usersAt } from "../plan/schedule.ts";
import { crewOf, walkNumbers, walksIn } from "../plan/walks.ts";
import { toMicros } from "../units/duration.ts";
import { sayError } from "../units/errors.ts";
import type { PaceSlot } from "../ledger/book.ts";
import { Walker, type WalkEnd } from "./walker.ts";
import type { Voyage } from "./voyage.ts";

/** How often a changing number of users is looked at. */
const musterMs = 100;
/** A user whose walk failed at once rests so long, so that a dead service is not asked in a tight loop. */
const stumbleMs = 50;
/** By hand a pace gets no more users than this: a slip of the finger must not take the machine down. */
export const mostByHand = 10_000;

/** Numbers for users, unique in the run: `first`, `first + step`, … */
export interface Ids {
  readonly first: number;
  readonly step: number;
}

/** Where somebody takes over a pace that is under way. */
export interface Since {
  /** What was due before is gone. */
  readonly fromMs: number;
  /** Walks of a counted pace that were begun already. */
  readonly begun: number;
}

/**
 * All users of one journey, over all phases: users stay aboard from phase to phase as long as
 * the pace is of the same kind, so the load has no dent where phases meet.
 */
export class Crew {
  readonly #voyage: Voyage;
  readonly #journey: string;
  readonly #spec: Journey;
  readonly #aboard = new Set<Walker>();
  /** Those of an open pace that have nothing to do, latest last. */
  #idle: Walker[] = [];
  #next: number;
  readonly #step: number;
  /** Ends what the pace of this phase does; users may stay. */
  #watch = new AbortController();
  #kind: PlannedPace["kind"] | undefined;
  /** Users that a closed pace wants now by plan, and what a person added to it in this phase. */
  #planned: number | undefined;
  #byHand = 0;
  #pace: PaceSlot;
  /** Settles when a counted pace has walked all its walks. */
  counted: Promise<void> = Promise.resolve();
  /** Settles when every start that is due in the phase was begun or dropped. */
  arrived: Promise<void> = Promise.resolve();

  constructor(voyage: Voyage, journey: string, spec: Journey, { first, step }: Ids) {
    this.#next = first;
    this.#step = step;
    this.#voyage = voyage;
    this.#journey = journey;
    this.#spec = spec;
    this.#pace = voyage.book.pace(0, journey);
  }

  get size(): number {
    return this.#aboard.size;
  }

  /** The users of a closed pace; undefined where the pace is of another kind. */
  get closed(): ClosedPace | undefined {
    const planned = this.#planned;
    return planned === undefined ? undefined : { journey: this.#journey, users: this.size, planned, wanted: Math.max(0, planned + this.#byHand) };
  }

  /** Adds users to a closed pace, or takes some away, until the phase ends; answers what is wanted then. */
  adjust(delta: number): ClosedPace | undefined {
    const { planned, wanted } = this.closed ?? {};
    if (planned === undefined || wanted === undefined) return undefined;
    this.#byHand = Math.min(Math.max(mostByHand, planned), Math.max(0, wanted + delta)) - planned;
    this.#fit();
    return this.closed;
  }

  /** Takes up the pace of a phase, or none; from its begin, or later where another's share is taken over. */
  enter(phase: PlannedPhase, pace: PlannedPace | undefined, beginMs: number, { fromMs, begun }: Since = { fromMs: beginMs, begun: 0 }): void {
    this.#watch.abort();
    if (pace?.kind !== this.#kind || pace?.kind === "times") this.dismiss();
    this.#watch = new AbortController();
    this.#planned = undefined;
    this.#pace.users = 0;
    this.#pace = this.#voyage.book.pace(phase.index, this.#journey);
    this.#kind = pace?.kind;
    this.#byHand = 0;
    this.#pace.users = this.#aboard.size;
    const signal = this.#watch.signal;
    this.counted = this.arrived = Promise.resolve();
    if (pace?.kind === "arrivals") this.arrived = this.#arrive(pace, phase, beginMs, fromMs, signal);
    else if (pace?.kind === "users") void this.#muster(pace, beginMs, signal);
    else if (pace?.kind === "times") this.counted = this.#count(pace, begun, signal);
  }

  /** Begins no walk any more; walks under way go on. */
  dismiss(): void {
    this.#watch.abort();
    this.#planned = undefined;
    for (const walker of this.#aboard) walker.dismiss();
    for (const walker of this.#idle) walker.life = this.#farewell(walker);
    this.#idle = [];
    this.#kind = undefined;
  }

  cut(): void {
    for (const walker of this.#aboard) walker.cut();
  }

  /** Settles when everyone is gone. */
  async gone(): Promise<void> {
    while (this.#aboard.size > 0) await Promise.all([...this.#aboard].map((walker) => walker.life));
  }

  #board(): Walker {
    const walker = new Walker(this.#voyage, this.#journey, this.#spec, this.#next);
    this.#next += this.#step;
    this.#aboard.add(walker);
    this.#pace.users = this.#aboard.size;
    return walker;
  }

  async #farewell(walker: Walker): Promise<void> {
    await walker.leave();
    this.#aboard.delete(walker);
    this.#pace.users = this.#aboard.size;
  }

  /** A walk is counted where it began: one that is cut in a later phase is missing in its own. */
  #walked(pace: PaceSlot, end: WalkEnd): void {
    if (end === "cut") pace.cut += 1;
    else pace.ended += 1;
  }

  // --- open: starts at their times

  async #arrive(pace: PlannedArrivals, phase: PlannedPhase, beginMs: number, fromMs: number, signal: AbortSignal): Promise<void> {
    const { clock, random } = this.#voyage;
    const label = pace.split ? "shared" : this.#journey;
    try {
      for (const offsetMs of startsOf(pace, phase.forMs ?? Infinity, random.fork("arrivals", phase.index, label))) {
        const dueMs = beginMs + Math.abs(offsetMs);
        if (dueMs < fromMs) continue;
        if (dueMs > clock.now()) await clock.until(dueMs, signal);
        if (signal.aborted) return;
        if (offsetMs >= 0) this.#start(dueMs, pace.most);
      }
    } catch (error) {
      if (!signal.aborted) this.#voyage.say("error", `the pace of ${this.#journey} broke: ${sayError(error)}`);
    }
  }

  #start(dueMs: number, most: number): void {
    const walker = this.#idle.pop() ?? (this.#aboard.size < most ? this.#board() : undefined);
    if (!walker) {
      this.#pace.dropped += 1;
      return;
    }
    this.#pace.starts += 1;
    walker.life = this.#visit(walker, dueMs);
  }

  async #visit(walker: Walker, dueMs: number): Promise<void> {
    const pace = this.#pace;
    this.#walked(pace, await walker.go(dueMs, true));
    if (walker.leaving || walker.signal.aborted) await this.#farewell(walker);
    else this.#idle.push(walker);
  }

  // --- closed: so many users, again and again

  async #muster(pace: PlannedUsers, beginMs: number, signal: AbortSignal): Promise<void> {
    const { clock } = this.#voyage;
    const held = this.#aboard.size;
    const changes = pace.curve !== undefined || pace.overMs > 0 || pace.spawn !== Infinity;
    try {
      for (;;) {
        this.#planned = usersAt(pace, clock.now() - beginMs, held);
        this.#fit();
        if (!changes) return;
        await clock.sleep(musterMs, signal);
      }
    } catch (error) {
      if (!signal.aborted) this.#voyage.say("error", `the pace of ${this.#journey} broke: ${sayError(error)}`);
    }
  }

  /** As many users as are wanted now. */
  #fit(): void {
    const { wanted } = this.closed!;
    const staying = [...this.#aboard].filter((walker) => !walker.leaving);
    for (let n = staying.length; n < wanted; n++) {
      const walker = this.#board();
      walker.life = this.#again(walker);
    }
    // The latest to come are the first to go.
    for (const walker of staying.slice(wanted)) walker.dismiss();
  }

  /** One user's rounds. */
  async #again(walker: Walker): Promise<void> {
    const { clock } = this.#voyage;
    for (let dueMs = clock.now(); !walker.leaving; ) {
      const pace = this.#pace;
      pace.starts += 1;
      const end = await walker.go(dueMs, false);
      this.#walked(pace, end);
      const stumbled = walker.walkedMs === 0 || (end !== "ok" && walker.walkedMs < stumbleMs);
      const nextMs = walker.wait(stumbled ? stumbleMs : 0);
      dueMs = typeof nextMs === "number" ? nextMs : await nextMs;
    }
    await this.#farewell(walker);
  }

  // --- counted

  async #count(pace: PlannedTimes, begun: number, signal: AbortSignal): Promise<void> {
    const slot = this.#pace;
    let left = Math.max(0, walksIn(pace) - begun);
    const numbers = walkNumbers(pace);
    for (let n = 0; n < begun; n++) numbers.next();
    const walk = async (first: Walker, quota: number): Promise<void> => {
      let walker = first;
      for (let own = 0; !signal.aborted && !walker.leaving && (pace.each ? own < quota : left > 0); own++) {
        left -= 1;
        slot.starts += 1;
        walker = await this.#see(walker, slot, numbers.next().value ?? 0, signal);
        await walker.wait(0);
        if (pace.each && (signal.aborted || walker.leaving)) slot.dropped += quota - own - 1;
      }
      await this.#farewell(walker);
    };
    const walkers = Array.from({ length: Math.min(crewOf(pace), left) }, () => this.#board());
    // `count` for each, unless some were begun by others: then what is left of them, evenly.
    const quotas = walkers.map((_, index) => Math.ceil((left - index) / walkers.length));
    await Promise.all(walkers.map((walker, index) => (walker.life = walk(walker, quotas[index]!))));
    // The phase was over before they came to it: they were due, and nobody walked them.
    if (!pace.each) slot.dropped += left;
  }

  /** One walk of a counted pace, again and again while it fails and may; answers who walked it last. */
  async #see(first: Walker, slot: PaceSlot, number: number, signal: AbortSignal): Promise<Walker> {
    const { clock, book, parts } = this.#voyage;
    const retries = parts.plan.regression?.retries ?? 0;
    for (let walker = first, attempt = 0; ; attempt++) {
      const end = await walker.go(clock.now(), false, attempt < retries ? "held" : "told");
      const again = (end === "refused" || end === "unsure") && attempt < retries && !signal.aborted && !walker.leaving && walker.mayForget;
      const failures = walker.settle(again);
      book.walked({
        k: "walk", t: toMicros(clock.now()), phase: slot.phase, journey: this.#journey, walk: number, attempt,
        user: walker.id, outcome: end, ms: toMicros(walker.walkedMs), ...(again && { again }), failures,
      });
      if (!again) {
        this.#walked(slot, end);
        return walker;
      }
      // What the one that failed holds must neither help nor hinder the next, who is aboard before it leaves: nobody may take the crew for gone.
      const fresh = this.#board();
      fresh.life = walker.life;
      await this.#farewell(walker);
      if (signal.aborted) fresh.dismiss();
      walker = fresh;
    }
  }
}
