/**
 * An hour at 1,000 op/s over 20 step names, written as a run writes it: four journeys of five
 * steps, so 200 walks a second beside the ops. Latencies are log-normal. Two steps of each
 * journey follow a wait, which rings up to a millisecond late, so their latency from due is not
 * the one from begin, and both are in the ledger.
 */
import { statSync } from "node:fs";
import { journey, judge, readLedger, scenario, times, type JourneyBudget } from "../../../src/index.ts";
import { Book } from "../../../src/ledger/book.ts";
import { appendTo } from "../../../src/ledger/file.ts";
import { runLine } from "../../../src/play/facts.ts";
import { realClock } from "../../../src/units/clock.ts";
import { seeded } from "../../../src/units/random.ts";
import type { Row } from "../table.ts";
import { planOf, withLedger } from "./voyage.ts";

const seconds = 3_600;
const walksPerSecond = 50;
const names = ["browse", "search", "buy", "track"];
const steps = Array.from({ length: 5 }, (_, i) => `GET /part-${i}/:id`);
const own = { p95: "1s", p99: "2s", errors: "1%" } as const;
const each: JourneyBudget = { steps: Object.fromEntries(steps.map((step) => [step, own])) };
const windowed: JourneyBudget = { steps: { ...each.steps, [steps[0]!]: { ...own, every: "10s" } } };
const walk = journey({}, async () => undefined);
const plan = planOf(scenario({
  name: "an hour",
  budget: { browse: windowed, search: each, buy: each, track: each },
  journeys: { browse: walk, search: walk, buy: walk, track: walk },
  phases: [{ name: "steady", load: { browse: times(1), search: times(1), buy: times(1), track: times(1) } }],
}));

function write(path: string): void {
  const random = seeded(1);
  const normal = () => Math.sqrt(-2 * Math.log(1 - random.next())) * Math.cos(2 * Math.PI * random.next());
  const sink = appendTo(path);
  sink.write(runLine(plan, { id: "bench", seed: 1, startedMs: 0, mode: "run", version: "bench" }));
  sink.write({ k: "phase", t: 0, phase: 0, at: "begin" });
  const book = new Book((line) => sink.write(line));
  for (let s = 0; s < seconds; s++) {
    for (let walk = 0; walk < walksPerSecond; walk++) {
      const endedMs = s * 1_000 + (walk + 0.5) * (1_000 / walksPerSecond);
      for (const [n, name] of names.entries()) {
        let walkedMs = 0;
        for (const [i, step] of steps.entries()) {
          const tookMs = 8 * (1 + n + i) * Math.exp(0.5 * normal());
          const lateMs = i === 0 || i === 3 ? random.next() : 0;
          walkedMs += tookMs + lateMs;
          book.record(book.slot("op", 0, name, step), endedMs - tookMs - lateMs, endedMs - tookMs, endedMs, random.next() < 0.001 ? "refused" : "ok");
        }
        book.record(book.slot("walk", 0, name, ""), endedMs - walkedMs, endedMs - walkedMs + random.next(), endedMs, "ok");
        const pace = book.pace(0, name);
        pace.starts += 1;
        pace.ended += 1;
        pace.users = 20;
      }
    }
    sink.write({ k: "health", s, lagMs: 0.4, lagMaxMs: 2.1, cpu: 0.345, heapMb: 61.2, slow: false });
  }
  book.finish();
  sink.write({ k: "phase", t: seconds * 1_000, phase: 0, at: "end" });
  sink.write({ k: "end", t: seconds * 1_000, how: "done" });
  sink.close();
}

const clock = realClock();
const rows = await withLedger(async (path): Promise<Row[]> => {
  write(path);
  const fromMs = clock.now();
  const view = await readLedger(path);
  const readMs = clock.now();
  const { grade, findings } = judge(view);
  const judgedMs = clock.now();
  const ops = view.tally({ type: "op" }).count;
  if (grade !== "pass" || ops !== seconds * 1_000) throw new Error(`the ledger is not what was meant: ${grade}, ${ops} ops, ${findings.find((one) => one.grade !== "pass")?.id}`);
  return [
    { name: "ledger of an hour", value: statSync(path).size / 1e6, unit: "MB", goal: { below: 20 } },
    { name: "read and judge it", value: (judgedMs - fromMs) / 1_000, unit: "s", goal: { below: 2 } },
    { name: "of that, reading", value: (readMs - fromMs) / 1_000, unit: "s" },
  ];
});
process.stdout.write(JSON.stringify(rows));
