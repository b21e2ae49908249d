import { Book } from "../ledger/book.ts";
import type { EndLine, HandLine, Line, RunLine } from "../ledger/lines.ts";
import type { Cluster, MayLose } from "../model/cluster.ts";
import type { Shelf } from "../model/driver.ts";
import type { Handled, Hands } from "../model/hands.ts";
import type { Progress } from "../model/progress.ts";
import type { Sighting } from "../model/sighting.ts";
import type { SimulatedService } from "../model/simulated.ts";
import type { StormStep } from "../model/storm.ts";
import type { Plan, PlannedPhase } from "../plan/plan.ts";
import type { Clock } from "../units/clock.ts";
import { toMicros } from "../units/duration.ts";
import { sayError } from "../units/errors.ts";
import type { Random } from "../units/random.ts";
import type { SelfWatch } from "../units/self.ts";
import { OwnCompany, type Company, type Deck } from "./company.ts";
import { aborted } from "./deadline.ts";
import { Feeds } from "./feeds.ts";
import { healthLine } from "./health.ts";
import { lookout } from "./lookout.ts";
import { Noted } from "./noted.ts";
import { beat } from "./probes.ts";
import { cleared, prepared } from "./setup.ts";
import { storm, type StormState } from "./storm.ts";
import { surveyed } from "./survival.ts";
import { Voyage } from "./voyage.ts";
import { Lately } from "./watch.ts";

/** Users that were cut get so long to let go of what they hold. */
const cutWithinMs = 3_000;
/** Steps of a storm after which healing comes by itself. */
const settling: ReadonlySet<StormStep> = new Set(["recovered", "overdue", "relieved", "healing", "healed", "unhealed"]);

export interface PlayOptions {
  /** The first line of the ledger; its `run` names the run. */
  readonly facts: RunLine;
  readonly clock: Clock;
  readonly random: Random;
  /** Opened already; closing it is the caller's. */
  readonly cluster?: Cluster | undefined;
  readonly mayLose?: MayLose;
  /** In a rehearsal: the service to ask in place of the network, by its name. */
  readonly simulated?: ((service: string | undefined) => SimulatedService) | undefined;
  readonly artifacts: Shelf;
  /** Every line, in order. What it throws ends the run, healed. */
  readonly write: (line: Line) => void;
  /** Returns when all lines are on the disk. */
  readonly flush: () => void;
  /** Absent in a rehearsal: virtual time is never late. */
  readonly self?: SelfWatch | undefined;
  /** First request to stop: no new walks, heal, end. */
  readonly stop: AbortSignal;
  /** Second one: cut everybody, heal, end. */
  readonly halt: AbortSignal;
  /** Asked once a second; a reason ends the run. Everything that happened before `countedMs` is written. */
  readonly stopQuestion?: ((countedMs: number) => string | undefined) | undefined;
  /** Who walks. Default: everybody in this thread. `fail` ends the run when they can't go on. */
  readonly company?: ((deck: Deck, noted: Noted, fail: (reason: string) => void) => Company) | undefined;
  /** Told once, before the first phase: what a person may do while it lasts. */
  readonly onHands?: ((hands: Hands) => void) | undefined;
  readonly onProgress?: ((progress: Progress) => void) | undefined;
  readonly onSay?: ((level: "info" | "warning" | "error", text: string) => void) | undefined;
}

/** The reason of a `stop` that no person asked for: an error that nobody caught. */
export class Escaped extends Error {}

/** The reason of a `stop` or `halt` by somebody who is known: it says who. */
export class Asked extends Error {}

/**
 * Plays a plan: the only place that calls drivers and faults. Everything that happens is written
 * as lines; the answer is the last of them. It never leaves without healing.
 */
export async function play(plan: Plan, options: PlayOptions): Promise<EndLine> {
  const { clock, random, stop, halt } = options;
  const over = new AbortController();
  let how: EndLine["how"] = "done";
  let reason: string | undefined;
  /** Ends the run early; the first reason stays. */
  const end = (why: EndLine["how"], text: string): void => {
    if (over.signal.aborted) return;
    how = why;
    reason = text;
    over.abort();
  };
  const onStop = ({ target }: { target: EventTarget | null }) => {
    const { reason: why } = target as AbortSignal;
    if (why instanceof Escaped) end("failed", why.message);
    else end("interrupted", why instanceof Asked ? why.message : "stopped by hand or signal");
  };
  for (const signal of [stop, halt]) {
    if (signal.aborted) onStop({ target: signal });
    signal.addEventListener("abort", onStop, { once: true });
  }

  let unwritten: string | undefined;
  /** A ledger that can't be written ends the run, and has failed it also where it was ending: what is not recorded is not judged. */
  const guarded = <A extends unknown[]>(act: (...given: A) => void) => (...given: A): void => {
    try {
      act(...given);
    } catch (error) {
      if (unwritten === undefined) options.onSay?.("error", sayError(error));
      unwritten ??= sayError(error);
      end("failed", unwritten);
    }
  };
  const lately = new Lately();
  const { bail = Infinity } = plan.regression ?? {};
  let failedWalks = 0;
  const write = guarded((line: Line) => {
    options.write(line);
    if (line.k !== "walk" || line.again || line.outcome === "ok" || line.outcome === "cut") return;
    failedWalks += 1;
    if (failedWalks >= bail) end("aborted", `bail: ${failedWalks === 1 ? "a walk" : `${failedWalks} walks`} failed (--bail ${bail})`);
  });
  const book = new Book(write, (totals) => lately.add(totals));
  const kinds = new Set(plan.phases.flatMap((phase) => phase.storm?.keeps.map((keep) => keep.kind) ?? []));
  const noted = new Noted(book, kinds);
  const voyage = new Voyage({
    plan, clock, random, book, noted, write,
    run: options.facts.run, feeds: new Feeds(random.fork("feeds")), cluster: options.cluster, simulated: options.simulated,
    service: (name) => options.cluster?.service(name), artifacts: options.artifacts, onSay: options.onSay,
  });
  write(options.facts);
  const deck = { plan, voyage, book };
  const company = options.company?.(deck, noted, (text) => end("failed", text)) ?? new OwnCompany(deck);
  let weather: StormState | undefined;
  let relief = new AbortController();

  // How it was before the run began is nobody's second.
  options.self?.read();
  const probes = plan.probes.map((probe) => beat(voyage, probe, undefined, over.signal));
  options.onHands?.({ heal: healByHand, users: usersByHand });
  const finish = new AbortController();
  const seconds = everySecond();
  const halting = aborted(halt);
  void halting.promise.then(() => company.cut());

  let ready = false;
  /** Of the phase under way; undefined until the first begins. */
  let phaseBeganMs: number | undefined;
  try {
    if (plan.setup) voyage.given = await prepared(voyage, plan.setup, over.signal);
    ready = true;
  } catch (error) {
    end("failed", `the setup failed: ${sayError(error)}`);
  }
  let beginMs = clock.now();
  try {
    for (const phase of plan.phases) {
      if (over.signal.aborted) break;
      beginMs = await sail(phase, beginMs);
    }
  } catch (error) {
    end("failed", sayError(error));
  }
  company.dismiss();
  const everyone = company.gone();
  await within(halt.aborted ? 0 : plan.graceMs, everyone);
  company.cut();
  await within(cutWithinMs, everyone);
  if (plan.setup && ready) {
    await cleared(voyage, plan.setup, voyage.given, halt).catch((error: unknown) => voyage.say("error", `the teardown failed: ${sayError(error)}`));
  }
  over.abort();
  finish.abort();
  await Promise.all([...probes, seconds]);
  await company.finish();
  await voyage.evidence.written;
  if (voyage.evidence.leftOut !== undefined) voyage.say("warning", voyage.evidence.leftOut);
  const endLine = (): EndLine => {
    const [by, why] = unwritten === undefined ? [how, reason] : ["failed" as const, unwritten];
    return { k: "end", t: Math.round(clock.now()), how: by, ...(why !== undefined && { reason: why }) };
  };
  write(endLine());
  voyage.closed = true;
  halting.release();
  for (const signal of [stop, halt]) signal.removeEventListener("abort", onStop);
  // A ledger that fails at its very last line still changes how the run ended.
  return endLine();

  /** One phase; answers when the next begins. */
  async function sail(phase: PlannedPhase, beginMs: number): Promise<number> {
    voyage.enter(phase, beginMs);
    phaseBeganMs = beginMs;
    write({ k: "phase", t: toMicros(beginMs), phase: phase.index, at: "begin" });
    const left = new AbortController();
    const leave = () => left.abort();
    over.signal.addEventListener("abort", leave, { once: true });
    company.enter(phase, beginMs);
    const phaseProbes = phase.probes.map((probe) => beat(voyage, probe, phase.index, left.signal));
    let endMs: number | undefined;
    if (phase.storm) await weathered(phase);
    else if (phase.forMs !== undefined) {
      endMs = beginMs + phase.forMs;
      await clock.until(endMs, over.signal).catch(() => (endMs = undefined));
      // A late event loop must not lose the starts of the last moment.
      if (endMs !== undefined) await orOver(company.arrived());
    } else {
      await orOver(company.counted());
    }
    over.signal.removeEventListener("abort", leave);
    left.abort();
    await Promise.all(phaseProbes);
    endMs ??= clock.now();
    write({ k: "phase", t: toMicros(endMs), phase: phase.index, at: "end" });
    return endMs;
  }

  async function weathered(phase: PlannedPhase): Promise<void> {
    const { afterMs, holdMs, keeps } = phase.storm!;
    await clock.sleep(afterMs, over.signal).catch(() => undefined);
    if (over.signal.aborted) return;
    relief = new AbortController();
    const watch = new AbortController();
    await lookout(voyage.needCluster(), clock, (sighting) => sighted(phase, sighting), watch.signal);
    const harm = await storm(voyage, phase, { may: options.mayLose ?? {}, secure, relief: relief.signal, listen: (state) => (weather = state) }, over.signal);
    for (const keep of harm ? keeps : []) {
      if (over.signal.aborted) break;
      try {
        write(await surveyed(voyage, { noted, gather: () => company.gather() }, phase, keep, harm!, over.signal));
      } catch (error) {
        voyage.say("error", `the survival of ${keep.kind} could not be asked: ${sayError(error)}`);
      }
    }
    weather = undefined;
    await clock.sleep(holdMs, over.signal).catch(() => undefined);
    watch.abort();
  }

  function sighted(phase: PlannedPhase, { atMs, ...sighting }: Sighting): void {
    const nowMs = clock.now();
    write({ k: "sight", t: toMicros(nowMs), phase: phase.index, ...sighting, ...(atMs !== undefined && { atMs: toMicros(atMs - clock.wallMs() + nowMs) }) });
  }

  /** Waits for a promise, but not when the run is over. */
  async function orOver(promise: Promise<unknown>): Promise<void> {
    const ended = aborted(over.signal);
    await Promise.race([promise, ended.promise]);
    ended.release();
  }

  async function secure(): Promise<void> {
    const missing = await company.gather();
    if (missing !== undefined) voyage.say("warning", `not everything that was noted is known: ${missing}`);
    options.flush();
  }

  async function everySecond(): Promise<void> {
    for (;;) {
      const nextMs = (Math.floor(clock.now() / 1_000) + 1) * 1_000;
      try {
        await clock.until(nextMs + company.settleMs, finish.signal);
      } catch {
        return;
      }
      const behind = company.turn(clock.now());
      const slow = health(nextMs / 1_000 - 1) || behind;
      options.onProgress?.(progress(slow));
      const why = options.stopQuestion?.(company.countedMs);
      if (why !== undefined) end("aborted", why);
    }
  }

  function health(second: number): boolean {
    const reading = options.self?.read();
    if (!reading) return false;
    const line = healthLine(second, reading, book.takeLacks());
    write(line);
    return line.slow;
  }

  function progress(slow: boolean): Progress {
    const { phase } = voyage;
    const { fault, withinMs } = phase.storm ?? {};
    return {
      tMs: clock.now(),
      phase: { index: phase.index, count: plan.phases.length, name: phase.name, elapsedMs: clock.now() - (phaseBeganMs ?? clock.now()), forMs: phase.forMs },
      users: company.size,
      closed: company.closed,
      ops: lately.ops, dropped: lately.dropped, ...lately.read(),
      storm: weather && fault ? { harm: fault.harm, step: weather.step, sinceMs: clock.now() - weather.sinceMs, withinMs: withinMs! } : undefined,
      slow,
    };
  }

  /** What a person did stands in the ledger, and in the log for whoever reads that alone. */
  function byHand(line: Omit<HandLine, "k" | "t" | "phase">, text: string): Handled {
    write({ k: "hand", t: Math.round(clock.now()), phase: voyage.phase.index, ...line });
    voyage.say("warning", `by hand: ${text} (${line.by})`);
    return { done: true, text };
  }

  function healByHand(by: string): Handled {
    if (voyage.closed || !weather || relief.signal.aborted || settling.has(weather.step)) return { done: false, text: "there is no storm that waits to be healed" };
    const answer = byHand({ act: "heal", by }, `the storm "${voyage.phase.name}" is healed without waiting for its recovery`);
    relief.abort();
    return answer;
  }

  function usersByHand(journey: string, delta: number, by: string): Handled {
    // A run that is ending takes nobody aboard.
    const before = over.signal.aborted ? undefined : company.closed.find((one) => one.journey === journey)?.wanted;
    const now = before === undefined ? undefined : company.adjust(journey, delta);
    if (before === undefined || !now) return { done: false, text: `${journey} has no closed pace now` };
    if (now.wanted === before) return { done: false, text: `${journey} stays at ${before} users` };
    return byHand({ act: "users", by, journey, planned: now.planned, before, wanted: now.wanted }, `users of ${journey} from ${before} to ${now.wanted}, ${now.planned} planned`);
  }

  /** Waits for a promise, but no longer than `ms`; `halt` ends the wait. */
  async function within(ms: number, promise: Promise<unknown>): Promise<void> {
    const stopWaiting = new AbortController();
    const timer = clock.sleep(ms, AbortSignal.any([stopWaiting.signal, halt])).catch(() => undefined);
    await Promise.race([promise, timer]);
    stopWaiting.abort();
  }
}
