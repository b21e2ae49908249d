import type { OpenContext } from "../../src/model/driver.ts";
import { cutCause, TouchFailed, type Failure } from "../../src/model/op.ts";
import { unread } from "../http/touch.ts";

/** What the touches of one session share. */
export interface Desk {
  readonly context: OpenContext;
  /** Each ends its touch as cut. */
  readonly underWay: Set<() => void>;
  /** The run, or the session, is over. */
  cut: boolean;
  /** What must not be written down. */
  secrets(): string[];
}

/** One touch as the session asks for it. */
export interface Ask {
  readonly step: string;
  /** What was asked, on one line, for the failure's record. */
  readonly request: string;
  /** Infinity for a touch that ends in time by itself. */
  readonly timeoutMs: number;
  /** Counts the touches under way of one connection. */
  readonly among?: { busy: number };
}

/** Why a touch was not ok. */
export interface Trouble extends Omit<Failure, "request"> {
  readonly outcome: "refused" | "unsure";
}

/** How a touch ends: once, whoever comes first. */
export interface Ends<T> {
  ok(value: T): void;
  fail(trouble: Trouble): void;
  /** Without an op: what happened has its own. */
  quit(value: T): void;
}

/**
 * One op, from now until it ends well, fails, times out or is cut.
 *
 * @param begin starts it; what it answers undoes what is still under way when time or the run is over
 */
export function touch<T>(desk: Desk, { step, request, timeoutMs, among }: Ask, begin: (ends: Ends<T>) => (() => void) | undefined): Promise<T> {
  const { clock, mask, record } = desk.context;
  const beganMs = clock.now();
  const { promise, resolve, reject } = Promise.withResolvers<T>();
  let over = false;
  let undo: (() => void) | undefined;
  let cancel: (() => void) | undefined;
  const settle = (): boolean => {
    if (over) return false;
    over = true;
    if (among) among.busy--;
    cancel?.();
    desk.underWay.delete(cut);
    return true;
  };
  const ends: Ends<T> = {
    ok(value) {
      if (!settle()) return;
      record.op(step, beganMs, clock.now(), "ok");
      resolve(value);
    },
    fail({ outcome, ...seen }) {
      if (!settle()) return;
      const failure = mask.failure({ ...seen, request }, desk.secrets());
      let error: unknown = new TouchFailed(outcome, failure);
      try {
        record.op(step, beganMs, clock.now(), outcome, failure);
      } catch (ofRecorder) {
        error = ofRecorder;
      }
      reject(error);
    },
    quit(value) {
      if (settle()) resolve(value);
    },
  };
  const stop = (cause: string): void => {
    if (over) return;
    ends.fail({ outcome: "unsure", cause });
    undo?.();
  };
  const cut = (): void => stop(cutCause);
  if (among) among.busy++;
  if (desk.cut) cut();
  else {
    desk.underWay.add(cut);
    if (timeoutMs !== Infinity) cancel = clock.at(beganMs + timeoutMs, () => stop("timeout"));
    try {
      undo = begin(ends);
    } catch (error) {
      settle();
      reject(error);
    }
  }
  return unread(promise);
}
