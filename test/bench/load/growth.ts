/**
 * Minutes at 10,000 requests a second, as `seatrial run` would make them: does memory grow after the
 * first minute? What is in use after a collection every ten seconds would show a leak; what the
 * process holds also has the room that V8 takes for garbage, and gives back late. Needs --expose-gc.
 */
import { http } from "../../../drivers/http/index.ts";
import { arrivals, journey, scenario, type Duration } from "../../../src/index.ts";
import { planOf, recorded } from "../core/voyage.ts";
import type { Row } from "../table.ts";
import { withServer } from "./base.ts";
import { lineThrough } from "./line.ts";

const minutes = Number(process.argv[2] ?? 10);
if (!(minutes >= 2)) throw new Error("--minutes wants 2 or more: the first is for warming up");
const rate = 10_000;
const warmS = 60;
const everyS = 10;

/** By minute: what is in use, and what the process holds, MB. */
const used: [number, number][] = [];
const held: [number, number][] = [];
const fromMs = performance.now();
const looking = setInterval(() => {
  const minute = (performance.now() - fromMs) / 60_000;
  const heldMb = process.memoryUsage.rss() / 1e6;
  gc!();
  if (minute * 60 < warmS) return;
  const { heapUsed, external } = process.memoryUsage();
  used.push([minute, (heapUsed + external) / 1e6]);
  held.push([minute, heldMb]);
}, everyS * 1_000);

const view = await withServer((base) => {
  const site = http({ base });
  const visit = journey({ site }, async ({ site }) => void (await site.get("/items/17", { name: "/items/:item" })).json());
  return recorded(planOf(scenario({ name: "growth", journeys: { visit }, phases: [{ name: "steady", for: `${minutes}m` as Duration, load: { visit: arrivals(`${rate}/s`, { most: 2_000 }) } }] })));
});
clearInterval(looking);

const [inUse, ofProcess] = [lineThrough(used), lineThrough(held)];
const { ok, count } = view.tally({ type: "op" });
const rows: Row[] = [
  { name: "in use after a collection, slope", value: inUse.slope, unit: "MB/min", goal: { below: 0.1 } },
  { name: "in use after a collection, error of the slope", value: inUse.error, unit: "MB/min" },
  { name: "in use after a collection, at the end", value: used.at(-1)?.[1] ?? Number.NaN, unit: "MB" },
  { name: "held by the process, slope", value: ofProcess.slope, unit: "MB/min" },
  { name: "held by the process, error of the slope", value: ofProcess.error, unit: "MB/min" },
  { name: "held by the process, at the end", value: held.at(-1)?.[1] ?? Number.NaN, unit: "MB" },
  { name: "requests", value: count / (minutes * 60), unit: "/s", goal: { atLeast: rate * 0.999 } },
  { name: "requests that were not ok", value: count - ok, unit: "" },
];
process.stdout.write(JSON.stringify(rows));
