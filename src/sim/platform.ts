import type { Release } from "../model/cluster.ts";
import type { Duration } from "../units/duration.ts";

/** How long the simulated platform takes, in ms; each time is up to a fifth shorter or longer. */
export const delays = {
  /** Until a pod that has ended is taken out of service, and another one begun: a refused connection tells at once. */
  deadPod: 50,
  /** Until a pod that does not answer is taken out of service. */
  silentPod: 500,
  /** From then until it is ended. */
  hungPod: 3_000,
  /** Until a new pod takes traffic. */
  start: 1_500,
  /** Until a node that does not answer is given up, and one that is back is used. */
  node: 3_000,
  /** Between two looks at a canary. */
  canary: 2_000,
  restore: 1_500,
} as const;

export interface SimService {
  readonly replicas: number;
  /** What runs at first. Default `"good"`. */
  readonly version?: string;
  /** The data scope that it keeps its things in. */
  readonly data?: string;
}

export interface WorldPlan {
  readonly name: string;
  readonly services: Readonly<Record<string, SimService>>;
  readonly data: Readonly<Record<string, { readonly backupEvery?: Duration }>>;
  /** Pool of every node by the node's name. */
  readonly nodes: Readonly<Record<string, string>>;
}

export interface SimNode {
  readonly name: string;
  readonly pool: string;
  state: "up" | "stopped" | "cut";
  /** What the platform believes. */
  ready: boolean;
  /** Changes with every change of state, so that a look that comes too late sees it. */
  turn: number;
}

/** A pod of the world: what it is, and what the platform believes of it. */
export interface SimPod {
  readonly name: string;
  readonly id: string;
  readonly node: SimNode;
  readonly release: Release;
  state: "starting" | "alive" | "frozen" | "dead";
  ready: boolean;
  turn: number;
  /** Requests that it is working on. */
  busy: number;
}
