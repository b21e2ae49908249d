import type { PlannedTimes } from "./plan.ts";
import { ownedThrough, sieve } from "./rota.ts";

/** Users of a counted pace that walk here, side by side. */
export const crewOf = (pace: PlannedTimes): number => Math.max(1, ownedThrough(pace.shares, pace.users));

/** How many walks of a counted pace are walked here. */
export function walksIn(pace: PlannedTimes): number {
  const whole = ownedThrough(pace.shares, pace.each ? pace.count * pace.users : pace.count);
  return pace.each && whole > 0 ? pace.count * crewOf(pace) : whole;
}

/**
 * Which walks those are, from 0 among all of the pace: no number is walked in two workers or shards.
 * Where each user has walks of its own, they take turns.
 */
export function* walkNumbers(pace: PlannedTimes): Generator<number, undefined> {
  const mine = sieve(pace.shares);
  if (!pace.each) {
    for (let n = 0; n < pace.count; n++) if (mine()) yield n;
    return;
  }
  const owned = Array.from({ length: pace.users }, (_, user) => user).filter(() => mine());
  if (owned.length === 0 && walksIn(pace) > 0) owned.push(0);
  for (let round = 0; round < pace.count; round++) for (const user of owned) yield round * pace.users + user;
}
