import { describe, expect, test } from "vitest";
import { Worker } from "node:worker_threads";
import { epochOf, realClock } from "../../src/units/clock.ts";

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
});
