import type { Aim, Fault, Mending } from "../../../src/model/fault.ts";
import type { KubernetesCluster } from "../cluster/cluster.ts";
import type { Need } from "./needs.ts";

/** A fault for Kubernetes alone: it says what it needs. */
export interface KubernetesFault<A extends Aim = Aim, By extends Mending = Mending> extends Fault<KubernetesCluster, A, By> {
  /** What `aim`, `inject`, `recovered` and `heal` ask of the server, beyond what a place reads anyway. */
  readonly needs: readonly Need[];
}
