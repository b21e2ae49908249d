import { readFile } from "node:fs/promises";
import { describe, expect, test } from "vitest";
import fc from "fast-check";
import { virtualClock } from "../../src/sim/index.ts";
import { Timers } from "../../src/sim/timers.ts";

const times = fc.array(fc.integer({ min: 0, max: 20 }), { maxLength: 60 });

describe("timers", () => {
  test("come in order of time, then of making, without the cancelled ones", () => {
    fc.assert(fc.property(times, fc.func(fc.boolean()), (ats, isCancelled) => {
      const timers = new Timers();
      const rung: number[] = [];
      const cancels = ats.map((at, i) => timers.add(at, () => rung.push(i)));
      cancels.forEach((cancel, i) => isCancelled(i) && cancel());
      const expected = ats.map((at, i) => ({ at, i })).filter(({ i }) => !isCancelled(i)).sort((a, b) => a.at - b.at || a.i - b.i);
      for (const { at } of expected) {
        expect(timers.nextMs()).toBe(at);
        timers.take()!();
      }
      expect(timers.take()).toBeUndefined();
      expect(timers.nextMs()).toBe(Infinity);
      expect(rung).toEqual(expected.map(({ i }) => i));
    }));
  });
});

describe("the virtual clock", () => {
  test("plays any tree of sleeps in order of due times", async () => {
    await fc.assert(fc.asyncProperty(fc.array(times, { maxLength: 12 }), async (users) => {
      const clock = virtualClock();
      const seen: number[] = [];
      const ends = await clock.run(() => Promise.all(users.map(async (waits) => {
        for (const ms of waits) {
          const dueMs = clock.now() + ms;
          await clock.sleep(ms);
          expect(clock.now()).toBe(dueMs);
          seen.push(clock.now());
        }
        return clock.now();
      })));
      expect(ends).toEqual(users.map((waits) => waits.reduce((sum, ms) => sum + ms, 0)));
      expect(seen).toEqual([...seen].sort((a, b) => a - b));
    }), { numRuns: 50 });
  });

  test.each([
    ["a long chain of awaits", async () => { for (let i = 0; i < 5_000; i++) await null; }],
    ["nested nextTicks", () => new Promise<void>((resolve) => { let left = 50; const tick = (): unknown => (left-- > 0 ? Promise.resolve().then(() => process.nextTick(tick)) : resolve()); tick(); })],
    ["a file being read", async () => { await readFile(new URL(import.meta.url)); await readFile(new URL(import.meta.url)); }],
    ["setImmediate", () => new Promise<void>((resolve) => setImmediate(() => setImmediate(resolve)))],
  ])("stands still during %s", async (_, work) => {
    const clock = virtualClock();
    await clock.run(async () => {
      const other = clock.sleep(1);
      await work();
      expect(clock.now()).toBe(0);
      await other;
      expect(clock.now()).toBe(1);
    });
  });

  test("lets everything that a timer sets off happen before the next timer of the same time", async () => {
    const clock = virtualClock();
    const order: string[] = [];
    await clock.run(async () => {
      const walk = async (name: string) => {
        await clock.sleep(5);
        order.push(`${name} woke`);
        for (let i = 0; i < 10; i++) await null;
        order.push(`${name} done`);
      };
      await Promise.all([walk("a"), walk("b")]);
    });
    expect(order).toEqual(["a woke", "a done", "b woke", "b done"]);
  });

  test("a time in the past is now, one that never comes is no timer", async () => {
    const clock = virtualClock(20);
    await clock.run(async () => {
      await clock.sleep(10);
      await new Promise<void>((resolve) => void clock.at(3, resolve));
      expect(clock.now()).toBe(10);
    });
    await expect(clock.run(() => clock.sleep(Infinity))).rejects.toMatchObject({ code: "SEA_SIM_STUCK" });
  });

  test("sleep ends with the signal's reason, and its timer does not move time", async () => {
    const clock = virtualClock();
    await clock.run(async () => {
      const control = new AbortController();
      const slept = clock.sleep(1_000, control.signal);
      await clock.sleep(10);
      control.abort(new Error("enough"));
      await expect(slept).rejects.toThrow("enough");
      await expect(clock.sleep(5, control.signal)).rejects.toThrow("enough");
      await clock.sleep(1);
      expect(clock.now()).toBe(11);
    });
    await clock.run(() => clock.sleep(1));
    expect(clock.now()).toBe(12);
  });

  test("says so when nothing can happen any more", async () => {
    const clock = virtualClock(20);
    const stuck = clock.run(async () => {
      await clock.sleep(1_500);
      await new Promise(() => {});
    });
    await expect(stuck).rejects.toMatchObject({ code: "SEA_SIM_STUCK", message: expect.stringContaining("1.5s") });
  });

  test("passes on what main or a timer throws", async () => {
    const clock = virtualClock();
    await expect(clock.run(() => Promise.reject(new Error("main")))).rejects.toThrow("main");
    await expect(clock.run(() => { throw new Error("at once"); })).rejects.toThrow("at once");
    await expect(clock.run(async () => {
      clock.at(1, () => { throw new Error("timer"); });
      await clock.sleep(5);
    })).rejects.toThrow("timer");
  });

  test("wall time is the same in every rehearsal", async () => {
    const [one, two] = [virtualClock(), virtualClock()];
    expect(one.wallMs()).toBe(two.wallMs());
    await one.run(() => one.sleep(250));
    expect(one.wallMs() - two.wallMs()).toBe(250);
  });

  test("ten minutes with 100,000 timers take about a second at the most", async () => {
    const clock = virtualClock();
    const beganMs = performance.now();
    await clock.run(() => Promise.all(Array.from({ length: 100 }, async (_, i) => {
      for (let k = 0; k < 1_000; k++) await clock.sleep(600 + i / 100);
    })).then(() => undefined));
    // 0.2 s on a free core; the rest is for a machine with other things to do.
    expect(performance.now() - beganMs).toBeLessThan(2_000);
  });
});
