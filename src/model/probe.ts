import type { Duration } from "../units/duration.ts";
import type { Clock } from "../units/clock.ts";
import type { Cluster } from "./cluster.ts";

/** What the world answered: a number, a yes or no, or both. */
export interface Reading {
  readonly value?: number;
  readonly ok?: boolean;
  readonly text?: string;
}

export interface ProbeContext {
  readonly clock: Clock;
  /** Aborts when the answer comes too late to be of use. */
  readonly signal: AbortSignal;
  /** The cluster, where the scenario has one. */
  readonly cluster: Cluster | undefined;
}

/** A read-only question put to the world on a beat. */
export interface Probe {
  readonly name: string;
  /** The beat. Default `"5s"`. */
  readonly every?: Duration;
  /** The reading's value must stay at or above. */
  readonly atLeast?: number;
  /** The reading's value must stay at or below. */
  readonly atMost?: number;
  readonly ask: (context: ProbeContext) => Promise<Reading>;
}

/** The beat of a probe that names none. */
export const defaultBeat: Duration = "5s";

/**
 * A probe.
 * @example probe("orders", { every: "2s", atLeast: 1, ask: async () => ({ value: await countOrders() }) })
 */
export function probe(name: string, options: Omit<Probe, "name">): Probe {
  return Object.freeze({ name, ...options });
}
