/** Seatrial's own scenario for the accuracy benchmark: warmed up beside the script, then by the schedule. */
import { arrivals, journey, scenario, type Duration, type Rate } from "seatrial";
import { http } from "seatrial/http";

const site = http({ base: process.env["BASE"]! });
const rate = `${Number(process.env["RATE"])}/s` as Rate;
const warmSeconds = 3;
let walks = 0;
const visit = journey({ site }, async ({ site }) => void (await site.get(walks++ < warmSeconds * Number(process.env["RATE"]) ? "/warm" : "/")));

export default scenario({
  name: "accuracy", journeys: { visit },
  phases: [
    { name: "warm up", for: `${warmSeconds}s`, judged: false, load: { visit: arrivals(rate, { most: 5_000 }) } },
    { name: "measured", for: `${Number(process.env["SECONDS"])}s` as Duration, load: { visit: arrivals(rate, { most: 5_000 }) } },
  ],
  budget: { visit: { errors: "0%", dropped: "0%", p99: "1m" } },
});
