/** Workers without threads: the real ones, in virtual time, whose messages are plain data all the same. */
import type { Plan } from "../../src/plan/plan.ts";
import type { PlayOptions } from "../../src/play/play.ts";
import { SharedTurns } from "../../src/play/turns.ts";
import type { Order, Thread, Word } from "../../src/play/workers/orders.ts";
import { ThreadCompany } from "../../src/play/workers/threads.ts";
import { work } from "../../src/play/workers/work.ts";
import type { Clock } from "../../src/units/clock.ts";
import type { SelfReading } from "../../src/units/self.ts";

export interface Loopback {
  readonly company: NonNullable<PlayOptions["company"]>;
  /** Ends the thread of a worker, from outside. */
  kill(index: number, why?: string): void;
  /** What a worker says is heard only after `ms`; `Infinity` for never. */
  delay(index: number, ms: number): void;
  /** How many were started in all. */
  readonly started: number;
}

const calm: SelfReading = {
  lagMs: 1, lagMaxMs: 2, cpu: 0.1, waitedMs: 0, stoppedMs: 0, clockMs: 0, gcMs: 0, gcMaxMs: 0, heapMb: 20, heap: 0.1, rssMb: 60,
  descriptors: undefined, sockets: undefined, machine: undefined,
};

export function loopback(count: number, start?: () => Promise<void>): Loopback {
  const turns = SharedTurns.memory();
  const delays = new Map<number, number>();
  const killers = new Map<number, (why: string) => void>();
  let started = 0;

  function thread(plan: Plan, clock: Clock, index: number): Thread {
    started += 1;
    let take: ((order: Order) => void) | undefined;
    let hear: (word: Word) => void = () => undefined;
    let died: (why: string) => void = () => undefined;
    let isAlive = true;
    const handle = (order: Order): void => {
      if (order.k !== "begin") return take?.(order);
      take = work({
        plan, turns, clock, shard: { index, of: count }, self: { read: () => calm, stop: () => undefined }, artifacts: { place: (name) => name, put: async () => undefined }, done: () => undefined,
        tell: (word) => {
          const copy = structuredClone(word);
          const ms = delays.get(index) ?? 0;
          if (ms === 0) queueMicrotask(() => isAlive && hear(copy));
          else if (ms < Infinity) clock.at(clock.now() + ms, () => isAlive && hear(copy));
        },
      }, order);
    };
    /** The users of a thread that is gone walk no more. */
    const end = (): void => {
      isAlive = false;
      take?.({ k: "dismiss" });
      take?.({ k: "cut" });
      take?.({ k: "finish" });
    };
    killers.set(index, (why) => {
      if (!isAlive) return;
      end();
      died(why);
    });
    return {
      tell: (order) => {
        const copy = structuredClone(order);
        queueMicrotask(() => isAlive && handle(copy));
      },
      listen: (word, dead) => {
        hear = word;
        died = dead;
      },
      end: async () => void (isAlive && end()),
    };
  }

  return {
    company: (deck, noted, fail) => {
      const { plan, voyage } = deck;
      return new ThreadCompany(deck, noted, fail, {
        run: "run", seed: 1,
        threads: Array.from({ length: count }, (_, index) => thread(plan, voyage.clock, index)),
        start: async (index) => {
          await start?.();
          return thread(plan, voyage.clock, index);
        },
      });
    },
    kill: (index, why = "killed") => killers.get(index)!(why),
    delay: (index, ms) => void delays.set(index, ms),
    get started() {
      return started;
    },
  };
}
