import { Histogram } from "../../src/ledger/histogram.ts";
import type { CauseCell, FailLine, Line, PaceCell, PhaseFacts, RunLine, SecondCell, SeriesLine, SeriesType } from "../../src/ledger/lines.ts";
import { ViewBuilder } from "../../src/ledger/gather.ts";
import type { LedgerView } from "../../src/ledger/view.ts";
import { seeded } from "../../src/units/random.ts";

/** 23 November 2026, 11:00 UTC. */
export const startedMs = 1_795_431_600_000;

export function runLine(phases: readonly PhaseFacts[], more: Partial<RunLine> = {}): RunLine {
  return {
    k: "run", v: 1, run: "r-0042", scenario: "game day", file: "scenarios/game-day.ts", seed: 42, startedMs, mode: "run",
    place: { kind: "local", name: "local" }, journeys: ["browse", "buy"], phases, budget: {}, probes: [],
    machine: { node: "24.21.0", platform: "linux x64", cpus: 2, seatrial: "0.1.0", host: "here", pid: 1, folder: "/" }, ...more,
  };
}

export interface Second {
  readonly phase: number;
  readonly journey: string;
  readonly step: string;
  readonly type?: SeriesType;
  readonly due?: readonly number[];
  /** Left out: the same as `due`. */
  readonly began?: readonly number[];
  readonly refused?: number;
  readonly unsure?: number;
  readonly cause?: string;
}

const pack = (ms: readonly number[]): string => {
  const histogram = new Histogram();
  for (const one of ms) histogram.record(one);
  return histogram.pack();
};

/** Writes ledger lines as a run would, and reads them back through the real builder. */
export class LedgerWriter {
  readonly lines: Line[] = [];
  readonly #ids = new Map<string, number>();

  add(...lines: readonly Line[]): this {
    this.lines.push(...lines);
    return this;
  }

  id(phase: number, journey: string, step: string, type: SeriesType = "op"): number {
    const key = JSON.stringify([phase, type, journey, step]);
    let id = this.#ids.get(key);
    if (id === undefined) {
      this.#ids.set(key, (id = this.#ids.size + 1));
      this.lines.push({ k: "series", id, type, phase, journey, step } satisfies SeriesLine);
    }
    return id;
  }

  second(s: number, touches: readonly Second[], pace: readonly PaceCell[] = []): this {
    const causes: CauseCell[] = [];
    const cells = touches.map((touch): SecondCell => {
      const id = this.id(touch.phase, touch.journey, touch.step, touch.type);
      const [due, refused, unsure] = [touch.due ?? [], touch.refused ?? 0, touch.unsure ?? 0];
      if (touch.cause) causes.push([id, touch.cause, refused + unsure]);
      return [id, due.length - unsure, refused, unsure, pack(due), touch.began ? pack(touch.began) : "="];
    });
    return this.add({ k: "sec", s, d: cells, p: pace, ...(causes.length > 0 && { c: causes }) });
  }

  fail(touch: Pick<Second, "phase" | "journey" | "step">, line: Omit<FailLine, "k" | "series">): this {
    return this.add({ k: "fail", series: this.id(touch.phase, touch.journey, touch.step), ...line });
  }

  view(damage: readonly string[] = []): LedgerView {
    const builder = new ViewBuilder();
    for (const line of this.lines) builder.add(line);
    builder.damage.push(...damage);
    return builder.view()!;
  }
}

/** Believable latencies: a body near `typicalMs` and a tail; the same for the same seed. */
export function latencies(count: number, typicalMs: number, seed: number): number[] {
  const random = seeded(seed);
  return Array.from({ length: count }, () => typicalMs * (0.6 + random.next() * 0.8) * (random.next() < 0.04 ? 3 + random.next() * 4 : 1));
}
