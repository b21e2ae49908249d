import type { Clock } from "../../src/units/clock.ts";

/** Something that is stopped when it takes too long. The three fields are the list's. */
export interface Waiter {
  untilMs: number;
  before: Waiter | undefined;
  behind: Waiter | undefined;
  /** Called when the time is over; it says `end` itself. */
  late(): void;
}

/** Waiters of one time-out in the order of their ends, which is that of their begins. */
interface Queue {
  first: Waiter | undefined;
  last: Waiter | undefined;
  cancelAlarm: (() => void) | undefined;
}

/**
 * The time-outs of all touches on one clock. One alarm for each length of time-out, moved only
 * when it rings: a timer for each touch costs more than to send it.
 */
export class Patience {
  readonly #clock: Clock;
  readonly #queues = new Map<number, Queue>();
  #sessions = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** A session opened. */
  enter(): void {
    this.#sessions += 1;
  }

  /** A session closed. After the last one no alarm is left that would keep the process. */
  leave(): void {
    this.#sessions -= 1;
    if (this.#sessions > 0) return;
    for (const [ms, queue] of this.#queues) {
      if (queue.first) continue;
      queue.cancelAlarm?.();
      this.#queues.delete(ms);
    }
  }

  begin(waiter: Waiter, beganMs: number, ms: number): void {
    let queue = this.#queues.get(ms);
    if (!queue) this.#queues.set(ms, (queue = { first: undefined, last: undefined, cancelAlarm: undefined }));
    waiter.untilMs = beganMs + ms;
    waiter.before = queue.last;
    if (queue.last) queue.last.behind = waiter;
    else queue.first = waiter;
    queue.last = waiter;
    if (!queue.cancelAlarm) this.#setAlarm(queue, waiter.untilMs, ms);
  }

  /** Takes it out of the list; once more is no harm. */
  end(waiter: Waiter, ms: number): void {
    const queue = this.#queues.get(ms);
    const { before, behind } = waiter;
    if (!queue || (!before && queue.first !== waiter)) return;
    if (before) before.behind = behind;
    else queue.first = behind;
    if (behind) behind.before = before;
    else queue.last = before;
    waiter.before = waiter.behind = undefined;
  }

  #setAlarm(queue: Queue, atMs: number, ms: number): void {
    queue.cancelAlarm = this.#clock.at(atMs, () => {
      queue.cancelAlarm = undefined;
      const nowMs = this.#clock.now();
      for (let waiter = queue.first; waiter && waiter.untilMs <= nowMs; waiter = queue.first) waiter.late();
      // Whoever was late may have begun another one, and with it the next alarm.
      if (queue.cancelAlarm) return;
      if (queue.first) this.#setAlarm(queue, queue.first.untilMs, ms);
      else this.#queues.delete(ms);
    });
  }
}

const patiences = new WeakMap<Clock, Patience>();

/** The one of this clock, for a session that opens. */
export function patienceOf(clock: Clock): Patience {
  let patience = patiences.get(clock);
  if (!patience) patiences.set(clock, (patience = new Patience(clock)));
  patience.enter();
  return patience;
}
