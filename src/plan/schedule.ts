import type { Random } from "../units/random.ts";
import type { PlannedArrivals, PlannedUsers } from "./plan.ts";
import { ownedThrough, sieve } from "./rota.ts";

/** How finely a curve that a user gave is added up. */
const curveStepMs = 10;
/** A curve is looked at so far ahead. */
const idleMs = 60_000;
/** Arithmetic puts the start that is due as the phase ends a crumb before or behind that: it is the next phase's. */
const crumbMs = 1e-4;

/** Starts due by `ms`, as a real number: the integral of the rate. */
function dueBy({ from, to, overMs }: PlannedArrivals, ms: number): number {
  const ramped = Math.min(ms, overMs);
  const ramp = overMs > 0 ? from * ramped + ((to - from) * ramped * ramped) / (2 * overMs) : 0;
  return ramp + to * (ms - ramped);
}

/** When `n` starts are due: the inverse of `dueBy`; Infinity for never. */
function whenDue(pace: PlannedArrivals, n: number): number {
  const { from, to, overMs } = pace;
  const ramp = overMs > 0 ? dueBy(pace, overMs) : 0;
  if (n > ramp || overMs === 0) return to > 0 ? overMs + (n - ramp) / to : Infinity;
  // from·t + slope/2·t² = n, in the form that stays exact when the slope is tiny.
  const slope = (to - from) / overMs;
  const root = Math.sqrt(Math.max(0, from * from + 2 * slope * n));
  return n === 0 ? 0 : (2 * n) / (from + root);
}

/** The same for a curve, adding it up step by step. `marks` must not go down. */
function alongCurve(curve: (seconds: number) => number): (mark: number, untilMs: number) => number {
  let [atMs, sum] = [0, 0];
  const rateAt = (ms: number) => Math.max(0, curve(ms / 1_000) || 0) / 1_000;
  let rate = rateAt(0);
  return (mark, untilMs) => {
    while (atMs < untilMs) {
      const next = rateAt(atMs + curveStepMs);
      const more = ((rate + next) / 2) * curveStepMs;
      if (sum + more >= mark && more > 0) return atMs + ((mark - sum) / more) * curveStepMs;
      sum += more;
      atMs += curveStepMs;
      rate = next;
    }
    return Infinity;
  };
}

/**
 * The times, in ms from the phase's begin, at which starts are due: fixed in advance, without
 * drift. Even starts come at whole numbers of the integrated rate, the first at once; poisson
 * ones at the marks of a unit process on the same axis, so that ramps keep their form.
 *
 * A time below zero is no start: nothing is due up to then (`-ms`), ask again there. A curve that
 * rests in a phase without a length would otherwise be followed for ever.
 */
export function* startsOf(pace: PlannedArrivals, lengthMs: number, random: Random): Generator<number> {
  // A share that never has a turn would look for one for ever.
  if (ownedThrough(pace.shares, Number.MAX_SAFE_INTEGER) === 0) return;
  const mine = sieve(pace.shares);
  const walk = pace.curve && alongCurve(pace.curve);
  let mark = 0;
  for (let n = 0; ; n++) {
    mark = pace.spread === "poisson" ? mark - Math.log(1 - random.next()) : n;
    let ms = walk ? Infinity : whenDue(pace, mark);
    // A phase without a length must not be searched to its end in one go.
    for (let horizonMs = idleMs; walk && ms === Infinity; horizonMs += idleMs) {
      ms = walk(mark, Math.min(horizonMs, lengthMs));
      if (ms === Infinity && horizonMs >= lengthMs) return;
      if (ms === Infinity) yield -horizonMs;
    }
    if (!(ms < lengthMs - crumbMs)) return;
    if (mine()) yield ms;
  }
}

/**
 * How many users this pace wants at `ms` from the phase's begin. New ones join at the spawn rate;
 * those `held` over from the phase before stay as far as they are wanted.
 */
export function usersAt(pace: PlannedUsers, ms: number, held = 0): number {
  const ramped = pace.overMs > 0 ? pace.from + (pace.to - pace.from) * Math.min(1, ms / pace.overMs) : pace.to;
  const wanted = Math.floor((pace.curve ? Math.max(0, pace.curve(ms / 1_000) || 0) : ramped) + 1e-9);
  const joined = pace.spawn === Infinity ? wanted : Math.min(wanted, Math.floor(pace.spawn * ms) + 1);
  return Math.max(ownedThrough(pace.shares, joined), Math.min(held, ownedThrough(pace.shares, wanted)));
}

/** Starts per second (or users) at a moment, of this pace's own share: for `plan` and reports. */
export function levelAt(pace: PlannedArrivals | PlannedUsers, ms: number): number {
  const part = pace.shares.reduce((left, { weights, index }) => (left * weights[index]!) / weights.reduce((a, b) => a + b, 0), 1);
  if (pace.curve) return part * Math.max(0, pace.curve(ms / 1_000) || 0);
  const level = pace.overMs > 0 ? pace.from + (pace.to - pace.from) * Math.min(1, ms / pace.overMs) : pace.to;
  return part * level * (pace.kind === "arrivals" ? 1_000 : 1);
}
