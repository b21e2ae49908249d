import { Merge } from "../../ledger/merge.ts";
import type { Driver } from "../../model/driver.ts";
import type { ClosedPace } from "../../model/progress.ts";
import type { Plan, PlannedPhase } from "../../plan/plan.ts";
import { epochOf } from "../../units/clock.ts";
import { sayMs, toMicros } from "../../units/duration.ts";
import { problem, sayError } from "../../units/errors.ts";
import type { Company, Deck } from "../company.ts";
import { mostByHand } from "../crew.ts";
import { withDeadline } from "../deadline.ts";
import { healthLine } from "../health.ts";
import type { Noted } from "../noted.ts";
import type { Begun, Order, Report, Spoken, Thread, Word } from "./orders.ts";
import { Seat } from "./seat.ts";

/** Beats of a second without a word, and a worker is taken for hung. */
const mostSilentBeats = 10;
/** A second waits so long for the last worker to tell of it. */
const mostWaitS = 3;
/** More deaths than this in one place are no accident. */
const mostDeaths = 3;
const gatherWithinMs = 2_000;
const finishWithinMs = 2_000;
const endWithinMs = 5_000;
/** So many errors are told apart, to say each once and not once a worker. */
const mostSaid = 200;
/** Users of one that takes over have numbers that nobody had. */
const idsEach = 100_000_000;

/** The workers of a run. */
export interface Workers {
  /** One for each place, started and waiting. */
  readonly threads: readonly Thread[];
  /** Another one for a place whose worker died; rejects when it can't be had. */
  readonly start: (index: number) => Promise<Thread>;
  readonly run: string;
  readonly seed: number;
}

/**
 * Everybody who walks, shared out to workers. They hear what is to be done and tell once a second
 * what came of it. One that dies is seen, its share is given to a fresh one, and the ledger says
 * from when to when nobody knows what it did.
 */
export class ThreadCompany implements Company {
  readonly settleMs = 150;
  readonly #deck: Deck;
  readonly #noted: Noted;
  readonly #fail: (reason: string) => void;
  readonly #workers: Workers;
  readonly #merge: Merge;
  readonly #seats: readonly Seat[];
  readonly #services: readonly string[];
  readonly #past: Begun[] = [];
  readonly #said = new Set<string>();
  #now: Begun | undefined;
  #isDismissed = false;
  #hasFailed = false;
  #hasFinished = false;
  #isBehind = false;
  #waits: { readonly is: () => boolean; readonly resolve: () => void }[] = [];

  constructor(deck: Deck, noted: Noted, fail: (reason: string) => void, workers: Workers) {
    this.#deck = deck;
    this.#noted = noted;
    this.#fail = fail;
    this.#workers = workers;
    this.#merge = new Merge(deck.book);
    this.#services = servicesOf(deck.plan);
    this.#seats = workers.threads.map((thread, index) => new Seat(index, thread));
    for (const seat of this.#seats) this.#begin(seat, seat.thread!);
  }

  get size(): number {
    return this.#seats.reduce((sum, { size }) => sum + size, 0);
  }

  get closed(): readonly ClosedPace[] {
    if (this.#isDismissed) return [];
    return Object.keys(this.#deck.plan.journeys).flatMap((journey) => this.#sum(journey) ?? []);
  }

  /** User by user: the next one comes where the fewest are wanted, and goes where the most are. */
  adjust(journey: string, delta: number): ClosedPace | undefined {
    const sum = this.#isDismissed ? undefined : this.#sum(journey);
    if (!sum) return undefined;
    const wanted = Math.min(Math.max(mostByHand, sum.planned), Math.max(0, sum.wanted + delta));
    const shares = this.#seats.flatMap((seat) => {
      const share = seat.share(journey);
      return share ? [{ seat, planned: share.planned, wanted: share.wanted, change: 0 }] : [];
    });
    const step = Math.sign(wanted - sum.wanted);
    for (let left = Math.abs(wanted - sum.wanted); left > 0; left--) {
      const next = shares.reduce((a, b) => (step * b.wanted < step * a.wanted ? b : a));
      next.wanted += step;
      next.change += step;
    }
    for (const { seat, planned, wanted, change } of shares) {
      if (change === 0) continue;
      seat.byHand.set(journey, wanted - planned);
      seat.thread?.tell({ k: "adjust", journey, delta: change });
    }
    return this.#sum(journey);
  }

  /** A closed pace over all workers. */
  #sum(journey: string): ClosedPace | undefined {
    const shares = this.#seats.flatMap((seat) => seat.share(journey) ?? []);
    if (shares.length === 0) return undefined;
    const add = (of: "users" | "planned" | "wanted") => shares.reduce((sum, share) => sum + share[of], 0);
    return { journey, users: add("users"), planned: add("planned"), wanted: add("wanted") };
  }

  get countedMs(): number {
    return this.#merge.next * 1_000;
  }

  enter(phase: PlannedPhase, beginMs: number): void {
    if (this.#now) this.#past.push(this.#now);
    else this.#tell(this.#givenOrder());
    this.#now = { phase: phase.index, beginMs };
    for (const seat of this.#seats) {
      seat.counted = seat.arrived = false;
      seat.closed = [];
      seat.byHand.clear();
      seat.thread?.tell(this.#enterOrder(this.#now, undefined));
    }
  }

  counted(): Promise<void> {
    return this.#until((seat) => seat.counted || this.#hasFailed);
  }

  arrived(): Promise<void> {
    return this.#until((seat) => seat.arrived || this.#hasFailed);
  }

  dismiss(): void {
    this.#isDismissed = true;
    this.#tell({ k: "dismiss" });
  }

  cut(): void {
    this.#tell({ k: "cut" });
  }

  gone(): Promise<void> {
    return this.#until((seat) => seat.gone || !seat.thread);
  }

  async gather(): Promise<string | undefined> {
    for (const seat of this.#seats) seat.hasGathered = false;
    this.#tell({ k: "gather" });
    const late = await this.#within(gatherWithinMs, (seat) => seat.hasGathered || !seat.thread);
    this.#deck.book.writeNotes();
    const dead = this.#seats.filter((seat) => seat.deaths > 0);
    if (dead.length > 0) return `${sayWorkers(dead)} died with what was noted last`;
    return late.length > 0 ? `${sayWorkers(late)} did not answer` : undefined;
  }

  turn(nowMs: number): boolean {
    for (const seat of this.#seats) {
      if (seat.thread && ++seat.silentBeats > mostSilentBeats) this.#lose(seat, seat.thread, `its event loop did not answer for ${sayMs(mostSilentBeats * 1_000)}`);
    }
    this.#close(nowMs);
    const wasBehind = this.#isBehind;
    this.#isBehind = false;
    return wasBehind;
  }

  async finish(): Promise<void> {
    const { clock } = this.#deck.voyage;
    this.#tell({ k: "finish" });
    const late = await this.#within(finishWithinMs, (seat) => seat.hasFinished || !seat.thread);
    this.#hasFinished = true;
    for (const seat of late) this.#abandon(seat, "it did not tell its last");
    for (const seat of this.#seats) this.#markGap(seat, clock.now());
    this.#merge.closeUntil(Math.floor(clock.now() / 1_000) + 1);
    this.#deck.book.writeNotes();
    await Promise.all(this.#seats.map(({ thread }) => thread && this.#ended(thread)));
  }

  // --- orders

  #tell(order: Order): void {
    for (const { thread } of this.#seats) thread?.tell(order);
  }

  #begin(seat: Seat, thread: Thread): void {
    const { clock } = this.#deck.voyage;
    const { run, seed } = this.#workers;
    seat.thread = thread;
    seat.silentBeats = 0;
    thread.listen((word) => this.#hear(seat, thread, word), (why) => this.#lose(seat, thread, why));
    thread.tell({ k: "begin", epoch: epochOf(clock), run, seed, firstUser: seat.deaths * this.#seats.length * idsEach, past: this.#past });
  }

  /** What the setup answered is known as the first phase begins. */
  #givenOrder(): Order {
    return { k: "given", given: this.#deck.voyage.given };
  }

  #enterOrder(now: Begun, seat: Seat | undefined): Order {
    const { voyage, plan } = this.#deck;
    const services: Record<string, string> = {};
    for (const name of this.#services) {
      const address = voyage.parts.service(name);
      if (address !== undefined) services[name] = address;
    }
    return { k: "enter", ...now, services, since: seat?.since(now.phase, Object.keys(plan.journeys), voyage.clock.now()) };
  }

  // --- words

  #hear(seat: Seat, thread: Thread, word: Word): void {
    if (seat.thread !== thread) return;
    seat.silentBeats = 0;
    switch (word.k) {
      case "report":
        this.#take(seat, word.report, word.last);
        break;
      case "gathered":
        this.#note(word.spoken);
        seat.hasGathered = true;
        break;
      case "counted":
      case "arrived":
        if (word.phase === this.#now?.phase) seat[word.k] = true;
        break;
      case "gone":
        seat.gone = true;
        break;
    }
    this.#check();
  }

  #take(seat: Seat, { untilMs, lines, spoken, says, size, closed, phase, self, lacks }: Report, last: boolean): void {
    const { voyage } = this.#deck;
    seat.untilMs = untilMs;
    seat.size = size;
    // What was told as the phase changed is of the one before.
    seat.closed = phase === this.#now?.phase ? closed : [];
    seat.hasFinished = last;
    seat.tally(lines);
    this.#note(spoken);
    for (const { level, text, code } of says) {
      const key = `${level} ${text}`;
      if (level === "error" && this.#said.has(key)) continue;
      if (level === "error" && this.#said.size < mostSaid) this.#said.add(key);
      voyage.say(level, text, code);
    }
    this.#merge.add(seat.index, lines);
    if (!last) {
      const line = healthLine(Math.floor(untilMs / 1_000) - 1, self, lacks, seat.index);
      voyage.write(line);
      if (line.slow) this.#isBehind = true;
    }
    this.#close(voyage.clock.now());
  }

  #note(spoken: readonly Spoken[]): void {
    for (const one of spoken) {
      if (one.what === "note") this.#noted.note(one.kind, one.id, one.note);
      else this.#noted.attempt(one.kind, one.id, one.tMs);
    }
  }

  /** Closes the seconds that all have told of, or that were waited for long enough. */
  #close(nowMs: number): void {
    const second = Math.floor(nowMs / 1_000);
    const told = this.#seats.filter(({ thread }) => thread).map(({ untilMs }) => Math.floor(untilMs / 1_000));
    this.#merge.closeUntil(Math.max(Math.min(second, ...told), second - mostWaitS));
  }

  // --- deaths

  #abandon(seat: Seat, why: string): void {
    seat.size = 0;
    seat.deaths += 1;
    seat.lost ??= { fromMs: seat.untilMs, why };
    for (const { phase, journey, count } of seat.takeUnended()) this.#deck.book.pace(phase, journey).cut += count;
  }

  #lose(seat: Seat, thread: Thread, why: string): void {
    if (seat.thread !== thread || this.#hasFinished || seat.hasFinished) return;
    const { voyage } = this.#deck;
    seat.thread = undefined;
    this.#abandon(seat, why);
    const isOver = this.#isDismissed || this.#hasFailed;
    voyage.say("warning", `worker ${seat.index + 1} died: ${why}${isOver ? "" : "; a fresh one takes over its share"}`);
    if (seat.deaths > mostDeaths) this.#giveUp(sayError(problem("SEA_WORKER_LOST", { worker: seat.index + 1, times: seat.deaths, why })));
    else if (!isOver) void this.#replace(seat, thread);
    else void this.#ended(thread);
    this.#check();
  }

  async #replace(seat: Seat, dead: Thread): Promise<void> {
    const { voyage } = this.#deck;
    try {
      // Its last requests must not meet those of the next.
      await this.#ended(dead);
      const thread = await this.#workers.start(seat.index);
      if (this.#isDismissed || this.#hasFailed) return void this.#ended(thread);
      this.#merge.renew(seat.index);
      this.#begin(seat, thread);
      seat.untilMs = voyage.clock.now();
      if (this.#now) {
        thread.tell(this.#givenOrder());
        thread.tell(this.#enterOrder(this.#now, seat));
        for (const [journey, delta] of seat.byHand) thread.tell({ k: "adjust", journey, delta });
      }
      this.#markGap(seat, seat.untilMs);
    } catch (error) {
      this.#giveUp(sayError(error));
    }
  }

  /** Nobody can walk this share any more, so the run is another one than the one that was asked for. */
  #giveUp(reason: string): void {
    this.#hasFailed = true;
    this.#fail(reason);
    this.#check();
  }

  #markGap(seat: Seat, toMs: number): void {
    if (!seat.lost) return;
    this.#deck.voyage.write({ k: "gap", t: toMicros(toMs), worker: seat.index, fromMs: toMicros(seat.lost.fromMs), toMs: toMicros(toMs), why: seat.lost.why });
    seat.lost = undefined;
  }

  async #ended(thread: Thread): Promise<void> {
    await withDeadline(this.#deck.voyage.clock, endWithinMs, "a worker's end", () => thread.end()).catch(() => undefined);
  }

  // --- waits

  #until(is: (seat: Seat) => boolean): Promise<void> {
    return new Promise((resolve) => {
      this.#waits.push({ is: () => this.#seats.every(is), resolve });
      this.#check();
    });
  }

  /** Waits for all, but no longer than `ms`; answers whom it waited for in vain. */
  async #within(ms: number, is: (seat: Seat) => boolean): Promise<readonly Seat[]> {
    await withDeadline(this.#deck.voyage.clock, ms, "the workers", () => this.#until(is)).catch(() => undefined);
    return this.#seats.filter((seat) => !is(seat));
  }

  #check(): void {
    this.#waits = this.#waits.filter(({ is, resolve }) => {
      if (!is()) return true;
      resolve();
      return false;
    });
  }
}

/** The services of the cluster that the journeys' drivers name. */
function servicesOf(plan: Plan): readonly string[] {
  const drivers = Object.values(plan.journeys).flatMap((journey) => Object.values(journey.drivers) as Driver<unknown>[]);
  return [...new Set(drivers.flatMap(({ service }) => (service === undefined ? [] : [service])))];
}

const sayWorkers = (seats: readonly Seat[]): string => `worker ${seats.map(({ index }) => index + 1).join(", ")}`;
