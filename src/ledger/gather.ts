import { isPart, type Failure } from "../model/op.ts";
import { Histogram } from "./histogram.ts";
import type { CauseCell, EndLine, GapLine, HandLine, HealthLine, Line, NotesLine, ProbeLine, RunLine, SayLine, SightLine, StormLine, SurvivalLine, WalkLine } from "./lines.ts";
import type { FailureExample, Failures, LedgerView, PaceRow, PhaseView, SecondView, Select, SeriesView, StormView, Tally } from "./view.ts";

/** Adds up what was selected. */
function tally(series: readonly SeriesView[], select: Select = {}): Tally {
  const due = new Histogram();
  const began = new Histogram();
  const type = select.type ?? (select.step === undefined ? "op" : undefined);
  const [fromS, toS] = [select.fromS ?? -Infinity, select.toS ?? Infinity];
  let [ok, refused, unsure, first, last] = [0, 0, 0, Infinity, -Infinity];
  for (const one of series) {
    if (select.phase !== undefined && one.phase !== select.phase) continue;
    if (select.journey !== undefined && one.journey !== select.journey) continue;
    if (select.step !== undefined && one.step !== select.step) continue;
    if (type === undefined ? isPart(one.type) || one.type === "retried" : one.type !== type) continue;
    for (const { s, cell } of one.seconds) {
      if (s < fromS || s >= toS) continue;
      ok += cell[1];
      refused += cell[2];
      unsure += cell[3];
      due.addPacked(cell[4]);
      began.addPacked(cell[5] === "=" ? cell[4] : cell[5]);
      if (s < first) first = s;
      if (s > last) last = s;
    }
  }
  const empty = first === Infinity;
  return { ok, refused, unsure, count: ok + refused + unsure, due, began, fromS: empty ? 0 : first, toS: empty ? 0 : last + 1 };
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };
const stormTimes = { aim: "aimMs", inject: "injectMs", harmed: "harmedMs", recovered: "recoveredMs", overdue: "overdueMs", relieved: "relievedMs", healed: "healedMs" } as const;

/** Shards of one run are runs of their own, of one scenario. */
const sameTrial = (a: RunLine, b: RunLine): boolean => a.scenario === b.scenario && a.phases.map(({ name }) => name).join("\n") === b.phases.map(({ name }) => name).join("\n");

/**
 * Gathers lines into a view. Lines come in the order of the file; several ledgers of one sharded
 * run are given one after the other, each with its own series ids.
 */
export class ViewBuilder {
  #run: RunLine | undefined;
  readonly #shards: LedgerView["shards"][number][] = [];
  readonly #phases: Mutable<PhaseView>[] = [];
  readonly #series = new Map<string, Mutable<SeriesView> & { seconds: SecondView[] }>();
  #ids = new Map<number, Mutable<SeriesView> & { seconds: SecondView[] }>();
  readonly #pace: PaceRow[] = [];
  readonly #causes = new Map<string, Mutable<Failures>>();
  readonly #examples: FailureExample[] = [];
  readonly #walks: WalkLine[] = [];
  readonly #notes: NotesLine[] = [];
  readonly #storms = new Map<number, Mutable<StormView> & { steps: StormLine[] }>();
  readonly #sights: SightLine[] = [];
  readonly #probes: ProbeLine[] = [];
  readonly #health: HealthLine[] = [];
  readonly #gaps: GapLine[] = [];
  readonly #survivals: SurvivalLine[] = [];
  readonly #hands: HandLine[] = [];
  readonly #says: SayLine[] = [];
  #end: EndLine | undefined;
  #lastMs = 0;
  readonly damage: string[] = [];
  /** What the paths of evidence in the next lines begin with, with `/` at its end. */
  base = "";

  get started(): boolean {
    return this.#run !== undefined;
  }

  add(line: Line): void {
    if ("t" in line && line.t > this.#lastMs) this.#lastMs = line.t;
    switch (line.k) {
      case "run":
        this.#ids = new Map();
        if (this.#run && !sameTrial(this.#run, line)) this.damage.push(`run ${line.run} is of another scenario than run ${this.#run.run}: only shards of one belong together`);
        this.#shards.push(line.regression?.shard);
        if (this.#run) {
          // Each shard has load of its own.
          for (const [index, { load }] of line.phases.entries()) {
            const phase = this.#phases[index];
            if (phase?.load && load) phase.load = [...new Set([...phase.load, ...load])];
          }
          return;
        }
        this.#run = line;
        line.phases.forEach((facts, index) => this.#phases.push({ ...facts, index, beginMs: undefined, endMs: undefined }));
        return;
      case "phase": {
        const phase = this.#phases[line.phase];
        if (!phase) return;
        if (line.at === "begin") phase.beginMs = Math.min(phase.beginMs ?? Infinity, line.t);
        else phase.endMs = Math.max(phase.endMs ?? 0, line.t);
        return;
      }
      case "series": {
        const key = `${line.phase}\n${line.type}\n${line.journey}\n${line.step}`;
        let series = this.#series.get(key);
        if (!series) {
          series = { type: line.type, phase: line.phase, journey: line.journey, step: line.step, seconds: [] };
          this.#series.set(key, series);
        }
        this.#ids.set(line.id, series);
        return;
      }
      case "sec":
        this.#lastMs = Math.max(this.#lastMs, line.s * 1_000);
        for (const cell of line.d) this.#ids.get(cell[0])?.seconds.push({ s: line.s, cell });
        for (const [id, fromMs, toMs] of line.b ?? []) {
          const second = this.#ids.get(id)?.seconds.at(-1);
          if (second?.s === line.s) (second as Mutable<SecondView>).bad = [fromMs, toMs];
        }
        for (const cell of line.p) this.#pace.push({ s: line.s, cell });
        for (const cell of line.c ?? []) this.#cause(cell);
        return;
      case "fail": {
        const of = this.#ids.get(line.series);
        if (!of) return;
        const { k: _k, series: _series, ...rest } = this.#placed(line);
        this.#examples.push({ ...rest, phase: of.phase, journey: of.journey, step: of.step, ...(of.type === "retried" && { retried: true }) });
        return;
      }
      case "walk":
        this.#walks.push(line.failures ? { ...line, failures: line.failures.map((failure) => this.#placed(failure)) } : line);
        return;
      case "notes":
        this.#notes.push(line);
        return;
      case "storm":
        this.#storm(line);
        return;
      case "sight":
        this.#sights.push(line);
        return;
      case "probe":
        this.#probes.push(line);
        return;
      case "health":
        this.#health.push(line);
        return;
      case "gap":
        this.#gaps.push(line);
        return;
      case "survival":
        this.#survivals.push(line);
        return;
      case "hand":
        this.#hands.push(line);
        return;
      case "say":
        this.#says.push(line);
        return;
      case "end":
        // A shard that was stopped or failed speaks for the whole run.
        if (!this.#end || this.#end.how === "done") this.#end = line;
        return;
      case "heal":
        for (const storm of this.#storms.values()) {
          if (storm.debt !== line.debt || storm.healedMs !== undefined || !line.healed) continue;
          storm.healedMs = line.atMs - (this.#run?.startedMs ?? line.atMs);
          storm.healedBy = "heal";
        }
        return;
    }
  }

  #placed<F extends Failure>(failure: F): F {
    if (this.base === "" || !failure.artifacts) return failure;
    return { ...failure, artifacts: failure.artifacts.map((one) => ({ ...one, path: this.base + one.path })) };
  }

  #cause([id, cause, count]: CauseCell): void {
    const of = this.#ids.get(id);
    if (!of) return;
    const retried = of.type === "retried";
    const key = `${of.phase}\n${of.journey}\n${of.step}\n${cause}\n${retried}`;
    const known = this.#causes.get(key);
    if (known) known.count += count;
    else this.#causes.set(key, { phase: of.phase, journey: of.journey, step: of.step, cause, count, ...(retried && { retried }) });
  }

  #storm(line: StormLine): void {
    let storm = this.#storms.get(line.phase);
    if (!storm) {
      storm = {
        phase: line.phase, debt: undefined, targets: [], aim: undefined, aimMs: undefined, injectMs: undefined, harmedMs: undefined,
        recoveredMs: undefined, overdueMs: undefined, relievedMs: undefined, healedMs: undefined, healedBy: undefined, steps: [], error: undefined,
      };
      this.#storms.set(line.phase, storm);
    }
    storm.steps.push(line);
    if (line.step in stormTimes) storm[stormTimes[line.step as keyof typeof stormTimes]] ??= line.t;
    if (line.step === "aim") {
      storm.debt = line.debt;
      storm.aim = line.aim;
      storm.targets = line.targets ?? [];
    }
    if (line.step === "healed") storm.healedBy ??= "run";
    if (line.error !== undefined) storm.error = line.error;
  }

  /** The view so far; the same builder may go on. Undefined before the run line. */
  view(): LedgerView | undefined {
    const run = this.#run;
    if (!run) return undefined;
    const series = [...this.#series.values()];
    return {
      run, series, shards: this.#shards,
      phases: this.#phases, pace: this.#pace, failures: [...this.#causes.values()], examples: this.#examples, walks: this.#walks, notes: this.#notes,
      storms: [...this.#storms.values()], sights: this.#sights, probes: this.#probes, health: this.#health, gaps: this.#gaps, survivals: this.#survivals, hands: this.#hands, says: this.#says,
      end: this.#end, lastMs: this.#lastMs, damage: this.damage,
      tally: (select) => tally(series, select),
    };
  }
}
