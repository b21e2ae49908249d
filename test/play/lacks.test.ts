/** What the generator itself lacked is no touch of the service: not in ops, groups or walks, and yet counted. */
import { expect, test } from "vitest";
import { journey, scenario, times, users } from "../../src/index.ts";
import { judge } from "../../src/judge/index.ts";
import type { HealthLine } from "../../src/ledger/lines.ts";
import type { Driver } from "../../src/model/driver.ts";
import { TouchFailed } from "../../src/model/op.ts";
import type { SelfReading } from "../../src/units/self.ts";
import { found } from "../judge/trial.ts";
import { paceOf, staged } from "./stage.ts";

const lines: Driver<{ touch(lack?: boolean): Promise<void> }> = {
  kind: "lines",
  open: async ({ clock, record, signal }) => ({
    async touch(lack = false) {
      const beganMs = clock.now();
      await clock.sleep(10, signal);
      const failure = { cause: "no ports", error: "EADDRNOTAVAIL" };
      record.op("touch", beganMs, clock.now(), lack ? "refused" : "ok", ...(lack ? [failure] : []));
      if (lack) throw new TouchFailed("refused", failure);
    },
  }),
  close: async () => undefined,
};
const reading: SelfReading = {
  lagMs: 1.23, lagMaxMs: 2, cpu: 0.1, waitedMs: 0, stoppedMs: 0, clockMs: 0, gcMs: 0, gcMaxMs: 0, heapMb: 40, heap: 0.01, rssMb: 90,
  descriptors: { open: 30, limit: Infinity }, sockets: undefined, machine: undefined,
};
const budget = { visit: { errors: "0%", walk: { errors: "0%" }, steps: { sign: { errors: "0%" } } } } as const;

test("a lack is counted by its cause alone", async () => {
  let walks = 0;
  const visit = journey({ lines }, async ({ lines }, user) => {
    const lack = walks++ % 4 === 3;
    await user.step("sign", () => lines.touch(lack));
    await lines.touch();
  });
  const { view } = await staged(scenario({ name: "t", journeys: { visit }, budget, phases: [{ name: "p", load: { visit: times(100) } }] }), { self: { read: () => reading, stop: () => undefined } });
  const count = (type: "op" | "group" | "walk") => view.tally({ type, journey: "visit" });
  // Three walks in four are whole, with two touches each.
  expect([count("op").count, count("group").count, count("walk").count]).toEqual([150, 75, 75]);
  expect(count("op").refused + count("walk").refused + count("group").refused).toBe(0);
  expect(view.failures).toEqual([{ phase: 0, journey: "visit", step: "sign › touch", cause: "no ports", count: 25 }]);
  expect(view.examples[0]).toMatchObject({ cause: "no ports", error: "EADDRNOTAVAIL" });
  // The walks were begun, and ended.
  expect(paceOf(view, "visit")).toMatchObject({ starts: 100, ended: 100, cut: 0 });
  const verdict = judge(view);
  expect(found(verdict, "generator / no ports")).toMatchObject({ grade: "unsure", observed: "25 touches could not" });
  for (const id of ["p / visit / errors", "p / visit / walk / errors", "p / visit / sign / errors"]) expect(found(verdict, id).grade).toBe("pass");
});

test("the seconds of a lack are marked, and no others", async () => {
  let walks = 0;
  const visit = journey({ lines }, async ({ lines }, user) => {
    await lines.touch(walks++ === 3);
    await user.think("990ms");
  });
  const { lines: written } = await staged(scenario({ name: "t", journeys: { visit }, budget, phases: [{ name: "p", for: "8s", load: { visit: users(1) } }] }), { self: { read: () => reading, stop: () => undefined } });
  const health = written.filter((line): line is HealthLine => line.k === "health");
  expect(health.filter(({ slow }) => slow)).toEqual([{ k: "health", s: 3, lagMs: 1.2, lagMaxMs: 2, cpu: 0.1, heapMb: 40, slow: true, heap: 0.01, rssMb: 90, lacks: { "no ports": 1 } }]);
  expect(health.length).toBeGreaterThanOrEqual(7);
});

test("a user whose touches can't begin does not ask in a tight loop", async () => {
  let asked = 0;
  const visit = journey({ lines }, async ({ lines }) => {
    asked += 1;
    await lines.touch(true);
  });
  await staged(scenario({ name: "t", journeys: { visit }, phases: [{ name: "p", for: "1s", load: { visit: users(1) } }] }));
  expect(asked).toBeLessThan(30);
});
