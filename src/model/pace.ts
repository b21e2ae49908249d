import type { Duration } from "../units/duration.ts";
import type { Rate } from "../units/rate.ts";

/**
 * This pace's part of a larger one: of every start (or user) of the whole, those whose turn in a
 * fair weighted rota falls on `index`. Nothing is rounded, so parts always add up to the whole.
 */
export interface Share {
  readonly weights: readonly number[];
  readonly index: number;
}

interface Shared {
  readonly shares?: readonly Share[];
}

/** Open load: starts come at their times, whether or not the service keeps up. */
export interface Arrivals extends Shared {
  readonly kind: "arrivals";
  readonly rate: Rate;
  readonly to?: Rate;
  readonly over?: Duration;
  readonly most?: number;
  readonly spread?: "even" | "poisson";
}

/** Closed load: so many users, each walking again and again. */
export interface Users extends Shared {
  readonly kind: "users";
  readonly count: number;
  readonly to?: number;
  readonly over?: Duration;
  readonly spawn?: Rate;
}

/** So many walks, and then it is over. */
export interface Times extends Shared {
  readonly kind: "times";
  readonly count: number;
  readonly users?: number;
  readonly each?: boolean;
}

/** Any pure function of the elapsed seconds. */
export interface Shape extends Shared {
  readonly kind: "shape";
  /** Starts per second at that moment. */
  readonly arrivals?: (seconds: number) => number;
  /** Users at that moment. */
  readonly users?: (seconds: number) => number;
  readonly most?: number;
}

/** Load that ends by itself. */
export type CountedPace = Times;
/** Load that lasts as long as its phase. */
export type SteadyPace = Arrivals | Users | Shape;
export type Pace = CountedPace | SteadyPace;

export interface ArrivalOptions {
  /** Ramps evenly from the first rate to this one, over `over` or the whole phase. */
  readonly to?: Rate;
  /** How long the ramp takes; then the rate stays. Default: as long as the phase. */
  readonly over?: Duration;
  /** At most so many users at once; a start that finds none free is dropped and counted. Default: 1000. */
  readonly most?: number;
  /** `"poisson"`: seeded random gaps with the same mean, as independent visitors make. Default `"even"`. */
  readonly spread?: "even" | "poisson";
}

/** Users at once that an open pace has when it names no `most`. */
export const defaultMostUsers = 1_000;

/** Open load. Start i is fixed in advance: no drift, and a slow service gets no rest. @example arrivals("10/s", { to: "80/s" }) */
export function arrivals(rate: Rate, options: ArrivalOptions = {}): Arrivals {
  return Object.freeze({ kind: "arrivals", rate, ...options });
}

export interface UserOptions {
  /** Ramps evenly from the first count to this one, over `over` or the whole phase. */
  readonly to?: number;
  readonly over?: Duration;
  /** How fast users join: Locust's spawn rate. Default: all at once. */
  readonly spawn?: Rate;
}

/** Closed load. @example users(200, { spawn: "10/s" }) */
export function users(count: number, options: UserOptions = {}): Users {
  return Object.freeze({ kind: "users", count, ...options });
}

export interface TimesOptions {
  /** Walk side by side with so many users. Default 1. */
  readonly users?: number;
  /** Every user walks `count` times, instead of sharing them. */
  readonly each?: boolean;
}

/** So many walks. @example times(1) */
export function times(count: number, options: TimesOptions = {}): Times {
  return Object.freeze({ kind: "times", count, ...options });
}

/**
 * Load by a pure function of the phase's elapsed seconds: starts per second, or users at once.
 * @example shape({ arrivals: (s) => 50 + 30 * Math.sin(s / 60) })
 */
export function shape(
  by: { readonly arrivals: (seconds: number) => number; readonly most?: number } | { readonly users: (seconds: number) => number },
): Shape {
  return Object.freeze({ kind: "shape", ...by });
}

/**
 * One pace shared by several journeys by weight: Locust's weights.
 * @example split(users(200), { browse: 8, buy: 2 })
 */
export function split<P extends Pace, const Names extends string>(pace: P, weights: Readonly<Record<Names, number>>): { readonly [K in Names]: P } {
  const names = Object.keys(weights) as Names[];
  const list = names.map((name) => weights[name]);
  return Object.freeze(
    Object.fromEntries(
      names.map((name, index) => [name, Object.freeze({ ...pace, shares: [...(pace.shares ?? []), { weights: list, index }] })]),
    ),
  ) as unknown as { readonly [K in Names]: P };
}
