import type { OpenContext } from "../../src/model/driver.ts";
import { cutCause, isLack, TouchFailed, type Failure } from "../../src/model/op.ts";
import { patiently, unread, untilEnded } from "../flow/patience.ts";
import { saveEvidence } from "./evidence.ts";
import { DeviceFailure, isLoss, meaningOf } from "./failure.ts";
import type { Phone } from "./phone.ts";

/** What the touches of one session share. */
export interface Desk {
  readonly context: OpenContext;
  /** Aborts when the run, or the session, is over. */
  readonly ended: AbortSignal;
}

/** A phone, and how long its user waited in line for a device. */
export interface InHand {
  readonly phone: Phone;
  readonly waitedMs: number;
}

/** One touch as the session asks for it. */
export interface Ask {
  readonly step: string;
  /** What was asked, in full, for the record of a failure. */
  readonly request: string;
  readonly timeoutMs: number;
  readonly ready: () => Promise<InHand>;
}

/** A command may be under way when the time is over; one that hangs is left after so much more. */
const marginMs = 500;

const hung = () => new DeviceFailure("unsure", "timeout", "the device does not answer");

/** From the first look to the record: one op. */
export function touch<T>(desk: Desk, ask: Ask, act: (phone: Phone, untilMs: number) => Promise<T>): Promise<T> {
  return unread(touched(desk, ask, act));
}

async function touched<T>(desk: Desk, { step, request, timeoutMs, ready }: Ask, act: (phone: Phone, untilMs: number) => Promise<T>): Promise<T> {
  const { clock, record } = desk.context;
  const askedMs = clock.now();
  let beganMs = askedMs;
  let hand: InHand | undefined;
  try {
    desk.ended.throwIfAborted();
    hand = await untilEnded(desk.ended, ready());
    // To wait for a device and its session is no time of the app's; it counts from when the touch was due all the same.
    beganMs = clock.now();
    const { phone } = hand;
    const answer = await untilEnded(desk.ended, patiently(clock, timeoutMs + marginMs, act(phone, beganMs + timeoutMs), hung));
    record.op(step, beganMs, clock.now(), "ok");
    if (hand.waitedMs > 0) record.part?.(step, "blocked", askedMs, hand.waitedMs);
    return answer;
  } catch (error) {
    const endedMs = clock.now();
    const isCut = desk.ended.aborted;
    if (!isCut && isOwn(error)) throw error;
    const seen = isCut ? new DeviceFailure("unsure", cutCause, "") : meaningOf(error);
    const saved = hand && !isCut && !isLoss(seen.cause) && !isLack(seen.cause) ? await untilEnded(desk.ended, saveEvidence(desk.context, step, seen.cause, hand.phone)).catch(() => []) : [];
    // A session in which a command hangs is of no more use: the next touch begins another.
    if (hand && (isLoss(seen.cause) || seen.cause === "timeout")) hand.phone.abandon();
    const failure: Failure = desk.context.mask.failure({
      cause: seen.cause, request,
      ...(seen.message !== "" && { error: seen.message }),
      ...(saved.length > 0 && { artifacts: saved }),
    });
    record.op(step, beganMs, endedMs, seen.outcome, failure);
    throw new TouchFailed(seen.outcome, failure);
  }
}

/** A mistake in settings or calls is not the service's; neither are those of this code. */
const isOwn = (error: unknown) => error instanceof TypeError || error instanceof RangeError || (error instanceof Error && "code" in error && String(error.code).startsWith("SEA_"));
