import { expect, test } from "vitest";
import { arrivals, journey, scenario, times } from "../../src/index.ts";
import { virtualClock } from "../../src/sim/index.ts";
import { paceOf, rope, staged } from "./stage.ts";

test("no start is lost where timers ring in whole milliseconds, at the end of a phase either", async () => {
  const clock = virtualClock();
  // As Node's timers: the last start, due at 999.8 ms, and the end of the phase ring together.
  const at = clock.at.bind(clock);
  clock.at = (atMs, call) => at(Math.ceil(atMs), call);
  const walks = journey({}, async () => undefined);
  const load = { walks: arrivals("5000/s") };
  const { view } = await staged(scenario({ name: "edge", journeys: { walks }, phases: [{ name: "one", for: "1s", load }, { name: "two", for: "1s", load }] }), { clock });
  expect([0, 1].map((phase) => paceOf(view, "walks", phase))).toMatchObject([{ starts: 5_000, dropped: 0 }, { starts: 5_000, dropped: 0 }]);
});

test("what was begun before the first phase is the first one's", async () => {
  const early = { ...rope(), open: async ({ record, clock }: any) => ({ touch: async () => record.op("early", -5, clock.now(), "ok") }) };
  const walks = journey({ early }, async ({ early }: any) => early.touch());
  const { view, end } = await staged(scenario({ name: "early", journeys: { walks }, phases: [{ name: "one", load: { walks: times(1) } }] }));
  expect(end.how).toBe("done");
  expect(view.tally({ phase: 0, journey: "walks", step: "early" })).toMatchObject({ ok: 1 });
});
