import { durationMs, type Duration } from "../units/duration.ts";
import type { Random } from "../units/random.ts";
import { ratePerSecond, type Rate } from "../units/rate.ts";

/** How long a user waits after a walk, in milliseconds: pure in the walk's length and the user's chance. */
export interface Wait {
  (walkedMs: number, random: Random): number;
}

/** Between two walks, evenly between `least` and `most`: Locust's `between`. */
export function between(least: Duration, most: Duration): Wait {
  const [leastMs, mostMs] = [durationMs(least, "between"), durationMs(most, "between")];
  return (_, random) => random.between(leastMs, mostMs);
}

/** Always the same wait: Locust's `constant`. */
export function constant(wait: Duration): Wait {
  const ms = durationMs(wait, "constant");
  return () => ms;
}

/** A walk begins every `period` at the most, however long it took; it never catches up: Locust's `constant_pacing`. */
export function pacing(period: Duration): Wait {
  const ms = durationMs(period, "pacing");
  return (walkedMs) => Math.max(0, ms - walkedMs);
}

/** At most this many walks per user and time: Locust's `constant_throughput`. */
export function throughput(rate: Rate): Wait {
  const ms = 1_000 / ratePerSecond(rate, "throughput");
  return (walkedMs) => Math.max(0, ms - walkedMs);
}
