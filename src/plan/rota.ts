import type { Share } from "../model/pace.ts";

/** Longest rota; finer weights than 1 in 10,000 are rounded to it. */
const longest = 10_000;

interface Rota {
  /** Whose turn it is, over and over. */
  readonly turns: readonly number[];
  /** `before[k][i]`: turns of `k` among the first `i`. */
  readonly before: readonly (readonly number[])[];
}

const known = new Map<string, Rota>();

const gcd = (a: number, b: number): number => (b === 0 ? a : gcd(b, a % b));

/**
 * A fair rota: every stretch of it holds each member as near to its weight as whole turns allow
 * (the smooth weighted round-robin of load balancers).
 */
function rotaOf(weights: readonly number[]): Rota {
  const key = weights.join(",");
  const found = known.get(key);
  if (found) return found;
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  let whole = weights.every(Number.isInteger) && total <= longest ? [...weights] : weights.map((weight) => Math.round((weight / total) * longest));
  const common = whole.reduce(gcd, 0) || 1;
  whole = whole.map((weight) => weight / common);
  const sum = whole.reduce((a, b) => a + b, 0);
  const credit = whole.map(() => 0);
  const turns: number[] = [];
  const before: number[][] = whole.map(() => [0]);
  for (let turn = 0; turn < sum; turn++) {
    let best = 0;
    for (let k = 0; k < whole.length; k++) {
      credit[k]! += whole[k]!;
      if (credit[k]! > credit[best]!) best = k;
    }
    credit[best]! -= sum;
    turns.push(best);
    for (let k = 0; k < whole.length; k++) before[k]!.push(before[k]![turn]! + (k === best ? 1 : 0));
  }
  const rota = { turns, before };
  known.set(key, rota);
  return rota;
}

/** Does number `n` (from 0) of the whole belong to this share? */
export function owns(share: Share, n: number): boolean {
  const { turns } = rotaOf(share.weights);
  return turns[n % turns.length] === share.index;
}

/** How many of the first `n` of the whole belong to this share. */
export function ownedOf(share: Share, n: number): number {
  const { turns, before } = rotaOf(share.weights);
  const mine = before[share.index]!;
  return Math.floor(n / turns.length) * mine[turns.length]! + mine[n % turns.length]!;
}

/** How many of the first `n` of the whole come down through all shares. */
export function ownedThrough(shares: readonly Share[], n: number): number {
  return shares.reduce((left, share) => ownedOf(share, left), n);
}

/** Says of 0, 1, 2, … in turn whether each comes down through all shares. */
export function sieve(shares: readonly Share[]): () => boolean {
  const counts = shares.map(() => 0);
  return () => {
    for (let level = 0; level < shares.length; level++) {
      const n = counts[level]!++;
      if (!owns(shares[level]!, n)) return false;
    }
    return true;
  };
}
