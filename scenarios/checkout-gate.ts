/** A release gate: ramp up, hold the peak, and be within budget in every ten seconds of it. */
import { arrivals, scenario } from "seatrial";
import { harbour } from "./harbour.ts";
import { browse, buy } from "./journeys.ts";

export default scenario({
  name: "checkout gate",
  journeys: { browse, buy },
  cluster: harbour,
  phases: [
    { name: "warm up", for: "10s", judged: false, load: { browse: arrivals("5/s", { to: "40/s" }) } },
    { name: "peak", for: "30s", load: { browse: arrivals("40/s"), buy: arrivals("10/s") } },
  ],
  budget: {
    browse: { p95: "200ms", p99: "500ms", errors: "0.1%", every: "10s", abort: { after: "5s" } },
    buy: { p95: "400ms", errors: "0.5%", dropped: "0%", minRate: "15/s", steps: { "POST /orders": { p95: "300ms" } } },
  },
});
