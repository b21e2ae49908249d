import { realClock, untilOn, type Clock } from "../../../src/units/clock.ts";

/** A clock whose time runs so many times faster: what waits minutes for a silent server is tried in seconds. */
export function hurried(times: number): Clock {
  const real = realClock();
  const clock: Clock = {
    now: () => real.now() * times,
    wallMs: () => real.wallMs(),
    at: (atMs, call) => real.at(atMs / times, call),
    sleep: (ms, signal) => untilOn(clock, clock.now() + ms, signal),
    until: (atMs, signal) => untilOn(clock, atMs, signal),
  };
  return clock;
}
