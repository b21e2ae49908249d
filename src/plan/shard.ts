import type { Share } from "../model/pace.ts";
import type { Plan, PlannedPace, PlannedPhase } from "./plan.ts";
import { ownedOf, ownedThrough } from "./rota.ts";

/** One of several generators that play a plan together. */
export interface Shard {
  /** From 0. */
  readonly index: number;
  readonly of: number;
}

/**
 * The part of a plan that one of several workers plays: every pace with one share more. All parts
 * together have every start, user and walk of the plan once, at the same times.
 */
export function sharded(plan: Plan, shard: Shard): Plan {
  return { ...plan, phases: plan.phases.map((phase) => ({ ...phase, load: loadOf(plan, phase, shard) })) };
}

function loadOf(plan: Plan, phase: PlannedPhase, shard: Shard): ReadonlyMap<string, PlannedPace> {
  return new Map([...phase.load].map(([journey, pace]) => [journey, paceOf(pace, shard.of, turnOf(plan, journey, shard))]));
}

/**
 * Whose turn it is among the workers, for one journey: each begins with another worker, or the
 * first would get the one user of every small pace. The n-th user of a journey has id n on whichever
 * worker it walks, so that it draws the same chances there.
 */
export function turnOf(plan: Plan, journey: string, { index, of }: Shard): number {
  return (index + Object.keys(plan.journeys).indexOf(journey)) % of;
}

function paceOf(pace: PlannedPace, of: number, index: number): PlannedPace {
  const evenly = Array.from({ length: of }, () => 1);
  const through = (weights: readonly number[]): readonly Share[] => [...pace.shares, { weights, index }];
  /** As many of a crowd as come to each worker. */
  const parts = (crowd: number) => evenly.map((_, part) => ownedOf({ weights: evenly, index: part }, crowd));
  switch (pace.kind) {
    case "users":
      return { ...pace, shares: through(evenly) };
    case "arrivals": {
      // Starts go where users may be: a worker that may have none must not be asked to drop its part.
      const most = parts(pace.most);
      return { ...pace, shares: through(most), most: most[index]! };
    }
    case "times":
      // One user's walks come one after the other, also where there are more workers than users.
      return { ...pace, shares: through(parts(Math.max(1, ownedThrough(pace.shares, pace.users)))) };
  }
}
