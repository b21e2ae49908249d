import type { Share } from "../model/pace.ts";
import type { Plan, PlannedPace, PlannedPhase } from "./plan.ts";
import { ownedOf } from "./rota.ts";
import { crewOf, walksIn } from "./walks.ts";

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
  // Of a shard's journeys, which are each so far from the next, all workers have some.
  return (index + Math.floor(placeOf(plan, journey) / (plan.regression?.shard?.of ?? 1))) % of;
}

const placeOf = (plan: Plan, journey: string): number => Object.keys(plan.journeys).indexOf(journey);
const dealtTo = (plan: Plan, journey: string, { index, of }: Shard): number => (index + placeOf(plan, journey)) % of;

/** The numbers of one worker's users of a journey: unique in the run, and in all shards of it. */
export function userNumbers(plan: Plan, journey: string, shard: Shard, firstUser: number): { readonly first: number; readonly step: number } {
  const own = firstUser + turnOf(plan, journey, shard);
  const outer = plan.regression?.shard;
  return outer ? { first: dealtTo(plan, journey, outer) + outer.of * own, step: outer.of * shard.of } : { first: own, step: shard.of };
}

/**
 * The part of a plan of counted walks that one of several runs walks. Workers share users, runs share
 * walks: those of one user may be walked in several, unless each user has its own. A journey without a
 * walk here has no load here.
 */
export function dealt(plan: Plan, shard: Shard): Plan {
  const part = (journey: string, pace: PlannedPace): PlannedPace => {
    const index = dealtTo(plan, journey, shard);
    const weights = pace.kind === "times" && pace.each ? partsOf(crewOf(pace), shard.of) : Array.from({ length: shard.of }, () => 1);
    return { ...pace, shares: [...pace.shares, { weights, index }] };
  };
  return {
    ...plan,
    phases: plan.phases.map((phase) => ({
      ...phase,
      load: new Map([...phase.load].map(([journey, pace]) => [journey, part(journey, pace)] as const).filter(([, pace]) => pace.kind !== "times" || walksIn(pace) > 0)),
    })),
  };
}

/** As many of a crowd as come to each of several. */
function partsOf(crowd: number, of: number): readonly number[] {
  const weights = Array.from({ length: of }, () => 1);
  return weights.map((_, index) => ownedOf({ weights, index }, crowd));
}

function paceOf(pace: PlannedPace, of: number, index: number): PlannedPace {
  const evenly = Array.from({ length: of }, () => 1);
  const through = (weights: readonly number[]): readonly Share[] => [...pace.shares, { weights, index }];
  const parts = (crowd: number) => partsOf(crowd, of);
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
      return { ...pace, shares: through(parts(crewOf(pace))) };
  }
}
