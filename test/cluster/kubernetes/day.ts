/** A day on the bed: pods and a node are lost under load that comes through the Service. Run by `day.test.ts`, which says where. */
import { arrivals, journey, nodeCut, podLoss, scenario } from "seatrial";
import { http } from "seatrial/http";
import { kubernetes } from "seatrial/kubernetes";
import { bedOf } from "../../world/kubernetes/bed.ts";
import { machinesOf } from "./machines.ts";

const { SEATRIAL_BED: name, DAY_NAMESPACE: namespace, DAY_SHOP: address } = process.env;
const bed = bedOf(name!);
const shop = http({ service: "shop", timeout: "2s" });
const browse = journey({ shop }, async ({ shop }) => void (await shop.get("/")));
const load = { browse: arrivals("15/s") };

export default scenario({
  name: "a day on the bed",
  journeys: { browse },
  cluster: kubernetes({ context: bed.name, kubeconfig: bed.kubeconfig, namespaces: [namespace!], services: { shop: address! }, machines: machinesOf(bed), mayLose: { pods: 2, nodes: 1 } }),
  phases: [
    { name: "calm", for: "4s", load },
    { name: "lose pods", load, hold: "2s", fault: podLoss("shop", { count: 2 }), recover: { by: "platform", within: "60s" }, budget: { browse: { errors: "50%" } } },
    { name: "cut a node", load, hold: "2s", fault: nodeCut(), recover: { by: "platform", within: "2m" }, budget: { browse: { errors: "90%" } } },
    { name: "calm again", for: "4s", load },
  ],
  budget: { browse: { errors: "20%" } },
});
