/** The door of the faults that only a Kubernetes cluster can have. */
import type { KubernetesCluster } from "../cluster/cluster.ts";
import { podsWhole } from "../../../src/faults/pods.ts";
import { healEndpointLoss } from "./endpoint-loss.ts";
import { healNamespaceLoss } from "./namespace-loss.ts";
import { healNetworkIsolation } from "./network-isolation.ts";
import { healObjectLoss } from "./object-loss.ts";
import { healWrongLimits } from "./wrong-limits.ts";
import { healNodeCordon } from "./node-cordon.ts";
import { healNodeDrain } from "./node-drain.ts";
import { healNodeReboot } from "./node-reboot.ts";
import { healNodeTaint } from "./node-taint.ts";
import { healNodeTerminate } from "./node-terminate.ts";
import { healPodDown } from "./pod-down.ts";
import { healRollingRestart } from "./rolling-restart.ts";
import { healScaleDown } from "./scale.ts";

export { podEviction } from "./pod-eviction.ts";
export { podDown } from "./pod-down.ts";
export { containerKill } from "./container-kill.ts";
export { rollingRestart } from "./rolling-restart.ts";
export { scaleDown, scaleToZero } from "./scale.ts";
export { nodeCordon } from "./node-cordon.ts";
export { nodeDrain } from "./node-drain.ts";
export { nodeTaint } from "./node-taint.ts";
export { nodeReboot } from "./node-reboot.ts";
export { nodeTerminate } from "./node-terminate.ts";
export { wrongLimits } from "./wrong-limits.ts";
export { secretLoss, configLoss } from "./object-loss.ts";
export { endpointLoss, dnsLoss } from "./endpoint-loss.ts";
export { networkIsolation } from "./network-isolation.ts";
export { namespaceLoss } from "./namespace-loss.ts";

/** `Fault.heal` for an aim that was read from an undo record. */
type Healer = (cluster: KubernetesCluster, aim: never) => Promise<boolean>;

/** The healer of every kind of fault in this room, for `seatrial heal`. */
export const kubernetesHealers = {
  "pod-eviction": podsWhole,
  "pod-down": healPodDown,
  "container-kill": podsWhole,
  "rolling-restart": healRollingRestart,
  "scale-down": healScaleDown,
  "node-cordon": healNodeCordon,
  "node-drain": healNodeDrain,
  "node-taint": healNodeTaint,
  "node-reboot": healNodeReboot,
  "node-terminate": healNodeTerminate,
  "wrong-limits": healWrongLimits,
  "secret-loss": healObjectLoss,
  "config-loss": healObjectLoss,
  "endpoint-loss": healEndpointLoss,
  "dns-loss": healEndpointLoss,
  "network-isolation": healNetworkIsolation,
  "namespace-loss": healNamespaceLoss,
} as const satisfies Readonly<Record<string, Healer>>;
