import { describe, expect, test } from "vitest";
import { zoneLoss } from "../../../../drivers/kubernetes/aws/index.ts";
import type { Machines, NodeRef } from "../../../../drivers/kubernetes/machines/machines.ts";
import type { Cluster } from "../../../../src/model/cluster.ts";
import { seeded } from "../../../../src/units/random.ts";
import { faultContract } from "../../../contract/fault.ts";
import { sailSim, shopOptions, simFacts, type SimSea } from "../../../sim/sea.ts";
import { kubernetesOf } from "./facade.ts";

/** Hands on the machines of a simulated cluster; it tells a node that was stopped from one that was cut off. */
function handsOn(cluster: Cluster): Machines & { readonly took: string[] } {
  const taken = new Map<string, "stopped" | "cut">();
  const took: string[] = [];
  const take = (how: "stopped" | "cut", act: (name: string) => Promise<void>) => async ({ name }: NodeRef) => {
    took.push(`${how} ${name}`);
    taken.set(name, how);
    await act(name);
  };
  const give = async ({ name }: NodeRef) => {
    taken.delete(name);
    await cluster.restoreNode(name);
  };
  return {
    took, kind: "sim", address: { kind: "sim" },
    stop: take("stopped", (name) => cluster.stopNode(name)), start: give,
    cut: take("cut", (name) => cluster.cutNode(name)), mend: give,
    reboot: async () => undefined, terminate: async () => undefined,
    state: async ({ name }) => taken.get(name) ?? "up",
  };
}

/** The second and third of each pool are in zone a, the others in b: the shop is spread over both. */
const zoneOf = (name: string): string => (/-[23]$/.test(name) ? "zone-a" : "zone-b");
const facts = (name: string) => ({ labels: { "topology.kubernetes.io/zone": zoneOf(name), ...(name.startsWith("control") ? { "node-role.kubernetes.io/control-plane": "" } : {}) } });
const options = { ...shopOptions, nodes: 4 };
const sail = (play: (sea: SimSea) => Promise<void>, more: object = {}) =>
  sailSim((sea) => play({ ...sea, cluster: kubernetesOf(sea.cluster, facts, handsOn(sea.cluster)) as unknown as SimSea["cluster"] }), { options: { ...options, ...more } });

const contractFacts = { ...simFacts, sail: (play: Parameters<typeof simFacts.sail>[0]) => sail(play) };
faultContract("sim", contractFacts, [
  { title: "a zone cut off", fault: zoneLoss("zone-a", { nodes: 2 }) },
  { title: "a zone stopped", fault: zoneLoss("zone-a", { nodes: 2, by: "stop" }) },
]);

describe("the aim at a zone", () => {
  const aim = (zone: string, given: Parameters<typeof zoneLoss>[1], more: object = {}) =>
    sailSim(({ cluster }) => zoneLoss(zone, given).aim(kubernetesOf(cluster, facts, handsOn(cluster)), seeded(1)), { options: { ...options, ...more } });

  test("is every ready node of it, and not those of the control plane", async () => {
    const { targets, by, machines } = await aim("zone-a", { nodes: 3, evenLast: true }, { pools: ["control", "workers"], nodes: 3, services: { shop: { replicas: 6 } }, data: {} });
    expect(targets.map(({ name }) => name)).toEqual(["workers-2", "workers-3"]);
    expect({ by, machines }).toEqual({ by: "cut", machines: { kind: "sim", address: { kind: "sim" } } });
  });
  test.each([
    ["zone-c", { nodes: 2 }, {}, "SEA_AIM_EMPTY", "no ready node has the label"],
    ["zone-a", { nodes: 1 }, {}, "SEA_AIM_MANY", "2 nodes of zone-a"],
    ["zone-b", { nodes: 1 }, { nodes: 1 }, "SEA_AIM_EMPTY", "every ready pod of cart, shop runs in zone-b"],
  ] as const)("at %s with %j is refused", async (zone, given, more, code, message) => {
    await expect(aim(zone, given, more)).rejects.toMatchObject({ code, message: expect.stringContaining(message) });
  });
  test("takes the last ones where that was said", async () => {
    expect((await aim("zone-b", { nodes: 1, evenLast: true }, { nodes: 1 })).targets).toHaveLength(1);
  });
  test("needs hands on the machines", async () => {
    await expect(sailSim(({ cluster }) => zoneLoss("zone-a", { nodes: 2 }).aim(kubernetesOf(cluster, facts), seeded(1)), { options })).rejects.toMatchObject({ code: "SEA_KUBE_MACHINES" });
  });
  test("finds a machine that is harmed already", async () => {
    await sailSim(async ({ cluster }) => {
      const machines = { ...handsOn(cluster), state: async () => "stopped" as const };
      await expect(zoneLoss("zone-a", { nodes: 2 }).aim(kubernetesOf(cluster, facts, machines), seeded(1))).rejects.toMatchObject({ code: "SEA_AIM_EMPTY", message: expect.stringContaining("workers-2 is stopped already") });
    }, { options });
  });
  test("says how many at the most, as a whole number", () => {
    expect(() => zoneLoss("zone-a", { nodes: 0 })).toThrow(expect.objectContaining({ code: "SEA_COUNT", place: "zoneLoss.nodes" }));
    expect(zoneLoss("zone-a", { nodes: 3 }).costs).toEqual([{ what: "node", count: 3 }]);
  });
});

test("a machine that fails keeps no other of the zone from its harm, and is told", async () => {
  await sailSim(async ({ cluster }) => {
    const machines = handsOn(cluster);
    const broken: Machines = { ...machines, cut: async (node) => (node.name === "workers-2" ? Promise.reject(new Error("no hands")) : machines.cut(node)) };
    const kubernetes = kubernetesOf(cluster, facts, broken);
    const fault = zoneLoss("zone-a", { nodes: 2 });
    const found = await fault.aim(kubernetes, seeded(1));
    await expect(fault.inject(kubernetes, found)).rejects.toThrow("no hands");
    expect(machines.took).toEqual(["cut workers-3"]);
  }, { options });
});

test("a node that was replaced for good is not waited for", async () => {
  await sailSim(async ({ cluster, clock }) => {
    const machines = handsOn(cluster);
    const gone: Machines = { ...machines, start: async (node) => (node.name === "workers-2" ? undefined : machines.start(node)), state: async (node) => (node.name === "workers-2" && machines.took.length > 0 ? "gone" : machines.state(node)) };
    const kubernetes = kubernetesOf(cluster, facts, gone);
    const fault = zoneLoss("zone-a", { nodes: 2, by: "stop" });
    const found = await fault.aim(kubernetes, seeded(1));
    await fault.inject(kubernetes, found);
    let tries = 0;
    while (!(await fault.heal(kubernetes, found)) && tries++ < 1_000) await clock.sleep(100);
    expect((await cluster.nodes()).filter(({ ready }) => ready).map(({ name }) => name)).toEqual(["workers-1", "workers-3", "workers-4"]);
    expect(await fault.heal(kubernetes, found)).toBe(true);
  }, { options });
});
