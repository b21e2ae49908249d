import { describe, expect, test } from "vitest";
import { patienceOf, type Patience, type Waiter } from "../../../drivers/http/patience.ts";
import { virtualClock, type VirtualClock } from "../../../src/sim/clock.ts";
import { seeded } from "../../../src/units/random.ts";

/** Notes when it was stopped. */
class Asked implements Waiter {
  untilMs = 0;
  before: Waiter | undefined;
  behind: Waiter | undefined;
  lateMs: number | undefined;
  readonly #ms: number;
  readonly #patience: Patience;
  readonly #clock: VirtualClock;

  constructor(patience: Patience, clock: VirtualClock, ms: number) {
    this.#patience = patience;
    this.#clock = clock;
    this.#ms = ms;
    patience.begin(this, clock.now(), ms);
  }
  late(): void {
    this.lateMs = this.#clock.now();
    this.end();
  }
  end(): void {
    this.#patience.end(this, this.#ms);
  }
}

describe("patience", () => {
  test("whoever has not ended is stopped at its time, and nobody else", async () => {
    const clock = virtualClock();
    const patience = patienceOf(clock);
    const random = seeded(3);
    const seen: { readonly asked: Asked; readonly untilMs: number; endedMs?: number }[] = [];
    await clock.run(async () => {
      for (let i = 0; i < 2_000; i++) {
        const asked = new Asked(patience, clock, random.pick([10, 50, 50, 50, 1_000]));
        const one: (typeof seen)[number] = { asked, untilMs: asked.untilMs };
        seen.push(one);
        const inMs = random.int(1, 120);
        void clock.sleep(inMs).then(() => {
          if (asked.lateMs !== undefined) return;
          one.endedMs = clock.now();
          asked.end();
          asked.end();
        });
        if (i % 3 === 0) await clock.sleep(random.int(0, 4));
      }
      await clock.sleep(2_000);
    });
    for (const { asked, untilMs, endedMs } of seen) expect(asked.lateMs ?? endedMs).toBe(asked.lateMs === undefined ? endedMs : untilMs);
    expect(seen.filter(({ asked }) => asked.lateMs !== undefined).length).toBeGreaterThan(500);
    expect(seen.filter(({ endedMs, untilMs }) => endedMs !== undefined && endedMs > untilMs)).toEqual([]);
  });

  test("one that begins another as it is stopped does not stop that one", async () => {
    const clock = virtualClock();
    const patience = patienceOf(clock);
    await clock.run(async () => {
      const first = new Asked(patience, clock, 10);
      let second: Asked | undefined;
      const stop = first.late.bind(first);
      first.late = () => {
        stop();
        second = new Asked(patience, clock, 10);
      };
      await clock.sleep(15);
      expect([first.lateMs, second!.lateMs]).toEqual([10, undefined]);
      await clock.sleep(10);
      expect(second!.lateMs).toBe(20);
    });
  });
});
