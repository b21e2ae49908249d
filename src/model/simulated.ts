/** A request to the simulated service of a rehearsal. */
export interface SimulatedAsk {
  readonly method: string;
  /** Path with query. */
  readonly path: string;
  readonly body?: unknown;
}

export interface SimulatedAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
}

/** Thrown in place of an answer: the connection was refused or reset, or nobody ever answered. */
export class SimulatedLoss extends Error {
  readonly kind: "refused" | "reset" | "silence";
  constructor(kind: "refused" | "reset" | "silence") {
    super(kind);
    this.kind = kind;
  }
}

/**
 * The service of a rehearsal: a small store that behaves like a REST API, behind the simulated
 * cluster's replicas. `silence` only ends by the signal, as a hung connection does.
 */
export interface SimulatedService {
  request(ask: SimulatedAsk, signal: AbortSignal): Promise<SimulatedAnswer>;
}
