import type { Cluster } from "../../../src/model/cluster.ts";
import type { Api } from "../api/api.ts";
import type { Machines } from "../machines/machines.ts";

/** A real cluster, by its API server. */
export interface KubernetesCluster extends Cluster {
  readonly kind: "kubernetes";
  readonly api: Api;
  /** Those that the place names; nothing is read or harmed in others. */
  readonly namespaces: readonly string[];
  /** Who can stop and cut its nodes; undefined where the place names nobody. */
  readonly machines: Machines | undefined;
  /** The run's id. */
  readonly run: string;
}
