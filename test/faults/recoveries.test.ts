import { describe, expect, test } from "vitest";
import { badCanary, dataLoss, healers, nodeCut, nodeLoss, podFreeze, podLoss, restore, undo } from "../../src/faults/index.ts";
import type { Aim, Fault, Mender } from "../../src/model/fault.ts";
import { seeded } from "../../src/units/random.ts";
import { eventually } from "../contract/cluster.ts";
import { sailSim, shopOptions, simFacts } from "../sim/sea.ts";

const all: readonly Fault<any, any, any>[] = [
  podLoss("shop"), podLoss("shop", { count: 2 }), podLoss("shop", { count: "50%" }), podFreeze("shop"),
  nodeLoss(), nodeCut({ pool: "workers", count: 2 }), dataLoss("orders"), badCanary("shop", { version: "v2" }),
];

describe("faults as values", () => {
  test("every kind has its healer, and no healer is idle", () => {
    expect(new Set(Object.keys(healers))).toEqual(new Set(all.map((fault) => fault.kind)));
    for (const fault of all) {
      expect(healers[fault.kind as keyof typeof healers]).toBe(fault.heal);
      expect(Object.isFrozen(fault)).toBe(true);
    }
  });

  test("say what they do, and what they cost", () => {
    expect(all.map((fault) => fault.harm)).toEqual([
      "kills 1 pod of shop", "kills 2 pods of shop", "kills 50% of the pods of shop", "freezes 1 pod of shop",
      "stops 1 node", "cuts off 2 nodes of workers", "loses the data of orders", "ships v2 to shop",
    ]);
    expect(all.flatMap((fault) => fault.costs)).toEqual([
      { what: "pod", count: 1, name: "shop" }, { what: "pod", count: 2, name: "shop" }, { what: "pod", count: "50%", name: "shop" }, { what: "pod", count: 1, name: "shop" },
      { what: "node", count: 1 }, { what: "node", count: 2, name: "workers" }, { what: "data", name: "orders" }, { what: "release", name: "shop" },
    ]);
  });
});

/** Neither recovery asks the run for anything. */
const nobody: Mender = { leave: AbortSignal.abort(), heal: () => Promise.reject(new Error("not theirs to heal")) };

describe("restore", () => {
  test("latest takes the newest before the harm, fresh makes one; without any it refuses before the harm", async () => {
    await sailSim(async ({ cluster }) => {
      const aim = await dataLoss("orders").aim(cluster, seeded(1));
      await expect(restore().prepare!(cluster, aim)).rejects.toMatchObject({ code: "SEA_RESTORE_EMPTY" });
      expect(await restore({ backup: "fresh" }).prepare!(cluster, aim)).toEqual({ orders: "orders-1" });
      await cluster.backUp("orders");
      expect(await restore().prepare!(cluster, aim)).toEqual({ orders: "orders-2" });
      expect(await restore({ backup: "fresh" }).prepare!(cluster, aim)).toEqual({ orders: "orders-3" });
    }, { options: { services: shopOptions.services } });
  });

  test("restores what was prepared, not what came later", async () => {
    await sailSim(async (sea) => {
      const { cluster, clock } = sea;
      const aim = await dataLoss("orders").aim(cluster, seeded(1));
      const prepared = await restore({ backup: "fresh" }).prepare!(cluster, aim);
      const late = await sea.write();
      await cluster.backUp("orders");
      await cluster.lose("orders");
      await restore().mend(cluster, aim, prepared, nobody);
      await clock.sleep(3_000);
      expect(await cluster.holds("orders")).toBe(true);
      expect(await sea.finds(late)).toBe(false);
    });
  });
});

describe("a bad canary that nobody noticed", () => {
  const blind = badCanary("shop", { version: "better" });
  const promote = async (sea: Parameters<Parameters<typeof sailSim>[0]>[0], aim: Aim) => {
    await blind.inject(sea.cluster, aim as never);
    await eventually(sea, simFacts, "promoted", async () => {
      await Promise.all([sea.ask(), sea.ask()]);
      return (await sea.cluster.workloads())[0]!.rollout.phase === "promoted";
    });
  };

  test("is not recovered, an undo comes too late, and healing ships the old version", async () => {
    await sailSim(async (sea) => {
      const aim = await blind.aim(sea.cluster, seeded(1));
      await promote(sea, aim);
      await undo().mend(sea.cluster, aim, null, nobody);
      expect(await blind.recovered(sea.cluster, aim)).toBe(false);
      await eventually(sea, simFacts, "healed", async () => {
        await Promise.all([sea.ask(), sea.ask()]);
        return blind.heal(sea.cluster, aim);
      });
      expect((await sea.cluster.pods()).filter((pod) => pod.workload === "shop").every((pod) => pod.version === "good")).toBe(true);
    });
  });
});
