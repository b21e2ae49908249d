import type { ClusterNode } from "../../../src/model/cluster.ts";
import type { NodeRef } from "../machines/machines.ts";
import type { SlimNode } from "./slim.ts";

/** Labels that name a node's pool on EKS, with Karpenter, eksctl, GKE, AKS. */
const poolLabels = ["eks.amazonaws.com/nodegroup", "karpenter.sh/nodepool", "alpha.eksctl.io/nodegroup-name", "cloud.google.com/gke-nodepool", "kubernetes.azure.com/agentpool"];

/** @param poolLabel the label that the place names, before those that are known */
export function nodeView({ name, ready, labels }: SlimNode, poolLabel: string | undefined): ClusterNode {
  const label = [...(poolLabel === undefined ? [] : [poolLabel]), ...poolLabels].find((one) => labels[one] !== undefined);
  return { name, ready, pool: label === undefined ? "" : labels[label]! };
}

export const nodeRef = ({ name, providerID, addresses }: SlimNode): NodeRef => ({
  name,
  ...(providerID !== undefined && { providerID }),
  addresses: addresses.filter(({ type }) => type.endsWith("IP")).map(({ address }) => address),
});
