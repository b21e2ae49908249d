import { isLack, parts, type Failure, type LackCause, type Outcome } from "../model/op.ts";
import { toMicros } from "../units/duration.ts";
import { Histogram } from "./histogram.ts";
import type { BadCell, CauseCell, Line, PaceCell, SecondCell, SecondLine, SeriesType, WalkLine } from "./lines.ts";

/** Bounds on what one run may write, whatever its journeys do. */
const mostStepsPerJourney = 300;
const mostCausesPerSeries = 30;
const mostExamplesPerCause = 3;
const mostExamples = 1_000;
const mostTextLength = 512;
const mostArtifacts = 8;
/** Attempts at counted walks with a line of their own: of those that passed, and of the others. */
const mostWalks = 5_000;
/** Attempts whose failures are told in full. */
const mostToldWalks = 1_000;

/** Where steps beyond the bound are counted. */
export const otherSteps = "(other steps)";
const otherCauses = "(other causes)";

/** The counters of one series within the current second. */
export class Slot {
  readonly id: number;
  readonly type: SeriesType;
  ok = 0;
  refused = 0;
  unsure = 0;
  due: Histogram | undefined;
  began: Histogram | undefined;
  /** Some latency from due differs from that from begin, so both are written. */
  apart = false;
  dirty = false;
  /** When the first and the latest op of the second that failed ended. */
  badFromMs = Infinity;
  badToMs = -Infinity;
  readonly causes = new Map<string, number>();
  /** Exemplars kept by cause, over the whole run; its keys bound the causes. */
  readonly examples = new Map<string, number>();
  constructor(id: number, type: SeriesType) {
    this.id = id;
    this.type = type;
  }

  bad(atMs: number): void {
    if (atMs < this.badFromMs) this.badFromMs = atMs;
    if (atMs > this.badToMs) this.badToMs = atMs;
  }
}

/** The counters of one journey in one phase within the current second. */
export class PaceSlot {
  readonly phase: number;
  readonly journey: string;
  starts = 0;
  dropped = 0;
  ended = 0;
  cut = 0;
  users = 0;
  constructor(phase: number, journey: string) {
    this.phase = phase;
    this.journey = journey;
  }
}

/** The series of one journey in one phase, found by the text of the step alone: it happens at every op. */
type Page = Readonly<Record<SeriesType, Map<string, Slot>>>;

const blankPage = (): Page => Object.fromEntries(["op", "group", "measure", "walk", "retried", ...parts].map((type) => [type, new Map()])) as Page;

/** What the book adds up for the person watching, over the second just closed. */
export interface SecondTotals {
  readonly ops: number;
  readonly errors: number;
  readonly due: Histogram;
  readonly dropped: number;
}

/**
 * Collects a second in memory and writes it as one line. Its memory is bounded by the number of
 * series, not by the length or the rate of the run.
 */
export class Book {
  readonly #write: (line: Line) => void;
  readonly #onSecond: ((totals: SecondTotals) => void) | undefined;
  /** By phase, then by journey. */
  readonly #pages: Map<string, Page>[] = [];
  #series = 0;
  readonly #steps = new Map<string, Set<string>>();
  readonly #paces = new Map<string, PaceSlot>();
  readonly #idle: Histogram[] = [];
  #dirty: Slot[] = [];
  #notes = new Map<string, [number, string][]>();
  #examples = 0;
  readonly #walks = { passed: 0, others: 0 };
  #lacks: { [cause in LackCause]?: number } = {};
  #second = 0;
  #endMs = 1_000;

  constructor(write: (line: Line) => void, onSecond?: (totals: SecondTotals) => void) {
    this.#write = write;
    this.#onSecond = onSecond;
  }

  slot(type: SeriesType, phase: number, journey: string, step: string): Slot {
    return this.#pages[phase]?.get(journey)?.[type].get(step) ?? this.#open(type, phase, journey, step);
  }

  #open(type: SeriesType, phase: number, journey: string, asked: string): Slot {
    let steps = this.#steps.get(journey);
    if (!steps) this.#steps.set(journey, (steps = new Set()));
    const step = type === "walk" || steps.has(asked) || steps.size < mostStepsPerJourney ? asked : otherSteps;
    if (type !== "walk") steps.add(step);
    const journeys = (this.#pages[phase] ??= new Map<string, Page>());
    let page = journeys.get(journey);
    if (!page) journeys.set(journey, (page = blankPage()));
    let slot = page[type].get(step);
    if (!slot) {
      slot = new Slot(this.#series++, type);
      page[type].set(step, slot);
      this.#write({ k: "series", id: slot.id, type, phase, journey, step });
    }
    return slot;
  }

  /** Counts one op that ended now; latencies count from due and from begin. */
  record(slot: Slot, dueMs: number, beganMs: number, endedMs: number, outcome: Outcome): void {
    if (endedMs >= this.#endMs) this.turn(endedMs);
    if (!slot.dirty) this.#touch(slot);
    slot[outcome] += 1;
    if (outcome !== "ok") slot.bad(endedMs);
    if (outcome === "refused") return;
    slot.due!.record(endedMs - dueMs);
    slot.began!.record(endedMs - beganMs);
    if (dueMs !== beganMs) slot.apart = true;
  }

  /** Counts ops whose latencies nobody knows. */
  tally(slot: Slot, nowMs: number, outcome: Outcome, count: number): void {
    if (nowMs >= this.#endMs) this.turn(nowMs);
    if (!slot.dirty) this.#touch(slot);
    slot[outcome] += count;
    if (outcome !== "ok") slot.bad(nowMs);
  }

  #touch(slot: Slot): void {
    slot.dirty = true;
    slot.due ??= this.#idle.pop() ?? new Histogram();
    slot.began ??= this.#idle.pop() ?? new Histogram();
    this.#dirty.push(slot);
  }

  /** Takes back an `ok`, because a check found the answer wrong. */
  refuse(slot: Slot): void {
    if (!slot.dirty) this.#touch(slot);
    slot.ok -= 1;
    slot.refused += 1;
  }

  /** Counts a cause, and keeps the first few failures of each as exemplars. */
  fail(slot: Slot, tMs: number, user: number, failure: Failure, count = 1): void {
    if (!slot.dirty) this.#touch(slot);
    slot.bad(tMs);
    const cause = failure.cause.slice(0, 120);
    if (isLack(cause)) this.#lacks[cause] = (this.#lacks[cause] ?? 0) + count;
    this.#count(slot, cause, count);
    this.example(slot, tMs, user, failure);
  }

  #count(slot: Slot, asked: string, count: number): void {
    const cause = causeOf(slot, asked);
    slot.causes.set(cause, (slot.causes.get(cause) ?? 0) + count);
    if (!slot.examples.has(cause)) slot.examples.set(cause, 0);
  }

  /** Would a failure of this cause be written down as it was? */
  keeps(slot: Slot, cause: string): boolean {
    return this.#examples < mostExamples && (slot.examples.get(causeOf(slot, cause.slice(0, 120))) ?? 0) < mostExamplesPerCause;
  }

  /** Writes a failure down, if it is one of the first few of its cause. */
  example(slot: Slot, tMs: number, user: number, failure: Failure): void {
    if (!this.keeps(slot, failure.cause)) return;
    const cause = causeOf(slot, failure.cause.slice(0, 120));
    slot.examples.set(cause, (slot.examples.get(cause) ?? 0) + 1);
    this.#examples += 1;
    this.#write({ k: "fail", t: toMicros(tMs), series: slot.id, user, ...bounded(failure), cause });
  }

  /** The failures of the next counted walk are told in full. */
  get tellsWalks(): boolean {
    return this.#walks.others < mostToldWalks;
  }

  /** Writes down one attempt at a counted walk. */
  walked(line: WalkLine): void {
    const kind = line.outcome === "ok" ? "passed" : "others";
    if (this.#walks[kind] >= mostWalks) return;
    this.#walks[kind] += 1;
    const { failures, ...rest } = line;
    const told = this.#walks.others > mostToldWalks ? failures?.slice(0, 1).map(({ step, cause }) => ({ step, cause })) : failures;
    this.#write({ ...rest, ...(told && told.length > 0 && { failures: told }) });
  }

  /** How often the generator itself lacked what a touch needs, since the last take; undefined when it never did. */
  takeLacks(): { readonly [cause in LackCause]?: number } | undefined {
    const taken = this.#lacks;
    this.#lacks = {};
    return Object.keys(taken).length > 0 ? taken : undefined;
  }

  /** Adds what the book of a worker counted in a second; its series are known here as `slotOf` says. */
  add({ d, p, c = [], b = [] }: SecondLine, slotOf: (id: number) => Slot): void {
    for (const [id, ok, refused, unsure, due, began] of d) {
      const slot = slotOf(id);
      if (!slot.dirty) this.#touch(slot);
      slot.ok += ok;
      slot.refused += refused;
      slot.unsure += unsure;
      slot.due!.addPacked(due);
      slot.began!.addPacked(began === "=" ? due : began);
      if (began !== "=" && due !== "") slot.apart = true;
    }
    for (const [id, cause, count] of c) this.#count(slotOf(id), cause, count);
    for (const [id, fromMs, toMs] of b) {
      slotOf(id).bad(fromMs);
      slotOf(id).bad(toMs);
    }
    for (const [phase, journey, starts, dropped, ended, cut, users] of p) {
      const pace = this.pace(phase, journey);
      pace.starts += starts;
      pace.dropped += dropped;
      pace.ended += ended;
      pace.cut += cut;
      pace.users += users;
    }
  }

  pace(phase: number, journey: string): PaceSlot {
    const key = `${phase}\n${journey}`;
    let slot = this.#paces.get(key);
    if (!slot) this.#paces.set(key, (slot = new PaceSlot(phase, journey)));
    return slot;
  }

  note(what: "attempt" | "note", kind: string, tMs: number, id: string): void {
    const key = `${what}\n${kind}`;
    const list = this.#notes.get(key);
    if (list) list.push([toMicros(tMs), id]);
    else this.#notes.set(key, [[toMicros(tMs), id]]);
  }

  /** Writes acknowledged writes down now, before a storm may need them. */
  writeNotes(): void {
    for (const [key, ids] of this.#notes) {
      const [what, kind] = key.split("\n") as ["attempt" | "note", string];
      this.#write({ k: "notes", kind, what, ids });
    }
    this.#notes = new Map();
  }

  /** Closes every second that is over at `nowMs`. */
  turn(nowMs: number): void {
    if (nowMs < this.#endMs) return;
    this.#close(this.#second);
    this.#second = Math.floor(nowMs / 1_000);
    this.#endMs = (this.#second + 1) * 1_000;
  }

  /** Closes the second that is under way, at the end of the run. */
  finish(): void {
    this.#close(this.#second);
  }

  /** Closes a second of what was added from other books; their users of that second are in no other. */
  settle(second: number): void {
    this.#close(second);
    for (const pace of this.#paces.values()) pace.users = 0;
  }

  #close(second: number): void {
    const cells: SecondCell[] = [];
    const causes: CauseCell[] = [];
    const bad: BadCell[] = [];
    const all = this.#onSecond ? new Histogram() : undefined;
    let [ops, errors, dropped] = [0, 0, 0];
    for (const slot of this.#dirty) {
      const due = slot.due!.pack();
      cells.push([slot.id, slot.ok, slot.refused, slot.unsure, due, slot.apart ? slot.began!.pack() : due === "" ? "" : "="]);
      for (const [cause, count] of slot.causes) causes.push([slot.id, cause, count]);
      if (slot.badToMs >= 0) bad.push([slot.id, toMicros(slot.badFromMs), toMicros(slot.badToMs)]);
      if (all && slot.type === "op") {
        ops += slot.ok + slot.refused + slot.unsure;
        errors += slot.refused + slot.unsure;
        all.add(slot.due!);
      }
      slot.due!.clear();
      slot.began!.clear();
      this.#idle.push(slot.due!, slot.began!);
      slot.due = slot.began = undefined;
      slot.causes.clear();
      slot.ok = slot.refused = slot.unsure = 0;
      slot.apart = slot.dirty = false;
      slot.badFromMs = Infinity;
      slot.badToMs = -Infinity;
    }
    this.#dirty = [];
    const paces: PaceCell[] = [];
    for (const pace of this.#paces.values()) {
      const { phase, journey, starts, dropped: drops, ended, cut, users } = pace;
      if (starts + drops + ended + cut + users === 0) continue;
      dropped += drops;
      paces.push([phase, journey, starts, drops, ended, cut, users]);
      pace.starts = pace.dropped = pace.ended = pace.cut = 0;
    }
    this.writeNotes();
    if (cells.length > 0 || paces.length > 0) {
      this.#write({ k: "sec", s: second, d: cells, p: paces, ...(causes.length > 0 && { c: causes }), ...(bad.length > 0 && { b: bad }) });
    }
    if (all) this.#onSecond?.({ ops, errors, due: all, dropped });
  }
}

/** A failure as it may be written down, whatever a driver put into it. */
export function bounded({ cause, request, status, body, error, spent, artifacts = [] }: Failure): Failure {
  return {
    cause: cause.slice(0, 120),
    ...(request !== undefined && { request: request.slice(0, mostTextLength) }),
    ...(status !== undefined && { status }),
    ...(body !== undefined && { body: body.slice(0, mostTextLength) }),
    ...(error !== undefined && { error: error.slice(0, mostTextLength) }),
    ...(spent !== undefined && { spent: spent.slice(0, mostTextLength) }),
    ...(artifacts.length > 0 && {
      artifacts: artifacts.slice(0, mostArtifacts).map(({ name, path, type }) => ({ name: name.slice(0, 120), path: path.slice(0, mostTextLength), type: type.slice(0, 120) })),
    }),
  };
}

/** A cause beyond the bound is counted with others. */
const causeOf = (slot: Slot, cause: string): string => (isLack(cause) || slot.examples.has(cause) || slot.examples.size < mostCausesPerSeries ? cause : otherCauses);
