import { clusterContract, type SeaFacts } from "../../contract/cluster.ts";
import { faultContract, neutralFaults } from "../../contract/fault.ts";
import { ask, clock, sail } from "./sea.ts";

const facts: SeaFacts = {
  workload: "shop",
  stable: "good",
  good: { version: "better", env: { SHOP_MODE: "good" } },
  bad: { version: "bad", env: { SHOP_MODE: "failing" } },
  scope: "orders",
  withinMs: 20_000,
  pollMs: 100,
  sail: (play) =>
    sail((cluster) =>
      play({
        cluster,
        clock,
        ask: async () => {
          const answer = await ask(cluster, "/items", undefined, 1_000);
          return typeof answer === "string" ? answer : answer.status;
        },
        write: async () => {
          const answer = await ask(cluster, "/orders", { item: "rope" });
          if (typeof answer === "string" || answer.status !== 201) throw new Error(`not written: ${JSON.stringify(answer)}`);
          return answer.body.id;
        },
        finds: async (id) => {
          const answer = await ask(cluster, `/orders/${id}`);
          if (typeof answer === "string" || (answer.status !== 200 && answer.status !== 404)) throw new Error(`not read: ${JSON.stringify(answer)}`);
          return answer.status === 200;
        },
      }),
    ),
};

clusterContract("local", facts);
faultContract("local", facts, neutralFaults(facts));
