/** The accuracy benchmark in virtual time: what the ledger says must be the truth, as far as its histograms go. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { arrivals, journey, scenario, type Duration, type Rate } from "../../src/index.ts";
import type { Driver } from "../../src/model/driver.ts";
import { latenciesOf, scripts, truthOf, type Script, type Server } from "../bench/accuracy/script.ts";
import { staged } from "./stage.ts";

/** A driver whose server answers by its script; the script's time begins with its first request. */
function scripted(server: Server): Driver<{ touch(): Promise<void> }> {
  let epochMs = -1;
  return {
    kind: "scripted",
    open: async ({ clock, record, signal }) => ({
      async touch() {
        const beganMs = clock.now();
        if (epochMs < 0) epochMs = beganMs;
        await clock.until(epochMs + server.answerMs(beganMs - epochMs), signal);
        record.op("touch", beganMs, clock.now(), "ok");
      },
    }),
    close: async () => undefined,
  };
}

async function measured(script: Script, most = 5_000) {
  const site = scripted(script.server());
  const visit = journey({ site }, ({ site }) => site.touch());
  const { view } = await staged(scenario({
    name: "t", grace: "1m", journeys: { visit },
    phases: [{ name: "p", for: `${script.seconds}s` as Duration, load: { visit: arrivals(`${script.rate}/s` as Rate, { most }) } }],
  }));
  return view.tally({ type: "op" });
}

test.each(scripts)("$name: p50, p99 and p99.9 from due are the truth", async (script) => {
  const { due, count } = await measured(script);
  expect(count).toBe(script.rate * script.seconds);
  truthOf(script).forEach((truthMs, index) => {
    const seenMs = due.quantileMs([0.5, 0.99, 0.999][index]!);
    expect(Math.abs(seenMs - truthMs)).toBeLessThanOrEqual(Math.max(0.02, 0.008 * truthMs));
  });
});

describe("the truth", () => {
  test("of a constant delay is that delay, of two the smaller and the larger", () => {
    expect(truthOf(scripts[0]!)).toEqual([20, 20, 20]);
    expect(truthOf(scripts[1]!).map(Math.round)).toEqual([5, 50, 50]);
  });

  test("of a stall: the first that it holds back waits for all of it, and those behind for their turn", () => {
    const { answerMs } = scripts[2]!.server();
    expect([0, 7_998, 7_999.5, 8_000, 8_005, 10_000, 10_002].map(answerMs)).toEqual([1, 7_999, 10_000.5, 10_001.5, 10_002.5, 10_003.5, 10_004.5]);
  });

  test("one worker answers in order, one at a time, never in a stall and never early", () => {
    fc.assert(fc.property(fc.array(fc.double({ min: 0, max: 30_000, noNaN: true }), { minLength: 1, maxLength: 300 }), (times) => {
      const { answerMs } = scripts[2]!.server();
      let before = -Infinity;
      for (const arrivalMs of times.sort((a, b) => a - b)) {
        const atMs = answerMs(arrivalMs);
        expect(atMs).toBeGreaterThanOrEqual(arrivalMs + 1 - 1e-9);
        expect(atMs).toBeGreaterThanOrEqual(before + 1 - 1e-9);
        // Whatever ends within a stall would have been done by a worker that stands still.
        const within = atMs % 10_000;
        expect(within <= 8_000 + 1e-6 || within >= 10_000 - 1e-6).toBe(true);
        before = atMs;
      }
    }));
  });

  test("quantiles are values of the list: the smallest that so many are not above", () => {
    expect(latenciesOf(Array.from({ length: 1_000 }, (_, i) => 1_000 - i))).toEqual([500, 990, 999]);
    expect(latenciesOf([7])).toEqual([7, 7, 7]);
  });
});
