import type { StormLine } from "../ledger/lines.ts";
import type { Cluster, MayLose, Plain } from "../model/cluster.ts";
import type { Aim, Injected } from "../model/fault.ts";
import type { StormStep } from "../model/storm.ts";
import type { PlannedPhase } from "../plan/plan.ts";
import type { Clock } from "../units/clock.ts";
import { sayMs, toMicros } from "../units/duration.ts";
import { problem, SeatrialError, sayError } from "../units/errors.ts";
import { weigh } from "./consent.ts";
import { aborted, withDeadline } from "./deadline.ts";
import type { Voyage } from "./voyage.ts";

/** How often the platform is asked whether it is whole again. */
const lookMs = 100;
/** Verbs that take longer than this hang. */
const readWithinMs = 15_000;
const actWithinMs = 60_000;
const settleTries = 10;
/** An inject of several turns that failed is asked again after this. */
const stumbleMs = 1_000;
/** Later turns are not told of any more. */
const mostTold = 100;
/** Healing has a deadline of its own, whatever the storm took. */
const healWithinMs = 120_000;

export interface StormState {
  readonly step: StormStep;
  readonly sinceMs: number;
}

/** Between these two times the harm was done. */
export interface Harm {
  readonly injectMs: number;
  readonly injectedMs: number;
}

export interface StormParts {
  /** What the cluster may lose. */
  readonly may: MayLose;
  /** Returns when all that was noted and written is on the disk. */
  readonly secure: () => Promise<void>;
  /** Aborts when a person will not wait for the recovery. */
  readonly relief: AbortSignal;
  /** Where the storm is now, for the person watching. */
  readonly listen: (state: StormState) => void;
}

/**
 * Asks for the healing until the fault says that the harm is gone. One that fails is tried again:
 * clusters under harm stumble.
 *
 * @throws SEA_NOT_HEALED, or what the last try threw, when the deadline passes first; the signal's reason
 */
async function healUntilGone(clock: Clock, kind: string, heal: () => Promise<boolean>, debt: string, ms: number, leave?: AbortSignal): Promise<void> {
  const untilMs = clock.now() + ms;
  let latest: unknown;
  for (;;) {
    try {
      latest = undefined;
      if (await withDeadline(clock, actWithinMs, `healing ${kind}`, heal)) return;
    } catch (error) {
      latest = error;
    }
    if (clock.now() + lookMs >= untilMs) throw latest ?? problem("SEA_NOT_HEALED", { fault: kind, time: sayMs(ms) }, debt);
    await clock.sleep(lookMs, leave);
  }
}

/**
 * Heals until the harm is gone, then clears the undo record. Answers why the record could not be cleared:
 * that is no harm, but the next run stops at it.
 *
 * @throws SEA_NOT_HEALED, or what the last try threw, when the deadline passes first
 */
export async function healFully(clock: Clock, cluster: Cluster, kind: string, heal: () => Promise<boolean>, debt: string, settles = true): Promise<string | undefined> {
  await healUntilGone(clock, kind, heal, debt, healWithinMs);
  for (let tries = 1; settles; tries++) {
    try {
      await withDeadline(clock, readWithinMs, "clearing the undo record", () => cluster.settle(debt));
      return undefined;
    } catch (error) {
      if (tries === settleTries) return sayError(error);
      await clock.sleep(lookMs);
    }
  }
  return undefined;
}

/**
 * One storm: aim, (aim on disk and in the cluster), inject, harmed, (held, mended,) recovered or overdue, healed.
 * Whatever goes wrong on the way, and whenever `stop` aborts, the healing follows; it alone decides
 * whether harm was left behind. When `relief` aborts it is healed at once, and
 * nobody's promise was kept or broken. Answers the time of the harm where there was one.
 */
export async function storm(voyage: Voyage, phase: PlannedPhase, { may, secure, relief, listen }: StormParts, stop: AbortSignal): Promise<Harm | undefined> {
  const { fault, recovery, withinMs, heldMs } = phase.storm!;
  const { clock, random } = voyage;
  const cluster = voyage.needCluster();
  const place = `phase "${phase.name}"`;
  const leave = AbortSignal.any([stop, relief]);
  const mark = (step: StormStep, more: Partial<StormLine> = {}): number => {
    const tMs = clock.now();
    voyage.write({ k: "storm", t: toMicros(tMs), phase: phase.index, step, ...more });
    listen({ step, sinceMs: tMs });
    return tMs;
  };
  const failed = (error: unknown) => mark("error", { error: sayError(error) });

  let aim: Aim;
  let prepared: Plain;
  const debt = `${voyage.parts.run}/${phase.index}`;
  try {
    aim = await withDeadline(clock, readWithinMs, `${fault.kind} aim`, () => fault.aim(cluster, random.fork("storm", phase.index), { harmMs: withinMs + healWithinMs }));
    prepared = (await withDeadline(clock, actWithinMs, "preparing the recovery", async () => recovery?.prepare?.(cluster, aim))) ?? null;
    // Last of all, for the preparation may have taken its time.
    const intent = { run: voyage.parts.run, fault: fault.kind, targets: aim.targets, may };
    const signs = await withDeadline(clock, readWithinMs, "weighing the aim", () => weigh(cluster, intent, place));
    if (signs.length > 0) voyage.say("warning", `${cluster.name} looks like production (${signs.join("; ")}) and is harmed now, as was asked`);
  } catch (error) {
    failed(error);
    return undefined;
  }
  if (stop.aborted) return undefined;

  let harm: Harm | undefined;
  /** An inject that nobody waits for any more may still land, after the healing. */
  let acting: Promise<unknown> | undefined;
  /** Never rejects. */
  let mending: Promise<void> | undefined;
  // The cure is written down before the harm: in the ledger, and in the cluster.
  mark("aim", { debt, aim: aim as unknown as Plain, targets: aim.targets, prepared });
  try {
    // What was acknowledged by now must survive, also this process: it is on the disk before the harm.
    await secure();
    await withDeadline(clock, actWithinMs, "writing the undo record", () =>
      cluster.owe({ id: debt, run: voyage.parts.run, fault: fault.kind, aim: aim as unknown as Plain, deadlineMs: Math.round(clock.wallMs() + withinMs + healWithinMs) }),
    );
    // The run may be over by now: by hand, or because the aim could not be written.
    leave.throwIfAborted();
    const injectMs = mark("inject");
    harm = { injectMs, injectedMs: injectMs };
    const harmed = await strike(injectMs);
    harm = { injectMs, injectedMs: mark("injected") };
    await watch(injectMs, harmed);
  } catch (error) {
    if (relief.aborted && error === relief.reason) mark("relieved");
    else if (!stop.aborted) failed(error);
  }
  mark("healing");
  try {
    // A restore that ends after the healing would put old data over new.
    if (mending) await withDeadline(clock, readWithinMs, "mending", () => mending!).catch(() => undefined);
    if (acting) await withDeadline(clock, actWithinMs, `${fault.kind} inject`, () => acting!.catch(() => undefined)).catch(failed);
    // Under way still: what lands later needs its undo record.
    const uncleared = await healFully(clock, cluster, fault.kind, () => fault.heal(cluster, aim), debt, acting === undefined);
    if (acting) throw problem("SEA_VERB_HANGS", { what: `${fault.kind} inject`, seconds: (2 * actWithinMs) / 1_000 }, place);
    mark("healed");
    if (uncleared !== undefined) voyage.say("error", `${fault.kind} is healed, but its undo record ${debt} could not be cleared: ${uncleared}`);
  } catch (error) {
    mark("unhealed", { error: sayError(error) });
  }
  return harm;

  /** Injects, and again while something is left; answers whether the harm was seen by then. */
  async function strike(injectMs: number): Promise<boolean> {
    let harmed = false;
    let told: string | undefined;
    for (let turn = 0; ; turn++) {
      let left: Injected["left"];
      try {
        const done = await withDeadline(clock, actWithinMs, `${fault.kind} inject`, () => {
          const act = fault.inject(cluster, aim, turn).finally(() => (acting = undefined));
          acting = act;
          return act;
        });
        if (done?.harmed && !harmed) {
          harmed = true;
          mark("harmed");
        }
        left = done?.left;
      } catch (error) {
        // What began is gone on with, also when the platform stumbles.
        if (turn === 0 || acting) throw error;
        left = { why: sayError(error), againMs: stumbleMs };
      }
      if (!left) return harmed;
      if (left.why !== told && turn < mostTold) voyage.say("info", `${fault.kind}: ${(told = left.why)}`);
      if (clock.now() + left.againMs - injectMs >= withinMs) {
        if (harmed) mark("overdue");
        throw problem("SEA_HARM_UNFINISHED", { fault: fault.kind, time: sayMs(clock.now() - injectMs), why: left.why }, place);
      }
      await clock.sleep(left.againMs, leave);
    }
  }

  /** Recovery counts only after the harm was seen once. */
  async function watch(injectMs: number, seen: boolean): Promise<void> {
    /** Ends the hold of a harm that is gone: there is nothing left to mend. */
    const gone = new AbortController();
    const whole = () => withDeadline(clock, readWithinMs, `${fault.kind} recovered`, () => fault.recovered(cluster, aim));
    const heed = () => {
      if (recovery && !relief.aborted) mending = mend(AbortSignal.any([leave, gone.signal]));
    };
    let harmed = seen;
    if (seen) heed();
    let blind: unknown;
    while (clock.now() - injectMs < withinMs) {
      let state: boolean | undefined;
      try {
        state = await whole();
        blind = undefined;
      } catch (error) {
        // What never took hold can't go, however long one waits.
        if (error instanceof SeatrialError && error.code === "SEA_HARM_MISSED") throw error;
        blind = error;
      }
      if (clock.now() - injectMs >= withinMs && state !== true) break;
      if (state === false && !harmed) {
        harmed = true;
        mark("harmed");
        heed();
      } else if (state === true && harmed) {
        gone.abort();
        await stoppable(mending);
        mark("recovered");
        return;
      }
      await clock.sleep(lookMs, leave);
    }
    if (blind) failed(blind);
    if (harmed) mark("overdue");
    else failed(problem("SEA_HARM_UNSEEN", { fault: fault.kind, time: sayMs(withinMs) }, place));
  }

  /** Waits, but lets a stop or a person through: healing must not wait for a mend that hangs. */
  async function stoppable(work: Promise<void> | undefined): Promise<void> {
    const left = aborted(leave);
    await Promise.race([work, left.promise]).finally(left.release);
    leave.throwIfAborted();
  }

  async function mend(holds: AbortSignal): Promise<void> {
    try {
      if (heldMs > 0) await clock.sleep(heldMs, holds);
    } catch {
      return;
    }
    mark("mending");
    const mender = { leave, heal: () => healUntilGone(clock, fault.kind, () => fault.heal(cluster, aim), debt, withinMs, leave) };
    try {
      await withDeadline(clock, withinMs, `${recovery!.name}`, () => recovery!.mend(cluster, aim, prepared, mender));
      mark("mended");
    } catch (error) {
      failed(error);
    }
  }
}
