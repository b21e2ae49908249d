import type { Book } from "../ledger/book.ts";
import type { Line } from "../ledger/lines.ts";
import { Mask } from "../mask/mask.ts";
import type { Cluster } from "../model/cluster.ts";
import type { Drivers, Sessions, Shelf } from "../model/driver.ts";
import type { Recorder } from "../model/op.ts";
import type { SimulatedService } from "../model/simulated.ts";
import type { Plan, PlannedPhase } from "../plan/plan.ts";
import type { Clock } from "../units/clock.ts";
import { problem, sayError } from "../units/errors.ts";
import type { Random } from "../units/random.ts";
import { withDeadline } from "./deadline.ts";
import { Evidence } from "./evidence.ts";
import type { Feeds } from "./feeds.ts";
import type { Notes } from "./noted.ts";

const mostForgotten = 20;
/** Lines of drivers; each is written once. */
const mostRemarks = 50;
/** A session that takes longer to close is left behind. */
const closeWithinMs = 5_000;

export interface VoyageParts {
  readonly plan: Plan;
  readonly run: string;
  readonly clock: Clock;
  readonly random: Random;
  readonly book: Book;
  readonly noted: Notes;
  readonly feeds: Feeds;
  readonly cluster: Cluster | undefined;
  /** The address of a service of the cluster. */
  readonly service: (name: string) => string | undefined;
  readonly simulated: ((service: string | undefined) => SimulatedService) | undefined;
  readonly artifacts: Shelf;
  readonly write: (line: Line) => void;
  readonly onSay: ((level: "info" | "warning" | "error", text: string) => void) | undefined;
}

/** What everything that takes part in one run shares. */
export class Voyage {
  readonly parts: VoyageParts;
  readonly evidence: Evidence;
  /** What is secret for everybody; each user knows more of their own. */
  readonly mask: Mask;
  /** After the end nobody writes any more. */
  closed = false;
  /** What the setup answered, for every user. */
  given: unknown;
  phase: PlannedPhase;
  /** Touches that were said to be forgotten, by journey and step: once each. */
  readonly #forgotten = new Set<string>();
  readonly #remarks = new Set<string>();
  /** Begin of the phases so far, by index. */
  readonly #beginsMs: number[] = [];

  constructor(parts: VoyageParts) {
    this.parts = parts;
    this.evidence = new Evidence(parts.artifacts);
    this.mask = new Mask(parts.plan.secrets);
    this.phase = parts.plan.phases[0]!;
  }

  get clock(): Clock {
    return this.parts.clock;
  }
  get random(): Random {
    return this.parts.random;
  }
  get book(): Book {
    return this.parts.book;
  }
  get noted(): Notes {
    return this.parts.noted;
  }
  get feeds(): Feeds {
    return this.parts.feeds;
  }
  get cluster(): Cluster | undefined {
    return this.parts.cluster;
  }

  enter(phase: PlannedPhase, beginMs: number): void {
    this.phase = phase;
    this.#beginsMs[phase.index] = beginMs;
  }

  /** What a driver says of the whole run: a thousand users' sessions find out the same. */
  readonly #remark = (line: string): void => {
    if (this.#remarks.has(line) || this.#remarks.size >= mostRemarks) return;
    this.#remarks.add(line);
    this.say("info", line);
  };

  /**
   * The phase that a touch belongs to: the one it began in, but a touch that reaches into a storm
   * belongs to the storm.
   */
  phaseOf(beganMs: number): number {
    const now = this.phase.index;
    if (beganMs >= this.#beginsMs[now]!) return now;
    // Before the first phase there is none: what was begun by then is the first one's.
    let began = Math.max(0, now - 1);
    while (began > 0 && beganMs < this.#beginsMs[began]!) began -= 1;
    const { phases } = this.parts.plan;
    // An unjudged storm must not swallow what a judged phase began.
    for (let index = began; index <= now; index++) if (phases[index]!.storm && (phases[index]!.judged || !phases[began]!.judged)) return index;
    return began;
  }

  write(line: Line): void {
    if (!this.closed) this.parts.write(line);
  }

  say(level: "info" | "warning" | "error", given: string, code?: string): void {
    const text = this.mask.text(given);
    this.write({ k: "say", t: Math.round(this.clock.now()), level, text, ...(code !== undefined && { code }) });
    this.parts.onSay?.(level, text);
  }

  /** A touch that nobody waited for, and whose end nobody saw: the verdict must know. */
  forgotten(journey: string, step: string): void {
    const key = `${journey} / ${step}`;
    if (this.#forgotten.has(key) || this.#forgotten.size >= mostForgotten) return;
    this.#forgotten.add(key);
    this.say("error", `${key} was still under way when its user left: the journey lacks an await, and what became of the touch is unknown`);
  }

  /** Opens one session a driver; closes those that were opened when one fails. */
  async openSessions<D extends Drivers>(drivers: D, record: Recorder, signal: AbortSignal, random: Random, mask = this.mask.under()): Promise<Sessions<D>> {
    const artifacts = this.evidence.of(mask);
    const { clock, service, simulated } = this.parts;
    const sessions: Record<string, unknown> = {};
    for (const [name, driver] of Object.entries(drivers)) {
      try {
        sessions[name] = await driver.open({ record, clock, signal, random: random.fork(name), artifacts, mask, say: this.#remark, simulated: simulated?.(driver.service), service });
      } catch (error) {
        await this.closeSessions(drivers, sessions as Sessions<D>);
        throw error;
      }
    }
    return sessions as Sessions<D>;
  }

  async closeSessions<D extends Drivers>(drivers: D, sessions: Sessions<D>): Promise<void> {
    for (const [name, session] of Object.entries(sessions)) {
      try {
        await withDeadline(this.clock, closeWithinMs, `closing ${name}`, () => drivers[name]!.close(session));
      } catch (error) {
        this.say("warning", `session ${name} did not close: ${sayError(error)}`);
      }
    }
  }

  /** The cluster, for verbs that make no sense without one. */
  needCluster(): Cluster {
    if (!this.cluster) throw problem("SEA_FAULT_WITHOUT_CLUSTER", { fault: this.phase.storm?.fault.kind ?? "the storm" }, this.phase.name);
    return this.cluster;
  }
}
