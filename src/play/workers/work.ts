import { Book } from "../../ledger/book.ts";
import type { Line, SayLine } from "../../ledger/lines.ts";
import type { BookLine } from "../../ledger/merge.ts";
import type { Shelf } from "../../model/driver.ts";
import type { Plan } from "../../plan/plan.ts";
import { sharded, type Shard } from "../../plan/shard.ts";
import type { Clock } from "../../units/clock.ts";
import { seeded } from "../../units/random.ts";
import type { SelfWatch } from "../../units/self.ts";
import { OwnCompany } from "../company.ts";
import { Feeds } from "../feeds.ts";
import type { Notes } from "../noted.ts";
import { frozen } from "../setup.ts";
import { SharedTurns } from "../turns.ts";
import { Voyage } from "../voyage.ts";
import type { Order, Spoken, Word } from "./orders.ts";

/** In one second; what is beyond is said by number. */
const mostSays = 50;

type Begin = Extract<Order, { k: "begin" }>;

export interface WorkParts {
  /** The whole plan. */
  readonly plan: Plan;
  readonly shard: Shard;
  readonly clock: Clock;
  readonly self: SelfWatch;
  readonly artifacts: Shelf;
  /** Memory of `SharedTurns`, common to all workers. */
  readonly turns: SharedArrayBuffer;
  readonly tell: (word: Word) => void;
  /** After its last word. */
  readonly done: () => void;
}

/** A worker's part of a run: walks its share of the plan as it is told, and reports once a second. Answers how it takes orders. */
export function work({ plan: whole, shard, clock, self, artifacts, turns, tell, done }: WorkParts, { run, seed, firstUser, past }: Begin): (order: Order) => void {
  const plan = sharded(whole, shard);
  const random = seeded(seed);
  let lines: BookLine[] = [];
  let says: SayLine[] = [];
  let unsaid = 0;
  let spoken: Spoken[] = [];
  const notes: Notes = {
    note: (kind, id, note) => void spoken.push({ what: "note", kind, id, note }),
    attempt: (kind, id, tMs) => void spoken.push({ what: "attempt", kind, id, tMs }),
  };
  const write = (line: Line) => {
    if (line.k === "series" || line.k === "sec" || line.k === "fail" || line.k === "walk") lines.push(line);
    else if (line.k === "say" && says.length < mostSays) says.push(line);
    else if (line.k === "say") unsaid += 1;
  };
  const book = new Book(write);
  // One that takes over begins in the second that it is.
  book.turn(clock.now());
  let services: Readonly<Record<string, string>> = {};
  const voyage = new Voyage({
    plan, run, clock, random, book, artifacts, write,
    noted: notes, feeds: new Feeds(random.fork("feeds"), new SharedTurns(turns)),
    cluster: undefined, service: (name) => services[name], simulated: undefined, onSay: undefined,
  });
  for (const { phase, beginMs } of past) voyage.enter(plan.phases[phase]!, beginMs);
  const company = new OwnCompany({ plan, voyage, book }, shard, firstUser);
  const over = new AbortController();
  // How it was before it began is nobody's second.
  self.read();
  void everySecond();

  return (order) => {
    switch (order.k) {
      case "given":
        voyage.given = frozen(order.given);
        return;
      case "enter": {
        const { phase: index, beginMs, since } = order;
        const phase = plan.phases[index]!;
        services = order.services;
        voyage.enter(phase, beginMs);
        company.enter(phase, beginMs, (journey) => since?.[journey]);
        void company.counted().then(() => tell({ k: "counted", phase: index }));
        void company.arrived().then(() => tell({ k: "arrived", phase: index }));
        return;
      }
      case "adjust":
        return void company.adjust(order.journey, order.delta);
      case "dismiss":
        company.dismiss();
        void company.gone().then(() => tell({ k: "gone" }));
        return;
      case "cut":
        return company.cut();
      case "gather":
        return tell({ k: "gathered", spoken: takeSpoken() });
      case "finish":
        over.abort();
        void company.finish().then(() => voyage.evidence.written).then(() => {
          if (voyage.evidence.leftOut !== undefined) voyage.say("warning", `worker ${shard.index + 1}: ${voyage.evidence.leftOut}`);
          report(clock.now(), true);
          voyage.closed = true;
          self.stop();
          done();
        });
        return;
      case "begin":
        return;
    }
  };

  function takeSpoken(): readonly Spoken[] {
    const taken = spoken;
    spoken = [];
    return taken;
  }

  function report(untilMs: number, last: boolean): void {
    if (unsaid > 0) says.push({ k: "say", t: Math.round(untilMs), level: "warning", text: `a worker left ${unsaid} more lines unsaid in this second` });
    tell({ k: "report", last, report: { untilMs, lines, says, spoken: takeSpoken(), size: company.size, closed: company.closed, phase: voyage.phase.index, self: self.read(), lacks: book.takeLacks() } });
    [lines, says, unsaid] = [[], [], 0];
  }

  async function everySecond(): Promise<void> {
    for (;;) {
      const nextMs = (Math.floor(clock.now() / 1_000) + 1) * 1_000;
      try {
        await clock.until(nextMs, over.signal);
      } catch {
        return;
      }
      company.turn(clock.now());
      report(company.countedMs, false);
    }
  }
}
