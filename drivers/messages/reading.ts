import { durationMs, type Duration } from "../../src/units/duration.ts";
import { SeatrialError } from "../../src/units/errors.ts";
import type { Inbox, Match, Sized } from "./inbox.ts";
import { touch, type Ask, type Desk, type Ends, type Trouble } from "./touch.ts";

/** The journey's own match threw: its message may quote a message, and causes are counted, so the kind must do. */
function complaintOf(error: unknown): Trouble {
  return { outcome: "refused", cause: `expect: ${error instanceof SeatrialError ? error.code : error instanceof Error ? error.name : "threw"}` };
}

/** Ends the touch by the first message from now on that matches. */
export function awaitMessage<M extends Sized>(inbox: Inbox<M>, match: Match<M>, ends: Ends<M>): () => void {
  const leave = inbox.join({
    take(message) {
      try {
        if (!match(message)) return false;
      } catch (error) {
        leave();
        ends.fail(complaintOf(error));
        return false;
      }
      leave();
      ends.ok(message);
      return true;
    },
    ended: (trouble) => ends.fail(trouble),
  });
  return leave;
}

/** One op: until a message that matches is there; one of the backlog is there at once. */
export function receive<M extends Sized>(desk: Desk, inbox: Inbox<M>, ask: Ask, match: Match<M>): Promise<M> {
  return touch<M>(desk, ask, (ends) => {
    let waiting: M | undefined;
    try {
      waiting = inbox.pick(match);
    } catch (error) {
      ends.fail(complaintOf(error));
      return undefined;
    }
    if (waiting !== undefined) ends.ok(waiting);
    else if (inbox.end) ends.fail({ ...inbox.end, outcome: "refused" });
    else return awaitMessage(inbox, match, ends);
    return undefined;
  });
}

/** What `listen` may say beside how long. */
export interface ListenOptions<M> {
  /** Groups: the step is called `MESSAGE ${name}`. Default: the connection's name. */
  readonly name?: string;
  /** Which messages; the others stay in the backlog. Default: every one. */
  readonly where?: Match<M>;
  /** Fewer are refused, as `too few messages`. Default 0. */
  readonly least?: number;
}

/**
 * Listens for a while, from now on: every message that matches is an op, which begins with the one
 * before it. Answers how many came.
 */
export function listen<M extends Sized>(desk: Desk, inbox: Inbox<M>, ask: Omit<Ask, "timeoutMs">, length: Duration, { where = () => true, least = 0 }: ListenOptions<M>): Promise<number> {
  const { clock, record } = desk.context;
  const lengthMs = durationMs(length, "listen");
  return touch<number>(desk, { ...ask, timeoutMs: Infinity }, (ends) => {
    let count = 0;
    let latestMs = clock.now();
    const done = (then: () => void) => {
      leave();
      cancel();
      then();
    };
    const cancel = clock.at(latestMs + lengthMs, () =>
      done(() => (count < least ? ends.fail({ outcome: "refused", cause: "too few messages", error: `${count} of at least ${least}` }) : ends.quit(count))),
    );
    const leave = inbox.join({
      take(message) {
        try {
          if (!where(message)) return false;
        } catch (error) {
          done(() => ends.fail(complaintOf(error)));
          return false;
        }
        const nowMs = clock.now();
        count++;
        record.op(ask.step, latestMs, nowMs, "ok");
        latestMs = nowMs;
        return true;
      },
      ended: (trouble) => done(() => ends.fail(trouble)),
    });
    if (inbox.end) done(() => ends.fail({ ...inbox.end!, outcome: "refused" }));
    return () => done(() => undefined);
  });
}
