import { describe, expect, test } from "vitest";
import { contentKinds, isKept, renewable, unaddressed } from "../../../../drivers/kubernetes/faults/contents.ts";
import { sayStuck } from "../../../../drivers/kubernetes/faults/namespace-loss.ts";
import type { Thing } from "../../../../drivers/kubernetes/index.ts";

const resource = (plural: string) => contentKinds.find((one) => one.plural === plural)!;
const thing = (more: object = {}, meta: object = {}): Thing => ({ apiVersion: "v1", kind: "X", ...more, metadata: { name: "one", namespace: "shop", uid: "u", resourceVersion: "7", creationTimestamp: "2026-01-01T00:00:00Z", generation: 3, ...meta } });
const owned = { ownerReferences: [{ apiVersion: "apps/v1", kind: "ReplicaSet", name: "r", uid: "r", controller: true }] };
const referred = { ownerReferences: [{ apiVersion: "v1", kind: "ConfigMap", name: "r", uid: "r" }] };

test.each<readonly [string, string, Thing, boolean]>([
  ["a deployment", "deployments", thing(), true],
  ["a pod of a ReplicaSet", "pods", thing({ status: { phase: "Running" } }, owned), false],
  ["a pod of nobody", "pods", thing({ status: { phase: "Running" } }), true],
  ["a pod of nobody that ended", "pods", thing({ status: { phase: "Succeeded" } }), false],
  ["a secret", "secrets", thing({ type: "Opaque" }), true],
  ["a service account's token", "secrets", thing({ type: "kubernetes.io/service-account-token" }), false],
  ["the authority that every namespace gets", "configmaps", thing({}, { name: "kube-root-ca.crt" }), false],
  ["a config map that another refers to", "configmaps", thing({}, referred), true],
  ["a job that is done", "jobs", thing({ status: { conditions: [{ type: "Complete", status: "True" }] } }), false],
  ["a job that failed", "jobs", thing({ status: { conditions: [{ type: "Failed", status: "True" }] } }), false],
  ["a job that runs", "jobs", thing({ status: { conditions: [] } }), true],
  ["endpoints of a selector", "endpointslices", thing({}, referred), false],
  ["endpoints by hand", "endpointslices", thing(), true],
])("%s is kept, or made again by others", (_, plural, one, expected) => expect(isKept(resource(plural), one)).toBe(expected));

describe("what is made again", () => {
  test("has nothing that the server gave the old one, and no owner whose uid is gone", () => {
    expect(renewable(resource("configmaps"), thing({ data: { a: "1" }, status: {} }, { ...referred, labels: { app: "shop" }, annotations: { note: "n" }, finalizers: ["a/b"] }))).toEqual({
      apiVersion: "v1", kind: "X", data: { a: "1" }, metadata: { name: "one", namespace: "shop", labels: { app: "shop" }, annotations: { note: "n" }, finalizers: ["a/b"] },
    });
  });

  test("a pod of nobody goes to any node, with a token of its own", () => {
    const mounts = [{ name: "kube-api-access-x1" }, { name: "data" }];
    const spec = { nodeName: "node1", volumes: mounts, containers: [{ name: "c", image: "i", volumeMounts: mounts }], initContainers: [{ name: "i", volumeMounts: mounts }] };
    expect(renewable(resource("pods"), thing({ spec }))["spec"]).toEqual({
      volumes: [{ name: "data" }], containers: [{ name: "c", image: "i", volumeMounts: [{ name: "data" }] }], initContainers: [{ name: "i", volumeMounts: [{ name: "data" }] }],
    });
  });

  test("a job finds its pods anew", () => {
    const labels = { app: "a", "controller-uid": "u", "batch.kubernetes.io/job-name": "one", "batch.kubernetes.io/controller-uid": "u", "job-name": "one" };
    const made = renewable(resource("jobs"), thing({ spec: { selector: { matchLabels: {} }, manualSelector: false, backoffLimit: 2, template: { metadata: { labels }, spec: {} } } }, { labels }));
    expect(made).toMatchObject({ metadata: { labels: { app: "a" } } });
    expect(made["spec"]).toEqual({ backoffLimit: 2, template: { metadata: { labels: { app: "a" } }, spec: {} } });
  });

  test("a service takes any address when its own is taken, and a headless one none", () => {
    const spec = { clusterIP: "10.96.0.7", clusterIPs: ["10.96.0.7"], healthCheckNodePort: 1, ports: [{ port: 80, nodePort: 30_080 }], selector: { app: "a" } };
    expect(unaddressed(thing({ spec }))["spec"]).toEqual({ ports: [{ port: 80 }], selector: { app: "a" } });
    expect(unaddressed(thing({ spec: { ...spec, clusterIP: "None", clusterIPs: ["None"] } }))["spec"]).toEqual({ clusterIP: "None", ports: [{ port: 80 }], selector: { app: "a" } });
  });
});

test("a namespace that does not end says what holds it, and one that only takes its time says nothing", () => {
  const conditions = [
    { type: "NamespaceContentRemaining", status: "True", message: "Some resources are remaining: configmaps. has 1 resource instances" },
    { type: "NamespaceFinalizersRemaining", status: "True", message: "Some content in the namespace has finalizers remaining: example.com/hold in 1 resource instances" },
    { type: "NamespaceDeletionContentFailure", status: "False", message: "All content successfully deleted" },
  ];
  expect(sayStuck(thing({ status: { phase: "Terminating", conditions } }))).toBe("Some content in the namespace has finalizers remaining: example.com/hold in 1 resource instances");
  expect(sayStuck(thing({ status: { phase: "Terminating", conditions: conditions.slice(0, 1) } }))).toBeUndefined();
  expect(sayStuck(thing())).toBeUndefined();
});
