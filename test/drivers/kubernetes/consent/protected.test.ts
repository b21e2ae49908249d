import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { controlPlaneTargets, isSystem, lastReplicas, memberOf, ownTargets, systemTargets, type Member, type Placed } from "../../../../drivers/kubernetes/consent/protected.ts";

const pod = (name: string, more: Partial<Member> = {}): Member => ({ name, namespace: "shop", node: "n1", ready: true, workload: "web", owner: "ReplicaSet", isOurs: false, ...more });
const aimed = (what: Placed["what"], name: string, namespace?: string): Placed => ({ what, name, namespace: what === "node" || what === "namespace" ? undefined : (namespace ?? "shop") });
const codes = (errors: readonly { readonly code: string; readonly message: string }[]) => errors.map(({ code, message }) => `${code} ${message}`);

describe("the system's namespaces", () => {
  test.each(["kube-system", "kube-public", "kube-node-lease", "istio-system", "calico-system", "amazon-cloudwatch", "cert-manager", "velero", "chaos-mesh"])("%s is one", (name) => expect(isSystem(name)).toBe(true));
  test.each(["shop", "default", "kubernetes", "systems", "my-system-shop"])("%s is none", (name) => expect(isSystem(name)).toBe(false));

  test("protect what is in them, and themselves, unless lifted by name", () => {
    const targets = [aimed("pod", "coredns-1", "kube-system"), aimed("namespace", "istio-system"), aimed("pod", "web-1")];
    expect(codes(systemTargets(targets, {}))).toEqual([expect.stringMatching(/^SEA_PROTECTED_SYSTEM namespace kube-system/), expect.stringMatching(/istio-system/)]);
    expect(codes(systemTargets(targets, { system: ["kube-system"] }))).toEqual([expect.stringMatching(/istio-system/)]);
    expect(systemTargets(targets, { system: ["kube-system", "istio-system"] })).toEqual([]);
  });
});

describe("the control plane's nodes", () => {
  const node = (name: string, labels: Record<string, string> = {}) => ({ metadata: { name, labels } });
  const nodes = [node("cp", { "node-role.kubernetes.io/control-plane": "" }), node("old", { "node-role.kubernetes.io/master": "" }), node("w1")];

  test("are protected, unless lifted by name", () => {
    const targets = nodes.map(({ metadata: { name } }) => aimed("node", name));
    expect(codes(controlPlaneTargets(targets, nodes, {}))).toEqual([expect.stringMatching(/^SEA_PROTECTED_CONTROL_PLANE node cp/), expect.stringMatching(/node old/)]);
    expect(codes(controlPlaneTargets(targets, nodes, { controlPlane: ["cp"] }))).toEqual([expect.stringMatching(/node old/)]);
    expect(controlPlaneTargets([aimed("pod", "cp")], nodes, {})).toEqual([]);
  });
});

describe("the last ready replica", () => {
  test.each<[string, Placed[], Member[], string[]]>([
    ["one of two", [aimed("pod", "a")], [pod("a"), pod("b")], []],
    ["both of two", [aimed("pod", "a"), aimed("pod", "b")], [pod("a"), pod("b")], ["shop/web"]],
    ["the only ready one of two", [aimed("pod", "a")], [pod("a"), pod("b", { ready: false })], ["shop/web"]],
    ["one that is not ready", [aimed("pod", "b")], [pod("a"), pod("b", { ready: false })], []],
    ["one of the same name elsewhere", [aimed("pod", "a", "cart")], [pod("a"), pod("a", { namespace: "cart" }), pod("b", { namespace: "cart" })], []],
    ["one that nobody replaces", [aimed("pod", "solo")], [pod("solo", { owner: undefined, workload: "solo" })], ["shop/solo"]],
    ["a node with one of two", [aimed("node", "n1")], [pod("a"), pod("b", { node: "n2" })], []],
    ["a node with all", [aimed("node", "n1")], [pod("a"), pod("b"), pod("c", { namespace: "dns", workload: "dns", node: "n1" })], ["shop/web", "dns/dns"]],
    ["a node with its daemon, its job and its own pod", [aimed("node", "n1")], [pod("d", { owner: "DaemonSet", workload: "d" }), pod("j", { owner: "Job", workload: "j" }), pod("m", { owner: "Node", workload: "n1" })], []],
    ["a node and a pod that together take all", [aimed("node", "n1"), aimed("pod", "b")], [pod("a"), pod("b", { node: "n2" })], ["shop/web"]],
    ["all of a workload that may be out of service", [aimed("workload", "web")], [pod("a")], []],
  ])("%s", (_, targets, pods, expected) => {
    expect(codes(lastReplicas(targets, pods, {}))).toEqual(expected.map((workload) => expect.stringContaining(`SEA_PROTECTED_LAST ${workload} `)));
  });

  test("is given up by the name of its workload, with or without the namespace", () => {
    for (const name of ["web", "shop/web"]) expect(lastReplicas([aimed("pod", "a")], [pod("a")], { last: [name] })).toEqual([]);
    expect(lastReplicas([aimed("pod", "a")], [pod("a")], { last: ["cart/web"] })).toHaveLength(1);
  });

  test("never goes: whatever passes leaves each workload that was ready a ready pod", () => {
    const members = fc.array(fc.record({ workload: fc.constantFrom("a", "b", "c"), node: fc.constantFrom("n1", "n2", "n3"), ready: fc.boolean(), hit: fc.boolean() }), { maxLength: 12 });
    fc.assert(
      fc.property(members, fc.subarray(["n1", "n2", "n3"]), (given, nodes) => {
        const pods = given.map(({ hit: _, ...one }, index) => pod(`p${index}`, one));
        const targets = [...nodes.map((name) => aimed("node", name)), ...given.flatMap(({ hit }, index) => (hit ? [aimed("pod", `p${index}`)] : []))];
        const left = pods.filter((one, index) => one.ready && !given[index]!.hit && !nodes.includes(one.node));
        const starved = new Set(pods.filter(({ ready, workload }) => ready && left.every((one) => one.workload !== workload)).map(({ workload }) => workload));
        expect(lastReplicas(targets, pods, {})).toHaveLength(starved.size);
      }),
    );
  });
});

describe("our own", () => {
  const pods = [pod("runner", { isOurs: true, node: "n2", owner: "Job", workload: "runner" }), pod("a")];

  test("node and pod are protected, unless lifted by the node's name", () => {
    expect(codes(ownTargets([aimed("node", "n2")], pods, {}))).toEqual([expect.stringMatching(/^SEA_PROTECTED_OWN node n2/)]);
    expect(codes(ownTargets([aimed("pod", "runner")], pods, {}))).toEqual([expect.stringMatching(/^SEA_PROTECTED_OWN pod shop\/runner/)]);
    expect(ownTargets([aimed("node", "n2"), aimed("pod", "runner")], pods, { own: ["n2"] })).toEqual([]);
    expect(ownTargets([aimed("node", "n1"), aimed("pod", "a")], pods, {})).toEqual([]);
  });
});

describe("a pod as it matters here", () => {
  const made = (more: object, status: object = { conditions: [{ type: "Ready", status: "True" }] }) => ({ apiVersion: "v1", kind: "Pod", metadata: { name: "web-5d9-x", namespace: "shop", ...more }, spec: { nodeName: "n1" }, status });
  const owner = (kind: string, name: string) => ({ ownerReferences: [{ apiVersion: "apps/v1", kind, name, uid: "u", controller: true }] });

  test.each<[string, object, Partial<Member>]>([
    ["of a Deployment goes by its name", { labels: { "pod-template-hash": "5d9" }, ...owner("ReplicaSet", "web-5d9") }, { workload: "web", owner: "ReplicaSet", ready: true, isOurs: false }],
    ["of a StatefulSet", owner("StatefulSet", "db"), { workload: "db", owner: "StatefulSet" }],
    ["of nobody", {}, { workload: "web-5d9-x", owner: undefined }],
    ["on its way out is not ready", { deletionTimestamp: "2026-01-01T00:00:00Z" }, { ready: false }],
    ["of ours by its label", { labels: { "seatrial.dev/part": "runner" } }, { isOurs: true }],
  ])("%s", (_, more, expected) => expect(memberOf(made(more), undefined)).toMatchObject(expected));

  test("that we run in is ours", () => {
    expect(memberOf(made({}), { name: "web-5d9-x", namespace: "shop" }).isOurs).toBe(true);
    expect(memberOf(made({}), { name: "web-5d9-x", namespace: "cart" }).isOurs).toBe(false);
  });
});
