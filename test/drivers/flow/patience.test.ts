import { expect, test } from "vitest";
import { patiently, untilEnded } from "../../../drivers/flow/patience.ts";
import { virtualClock } from "../../../src/sim/index.ts";

const never = new Promise<never>(() => undefined);

test("work is waited for until the signal aborts, also where it has already", async () => {
  const end = new AbortController();
  await expect(untilEnded(end.signal, Promise.resolve(1))).resolves.toBe(1);
  const waiting = untilEnded(end.signal, never);
  end.abort(new Error("the run is over"));
  await expect(waiting).rejects.toThrow("the run is over");
  await expect(untilEnded(end.signal, never)).rejects.toThrow("the run is over");
});

test("work that takes too long ends with what is said of it, and work that fails with its own error", async () => {
  const clock = virtualClock();
  const late = () => new Error("too late");
  await clock.run(async () => {
    await expect(patiently(clock, 100, clock.sleep(99).then(() => "in time"), late)).resolves.toBe("in time");
    await expect(patiently(clock, 100, clock.sleep(101), late)).rejects.toThrow("too late");
    await expect(patiently(clock, 100, Promise.reject(new Error("its own")), late)).rejects.toThrow("its own");
  });
});
