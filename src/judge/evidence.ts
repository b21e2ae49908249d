import type { LedgerView, PaceRow, PhaseView, SeriesView } from "../ledger/view.ts";
import { sayMany } from "./finding.ts";
import { type Stretch, wholePhase } from "./stretch.ts";

/** What rests on more slow seconds than this is unsure. */
export const mostSlow = 0.05;

/** What play writes down for a walk itself; the book bounds how many causes it tells apart. */
const ofWalks = /^(crash|check: |\(other causes\))/;

/** Starts and walks of a journey, or of all. */
export interface Starts {
  readonly starts: number;
  readonly dropped: number;
  readonly ended: number;
  readonly cut: number;
  /** Somebody began or was under way: who then does nothing is slow, not absent. */
  readonly walking: boolean;
}

/**
 * Seconds in which the generator, or any shard or worker of it, could not keep up. A second without a
 * line between others was too busy to write one, and the next has its backlog. While a worker is
 * missing, nobody keeps up for it.
 */
function slowSeconds({ health, gaps }: LedgerView): ReadonlySet<number> {
  const slow = new Set(health.filter((line) => line.slow).map((line) => line.s));
  for (const worker of new Set(health.map((line) => line.worker))) {
    const seen = [...new Set(health.filter((line) => line.worker === worker).map((line) => line.s))].sort((a, b) => a - b);
    seen.forEach((s, index) => {
      const before = seen[index - 1] ?? s - 1;
      if (before < s - 1) for (let missing = before + 1; missing <= s; missing++) slow.add(missing);
    });
  }
  for (const { fromMs, toMs } of gaps) for (let s = Math.floor(fromMs / 1_000); s * 1_000 < toMs; s++) slow.add(s);
  return slow;
}

/** A ledger laid out for judging: by phase, with the slow seconds marked. */
export class Evidence {
  readonly view: LedgerView;
  /** One shard, judged by itself: what others have to walk is not missed. */
  readonly isPart: boolean;
  readonly slow: ReadonlySet<number>;
  readonly #series: readonly (readonly SeriesView[])[];
  readonly #pace: readonly (readonly PaceRow[])[];

  constructor(view: LedgerView, isPart = false) {
    this.view = view;
    this.isPart = isPart;
    this.slow = slowSeconds(view);
    const series: SeriesView[][] = view.phases.map(() => []);
    const pace: PaceRow[][] = view.phases.map(() => []);
    for (const one of view.series) series[one.phase]?.push(one);
    for (const row of view.pace) pace[row.cell[0]]?.push(row);
    this.#series = series;
    this.#pace = pace;
  }

  /** Judged phases that began. */
  get judged(): readonly PhaseView[] {
    return this.view.phases.filter((phase) => phase.judged && phase.beginMs !== undefined);
  }

  /** A phase's name for finding ids: told apart by place where two share one. */
  label(phase: PhaseView): string {
    const twins = this.view.phases.filter((other) => other.name === phase.name);
    return twins.length === 1 ? phase.name : `${phase.name} (${twins.findIndex((twin) => twin.index === phase.index) + 1})`;
  }

  /** The series of a phase; of one journey, or of `all`. */
  series(phase: number, journey: string): readonly SeriesView[] {
    const list = this.#series[phase] ?? [];
    return journey === "all" ? list : list.filter((one) => one.journey === journey);
  }

  /**
   * Did the phase have this journey's load? A ledger that does not say what was planned is taken by
   * what was due to start: users of the phase before may still be walking. "all" is always there, so
   * that a silent phase is not a good one.
   */
  hasLoad(phase: PhaseView, journey: string): boolean {
    if (journey === "all") return phase.load === undefined || phase.load.length > 0;
    if (phase.load) return phase.load.includes(journey);
    if ((this.#pace[phase.index] ?? []).length === 0) return this.series(phase.index, journey).length > 0;
    const { starts, dropped } = this.starts(phase.index, journey);
    return starts + dropped > 0;
  }

  starts(phase: number, journey: string, within?: Stretch): Starts {
    const sum = { starts: 0, dropped: 0, ended: 0, cut: 0, users: 0 };
    for (const { s, cell: [, name, starts, dropped, ended, cut, users] } of this.#pace[phase] ?? []) {
      if ((journey !== "all" && name !== journey) || (within && (s < within.fromS || s >= within.toS))) continue;
      sum.starts += starts;
      sum.dropped += dropped;
      sum.ended += ended;
      sum.cut += cut;
      sum.users += users;
    }
    return { ...sum, walking: sum.starts + sum.users > 0 };
  }

  /**
   * Failures of walks that no op shows: errors of the journey's own code, and checks before the first
   * touch.
   */
  crashes(phase: number, journey: string): number {
    let count = 0;
    for (const one of this.view.failures) {
      if (one.phase !== phase || one.step !== "" || one.retried || !ofWalks.test(one.cause)) continue;
      if (journey === "all" || one.journey === journey) count += one.count;
    }
    return count;
  }

  slowSeconds(within: Stretch): number {
    let count = 0;
    for (const s of this.slow) if (s >= within.fromS && s < within.toS) count += 1;
    return count;
  }

  /** "in seconds 30–90 of the ledger, 3 slow seconds" */
  where(within: Stretch): string {
    const slow = this.slowSeconds(within);
    return `in seconds ${within.fromS}–${within.toS} of the ledger${slow > 0 ? `, ${sayMany(slow, "slow second")}` : ""}`;
  }

  whole(phase: PhaseView): Stretch {
    return wholePhase(this.view, phase);
  }
}
