import type { Backend, Route } from "../wire.ts";

/** What a service's choice remembers: credit by version, and whose turn it is within each. */
export interface Turns {
  readonly credit: Map<string, number>;
  readonly turn: Map<string, number>;
}

export const noTurns = (): Turns => ({ credit: new Map(), turn: new Map() });

/**
 * The backend of the next connection: versions by weight, and within a version in turn. Each version
 * earns its weight, the richest pays for all: over any stretch the shares are right, without chance.
 */
export function pick({ backends, weights }: Pick<Route, "backends" | "weights">, { credit, turn }: Turns): Backend | undefined {
  const versions = [...new Set(backends.map((backend) => backend.version))].filter((version) => (weights[version] ?? 0) > 0);
  let best: string | undefined;
  let total = 0;
  for (const version of versions) {
    const weight = weights[version]!;
    total += weight;
    credit.set(version, (credit.get(version) ?? 0) + weight);
    if (best === undefined || credit.get(version)! > credit.get(best)!) best = version;
  }
  if (best === undefined) return undefined;
  credit.set(best, credit.get(best)! - total);
  const choice = backends.filter((backend) => backend.version === best);
  const next = turn.get(best) ?? 0;
  turn.set(best, next + 1);
  return choice[next % choice.length];
}
