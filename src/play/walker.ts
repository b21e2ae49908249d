import type { Mask } from "../mask/mask.ts";
import type { Sessions } from "../model/driver.ts";
import type { Feeder } from "../model/feeder.ts";
import type { Journey } from "../model/journey.ts";
import { cutCause, isLack, TouchFailed, type Failure, type Outcome, type Part, type Recorder } from "../model/op.ts";
import type { Setup } from "../model/setup.ts";
import type { User } from "../model/user.ts";
import { bounded, Slot } from "../ledger/book.ts";
import type { SeriesType, WalkFailure } from "../ledger/lines.ts";
import { durationMs, type Duration } from "../units/duration.ts";
import { problem, sayError } from "../units/errors.ts";
import type { Random } from "../units/random.ts";
import { Draft, Held } from "./draft.ts";
import type { Voyage } from "./voyage.ts";

/** Ends a walk on purpose: a check that must hold did not. */
class MustFailed extends Error {}

/** Failures that a counted walk tells of itself. */
const mostTold = 4;

/** How one walk went; `cut` ones are counted apart. */
export type WalkEnd = Outcome | "cut";

/**
 * One user of a journey: what the journey sees as `user`, what its drivers see as recorder, and
 * the life from opening the sessions to closing them.
 */
export class Walker implements User, Recorder {
  readonly id: number;
  readonly journey: string;
  readonly random: Random;
  walk = 0;
  /** How long the latest walk took, to its end or its cut. */
  walkedMs = 0;
  /** Settles when the walker is gone. */
  life: Promise<void> = Promise.resolve();

  readonly #voyage: Voyage;
  readonly #mask: Mask;
  readonly #spec: Journey;
  readonly #cut = new AbortController();
  /** Ends waits between walks, but not walks. */
  readonly #hurry = new AbortController();
  #leaving = false;
  #sessions: Sessions<any> | undefined;
  #state: unknown;
  /** When the next touch is due; -1 when it is due as it begins. */
  #dueMs = -1;
  #group = "";
  #latest: Slot | Held | undefined;
  #latestStep = "";
  /** The latest op counts as `ok`, so a check can take that back: once. */
  #good = false;
  /** When the latest touch began; a write that is noted now was done since. */
  #beganMs = 0;
  /** When the latest walk ended. */
  #endedMs = 0;
  #refused = 0;
  #unsure = 0;
  /** Touches of this walk that could not begin, for want of something on the generator's side. */
  #lacks = 0;
  /** Of a counted walk: its failures, the first few. */
  #told: WalkFailure[] | undefined;
  /** What the walk did, while it is not known whether it counts. */
  #draft: Draft | undefined;

  constructor(voyage: Voyage, journey: string, spec: Journey, id: number) {
    this.#voyage = voyage;
    this.#mask = voyage.mask.under();
    this.#spec = spec;
    this.journey = journey;
    this.id = id;
    this.random = voyage.random.fork("user", journey, id);
  }

  get signal(): AbortSignal {
    return this.#cut.signal;
  }

  /** True once it is to go after the walk under way. */
  get leaving(): boolean {
    return this.#leaving;
  }

  dismiss(): void {
    this.#leaving = true;
    this.#hurry.abort();
  }

  cut(): void {
    this.dismiss();
    this.#cut.abort(new Error("cut"));
  }

  // --- as a recorder

  op(step: string, beganMs: number, endedMs: number, outcome: Outcome, failure?: Failure): void {
    const due = this.#dueMs;
    this.#dueMs = -1;
    this.#beganMs = beganMs;
    if (this.#voyage.closed) return;
    if (failure?.cause === cutCause) {
      // Closed under a touch, and nobody cut this user: nobody waited for it.
      if (!this.signal.aborted) this.#voyage.forgotten(this.journey, step);
      return;
    }
    const name = this.#group === "" ? step : this.#group + step;
    if (failure && isLack(failure.cause)) return this.#lack(name, beganMs, endedMs, failure);
    const slot = this.#record("op", name, due >= 0 && due < beganMs ? due : beganMs, beganMs, endedMs, outcome);
    if (outcome === "refused") this.#refused += 1;
    else if (outcome === "unsure") this.#unsure += 1;
    if (failure) this.#fail(slot, name, endedMs, failure);
    this.#latest = slot;
    this.#latestStep = name;
    this.#good = outcome === "ok";
  }

  keeps(step: string, cause: string): boolean {
    const { book } = this.#voyage;
    if (this.#mayTell && book.tellsWalks) return !this.#voyage.closed && cause !== cutCause;
    return !this.#voyage.closed && cause !== cutCause && book.keeps(book.slot("op", this.#voyage.phase.index, this.journey, this.#group + step), cause);
  }

  tally(step: string, beganMs: number, outcome: Outcome, count: number, failure?: Failure): void {
    if (this.#voyage.closed) return;
    const { book, clock } = this.#voyage;
    const slot = book.slot("op", this.#voyage.phaseOf(beganMs), this.journey, this.#group + step);
    book.tally(slot, clock.now(), outcome, count);
    if (outcome === "refused") this.#refused += count;
    else if (outcome === "unsure") this.#unsure += count;
    if (failure) book.fail(slot, clock.now(), this.id, this.#masked(slot, failure), count);
  }

  begun(): void {
    this.#dueMs = -1;
  }

  part(step: string, part: Part, beganMs: number, ms: number): void {
    if (this.#voyage.closed) return;
    const nowMs = this.#voyage.clock.now();
    this.#put(part, this.#voyage.phaseOf(beganMs), this.#group + step, nowMs - ms, nowMs - ms, nowMs, "ok");
  }

  /** The service never heard of this touch: it is counted by its cause alone, and neither are the group and the walk around it. */
  #lack(name: string, beganMs: number, endedMs: number, seen: Failure): void {
    const { book } = this.#voyage;
    const slot = book.slot("op", this.#voyage.phaseOf(beganMs), this.journey, name);
    const failure = this.#masked(slot, seen);
    this.#lacks += 1;
    this.#good = false;
    this.#tell(name, failure);
    book.fail(slot, endedMs, this.id, failure);
  }

  #record(type: "op" | "group" | "walk", step: string, dueMs: number, beganMs: number, endedMs: number, outcome: Outcome): Slot | Held {
    return this.#put(type, this.#voyage.phaseOf(beganMs), step, dueMs, beganMs, endedMs, outcome);
  }

  #put(type: SeriesType, phase: number, step: string, dueMs: number, beganMs: number, endedMs: number, outcome: Outcome): Slot | Held {
    const { book } = this.#voyage;
    if (this.#draft?.isFull) this.#settleDraft(false);
    if (this.#draft) return this.#draft.record(type, phase, step, [dueMs, beganMs, endedMs, outcome]);
    const slot = book.slot(type, phase, this.journey, step);
    book.record(slot, dueMs, beganMs, endedMs, outcome);
    return slot;
  }

  /** A failure as it may be written down. Only the first few of each cause are; of the others the cause alone is counted. */
  #masked(at: Slot | Held, seen: Failure): Failure {
    const cause = this.#mask.text(seen.cause);
    if (at instanceof Slot && !this.#mayTell && !this.#voyage.book.keeps(at, cause)) return cause === seen.cause ? seen : { ...seen, cause };
    return this.#mask.failure(seen);
  }

  #fail(at: Slot | Held, step: string, tMs: number, seen: Failure): void {
    const failure = this.#masked(at, seen);
    this.#tell(step, failure);
    if (this.#draft?.isFull) this.#settleDraft(false);
    if (at instanceof Slot) this.#voyage.book.fail(at, tMs, this.id, failure);
    else if (this.#draft) this.#draft.fail(at, tMs, this.id, failure);
    else this.#voyage.book.fail(at.slot!, tMs, this.id, failure);
  }

  get #mayTell(): boolean {
    return this.#told !== undefined && this.#told.length < mostTold;
  }

  #tell(step: string, failure: Failure): void {
    if (this.#mayTell) this.#told!.push({ step, ...bounded(failure) });
  }

  #settleDraft(again: boolean): void {
    this.#draft?.settle(this.#voyage.book, this.journey, again);
    this.#draft = undefined;
  }

  /** False once a walk did so much that what it did could not be held back. */
  get mayForget(): boolean {
    return this.#draft !== undefined;
  }

  /** Writes down what a counted walk did: as what counts, or as what was walked again. Answers its failures. */
  settle(again: boolean): readonly WalkFailure[] {
    if (!this.#voyage.closed) this.#settleDraft(again);
    const told = this.#told ?? [];
    this.#told = undefined;
    return told;
  }

  // --- as the journey's user

  /** Waits, and marks the end of the wait as the time when the next touch is due. One frame: every user that thinks holds it. */
  async think(least: Duration, most?: Duration): Promise<void> {
    const leastMs = durationMs(least, "think");
    const ms = most === undefined ? leastMs : this.random.between(leastMs, durationMs(most, "think"));
    const untilMs = this.#voyage.clock.now() + ms;
    await this.#voyage.clock.until(untilMs, this.signal);
    this.#dueMs = untilMs;
  }

  pick<T>(list: readonly T[]): T;
  pick<Name extends string>(weights: Readonly<Record<Name, number>>): Name;
  pick(from: never): unknown {
    return this.random.pick(from);
  }

  feed<Row>(feeder: Feeder<Row>): Promise<Row> {
    return this.#voyage.feeds.next(feeder, `${this.journey} ${this.id}`, this.random);
  }

  given<Data>(setup: Setup<Data>): Data {
    if (this.#voyage.parts.plan.setup?.setup !== setup) throw problem("SEA_SETUP_FOREIGN", { journey: this.journey }, `journeys.${this.journey}`);
    return this.#voyage.given as Data;
  }

  measure(name: string, ms: number): void {
    this.learned(this.#group + name, ms);
  }

  learned(name: string, ms: number): void {
    if (!(ms >= 0 && ms < Infinity)) throw problem("SEA_MEASURE", { name, value: String(ms) }, `journeys.${this.journey}`);
    if (this.#voyage.closed) return;
    const nowMs = this.#voyage.clock.now();
    // It belongs to where it was learned, also when it reaches back into the phase before.
    this.#put("measure", this.#voyage.phaseOf(nowMs), name, nowMs - ms, nowMs - ms, nowMs, "ok");
  }

  async step<T>(name: string, walk: () => Promise<T>): Promise<T> {
    const outer = this.#group;
    const [beganMs, refused, unsure, lacks] = [this.#voyage.clock.now(), this.#refused, this.#unsure, this.#lacks];
    this.#group = `${outer}${name} › `;
    let thrown = true;
    try {
      const answer = await walk();
      thrown = false;
      return answer;
    } finally {
      this.#group = outer;
      if (!this.signal.aborted && !this.#voyage.closed && this.#lacks === lacks) {
        const outcome = this.#unsure > unsure ? "unsure" : thrown || this.#refused > refused ? "refused" : "ok";
        this.#record("group", outer + name, beganMs, beganMs, this.#voyage.clock.now(), outcome);
      }
    }
  }

  check(name: string, ok: boolean): boolean {
    if (ok || this.#voyage.closed) return ok;
    this.#refused += 1;
    const { book, clock } = this.#voyage;
    const latest = this.#latest;
    if (latest && this.#good) {
      const slot = latest instanceof Slot ? latest : latest.slot;
      if (slot) book.refuse(slot);
      else (latest as Held).refused = true;
    }
    this.#good = false;
    const failure = { cause: `check: ${name}` };
    const phase = this.#voyage.phaseOf(clock.now());
    if (latest) this.#fail(latest, this.#latestStep, clock.now(), failure);
    else {
      if (this.#draft?.isFull) this.#settleDraft(false);
      this.#fail(this.#draft ? new Held("walk", phase, "", () => undefined) : book.slot("walk", phase, this.journey, ""), "", clock.now(), failure);
    }
    return false;
  }

  must(name: string, ok: boolean): void {
    if (!this.check(name, ok)) throw new MustFailed(name);
  }

  secret(text: string): void {
    this.#mask.keep(text);
  }

  attempt(kind: string, id: string): void {
    this.#voyage.noted.attempt(kind, id, this.#voyage.clock.now());
  }

  note(kind: string, id: string): void {
    this.#voyage.noted.note(kind, id, { beganMs: this.#beganMs, notedMs: this.#voyage.clock.now() });
  }

  // --- its life

  /**
   * Opens what is not open yet, and walks once. `dueMs` is when the pace wanted it to. A counted walk is
   * `told` one by one; where it may be walked again it is `held` back until `settle`.
   */
  async go(dueMs: number, asNewVisitor: boolean, counted?: "told" | "held"): Promise<WalkEnd> {
    const { clock } = this.#voyage;
    this.#told = counted && [];
    this.#draft = counted === "held" ? new Draft() : undefined;
    const beganMs = clock.now();
    this.#refused = this.#unsure = this.#lacks = 0;
    this.#latest = undefined;
    this.#group = "";
    this.#dueMs = dueMs;
    let crash: string | undefined;
    let end: WalkEnd | undefined;
    try {
      if (!this.#sessions) {
        await this.#begin();
      } else if (asNewVisitor) {
        for (const [name, driver] of Object.entries(this.#spec.drivers)) driver.renew?.(this.#sessions[name]);
        this.#state = await this.#spec.start?.(this.#sessions, this);
      }
      await this.#spec.walk(this.#sessions!, this, this.#state);
    } catch (error) {
      if (this.signal.aborted) end = "cut";
      else if (error instanceof TouchFailed) end = error.outcome;
      else {
        end = "refused";
        if (!(error instanceof MustFailed)) crash = describe(error);
      }
    }
    // Whatever comes between this walk and the next is not late by the think time of this one.
    this.#dueMs = -1;
    // A walk that got to its end in spite of the cut was a whole walk.
    end ??= this.#unsure > 0 ? "unsure" : this.#refused > 0 ? "refused" : "ok";
    this.walk += 1;
    const endedMs = (this.#endedMs = clock.now());
    this.walkedMs = endedMs - beganMs;
    if (asNewVisitor && this.#sessions) for (const [name, driver] of Object.entries(this.#spec.drivers)) driver.rest?.(this.#sessions[name]);
    if (end === "cut" || this.#voyage.closed) return "cut";
    if (this.#lacks > 0) return "unsure";
    const slot = this.#record("walk", "", Math.min(dueMs, beganMs), beganMs, endedMs, end);
    if (crash !== undefined) this.#fail(slot, "", endedMs, { cause: `crash: ${crash.split("\n")[0]}`, error: crash });
    return end;
  }

  /** A user that could not begin has no sessions, and tries again with its next walk. */
  async #begin(): Promise<void> {
    const sessions = await this.#voyage.openSessions(this.#spec.drivers, this, this.signal, this.random, this.#mask);
    try {
      this.#state = await this.#spec.start?.(sessions, this);
    } catch (error) {
      await this.#voyage.closeSessions(this.#spec.drivers, sessions);
      throw error;
    }
    this.#sessions = sessions;
  }

  /**
   * Waits as the journey says between two walks, at least `leastMs`; answers when the next walk
   * is due, at once where there is nothing to wait for. Ends early when the user is dismissed or cut.
   */
  wait(leastMs: number): number | Promise<number> {
    const ms = Math.max(leastMs, this.#waitMs());
    if (ms === 0) return this.#endedMs;
    const untilMs = this.#voyage.clock.now() + ms;
    if (this.leaving) return untilMs;
    return this.#voyage.clock.sleep(ms, this.#hurry.signal).then(() => untilMs, () => untilMs);
  }

  /** The journey's own code, which may throw or answer nonsense: that must not end the user's life, or the run's. */
  #waitMs(): number {
    if (!this.#spec.wait) return 0;
    try {
      const ms = this.#spec.wait(this.walkedMs, this.random);
      if (ms >= 0) return ms;
      throw new RangeError(`it answered ${ms}`);
    } catch (error) {
      this.#voyage.say("error", `the wait of ${this.journey} failed: ${sayError(error)}`);
      this.dismiss();
      return 0;
    }
  }

  /** Says goodbye where it may, and closes the sessions. Never throws. */
  async leave(): Promise<void> {
    const sessions = this.#sessions;
    if (!sessions) return;
    this.#sessions = undefined;
    try {
      if (!this.signal.aborted) await this.#spec.stop?.(sessions, this, this.#state);
    } catch (error) {
      if (!(error instanceof TouchFailed) && !this.signal.aborted) this.#voyage.say("warning", `the stop hook of ${this.journey} failed: ${sayError(error)}`);
    }
    await this.#voyage.closeSessions(this.#spec.drivers, sessions);
  }
}

/** Name and message, and the first line of the stack that shows where. */
function describe(error: unknown): string {
  if (!(error instanceof Error) || typeof error.stack !== "string") return sayError(error);
  const where = error.stack.split("\n").find((line) => line.trimStart().startsWith("at ") && !line.includes("node:"));
  return `${sayError(error)}${where ? `\n${where.trim()}` : ""}`;
}
