import { describe, expect, test } from "vitest";
import { badCanary, dataLoss, nodeCut, nodeLoss, podFreeze, podLoss } from "../../src/faults/index.ts";
import type { Rollout } from "../../src/model/cluster.ts";
import type { Aim, Fault } from "../../src/model/fault.ts";
import { atRest, listed, node, pod, workload, type Lists } from "./listed.ts";

const shop = (ready: number, rollout = atRest(), wanted = 3) => [workload("shop", wanted, ready, rollout)];
const nodes = [node("n1"), node("n2")];
const before = ["shop-1.1@n1", "shop-2.1@n2", "shop-3.1@n2"].map((text) => pod(text));

const podAim = { targets: [{ what: "pod", name: "shop-1" }], workload: "shop", wanted: 3, pods: [{ name: "shop-1", id: "shop-1.1" }] } as const;
const nodeAim = { targets: [{ what: "node", name: "n1" }], nodes: ["n1"], wanted: { shop: 3 } } as const;
const canaryAim = { targets: [{ what: "release", name: "shop" }], workload: "shop", release: { version: "v2" }, stable: "v1", wanted: 3 } as const;
const dataAim = { targets: [{ what: "data", name: "orders" }], scope: "orders", wanted: { shop: 3 } } as const;

const rollout = (phase: Rollout["phase"], stable: string, candidate?: string, weight = 0): Rollout => ({ phase, stable, candidate, weight, reason: "" });
const replaced = [pod("shop-1.2@n2"), before[1]!, before[2]!];
const v2 = ["shop-1.9@n1", "shop-2.9@n2", "shop-3.9@n2"].map((text) => pod(text, "v2"));

type Row = readonly [string, Lists, boolean];
const tables: readonly (readonly [string, Fault<any, any, any>, Aim, readonly Row[]])[] = [
  ["pods", podLoss("shop"), podAim, [
    ["the lists are stale", { workloads: shop(3), pods: before, nodes }, false],
    ["it is listed, not ready", { workloads: shop(2), pods: [pod("!shop-1.1@n1"), before[1]!, before[2]!], nodes }, false],
    ["it is gone, nothing has come", { workloads: shop(2), pods: before.slice(1), nodes }, false],
    ["it is gone, the count is stale", { workloads: shop(3), pods: before.slice(1), nodes }, false],
    ["a new one of the same name starts", { workloads: shop(2), pods: [pod("!shop-1.2@n2"), before[1]!, before[2]!], nodes }, false],
    ["a new one of the same name is ready", { workloads: shop(3), pods: replaced, nodes }, true],
    ["a new one is listed, the count does not know", { workloads: shop(2), pods: replaced, nodes }, false],
    ["it was scaled up meanwhile, and that is not done", { workloads: shop(3, atRest(), 5), pods: replaced, nodes }, true],
    ["it was scaled down meanwhile", { workloads: shop(2, atRest(), 2), pods: replaced.slice(0, 2), nodes }, true],
    ["the workload is gone", { workloads: [], pods: [], nodes }, false],
  ]],
  ["nodes", nodeLoss(), nodeAim, [
    ["the lists are stale", { workloads: shop(3), pods: before, nodes }, false],
    ["the pods are not ready", { workloads: shop(2), pods: [pod("!shop-1.1@n1"), before[1]!, before[2]!], nodes: [node("!n1"), node("n2")] }, false],
    ["replaced elsewhere", { workloads: shop(3), pods: [...replaced, pod("!shop-1.1@n1")], nodes: [node("!n1"), node("n2")] }, true],
    ["replaced, but by the list on the lost node", { workloads: shop(3), pods: [pod("shop-1.2@n1"), before[1]!, before[2]!], nodes }, false],
  ]],
  ["releases", badCanary("shop", { version: "v2" }), canaryAim, [
    ["it has not begun", { workloads: shop(3), pods: before, nodes }, false],
    ["under way", { workloads: shop(3, rollout("progressing", "v1", "v2", 0.1)), pods: before, nodes }, false],
    ["promoted", { workloads: shop(3, rollout("promoted", "v2")), pods: v2, nodes }, false],
    ["taken back, still weighted", { workloads: shop(3, rollout("rolled-back", "v1", "v2", 0.1)), pods: before, nodes }, false],
    ["taken back, a pod of it serves", { workloads: shop(3, rollout("rolled-back", "v1")), pods: [...before, v2[0]!], nodes }, false],
    ["taken back to another version, its pods not listed yet", { workloads: shop(3, rollout("rolled-back", "v0")), pods: before, nodes }, false],
    ["taken back, not all ready", { workloads: shop(2, rollout("rolled-back", "v1")), pods: before.slice(1), nodes }, false],
    ["taken back", { workloads: shop(3, rollout("rolled-back", "v1")), pods: before, nodes }, true],
  ]],
  ["data", dataLoss("orders"), dataAim, [
    ["lost", { workloads: shop(3), pods: before, nodes, scopes: { orders: false } }, false],
    ["back, its service not yet", { workloads: shop(1), pods: before.slice(2), nodes, scopes: { orders: true } }, false],
    ["back", { workloads: shop(3), pods: before, nodes, scopes: { orders: true } }, true],
  ]],
];

for (const [what, fault, aim, rows] of tables) {
  test.each(rows)(`recovery of ${what}: %s`, async (_, lists, expected) => {
    const cluster = listed(lists);
    expect(await fault.recovered(cluster, aim)).toBe(expected);
    expect(cluster.asked).toEqual([]);
  });
}

describe("heal", () => {
  const heals = async (fault: Fault<any, any, any>, aim: Aim, lists: Lists) => {
    const cluster = listed(lists);
    return [await fault.heal(cluster, aim), cluster.asked] as const;
  };

  test("a frozen pod is thawed, and is whole though it is the same pod", async () => {
    expect(await heals(podFreeze("shop"), podAim, { workloads: shop(3), pods: before, nodes })).toEqual([true, ["thaw shop-1.1"]]);
  });

  test("a node is given back, and waited for; one that is no more is let be", async () => {
    const lost = { workloads: shop(3), pods: replaced, nodes: [node("!n1"), node("n2")] };
    expect(await heals(nodeCut(), nodeAim, lost)).toEqual([false, ["restoreNode n1"]]);
    expect(await heals(nodeCut(), nodeAim, { ...lost, nodes: [node("n1"), node("n2")] })).toEqual([true, ["restoreNode n1"]]);
    expect(await heals(nodeCut(), nodeAim, { ...lost, nodes: [node("n2")] })).toEqual([true, []]);
  });

  const canary = badCanary("shop", { version: "v2" });
  test.each([
    ["under way: undone", rollout("progressing", "v1", "v2", 0.1), before, false, ["undo shop"]],
    ["promoted: the old one is shipped", rollout("promoted", "v2"), v2, false, ['ship shop {"version":"v1"}']],
    ["the old one is on its way", rollout("progressing", "v2", "v1", 0.1), v2, false, []],
    ["back", rollout("promoted", "v1"), before, true, []],
    ["another's release under way", rollout("progressing", "v1", "v3", 0.1), before, true, []],
    ["another's release since", rollout("promoted", "v3"), v2, true, []],
  ] as const)("a release %s", async (_, now, pods, gone, asked) => {
    expect(await heals(canary, canaryAim, { workloads: shop(3, now), pods, nodes })).toEqual([gone, asked]);
  });

  test("lost data without a backup is said", async () => {
    await expect(heals(dataLoss("orders"), dataAim, { workloads: shop(3), pods: before, nodes, scopes: { orders: false } })).rejects.toMatchObject({ code: "SEA_RESTORE_EMPTY" });
  });
});
