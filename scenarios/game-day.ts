/**
 * A game day in about a minute: the shop under load loses a replica, a node and its data, and gets
 * a bad release. Who must repair what, and by when, stands beside each harm. A customer in a browser
 * and the testers' collection are its eyes.
 */
import { arrivals, badCanary, dataLoss, nodeLoss, podLoss, restore, scenario, users } from "seatrial";
import { collection, customer } from "./eyes.ts";
import { harbour } from "./harbour.ts";
import { browse, buy, ordersSurvive } from "./journeys.ts";

const load = { browse: arrivals("30/s"), buy: arrivals("8/s"), customer: users(1), collection: arrivals("2/s") };

/** One customer alone may meet all of a harm; before and after it, everything must be right. */
const eyes = { customer: { errors: "100%" }, collection: { errors: "100%" } } as const;

export default scenario({
  name: "game day",
  journeys: { browse, buy, customer, collection },
  cluster: harbour,
  phases: [
    // A browser takes a second to start, and much of the machine.
    { name: "come aboard", for: "3s", judged: false, load },
    { name: "calm", for: "8s", load },
    {
      name: "lose a replica", load, hold: "2s",
      fault: podLoss("shop"),
      recover: { by: "platform", within: "10s" },
      budget: { browse: { errors: "5%" }, buy: { errors: "5%" }, ...eyes },
    },
    {
      name: "lose a node", load, hold: "2s",
      fault: nodeLoss(),
      recover: { by: "platform", within: "15s" },
      budget: { browse: { errors: "15%" }, buy: { errors: "15%" }, ...eyes },
    },
    {
      name: "lose the data", load, hold: "2s",
      fault: dataLoss("orders"),
      recover: { by: restore(), within: "20s", keeps: [ordersSurvive] },
      budget: { browse: { errors: "60%" }, buy: { errors: "60%" }, ...eyes },
    },
    {
      name: "ship a bad canary", load, hold: "2s",
      fault: badCanary("shop", { version: "bad", env: { SHOP_MODE: "failing" } }),
      recover: { by: "platform", within: "30s" },
      budget: { browse: { errors: "15%" }, buy: { errors: "15%" }, ...eyes },
    },
    { name: "calm again", for: "8s", load },
  ],
  budget: {
    browse: { p95: "250ms", errors: "1%", dropped: "0%" },
    buy: { p95: "400ms", errors: "1%", dropped: "0%" },
    customer: { p90: "2s", from: "began", errors: "0%", steps: { "LCP of /": { p50: "2.5s" } } },
    collection: { p95: "400ms", errors: "0%" },
  },
});
