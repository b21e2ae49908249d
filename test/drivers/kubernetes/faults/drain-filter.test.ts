import { expect, test } from "vitest";
import { fateOf, type DrainRules } from "../../../../drivers/kubernetes/faults/drain-filter.ts";
import type { PodThing } from "../../../../drivers/kubernetes/faults/things.ts";

interface Made {
  readonly owner?: string;
  readonly uid?: string;
  readonly phase?: string;
  readonly mirror?: boolean;
  readonly emptyDir?: boolean;
  readonly hostNetwork?: boolean;
}

const pod = ({ owner, uid = "there", phase = "Running", mirror = false, emptyDir = false, hostNetwork = false }: Made): PodThing => ({
  apiVersion: "v1", kind: "Pod",
  metadata: {
    name: "shop-1", namespace: "shop",
    ...(owner !== undefined && { ownerReferences: [{ apiVersion: "apps/v1", kind: owner, name: "own", uid, controller: true }] }),
    ...(mirror && { annotations: { "kubernetes.io/config.mirror": "abc" } }),
  },
  spec: { containers: [], ...(hostNetwork && { hostNetwork }), ...(emptyDir && { volumes: [{ name: "own", configMap: {} }, { name: "scratch", emptyDir: {} }] }) } as PodThing["spec"],
  status: { phase },
});

const all: DrainRules = { emptyDir: true, orphans: true };

// What kubectl drain --ignore-daemonsets does with each, without and with its other flags.
test.each<readonly [string, Made, DrainRules, "evicted" | "left" | RegExp]>([
  ["of a ReplicaSet", { owner: "ReplicaSet" }, {}, "evicted"],
  ["of a ReplicaSet, on the node's own network", { owner: "ReplicaSet", hostNetwork: true }, {}, "evicted"],
  ["of a DaemonSet", { owner: "DaemonSet" }, {}, "left"],
  ["of a DaemonSet, whatever is allowed", { owner: "DaemonSet", emptyDir: true }, all, "left"],
  ["of a DaemonSet that is gone", { owner: "DaemonSet", uid: "gone" }, {}, /DaemonSet own is gone/],
  ["of a DaemonSet that is gone, orphans allowed", { owner: "DaemonSet", uid: "gone" }, { orphans: true }, "evicted"],
  ["of a DaemonSet, at its end", { owner: "DaemonSet", phase: "Failed" }, {}, "evicted"],
  ["from a file of the kubelet", { owner: "Node", mirror: true }, all, "left"],
  ["from a file of the kubelet, with an emptyDir", { owner: "Node", mirror: true, emptyDir: true }, {}, "left"],
  ["with an emptyDir", { owner: "ReplicaSet", emptyDir: true }, {}, /emptyDir would be lost/],
  ["with an emptyDir, allowed", { owner: "ReplicaSet", emptyDir: true }, { emptyDir: true }, "evicted"],
  ["with an emptyDir, at its end", { owner: "Job", emptyDir: true, phase: "Succeeded" }, {}, "evicted"],
  ["of nobody", {}, {}, /nobody owns it/],
  ["of nobody, allowed", {}, { orphans: true }, "evicted"],
  ["of nobody, at its end", { phase: "Succeeded" }, {}, "evicted"],
  ["of nobody, with an emptyDir: the volume is said first", { emptyDir: true }, {}, /emptyDir/],
  ["of nobody, with an emptyDir, orphans allowed", { emptyDir: true }, { orphans: true }, /emptyDir/],
  ["of a custom controller", { owner: "Rollout" }, {}, "evicted"],
])("a pod %s", (_, made, rules, expected) => {
  const fate = fateOf(pod(made), new Set(["there"]), rules);
  if (expected instanceof RegExp) expect(fate).toEqual({ fate: "refused", why: expect.stringMatching(expected) });
  else expect(fate.fate).toBe(expected);
});
