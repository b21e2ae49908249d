import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { bedOf, bedOfNamespace, isBedName, mostNodes, namespaceOf, network, nodeNames, nodeOf } from "./bed.ts";
import { addWishes, type Wishes } from "./wishes.ts";

const bed = bedOf("main");
const names = fc.stringMatching(/^[a-z0-9-]{1,24}$/).filter(isBedName);

describe("where things of a bed are", () => {
  test("no two nodes share anything", () => {
    const nodes = nodeNames(mostNodes).map((name) => nodeOf(bed, name));
    for (const field of ["folder", "namespace", "cgroup", "address", "mac", "pods", "port"] as const) expect(new Set(nodes.map((node) => node[field])).size, field).toBe(mostNodes);
    for (const node of nodes) {
      expect(node.address).not.toBe(network.api);
      expect(node.mac).toMatch(/^02(:[0-9a-f]{2}){5}$/);
      // The kernel takes no longer names.
      expect(node.port.length).toBeLessThan(16);
      for (const range of [node.address, node.pods]) expect(Math.max(...range.split(/[./]/).map(Number))).toBeLessThan(256);
    }
  });

  test("two beds share no folder, cgroup or namespace, and a namespace tells its bed", () => {
    fc.assert(fc.property(names, names, fc.integer({ min: 1, max: mostNodes }), (one, other, index) => {
      const [first, second] = [one, other].map((name) => nodeOf(bedOf(name), `node${index}`));
      expect(bedOfNamespace(first!.namespace)).toBe(one);
      expect(bedOfNamespace(namespaceOf(one, "world"))).toBe(one);
      if (one !== other) for (const field of ["folder", "namespace", "cgroup"] as const) expect(first![field]).not.toBe(second![field]);
    }));
  });

  test("sockets fit into what the kernel takes", () => expect(`${nodeOf(bedOf("a".repeat(20)), "node200").folder}/run/containerd/containerd.sock`.length).toBeLessThan(108));

  test.each(["", "-a", "a-", "A", "a.b", "a/b", "..", "a".repeat(21), "a b"])("'%s' can't name a bed", (name) => expect(() => bedOf(name)).toThrow(/can't name a bed/));
  test.each(["", "node0", "node01", "node201", "fake1", "node1/.."])("'%s' can't be a node", (name) => expect(() => nodeOf(bed, name)).toThrow(/can't be a node/));
  test.each(["cni-123", "default", "seatrial", "seatrial..x"])("the namespace '%s' is nobody's", (name) => expect(bedOfNamespace(name)).toBeUndefined());
});

describe("what a bed is asked for", () => {
  const wishes: fc.Arbitrary<Wishes> = fc.record({ nodes: fc.integer({ min: 0, max: 200 }), fake: fc.integer({ min: 0, max: 1_000 }), with: fc.subarray(["chaos-mesh"] as const) });

  test("never shrinks, and asking twice is asking once", () => {
    fc.assert(fc.property(wishes, wishes, (before, now) => {
      const after = addWishes(before, now);
      expect(after.nodes).toBe(Math.max(before.nodes, now.nodes));
      expect(after.fake).toBe(Math.max(before.fake, now.fake));
      expect(new Set(after.with)).toEqual(new Set([...before.with, ...now.with]));
      expect(addWishes(after, now)).toEqual(after);
      expect(addWishes(after, {})).toEqual(after);
    }));
  });

  test.each([{ nodes: -1 }, { nodes: 1.5 }, { nodes: NaN }, { nodes: 201 }, { fake: 1_001 }, { with: ["podman" as never] }])("%o is refused", (asked) =>
    expect(() => addWishes({ nodes: 2, fake: 0, with: [] }, asked)).toThrow());
});
