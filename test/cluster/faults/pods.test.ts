import { beforeAll, expect, test } from "vitest";
import { containerKill, podDown, podEviction, rollingRestart, scaleDown, scaleToZero } from "../../../drivers/kubernetes/index.ts";
import { lift } from "../../../src/index.ts";
import { faultContract } from "../../contract/fault.ts";
import { describeInBed } from "../bed.ts";
import { deploy, leftovers, makeHome, seaFacts } from "./sea.ts";

describeInBed("faults of pods", () => {
  beforeAll(async () => {
    await makeHome();
    await deploy("shop");
  });

  const recovery = lift({ after: "1s" });
  faultContract("kubernetes", seaFacts(), [
    { title: "a pod evicted", fault: podEviction("shop") },
    { title: "pods held down", fault: podDown("shop", { count: 2 }), recovery },
    { title: "a container killed", fault: containerKill("shop") },
    { title: "a rolling restart", fault: rollingRestart("shop") },
    { title: "scaled down", fault: scaleDown("shop", { by: "50%" }), recovery },
    { title: "scaled to zero", fault: scaleToZero("shop"), recovery },
  ]);

  test("nothing is left of them", async () => expect(await leftovers()).toEqual([]));
});
