/** What the generator itself spends on one op: a walker's record of it, through to the book, seconds closed and packed. */
import { journey, scenario, times } from "../../../src/index.ts";
import { Book } from "../../../src/ledger/book.ts";
import { Feeds } from "../../../src/play/feeds.ts";
import { Noted } from "../../../src/play/noted.ts";
import { Voyage } from "../../../src/play/voyage.ts";
import { Walker } from "../../../src/play/walker.ts";
import type { Row } from "../table.ts";
import { planOf, realRun } from "./voyage.ts";

const opsPerSecond = 10_000;
const opsPerRound = 500_000;
const walk = journey({}, async () => undefined);
const plan = planOf(scenario({ name: "op", journeys: { walk }, phases: [{ name: "steady", load: { walk: times(1) } }] }));
const { clock, random, artifacts } = realRun(plan, new AbortController().signal);
const write = () => undefined;
const book = new Book(write);
const voyage = new Voyage({
  plan, clock, random, book, write, artifacts, run: "bench", noted: new Noted(book, new Set()), feeds: new Feeds(random),
  cluster: undefined, service: () => undefined, simulated: undefined, onSay: undefined,
});
voyage.enter(plan.phases[0]!, 0);
const walker = new Walker(voyage, "walk", walk, 0);
const names = Array.from({ length: 20 }, (_, i) => `GET /part-${i}/:id`);
const tookMs = Array.from({ length: 4_096 }, () => 5 + 40 * random.next());

let at = 0;
const round = (): number => {
  const fromMs = clock.now();
  for (let n = 0; n < opsPerRound; n++, at++) {
    const endedMs = 100 + (at * 1_000) / opsPerSecond;
    walker.op(names[at % names.length]!, endedMs - tookMs[at % tookMs.length]!, endedMs, "ok");
  }
  return ((clock.now() - fromMs) * 1e6) / opsPerRound;
};
round();
const rounds = Array.from({ length: 7 }, round).sort((a, b) => a - b);
const rows: Row[] = [{ name: "one op recorded", value: rounds[3]!, unit: "ns" }];
process.stdout.write(JSON.stringify(rows));
