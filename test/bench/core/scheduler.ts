/**
 * 5,000 starts/s of an empty journey, as `seatrial run` would play them: real clock, real ledger
 * file, the watch on itself. How late a start was is read from the ledger: the latency of a walk
 * counts from when it was due, and an empty walk ends as it starts. A bucket that reaches beyond
 * 5 ms counts as late, so the share is never flattered.
 */
import { arrivals, journey, scenario, type Duration } from "../../../src/index.ts";
import type { Row } from "../table.ts";
import { planOf, recorded } from "./voyage.ts";

const rate = 5_000;
const lateMs = 5;
const seconds = Number(process.argv[2] ?? 30);
if (!(seconds > 0)) throw new Error("--seconds wants a number above 0");

let walked = 0;
const empty = journey({}, async () => void (walked += 1));
const plan = planOf(scenario({ name: "scheduler", journeys: { empty }, phases: [{ name: "open", for: `${seconds}s` as Duration, load: { empty: arrivals(`${rate}/s`) } }] }));

const view = await recorded(plan);

const { due } = view.tally({ type: "walk" });
let inTime = 0;
for (const { toMs, count } of due.buckets()) if (toMs <= lateMs) inTime += count;
const wanted = Math.ceil(rate * seconds);
const [starts, dropped, ended] = ([2, 3, 4] as const).map((at) => view.pace.reduce((sum, { cell }) => sum + cell[at], 0)) as [number, number, number];
// Started, walked, ended and recorded must be the same number, or some were lost or doubled.
const astray = Math.max(...[starts, walked, ended, due.count].map((count) => Math.abs(count - wanted)));
const rows: Row[] = [
  { name: "starts within 5 ms", value: (100 * inTime) / wanted, unit: "%", goal: { atLeast: 99.9 } },
  { name: "starts", value: starts, unit: "", goal: { exactly: wanted } },
  { name: "lost or doubled", value: astray, unit: "", goal: { exactly: 0 } },
  { name: "dropped", value: dropped, unit: "", goal: { exactly: 0 } },
  { name: "start late, p99.9", value: due.quantileMs(0.999), unit: "ms" },
  { name: "start late, worst", value: due.maxMs, unit: "ms" },
];
process.stdout.write(JSON.stringify(rows));
