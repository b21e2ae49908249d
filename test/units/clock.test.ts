import { describe, expect, test } from "vitest";
import { Worker } from "node:worker_threads";
import { Vigil } from "../../src/units/alarm.ts";
import { epochOf, realClock, type Clock } from "../../src/units/clock.ts";

describe("the real clock", () => {
  test("never goes back, and keeps the wall time", () => {
    const clock = realClock();
    let before = clock.now();
    for (let i = 0; i < 10_000; i++) {
      const now = clock.now();
      expect(now).toBeGreaterThanOrEqual(before);
      before = now;
    }
    expect(Math.abs(clock.wallMs() - Date.now())).toBeLessThan(50);
  });

  test("shows the same time in another thread", async () => {
    const clock = realClock();
    await clock.sleep(50);
    const program = `
      import { parentPort, workerData } from "node:worker_threads";
      const { realClock } = await import(workerData.file);
      const clock = realClock(workerData.epoch);
      parentPort.on("message", () => parentPort.postMessage([clock.now(), clock.wallMs()]));
      parentPort.postMessage("ready");
    `;
    const worker = new Worker(new URL(`data:text/javascript,${encodeURIComponent(program)}`), { workerData: { file: new URL("../../src/units/clock.ts", import.meta.url).href, epoch: epochOf(clock) } });
    const answer = () => new Promise<[number, number]>((resolve, reject) => worker.once("message", resolve).once("error", reject));
    await answer();
    for (let n = 0; n < 20; n++) {
      const beforeMs = clock.now();
      worker.postMessage("now");
      const [nowMs, wallMs] = await answer();
      // Between the question and the answer, but for what two looks at one counter take.
      expect(nowMs).toBeGreaterThan(beforeMs - 1);
      expect(nowMs).toBeLessThan(clock.now() + 1);
      expect(Math.abs(wallMs - nowMs - (clock.wallMs() - clock.now()))).toBeLessThan(1);
    }
    await worker.terminate();
  });

  test("never rings early", async () => {
    const clock = realClock();
    const earlyMs = await Promise.all(
      Array.from({ length: 300 }, (_, i) => new Promise<number>((resolve) => {
        const atMs = clock.now() + (i % 60) + i / 300;
        clock.at(atMs, () => resolve(atMs - clock.now()));
      })),
    );
    expect(Math.max(...earlyMs)).toBeLessThanOrEqual(0);
  });

  test("a time gone by rings at once, but not before `at` has answered", async () => {
    const clock = realClock();
    let rung = false;
    const done = new Promise<void>((resolve) => clock.at(-1_000, () => resolve(void (rung = true))));
    expect(rung).toBe(false);
    await done;
    expect(clock.now()).toBeLessThan(1_000);
  });

  test("what was cancelled stays silent, also twice and after it rang", async () => {
    const clock = realClock();
    let rings = 0;
    const cancel = clock.at(clock.now() + 5, () => void rings++);
    cancel();
    cancel();
    const late = clock.at(clock.now() + 5, () => void rings++);
    await clock.sleep(20);
    late();
    expect(rings).toBe(1);
  });

  test("a wait longer than Node's timers hold does not ring at once", async () => {
    const clock = realClock();
    let rang = false;
    const cancel = clock.at(clock.now() + 2 ** 32, () => void (rang = true));
    await clock.sleep(20);
    cancel();
    expect(rang).toBe(false);
  });

  test("a sleep ends early by its signal, with the signal's reason", async () => {
    const clock = realClock();
    const stop = new AbortController();
    clock.at(clock.now() + 5, () => stop.abort(new Error("enough")));
    await expect(clock.sleep(60_000, stop.signal)).rejects.toThrow("enough");
    expect(clock.now()).toBeLessThan(5_000);
    await expect(clock.sleep(0, stop.signal)).rejects.toThrow("enough");
  });

  test("a sleep that ended leaves nothing on the signal", async () => {
    const clock = realClock();
    const stop = new AbortController();
    let left = 0;
    const { addEventListener, removeEventListener } = stop.signal;
    stop.signal.addEventListener = (...all: unknown[]) => (left++, Reflect.apply(addEventListener, stop.signal, all));
    stop.signal.removeEventListener = (...all: unknown[]) => (left--, Reflect.apply(removeEventListener, stop.signal, all));
    await clock.sleep(1, stop.signal);
    expect(left).toBe(0);
  });

  /** A busy machine makes waits late, but not always. By whole milliseconds none of these would be less than one late. */
  async function lateOf(wait: (clock: Clock) => Promise<number>): Promise<number> {
    const clock = realClock();
    let best = Infinity;
    for (let round = 0; round < 6 && best >= 0.5; round++) {
      const lateMs: number[] = [];
      for (let count = 0; count < 40; count++) lateMs.push(await wait(clock));
      best = Math.min(best, lateMs.sort((a, b) => a - b)[10]!);
    }
    return best;
  }

  test("a lone wait ends within a fraction of a millisecond, wherever in one it falls", async () => {
    expect(await lateOf(async (clock) => {
      const atMs = clock.now() + 3.05;
      await clock.until(atMs);
      return clock.now() - atMs;
    })).toBeLessThan(0.5);
  });

  test("a wait that is cancelled while awake leaves nobody awake", async () => {
    expect(await lateOf(async (clock) => {
      for (let count = 0; count < 3; count++) {
        const cancel = clock.at(clock.now() + 2.9, () => undefined);
        await clock.sleep(2.5);
        cancel();
      }
      const atMs = clock.now() + 3.3;
      await clock.until(atMs);
      return clock.now() - atMs;
    })).toBeLessThan(0.5);
  });
});

describe("being awake", () => {
  test("costs a fifth of the time at the most, however many want to be", () => {
    const vigil = new Vigil();
    let awakeMs = 0;
    for (let nowMs = 0; nowMs < 10_000; nowMs += 0.5) {
      if (!vigil.begin(nowMs)) continue;
      vigil.end(nowMs + 0.5);
      awakeMs += 0.5;
    }
    expect(awakeMs).toBeGreaterThan(1_900);
    expect(awakeMs).toBeLessThan(2_100);
  });

  test("four at once share one cost, and a fifth sleeps", () => {
    const vigil = new Vigil();
    expect(Array.from({ length: 6 }, () => vigil.begin(0))).toEqual([true, true, true, true, false, false]);
    for (const nowMs of [10, 20, 30, 40]) vigil.end(nowMs);
    // Of 20 ms that there were, 40 were spent, once, and a fifth of the time comes back.
    expect(vigil.begin(40)).toBe(false);
    expect(vigil.begin(99)).toBe(false);
    expect(vigil.begin(101)).toBe(true);
  });
});
