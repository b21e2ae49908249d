import { afterEach } from "vitest";
import { clusterContract, type SeaFacts } from "../../contract/cluster.ts";
import { faultContract, neutralFaults } from "../../contract/fault.ts";
import { up } from "../../world/kubernetes/testbed.ts";
import { bed, describeAtLength } from "../bed.ts";
import { ask, clock, sail } from "./sea.ts";

const noData = async (): Promise<never> => {
  throw new Error("this cluster has no data");
};

const facts: SeaFacts = {
  workload: "shop",
  stable: "v1",
  good: { version: "v2", image: "seatrial.test/service:v2" },
  bad: { version: "bad", image: "seatrial.test/service:bad" },
  scope: "orders",
  lacks: {
    data: "backups need a program in the cluster",
    renewal: "a kubelet restarts a container in its pod, which stays the same one",
    judgement: "a Deployment looks at whether its pods are ready and at nothing that they answer",
  },
  withinMs: 100_000,
  pollMs: 200,
  sail: (play) => sail((cluster) => play({ cluster, clock, ask: () => ask(cluster.service("shop")!), write: noData, finds: noData })),
};

describeAtLength("the contract of clusters and of neutral faults on a real one", () => {
  // A node that a failed test left switched off must not fail those after it.
  afterEach(async ({ task }) => void (task.result?.state === "fail" && (await up(bed.name))));
  clusterContract("kubernetes", facts);
  faultContract("kubernetes", facts, neutralFaults(facts));
});
