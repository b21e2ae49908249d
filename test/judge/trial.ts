import { Histogram } from "../../src/ledger/histogram.ts";
import type { Line, PaceCell, PhaseFacts, RunLine, SecondCell, SeriesType, StormFacts } from "../../src/ledger/lines.ts";
import { ViewBuilder } from "../../src/ledger/gather.ts";
import type { LedgerView } from "../../src/ledger/view.ts";
import type { Outcome } from "../../src/model/op.ts";
import type { StormStep } from "../../src/model/storm.ts";
import type { Finding, Verdict } from "../../src/model/verdict.ts";

export interface Ops {
  readonly phase?: number;
  readonly journey?: string;
  readonly step?: string;
  readonly type?: SeriesType;
  readonly fromS?: number;
  readonly toS?: number;
  readonly perSecond?: number;
  /** Latency from due, by second and by number within it. Default 100 ms. */
  readonly ms?: number | ((s: number, i: number) => number);
  /** Latency from begin; default: the same. */
  readonly beganMs?: number;
  readonly outcome?: (s: number, i: number) => Outcome;
}

/** Lines of a ledger, made by hand: one judged phase "peak" of a minute, unless told otherwise. */
export class Trial {
  readonly lines: Line[];
  #ids = 0;

  constructor(run: Partial<RunLine> = {}, phases: readonly Partial<PhaseFacts>[] = run.phases ?? [{}]) {
    this.lines = [{
      k: "run", v: 1, run: "r1", scenario: "trial", seed: 1, startedMs: 0, mode: "run", journeys: ["browse", "buy"], budget: {}, probes: [],
      machine: { node: "24", platform: "linux", cpus: 2, seatrial: "0", host: "here", pid: 1, folder: "/" }, ...run,
      phases: phases.map((facts, index) => ({ name: index === 0 ? "peak" : `phase ${index}`, judged: true, ...facts })),
    }];
  }

  add(...lines: readonly Line[]): this {
    this.lines.push(...lines);
    return this;
  }

  phase(index = 0, fromS = 0, toS = 60): this {
    return this.add({ k: "phase", t: fromS * 1_000, phase: index, at: "begin" }, { k: "phase", t: toS * 1_000, phase: index, at: "end" });
  }

  ops({ phase = 0, journey = "browse", step = "GET /items", type = "op", fromS = 0, toS = 60, perSecond = 10, ms = 100, beganMs, outcome = () => "ok" }: Ops = {}): this {
    const id = this.#ids++;
    this.add({ k: "series", id, type, phase, journey, step });
    for (let s = fromS; s < toS; s++) {
      const counts = { ok: 0, refused: 0, unsure: 0 };
      const [due, began] = [new Histogram(), new Histogram()];
      for (let i = 0; i < perSecond; i++) {
        const what = outcome(s, i);
        counts[what] += 1;
        if (what === "refused") continue;
        due.record(typeof ms === "number" ? ms : ms(s, i));
        if (beganMs !== undefined) began.record(beganMs);
      }
      const cell: SecondCell = [id, counts.ok, counts.refused, counts.unsure, due.pack(), beganMs === undefined ? "=" : began.pack()];
      this.add({ k: "sec", s, d: [cell], p: [] });
    }
    return this;
  }

  pace(s: number, cell: Partial<{ phase: number; journey: string; starts: number; dropped: number; ended: number; cut: number; users: number }>): this {
    const { phase = 0, journey = "browse", starts = 0, dropped = 0, ended = 0, cut = 0, users = 0 } = cell;
    return this.add({ k: "sec", s, d: [], p: [[phase, journey, starts, dropped, ended, cut, users] satisfies PaceCell] });
  }

  crashes(count: number, walks: number, { phase = 0, journey = "browse" } = {}): this {
    const id = this.#ids++;
    this.add({ k: "series", id, type: "walk", phase, journey, step: "" });
    return this.add({ k: "sec", s: 1, d: [[id, walks - count, count, 0, "", "="]], p: [], c: [[id, "crash: TypeError", count]] });
  }

  health(fromS = 0, toS = 60, slow: (s: number) => boolean = () => false): this {
    for (let s = fromS; s < toS; s++) this.add({ k: "health", s, lagMs: 1, lagMaxMs: 2, cpu: 0.2, heapMb: 50, slow: slow(s) });
    return this;
  }

  storm(steps: Partial<Record<StormStep, number>>, phase = 0): this {
    for (const [step, t] of Object.entries(steps) as [StormStep, number][]) {
      this.add({ k: "storm", t, phase, step, ...(step === "aim" && { debt: "r1/0", aim: {}, targets: [{ what: "pod", name: "shop-1" }] }), ...(step === "error" && { error: "no route" }) });
    }
    return this;
  }

  end(how: "done" | "aborted" | "interrupted" | "failed" = "done", t = 60_000, reason?: string): this {
    return this.add({ k: "end", t, how, ...(reason !== undefined && { reason }) });
  }

  view(damage: readonly string[] = []): LedgerView {
    return viewOf(this.lines, damage);
  }
}

export function viewOf(lines: readonly Line[], damage: readonly string[] = []): LedgerView {
  const builder = new ViewBuilder();
  for (const line of lines) builder.add(line);
  builder.damage.push(...damage);
  return builder.view()!;
}

/** A minute of browsing at 10 ops/s, whole and healthy. */
export function calm(budget: RunLine["budget"], ops: Ops = {}, run: Partial<RunLine> = {}): Trial {
  return new Trial({ budget, ...run }).phase().ops(ops).health().end();
}

export const stormFacts: StormFacts = {
  fault: "pod-loss", harm: "kills 1 pod of shop", costs: [], by: "platform", recovery: "platform", withinMs: 20_000, keeps: [],
};
export const goodStorm = { aim: 10_000, inject: 11_000, injected: 11_500, harmed: 12_000, recovered: 20_000, healing: 21_000, healed: 22_000 } as const;

/** The one finding of this id. */
export function found(verdict: Verdict, id: string): Finding {
  const all = verdict.findings.filter((one) => one.id === id);
  if (all.length !== 1) throw new Error(`${all.length} findings '${id}' among:\n${verdict.findings.map((one) => one.id).join("\n")}`);
  return all[0]!;
}
