/**
 * Open load at 70 % of what this machine can do: how many starts come within 10 ms of when they were
 * due. The ceiling is measured first, by closed users in the same process; when starts were due is
 * computed from the rate and the phase's begin.
 */
import { http } from "../../../drivers/http/index.ts";
import { arrivals, journey, scenario, users, type Duration, type Pace, type Rate } from "../../../src/index.ts";
import { planOf, realRun, recorded } from "../core/voyage.ts";
import type { Row } from "../table.ts";
import { withServer } from "./base.ts";

const seconds = Number(process.argv[2] ?? 20);
if (!(seconds > 0)) throw new Error("--seconds wants a number above 0");
/** In place of a share of the ceiling. */
const fixedRate = process.argv[3] === undefined ? undefined : Number(process.argv[3]);
const connections = 64;
const share = 0.7;
const lateMs = 10;

/** Three seconds on the way up, as every test has them, so that what follows finds its users connected. */
const warmS = 3;

interface Played {
  readonly beginMs: number;
  /** When each walk of the measured phase began; the n-th was due at its n-th time, as long as none was dropped. */
  readonly startsMs: readonly number[];
  readonly good: number;
  readonly dropped: number;
  /** Seconds that the generator marked as its own fault. */
  readonly slow: number;
}

/** Plays a phase on the way up, and the one that is measured. */
async function played(base: string, warm: Pace, pace: Pace, forS: number): Promise<Played> {
  const site = http({ base });
  const startsMs: number[] = [];
  const visit = journey({ site }, async ({ site }) => {
    startsMs.push(options.clock.now());
    (await site.get("/items/17", { name: "/items/:item" })).json();
  });
  const plan = planOf(scenario({ name: "open", journeys: { visit }, phases: [{ name: "up", for: `${warmS}s`, load: { visit: warm } }, { name: "load", for: `${forS}s` as Duration, load: { visit: pace } }] }));
  const options = realRun(plan, new AbortController().signal);
  const view = await recorded(plan, options);
  const sum = (phase: number, at: 2 | 3) => view.pace.reduce((total, { cell }) => total + (cell[0] === phase ? cell[at] : 0), 0);
  return { beginMs: view.phases[1]!.beginMs!, startsMs: startsMs.slice(sum(0, 2)), good: view.tally({ type: "op", phase: 1 }).ok, dropped: sum(1, 3), slow: view.health.filter(({ s, slow }) => slow && s >= warmS).length };
}

const rows = await withServer(async (base): Promise<Row[]> => {
  const closedS = Math.min(10, seconds);
  const ceiling = fixedRate === undefined ? (await played(base, users(connections), users(connections), closedS)).good / closedS : Number.NaN;
  const rate = fixedRate ?? Math.floor(ceiling * share);
  const most = 5_000;
  const { beginMs, startsMs, dropped, good, slow } = await played(base, arrivals("100/s", { to: `${rate}/s` as Rate, most }), arrivals(`${rate}/s` as Rate, { most }), seconds);
  const wanted = rate * seconds;
  const late = startsMs.map((ms, i) => ms - beginMs - (i * 1_000) / rate).sort((a, b) => a - b);
  const at = (q: number) => late[Math.ceil(q * late.length) - 1] ?? Number.NaN;
  const inTime = late.filter((ms) => ms <= lateMs).length;
  return [
    { name: "starts within 10 ms of due", value: (100 * inTime) / wanted, unit: "%", goal: { atLeast: 99.9 } },
    ...(fixedRate === undefined ? [{ name: "ceiling, closed", value: ceiling, unit: "/s" }] : []),
    { name: "rate asked for", value: rate, unit: "/s" },
    { name: "rate that came", value: good / seconds, unit: "/s", goal: { atLeast: rate * 0.999 } },
    // Each that was dropped makes those after it look later than they were: the share is never flattered.
    { name: "dropped starts", value: dropped, unit: "", goal: { exactly: 0 } },
    { name: "start late, p50", value: at(0.5), unit: "ms" },
    { name: "start late, p99.9", value: at(0.999), unit: "ms" },
    { name: "start late, worst", value: at(1), unit: "ms" },
    { name: "seconds that were marked", value: slow, unit: "" },
  ];
});
process.stdout.write(JSON.stringify(rows));
