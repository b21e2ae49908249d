import type { Plain } from "../../../src/model/cluster.ts";
import type { Need } from "../consent/needs.ts";

/** A node, as those who have hands on its machine find it. */
export interface NodeRef {
  readonly name: string;
  /** Such as "aws:///eu-central-1a/i-0123456789abcdef0". */
  readonly providerID?: string;
  readonly addresses: readonly string[];
}

/**
 * Who has hands on the machines under the nodes: a cloud, an agent in the cluster, or a test bed.
 * Plain verbs, idempotent, asked for and then read.
 */
export interface Machines {
  readonly kind: string;
  /** What `heal` needs to find these machines again from another process; plain data. */
  readonly address: Plain;
  /** What its verbs ask of the API server; most have hands of another kind. */
  readonly rules?: readonly Need[];
  /** Takes the power away. */
  stop(node: NodeRef): Promise<void>;
  start(node: NodeRef): Promise<void>;
  reboot(node: NodeRef): Promise<void>;
  /** For good: no `start` brings it back. */
  terminate(node: NodeRef): Promise<void>;
  /** Takes the network away; everything on it runs on. */
  cut(node: NodeRef): Promise<void>;
  mend(node: NodeRef): Promise<void>;
  state(node: NodeRef): Promise<"up" | "stopped" | "cut" | "gone" | "unknown">;
  /** Stops the processes of a pod without ending them, by its uid; where these machines can. */
  freeze?(node: NodeRef, podUid: string): Promise<void>;
  thaw?(node: NodeRef, podUid: string): Promise<void>;
}
