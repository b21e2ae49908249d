import { expect, test } from "vitest";
import { ask, isWhole, sail, until, type Answer } from "./sea.ts";

test("a candidate gets a quarter of the new connections; taken back, it gets none", async () => {
  await sail(async (cluster) => {
    const versions = async (count: number) =>
      (await Promise.all(Array.from({ length: count }, () => ask(cluster, "/healthz")))).map((answer) => (answer as Answer).version);
    const rollout = async () => (await cluster.workloads())[0]!.rollout;

    await cluster.ship("shop", { version: "bad", env: { SHOP_MODE: "failing" } });
    await until("the candidate has its weight", async () => (await rollout()).weight > 0);
    expect(await rollout()).toMatchObject({ phase: "progressing", stable: "good", candidate: "bad", weight: 0.25 });
    expect((await versions(16)).filter((version) => version === "bad")).toHaveLength(4);
    // Health checks of a failing shop are well; half of the rest are not.
    await until("taken back", async () => {
      await Promise.all(Array.from({ length: 16 }, () => ask(cluster, "/items")));
      return (await rollout()).phase === "rolled-back";
    });
    expect(await rollout()).toMatchObject({ stable: "good", candidate: undefined, weight: 0, reason: expect.stringMatching(/\d+ of the candidate's \d+ answers were 5xx/) });
    expect(new Set(await versions(16))).toEqual(new Set(["good"]));
    await until("its replica ended", async () => (await cluster.pods()).every((pod) => pod.version === "good"));
  });
});

test("a good candidate replaces all replicas one by one, and no request fails meanwhile", async () => {
  await sail(async (cluster) => {
    await cluster.ship("shop", { version: "better" });
    let least = 4;
    const failures: unknown[] = [];
    await until("promoted", async () => {
      const answers = await Promise.all(Array.from({ length: 4 }, () => ask(cluster, "/items")));
      failures.push(...answers.filter((answer) => typeof answer === "string" || answer.status !== 200));
      const [shop] = await cluster.workloads();
      least = Math.min(least, shop!.ready);
      return shop!.rollout.phase === "promoted";
    }, 25_000);
    expect(failures).toEqual([]);
    expect(least).toBe(4);
    await until("whole", () => isWhole(cluster));
    expect((await cluster.pods()).map((pod) => pod.version)).toEqual(["better", "better", "better", "better"]);
    expect(((await ask(cluster, "/items")) as Answer).version).toBe("better");
  });
});
