/**
 * What the server of the accuracy benchmark does, and what latency users then have: both from one
 * pure description, so that the truth is computed and not measured. Times are ms since the first request.
 */
export interface Script {
  readonly name: string;
  /** Requests per second, evenly spaced. */
  readonly rate: number;
  readonly seconds: number;
  /** Makes a server that has answered nothing yet. */
  readonly server: () => Server;
}

export interface Server {
  /** When the request that arrives now is answered. Requests come in the order of their arrival. */
  answerMs(arrivalMs: number): number;
}

/** As many workers as it takes: each request takes its own time. */
function delays(delayOf: (n: number) => number): Server {
  let n = 0;
  return { answerMs: (arrivalMs) => arrivalMs + delayOf(n++) };
}

/** One worker with a queue, which stands still for the last `stallMs` of every `everyMs`. */
function oneWorker(workMs: number, everyMs: number, stallMs: number): Server {
  let freeMs = 0;
  const stallOf = (ms: number) => {
    const endMs = (Math.floor(ms / everyMs) + 1) * everyMs;
    return { beginMs: endMs - stallMs, endMs };
  };
  return {
    answerMs(arrivalMs) {
      let beginMs = Math.max(arrivalMs, freeMs);
      const stall = stallOf(beginMs);
      if (beginMs >= stall.beginMs) beginMs = stall.endMs;
      freeMs = beginMs + workMs;
      // Work that a stall falls into goes on after it.
      if (beginMs < stall.beginMs && freeMs > stall.beginMs) freeMs += stallMs;
      return freeMs;
    },
  };
}

export const scripts: readonly Script[] = [
  { name: "constant", rate: 200, seconds: 30, server: () => delays(() => 20) },
  { name: "bimodal", rate: 200, seconds: 30, server: () => delays((n) => (n % 10 === 9 ? 50 : 5)) },
  { name: "stall", rate: 200, seconds: 36, server: () => oneWorker(1, 10_000, 2_000) },
];

export const quantiles = [0.5, 0.99, 0.999] as const;
/** In the order of `quantiles`, ms; NaN for one that a tool does not tell. */
export type Latencies = readonly [p50: number, p99: number, p999: number];

/** The quantiles of a list, each a value of it: the smallest that so many are not above. */
export function latenciesOf(list: readonly number[]): Latencies {
  const sorted = list.toSorted((a, b) => a - b);
  const at = (q: number) => sorted[Math.max(1, Math.ceil(q * sorted.length - 1e-9)) - 1] ?? Number.NaN;
  return [at(0.5), at(0.99), at(0.999)];
}

/** What users have who come by the schedule, whatever became of those before them. */
export function truthOf({ rate, seconds, server }: Script): Latencies {
  const { answerMs } = server();
  return latenciesOf(Array.from({ length: rate * seconds }, (_, n) => {
    const dueMs = (n * 1_000) / rate;
    return answerMs(dueMs) - dueMs;
  }));
}
