import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { MayLose, Most } from "../../src/model/cluster.ts";
import type { Cost } from "../../src/model/fault.ts";
import { allowed, mostOf, sayMost } from "../../src/plan/allowed.ts";

describe("at most so many", () => {
  test.each<[Most, number, number]>([
    [2, 10, 2], ["25%", 10, 2], ["25%", 3, 1], ["100%", 7, 7], [{ count: 2, share: "50%" }, 10, 2], [{ count: 5, share: "50%" }, 4, 2], [{ count: 5, share: "10%" }, 4, 1],
  ])("%o of %i is %i", (most, all, expected) => expect(mostOf(most, all)).toBe(expected));

  test("never more than the count, and never more than the share but for one", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 50 }), fc.integer({ min: 0, max: 100 }), fc.integer({ min: 1, max: 200 }), (count, percent, all) => {
        const most = mostOf({ count, share: `${percent}%` }, all);
        expect(most).toBeLessThanOrEqual(count);
        expect(most).toBeLessThanOrEqual(Math.max(1, (percent / 100) * all));
      }),
    );
  });

  test("reads as it is written", () => expect([2, "25%", { count: 2, share: "25%" }].map((most) => sayMost(most as Most))).toEqual(["2", "25%", "2 and 25%"]));
});

const both: MayLose = { pods: { count: 2, share: "50%" }, nodes: "50%", workloads: ["cart"], namespaces: ["shop-b"], objects: ["secret/db"] };

test.each<[Cost, MayLose, boolean]>([
  [{ what: "pod", count: 2 }, both, true],
  [{ what: "pod", count: 3 }, both, false],
  [{ what: "pod", count: "60%" }, both, false],
  [{ what: "pod", count: "50%" }, both, true],
  [{ what: "pod" }, {}, false],
  [{ what: "node" }, {}, false],
  [{ what: "node", count: 2 }, { nodes: 1 }, false],
  [{ what: "node", count: 2 }, both, true],
  [{ what: "workload", name: "cart" }, both, true],
  [{ what: "workload", name: "shop" }, both, false],
  [{ what: "workload" }, both, false],
  [{ what: "namespace", name: "shop-b" }, both, true],
  [{ what: "namespace", name: "shop" }, both, false],
  [{ what: "object", name: "secret/db" }, both, true],
  [{ what: "object", name: "secret/other" }, both, false],
  [{ what: "data", name: "orders" }, both, false],
])("%o where %o may be lost: %s", (cost, may, expected) => expect(allowed(cost, may)).toBe(expected));
