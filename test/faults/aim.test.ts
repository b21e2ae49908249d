import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { badCanary, dataLoss, nodeCut, nodeLoss, podFreeze, podLoss } from "../../src/faults/index.ts";
import type { Cluster, ClusterNode, Pod, Workload } from "../../src/model/cluster.ts";
import type { Aim, Fault } from "../../src/model/fault.ts";
import { SeatrialError } from "../../src/units/errors.ts";
import { seeded } from "../../src/units/random.ts";
import { atRest, listed, node, pod, workload, type Lists } from "./listed.ts";

const names = ["shop", "cart", "mail"];

/** Any cluster, whole or half broken. */
const lists: fc.Arbitrary<Lists> = fc.record({
  nodes: fc.array(fc.record({ ready: fc.boolean(), pool: fc.constantFrom("a", "b") }), { minLength: 1, maxLength: 5 }),
  pods: fc.array(fc.record({ workload: fc.constantFrom(...names), node: fc.nat(4), ready: fc.boolean() }), { maxLength: 14 }),
}).map(({ nodes, pods }) => {
  const all: ClusterNode[] = nodes.map((one, i) => ({ name: `n${i}`, ...one }));
  const list: Pod[] = pods.map((one, i) => ({ name: `${one.workload}-${i}`, id: `p${(i * 7) % 15}`, workload: one.workload, node: `n${one.node % all.length}`, version: "v1", ready: one.ready }));
  const workloads: Workload[] = names.map((name) => workload(name, list.filter((one) => one.workload === name).length, list.filter((one) => one.workload === name && one.ready).length));
  return { nodes: all, pods: list, workloads };
});

const shuffled = (all: Lists, seed: number): Lists => {
  const random = seeded(seed);
  return { nodes: random.shuffle(all.nodes), pods: random.shuffle(all.pods), workloads: random.shuffle(all.workloads) };
};

/** The aim, or undefined where there is nothing to aim at. */
const aimed = async <A extends Aim>(fault: Fault<Cluster, A, any>, cluster: Cluster, seed: number): Promise<A | undefined> => {
  try {
    return await fault.aim(cluster, seeded(seed));
  } catch (error) {
    expect(error).toBeInstanceOf(SeatrialError);
    expect((error as SeatrialError).code).toBe("SEA_AIM_EMPTY");
    return undefined;
  }
};

/** Aims twice, with the lists in two orders; both must be the same plain data, and nothing may be asked. */
async function steady<A extends Aim>(fault: Fault<Cluster, A, any>, all: Lists, seed: number): Promise<A | undefined> {
  const cluster = listed(all);
  const aim = await aimed(fault, cluster, seed);
  expect(await aimed(fault, listed(shuffled(all, seed)), seed)).toEqual(aim);
  expect(cluster.asked).toEqual([]);
  if (aim) expect(JSON.parse(JSON.stringify(aim))).toStrictEqual(aim);
  return aim;
}

describe("pods aimed at", () => {
  test("are ready, as many as asked, the same for one seed, and never the last", async () => {
    await fc.assert(fc.asyncProperty(lists, fc.nat(1_000), fc.integer({ min: 1, max: 4 }), fc.boolean(), async (all, seed, count, evenLast) => {
      const ready = all.pods.filter((one) => one.workload === "shop" && one.ready);
      const most = ready.length - (evenLast ? 0 : 1);
      for (const fault of [podLoss("shop", { count, evenLast }), podFreeze("shop", { count, evenLast })]) {
        const aim = await steady(fault, all, seed);
        expect(aim !== undefined).toBe(count <= most);
        if (!aim) continue;
        expect(new Set(aim.pods.map(({ id }) => id)).size).toBe(count);
        for (const { id } of aim.pods) expect(ready.map((one) => one.id)).toContain(id);
        expect(aim.targets).toEqual(aim.pods.map(({ name }) => ({ what: "pod", name })));
      }
    }));
  });

  test.each([["10%", 4, 1], ["50%", 4, 2], ["50%", 5, 2], ["99%", 5, 4], ["100%", 5, 0]] as const)("%s of %i ready pods are %i", async (count, ready, expected) => {
    const pods = Array.from({ length: ready }, (_, i) => pod(`shop-${i}.1@n1`));
    const aim = await aimed(podLoss("shop", { count }), listed({ workloads: [workload("shop", ready)], pods, nodes: [node("n1")] }), 1);
    expect(aim?.pods.length ?? 0).toBe(expected);
  });

  test("differ from seed to seed", async () => {
    const pods = Array.from({ length: 6 }, (_, i) => pod(`shop-${i}.1@n1`));
    const cluster = listed({ workloads: [workload("shop", 6)], pods, nodes: [node("n1")] });
    const chosen = await Promise.all(Array.from({ length: 20 }, async (_, seed) => (await aimed(podLoss("shop"), cluster, seed))!.pods[0]!.id));
    expect(new Set(chosen).size).toBeGreaterThan(3);
  });
});

describe("nodes aimed at", () => {
  test("carry ready pods, and leave a node and a ready pod of every workload", async () => {
    await fc.assert(fc.asyncProperty(lists, fc.nat(1_000), fc.integer({ min: 1, max: 3 }), fc.constantFrom(undefined, "a"), fc.boolean(), async (all, seed, count, pool, evenLast) => {
      const options = { count, evenLast, ...(pool === undefined ? {} : { pool }) };
      const up = all.nodes.filter((one) => one.ready && (pool === undefined || one.pool === pool));
      const ready = all.pods.filter((one) => one.ready);
      const carries = up.filter((one) => ready.some((other) => other.node === one.name));
      const leaves = (gone: readonly string[]) => names.every((name) => {
        const mine = ready.filter((one) => one.workload === name);
        return mine.length === 0 || mine.some((one) => !gone.includes(one.node));
      });
      for (const fault of [nodeLoss(options), nodeCut(options)]) {
        const aim = await steady(fault, all, seed);
        if (count === 1) {
          const fit = evenLast ? carries : up.length > 1 ? carries.filter((one) => leaves([one.name])) : [];
          expect(aim !== undefined).toBe(fit.length > 0);
        }
        if (!aim) continue;
        expect(aim.nodes).toHaveLength(count);
        for (const name of aim.nodes) expect(carries.map((one) => one.name)).toContain(name);
        if (!evenLast) {
          expect(up.length).toBeGreaterThan(aim.nodes.length);
          expect(leaves(aim.nodes)).toBe(true);
        }
        const there = ready.filter((one) => aim.nodes.includes(one.node));
        expect(Object.keys(aim.wanted).sort()).toEqual([...new Set(there.map((one) => one.workload))].sort());
      }
    }));
  });

  test("two that may go together are found, whichever is tried first", async () => {
    // n1 with n2 would take the last of shop, n1 with n3 the last of cart.
    const pods = ["shop-1.1@n1", "shop-2.1@n2", "cart-1.1@n1", "cart-2.1@n3"].map((text) => pod(text));
    const cluster = listed({ workloads: [workload("shop", 2), workload("cart", 2)], pods, nodes: ["n1", "n2", "n3"].map((name) => node(name)) });
    for (let seed = 0; seed < 20; seed++) expect((await aimed(nodeLoss({ count: 2 }), cluster, seed))?.nodes).toEqual(["n2", "n3"]);
  });
});

test("the last node of a pool stays, though the workload lives on in another pool", async () => {
  const cluster = listed({ workloads: [workload("shop", 2)], pods: [pod("shop-1.1@n1"), pod("shop-2.1@n2")], nodes: [node("n1", "spot"), node("n2", "workers")] });
  expect(await aimed(nodeLoss({ pool: "spot" }), cluster, 1)).toBeUndefined();
  expect((await aimed(nodeLoss({ pool: "spot", evenLast: true }), cluster, 1))?.nodes).toEqual(["n1"]);
});

describe("nothing to harm", () => {
  const cluster = listed({
    workloads: [workload("shop", 1), workload("busy", 2, 2, { ...atRest(), phase: "progressing", candidate: "v2" })],
    pods: [pod("shop-1.1@n1")], nodes: [node("n1")], scopes: { orders: false },
  });
  test.each([
    ["no such workload", podLoss("nope"), /no workload 'nope' among shop, busy/],
    ["the last pod", podLoss("shop"), /1 ready pods of shop.*evenLast/],
    ["the last node", nodeLoss(), /1 node .*evenLast/],
    ["no such pool", nodeCut({ pool: "spot", evenLast: true }), /1 node of spot/],
    ["no such scope", dataLoss("nope"), /no data scope 'nope' among orders/],
    ["data that is lost already", dataLoss("orders"), /lost already/],
    ["a release of nobody", badCanary("nope", { version: "v2" }), /no workload/],
    ["the release that runs", badCanary("shop", { version: "v1" }), /runs v1 already/],
    ["a workload that rolls out", badCanary("busy", { version: "v3" }), /rolling out v2/],
  ] as readonly (readonly [string, Fault<any, any, any>, RegExp])[])("%s", async (_, fault, message) => {
    await expect(fault.aim(cluster, seeded(1))).rejects.toMatchObject({ code: "SEA_AIM_EMPTY", message: expect.stringMatching(message) });
  });

  test.each([[podLoss("shop", { count: 0 })], [podFreeze("shop", { count: 1.5 })], [nodeLoss({ count: -1 })]] as readonly (readonly [Fault<any, any, any>])[])("a count that is none is refused", async (fault) => {
    await expect(fault.aim(cluster, seeded(1))).rejects.toMatchObject({ code: "SEA_COUNT" });
  });
});
