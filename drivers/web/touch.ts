import type { OpenContext } from "../../src/model/driver.ts";
import { cutCause, isLack, TouchFailed, type Failure } from "../../src/model/op.ts";
import { patiently, unread, untilEnded } from "../flow/patience.ts";
import { EngineFailure, lostCause, type EngineTab } from "./engine.ts";
import { saveEvidence } from "./evidence.ts";

/** What the touches of one session share. */
export interface Desk {
  readonly context: OpenContext;
  /** Aborts when the run, or the session, is over. */
  readonly ended: AbortSignal;
  /** Told that the browser ended under a touch. */
  readonly lost: () => void;
}

/** One touch as the page asks for it. */
export interface Ask {
  readonly step: string;
  /** What was asked, in full, for the record of a failure. */
  readonly request: string;
  readonly timeoutMs: number;
  /** The tab, as soon as there is one. */
  readonly tab: () => Promise<EngineTab>;
}

/** An engine keeps its own time-out, and says more about it; one that hangs is left after so much more. */
const marginMs = 2_000;

const hung = () => new EngineFailure("unsure", "timeout", "the browser does not answer");

/** From the first look to the record: one op. */
export function touch<T>(desk: Desk, ask: Ask, act: (tab: EngineTab, untilMs: number) => Promise<T>): Promise<T> {
  return unread(touched(desk, ask, act));
}

async function touched<T>(desk: Desk, { step, request, timeoutMs, tab: ready }: Ask, act: (tab: EngineTab, untilMs: number) => Promise<T>): Promise<T> {
  const { clock, record } = desk.context;
  let beganMs = clock.now();
  let tab: EngineTab | undefined;
  try {
    desk.ended.throwIfAborted();
    tab = await untilEnded(desk.ended, ready());
    // To wait for a browser is no time of the service's; it counts from when the touch was due all the same.
    beganMs = clock.now();
    const answer = await untilEnded(desk.ended, patiently(clock, timeoutMs + marginMs, act(tab, beganMs + timeoutMs), hung));
    record.op(step, beganMs, clock.now(), "ok");
    return answer;
  } catch (error) {
    const endedMs = clock.now();
    const isCut = desk.ended.aborted;
    if (!isCut && !(error instanceof EngineFailure)) throw error;
    const seen = isCut ? new EngineFailure("unsure", cutCause, "") : (error as EngineFailure);
    const isLost = seen.cause === lostCause;
    if (isLost) desk.lost();
    const saved = tab && !isCut && !isLost && !isLack(seen.cause) ? await untilEnded(desk.ended, saveEvidence(desk.context, step, seen.cause, tab)).catch(() => []) : [];
    const failure: Failure = desk.context.mask.failure({
      cause: seen.cause, request,
      ...(seen.status !== undefined && { status: seen.status }),
      ...(seen.message !== "" && { error: seen.message }),
      ...(saved.length > 0 && { artifacts: saved }),
    });
    record.op(step, beganMs, endedMs, seen.outcome, failure);
    throw new TouchFailed(seen.outcome, failure);
  }
}
