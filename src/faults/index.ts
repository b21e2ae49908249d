/** The door of the neutral faults and recoveries: they need nothing but the `Cluster` port. */
import type { Cluster } from "../model/cluster.ts";
import { healBadCanary } from "./bad-canary.ts";
import { healDataLoss } from "./data-loss.ts";
import { healNodes } from "./nodes.ts";
import { healPodFreeze } from "./pod-freeze.ts";
import { healPodLoss } from "./pod-loss.ts";

export { podLoss } from "./pod-loss.ts";
export { podFreeze } from "./pod-freeze.ts";
export { nodeLoss } from "./node-loss.ts";
export { nodeCut } from "./node-cut.ts";
export { dataLoss } from "./data-loss.ts";
export { badCanary } from "./bad-canary.ts";
export { restore } from "./restore.ts";
export { undo } from "./undo.ts";
export { lift } from "./lift.ts";

/** `Fault.heal` for an aim that was read from an undo record. */
export type Healer = (cluster: Cluster, aim: never) => Promise<boolean>;

/** The healer of every kind of fault in this room: all that `seatrial heal` needs beside the record. */
export const healers = {
  "pod-loss": healPodLoss,
  "pod-freeze": healPodFreeze,
  "node-loss": healNodes,
  "node-cut": healNodes,
  "data-loss": healDataLoss,
  "bad-canary": healBadCanary,
} as const satisfies Readonly<Record<string, Healer>>;
