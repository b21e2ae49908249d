import { expect, test } from "vitest";
import { releasePatch, unmarked } from "../../../drivers/kubernetes/cluster/release.ts";
import { formerOf, rolloutOf, type Past, type Stand, type Variant } from "../../../drivers/kubernetes/cluster/rollout.ts";
import { signatureOf, slimDeployment, slimPod, tagOf, type Template } from "../../../drivers/kubernetes/cluster/slim.ts";

const variant = (id: string, replicas: number, ready = replicas, revision = Number(id.slice(1))): Variant => ({ id, version: `v-${id}`, revision, replicas, ready });
const stand = (goal: string, isDone: boolean, ...variants: readonly Variant[]): Stand => ({ goal: { id: goal, version: `v-${goal}` }, variants, isDone, reason: "" });

/** What is said of one look after another. */
function story(...stands: readonly Stand[]): string[] {
  let past: Past | undefined;
  return stands.map((one) => {
    const seen = rolloutOf(one, past);
    past = seen.past;
    const { phase, stable, candidate, weight } = seen.rollout;
    return [phase, stable, ...(candidate === undefined ? [] : [candidate, weight])].join(" ");
  });
}

test.each<[string, readonly Stand[], readonly string[]]>([
  ["nothing happened", [stand("t1", true, variant("t1", 4))], ["idle v-t1"]],
  ["the first pods ever", [stand("t1", false), stand("t1", false, variant("t1", 4, 1)), stand("t1", true, variant("t1", 4))], ["idle v-t1", "idle v-t1", "idle v-t1"]],
  ["a release", [
    stand("t1", true, variant("t1", 4)), stand("t2", false, variant("t1", 4)), stand("t2", false, variant("t1", 3), variant("t2", 2, 1)), stand("t2", true, variant("t1", 0), variant("t2", 4)),
  ], ["idle v-t1", "progressing v-t1 v-t2 0", "progressing v-t1 v-t2 0.25", "promoted v-t2"]],
  ["a release that is taken back", [
    stand("t2", false, variant("t1", 3), variant("t2", 1)), stand("t1", false, variant("t1", 3), variant("t2", 1)), stand("t1", false, variant("t1", 4, 3), variant("t2", 0)), stand("t1", true, variant("t1", 4)),
  ], ["progressing v-t1 v-t2 0.25", "progressing v-t1 v-t2 0.25", "progressing v-t1 v-t2 0", "rolled-back v-t1"]],
  ["pods lost, and more of them, after a release", [
    stand("t2", false, variant("t1", 4), variant("t2", 1, 0)), stand("t2", true, variant("t2", 4)), stand("t2", false, variant("t1", 0), variant("t2", 6, 4)), stand("t2", true, variant("t2", 6)),
  ], ["progressing v-t1 v-t2 0", "promoted v-t2", "promoted v-t2", "promoted v-t2"]],
  ["one release after another, the second before the first was done", [
    stand("t2", false, variant("t1", 4), variant("t2", 1)), stand("t3", false, variant("t1", 4), variant("t2", 1), variant("t3", 0)), stand("t3", true, variant("t3", 4)),
  ], ["progressing v-t1 v-t2 0.2", "progressing v-t1 v-t3 0", "promoted v-t3"]],
  ["an old version again", [
    stand("t2", false, variant("t1", 4), variant("t2", 1)), stand("t2", true, variant("t1", 0), variant("t2", 4)), stand("t1", false, variant("t1", 1), variant("t2", 4)), stand("t1", true, variant("t1", 4, 4, 3), variant("t2", 0)),
  ], ["progressing v-t1 v-t2 0.2", "promoted v-t2", "progressing v-t2 v-t1 0.2", "promoted v-t1"]],
])("a rollout: %s", (_, stands, expected) => expect(story(...stands)).toEqual(expected));

test("it goes back to the latest that has pods, else to the latest", () => {
  expect(formerOf(stand("t4", false, variant("t1", 2), variant("t2", 1), variant("t3", 0), variant("t4", 1)))?.id).toBe("t2");
  expect(formerOf(stand("t4", false, variant("t1", 0), variant("t3", 0), variant("t4", 1)))?.id).toBe("t3");
  expect(formerOf(stand("t1", true, variant("t1", 1)))).toBeUndefined();
});

test.each([
  ["shop:1.4", "1.4"], ["registry:5000/shop:1.4", "1.4"], ["registry:5000/shop", undefined], ["shop", undefined],
  ["shop:1.4@sha256:0123456789abcdef", "1.4"], ["shop@sha256:0123456789abcdef", "0123456789ab"], [undefined, undefined],
])("the tag of %s is %s", (image, tag) => expect(tagOf(image)).toBe(tag));

const template: Template = { metadata: { labels: { app: "shop" } }, spec: { containers: [{ name: "proxy", image: "envoy:1" }, { name: "shop", image: "shop:1" }], dnsPolicy: "ClusterFirst" } };

test("a template is known by its content, whatever the order of its fields and its controller's mark", () => {
  const marked: Template = { spec: { dnsPolicy: "ClusterFirst", containers: template.spec.containers }, metadata: { labels: { "pod-template-hash": "abc", app: "shop" } } };
  expect(signatureOf(marked)).toBe(signatureOf(template));
  expect(signatureOf(unmarked(marked))).toBe(signatureOf(template));
  expect(signatureOf({ ...template, spec: { ...template.spec, dnsPolicy: "None" } })).not.toBe(signatureOf(template));
  expect(unmarked(marked).metadata?.labels).toEqual({ app: "shop" });
});

test("a release changes the container that kubectl would choose, and says its version where it may", () => {
  const patch = (of: Template, selector = {}) => (releasePatch({ version: "2", image: "shop:2", env: { MODE: "failing" } }, of, selector) as any).spec.template;
  expect(patch(template)).toEqual({ metadata: { labels: { "app.kubernetes.io/version": "2" } }, spec: { containers: [{ name: "proxy", image: "shop:2", env: [{ name: "MODE", value: "failing", valueFrom: null }] }] } });
  const named = { ...template, metadata: { ...template.metadata, annotations: { "kubectl.kubernetes.io/default-container": "shop" } } };
  expect(patch(named).spec.containers[0].name).toBe("shop");
  expect(patch(template, { "app.kubernetes.io/version": "1" })).not.toHaveProperty("metadata");
});

const deployment = (status: object, generation = 2) => slimDeployment({ apiVersion: "apps/v1", kind: "Deployment", metadata: { name: "shop", namespace: "shop", uid: "u", generation }, spec: { replicas: 4, template }, status } as never);
const done = { observedGeneration: 2, replicas: 4, updatedReplicas: 4, readyReplicas: 4, conditions: [{ type: "Progressing", status: "True", reason: "NewReplicaSetAvailable" }] };

test("a Deployment is done when it says so, also while a pod is lost", () => {
  expect(deployment(done).isDone).toBe(true);
  expect(deployment({ ...done, readyReplicas: 3 }).isDone).toBe(true);
  expect(deployment({ ...done, updatedReplicas: 3 }).isDone).toBe(false);
  expect(deployment({ ...done, replicas: 5 }).isDone).toBe(false);
  expect(deployment({ ...done, conditions: [{ type: "Progressing", status: "True", reason: "ReplicaSetUpdated" }] }).isDone).toBe(false);
  expect(deployment({}).isDone).toBe(false);
});

test("a pod that is asked to end is not ready, and is the version that its label says", () => {
  const pod = (metadata: object) => slimPod({ apiVersion: "v1", kind: "Pod", metadata: { name: "p", uid: "1", ...metadata }, spec: { containers: [{ image: "shop:1" }], nodeName: "n" }, status: { conditions: [{ type: "Ready", status: "True" }] } } as never);
  expect(pod({})).toMatchObject({ ready: true, version: "1", node: "n", owner: undefined });
  expect(pod({ deletionTimestamp: "2026-01-01T00:00:00Z" })).toMatchObject({ ready: false, isEnding: true });
  expect(pod({ labels: { "app.kubernetes.io/version": "1.2.3" } }).version).toBe("1.2.3");
});
