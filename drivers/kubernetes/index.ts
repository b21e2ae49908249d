/** `seatrial/kubernetes`: real clusters, broken on purpose. */
export { connect, type ConnectSettings } from "./api/client.ts";
export type { Api, Call, Eviction, JsonPatch, ListSettings, Meta, Owner, Patch, RemoveSettings, Resource, Thing } from "./api/api.ts";
export type { Change, Key, Watch, WatchSettings } from "./watch/watch.ts";
export * as resources from "./api/resources.ts";
export type { KubernetesCluster } from "./cluster/cluster.ts";
export type { Machines, NodeRef } from "./machines/machines.ts";
export { kubernetes, type KubernetesPlace, type KubernetesSettings } from "./place.ts";
export { eks, type EksSettings } from "./eks.ts";
export { chaos, chaosMesh, type ChaosAim, type ChaosFault, type ChaosOptions, type Manifest } from "./chaos/index.ts";
export * from "./aws/index.ts";
export {
  configLoss, containerKill, dnsLoss, endpointLoss, namespaceLoss, networkIsolation, nodeCordon, nodeDrain, nodeReboot,
  nodeTaint, nodeTerminate, podDown, podEviction, rollingRestart, scaleDown, scaleToZero, secretLoss, wrongLimits,
} from "./faults/index.ts";
export { machineCommands, type MachineCommands } from "./machines/command.ts";
