import type { Clock } from "./clock.ts";

/** Node's timers hold 31 bits of milliseconds; longer waits are taken in stretches. */
const longestTimerMs = 2_000_000_000;

/** A wait of at least this ends awake; shorter ones come so thick that they ride on one timer. */
const aloneFromMs = 2;
/** So many may be awake at once: each looks at the time in every turn of the loop. */
const mostAwake = 4;
/** Being awake may cost so much of the time, and so much in one go. */
const awakeShare = 0.2;
const awakeMostMs = 20;

/**
 * Node's timers ring on whole milliseconds, some up to one late. The last stretch of a wait is
 * therefore spent awake, turning with the event loop (which goes on serving sockets), as long as that
 * stays cheap.
 */
export class Vigil {
  #awake = 0;
  #sinceMs = 0;
  #seenMs = 0;
  #leftMs = awakeMostMs;

  /** May one more be awake now? */
  begin(nowMs: number): boolean {
    if (this.#awake >= mostAwake) return false;
    if (this.#awake === 0) {
      this.#leftMs = Math.min(awakeMostMs, this.#leftMs + (nowMs - this.#seenMs) * awakeShare);
      this.#sinceMs = this.#seenMs = nowMs;
      if (this.#leftMs <= 0) return false;
    }
    this.#awake += 1;
    return true;
  }

  end(nowMs: number): void {
    this.#awake -= 1;
    if (this.#awake === 0) this.#leftMs -= nowMs - this.#sinceMs;
  }
}

/** One wait: a small object and one closure, for thousands of users have one each. */
export class Alarm {
  readonly #clock: Clock;
  readonly #vigil: Vigil;
  readonly #atMs: number;
  readonly #call: () => void;
  readonly #alone: boolean;
  #timer: NodeJS.Timeout | undefined;
  #turn: NodeJS.Immediate | undefined;

  constructor(clock: Clock, vigil: Vigil, atMs: number, call: () => void) {
    this.#clock = clock;
    this.#vigil = vigil;
    this.#atMs = atMs;
    this.#call = call;
    const restMs = atMs - clock.now();
    this.#alone = restMs >= aloneFromMs;
    this.#sleep(restMs);
  }

  #sleep(restMs: number): void {
    const wholeMs = this.#alone && restMs >= 1 ? Math.floor(restMs) : Math.ceil(restMs);
    this.#timer = setTimeout(Alarm.#rings, Math.min(longestTimerMs, Math.max(0, wholeMs)), this);
  }

  static #rings(this: void, alarm: Alarm): void {
    alarm.#ring();
  }

  #ring(): void {
    const nowMs = this.#clock.now();
    const restMs = this.#atMs - nowMs;
    // Node may ring up to a millisecond early; a start before it is due would be a lie.
    if (restMs > 0) {
      if (this.#turn !== undefined || (this.#alone && restMs < 1 && this.#vigil.begin(nowMs))) this.#turn = setImmediate(Alarm.#rings, this);
      else this.#sleep(restMs);
      return;
    }
    this.#endTurn(nowMs);
    this.#call();
  }

  #endTurn(nowMs: number): void {
    if (this.#turn === undefined) return;
    clearImmediate(this.#turn);
    this.#turn = undefined;
    this.#vigil.end(nowMs);
  }

  cancel(): void {
    clearTimeout(this.#timer);
    this.#endTurn(this.#clock.now());
  }
}
