/** A soak: the same crowd for hours, watched for what only time shows. Shorten it with your own `for` to try it. */
import { probe, scenario, split, users } from "seatrial";
import { harbour } from "./harbour.ts";
import { browse, buy } from "./journeys.ts";

export default scenario({
  name: "soak",
  journeys: { browse, buy },
  cluster: harbour,
  probes: [
    probe("replicas ready", {
      every: "10s",
      atLeast: 4,
      ask: async ({ cluster }) => ({ value: (await cluster!.workloads()).reduce((sum, { ready }) => sum + ready, 0) }),
    }),
  ],
  phases: [
    { name: "come aboard", for: "2m", judged: false, load: split(users(40, { spawn: "1/s" }), { browse: 8, buy: 2 }) },
    { name: "soak", for: "4h", load: split(users(40), { browse: 8, buy: 2 }) },
  ],
  budget: { all: { p95: "250ms", p99: "1s", errors: "0.1%", every: "5m" } },
});
