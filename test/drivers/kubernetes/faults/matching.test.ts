import { expect, test } from "vitest";
import { placed } from "../../../../drivers/kubernetes/faults/located.ts";
import { isWholeThing } from "../../../../drivers/kubernetes/faults/located.ts";
import { tolerates } from "../../../../drivers/kubernetes/faults/node-taint.ts";
import { selects, type Selector, type Toleration, type WorkloadThing } from "../../../../drivers/kubernetes/faults/things.ts";

test.each<readonly [string, Selector, Record<string, string> | undefined, boolean]>([
  ["an empty one chooses all", {}, undefined, true],
  ["labels that it has", { matchLabels: { app: "shop" } }, { app: "shop", tier: "web" }, true],
  ["a label that differs", { matchLabels: { app: "shop" } }, { app: "cart" }, false],
  ["In", { matchExpressions: [{ key: "app", operator: "In", values: ["cart", "shop"] }] }, { app: "shop" }, true],
  ["In, without the label", { matchExpressions: [{ key: "app", operator: "In", values: ["shop"] }] }, {}, false],
  ["NotIn", { matchExpressions: [{ key: "app", operator: "NotIn", values: ["shop"] }] }, { app: "shop" }, false],
  ["NotIn, without the label", { matchExpressions: [{ key: "app", operator: "NotIn", values: ["shop"] }] }, {}, true],
  ["Exists", { matchExpressions: [{ key: "app", operator: "Exists" }] }, { app: "" }, true],
  ["DoesNotExist", { matchExpressions: [{ key: "app", operator: "DoesNotExist" }] }, { app: "" }, false],
  ["all of it has to fit", { matchLabels: { app: "shop" }, matchExpressions: [{ key: "tier", operator: "Exists" }] }, { app: "shop" }, false],
])("a selector: %s", (_, selector, labels, expected) => expect(selects(selector, labels)).toBe(expected));

const taint = { key: "seatrial.dev/taint", value: "abc", effect: "NoExecute" };
test.each<readonly [string, readonly Toleration[], boolean]>([
  ["nothing", [], false],
  ["everything", [{ operator: "Exists" }], true],
  ["the key", [{ key: taint.key, operator: "Exists" }], true],
  ["the key, for another effect", [{ key: taint.key, operator: "Exists", effect: "NoSchedule" }], false],
  ["its value", [{ key: taint.key, value: "abc" }], true],
  ["another value", [{ key: taint.key, operator: "Equal", value: "other" }], false],
  ["it for a while only", [{ operator: "Exists", tolerationSeconds: 300 }], false],
  ["what nodes have of themselves", [{ key: "node.kubernetes.io/not-ready", operator: "Exists", effect: "NoExecute" }], false],
])("a pod that tolerates %s", (_, tolerations, expected) => expect(tolerates(tolerations, taint)).toBe(expected));

test("names are of the first namespace, or say theirs", () => {
  expect(placed(["shop", "back"], "cart")).toEqual({ namespace: "shop", name: "cart" });
  expect(placed(["shop", "back"], "back/cart")).toEqual({ namespace: "back", name: "cart" });
});

const workload = (status: WorkloadThing["status"], replicas?: number): WorkloadThing => ({ apiVersion: "apps/v1", kind: "Deployment", metadata: { name: "shop", generation: 4 }, spec: { ...(replicas !== undefined && { replicas }), template: { spec: { containers: [] } } }, ...(status && { status }) });
test.each<readonly [string, WorkloadThing, boolean]>([
  ["all are ready and new", workload({ observedGeneration: 4, replicas: 2, readyReplicas: 2, updatedReplicas: 2 }, 2), true],
  ["its controller has not looked yet", workload({ observedGeneration: 3, replicas: 2, readyReplicas: 2, updatedReplicas: 2 }, 2), false],
  ["one is not ready", workload({ observedGeneration: 4, replicas: 2, readyReplicas: 1, updatedReplicas: 2 }, 2), false],
  ["an old one is left", workload({ observedGeneration: 4, replicas: 3, readyReplicas: 3, updatedReplicas: 2 }, 2), false],
  ["not all are of the new template", workload({ observedGeneration: 4, replicas: 2, readyReplicas: 2, updatedReplicas: 1 }, 2), false],
  ["a StatefulSet at its revision", workload({ observedGeneration: 4, replicas: 1, readyReplicas: 1, currentRevision: "a", updateRevision: "a" }), true],
  ["a StatefulSet between two revisions", workload({ observedGeneration: 4, replicas: 1, readyReplicas: 1, currentRevision: "a", updateRevision: "b" }), false],
  ["nothing is said of it", workload(undefined), false],
  ["it is scaled to nothing, and nothing is there", workload({ observedGeneration: 4 }, 0), true],
])("a workload is whole: %s", (_, thing, expected) => expect(isWholeThing(thing)).toBe(expected));
