import { afterAll, beforeAll, expect, test } from "vitest";
import { nodeCordon, nodeDrain, nodeReboot, nodeTaint } from "../../../drivers/kubernetes/index.ts";
import { lift } from "../../../src/index.ts";
import { faultContract } from "../../contract/fault.ts";
import { describeInBed } from "../bed.ts";
import { deploy, leftovers, machines, makeHome, seaFacts, undeploy } from "./sea.ts";

describeInBed("faults of nodes", () => {
  beforeAll(async () => {
    await makeHome();
    await deploy("shop");
  });
  afterAll(() => undeploy("shop"));

  const recovery = lift({ after: "1s" });
  const facts = { ...seaFacts("shop", { machines: machines() }), withinMs: 90_000 };
  faultContract("kubernetes", facts, [
    { title: "a node cordoned", fault: nodeCordon(), recovery },
    { title: "a node drained", fault: nodeDrain() },
    { title: "a node tainted, and its pods driven away", fault: nodeTaint({ effect: "NoExecute" }) },
    { title: "a node tainted for new pods", fault: nodeTaint({ effect: "NoSchedule" }), recovery },
    { title: "a node rebooted", fault: nodeReboot() },
  ]);

  test("nothing is left of them", async () => expect(await leftovers()).toEqual([]));
});
