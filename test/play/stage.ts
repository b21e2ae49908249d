import type { EndLine, Line } from "../../src/ledger/lines.ts";
import { ViewBuilder } from "../../src/ledger/gather.ts";
import type { LedgerView } from "../../src/ledger/view.ts";
import type { Cluster, MayLose } from "../../src/model/cluster.ts";
import type { Driver } from "../../src/model/driver.ts";
import { TouchFailed, type Outcome } from "../../src/model/op.ts";
import type { Regression } from "../../src/model/regression.ts";
import type { Scenario } from "../../src/model/scenario.ts";
import { regressed } from "../../src/plan/regress.ts";
import { resolve } from "../../src/plan/resolve.ts";
import { runLine } from "../../src/play/facts.ts";
import { play, type PlayOptions } from "../../src/play/play.ts";
import { virtualClock, type VirtualClock } from "../../src/sim/index.ts";
import { seeded } from "../../src/units/random.ts";

export interface Played {
  readonly end: EndLine;
  readonly lines: readonly Line[];
  readonly view: LedgerView;
  readonly says: readonly string[];
}

export interface Stage extends Partial<Omit<PlayOptions, "cluster">> {
  readonly cluster?: Cluster;
  readonly mayLose?: MayLose;
  readonly seed?: number;
  readonly regression?: Regression;
  /** Called beside the play, in the same virtual time. */
  readonly beside?: (clock: VirtualClock) => Promise<void>;
}

/** Plays a scenario in virtual time, with its ledger in memory. */
export async function staged(scenario: Scenario, { beside, seed = 1, regression = {}, ...stage }: Stage = {}): Promise<Played> {
  const clock = (stage.clock as VirtualClock | undefined) ?? virtualClock();
  const resolved = resolve(scenario);
  const { plan, problems } = resolved.plan ? regressed(resolved.plan, regression) : resolved;
  if (!plan) throw problems[0];
  const lines: Line[] = [];
  const says: string[] = [];
  const never = new AbortController().signal;
  const end = await clock.run(async () => {
    const [answer] = await Promise.all([
      play(plan, {
        facts: runLine(plan, { id: "run", seed, startedMs: 0, mode: "rehearse", version: "0" }),
        random: seeded(seed), artifacts: { place: (name) => name, put: async () => undefined },
        flush: () => undefined, stop: never, halt: never, onSay: (_, text) => says.push(text),
        ...stage,
        clock,
        write: (line) => {
          stage.write?.(line);
          lines.push(line);
        },
      }),
      beside?.(clock),
    ]);
    return answer;
  });
  const builder = new ViewBuilder();
  for (const line of lines) builder.add(JSON.parse(JSON.stringify(line)) as Line);
  return { end, lines, says, view: builder.view()! };
}

export interface Rope {
  /** One touch that takes `ms`. Any outcome but ok throws, as drivers do. */
  touch(ms: number, outcome?: Outcome, step?: string): Promise<void>;
  readonly renewed: number;
  /** Ends what is under way when the session is closed. */
  readonly closing: AbortController;
}

/** A driver that touches nothing but the clock. Counts what becomes of its sessions. */
export function rope(): Driver<Rope & { renewed: number }> & { opened: number; closed: number } {
  const driver = {
    kind: "rope",
    opened: 0,
    closed: 0,
    async open({ clock, record, signal: cut }: Parameters<Driver<Rope>["open"]>[0]) {
      driver.opened += 1;
      const closing = new AbortController();
      const signal = AbortSignal.any([cut, closing.signal]);
      return {
        closing,
        renewed: 0,
        async touch(ms: number, outcome: Outcome = "ok", step = "touch") {
          const beganMs = clock.now();
          try {
            if (ms > 0) await clock.sleep(ms, signal);
          } catch (error) {
            record.op(step, beganMs, clock.now(), "unsure", { cause: "cut" });
            throw error;
          }
          const failure = outcome === "ok" ? undefined : { cause: outcome, request: step };
          record.op(step, beganMs, clock.now(), outcome, failure);
          if (failure) throw new TouchFailed(outcome as "refused" | "unsure", failure);
        },
      };
    },
    renew(session: { renewed: number }) {
      session.renewed += 1;
    },
    async close(session: Rope) {
      driver.closed += 1;
      session.closing.abort();
    },
  };
  return driver;
}

/** Sums of the pace cells of one journey. */
export function paceOf(view: LedgerView, journey: string, phase?: number): { starts: number; dropped: number; ended: number; cut: number; mostUsers: number } {
  const cells = view.pace.map(({ cell }) => cell).filter((cell) => cell[1] === journey && (phase === undefined || cell[0] === phase));
  const sum = (at: 2 | 3 | 4 | 5) => cells.reduce((total, cell) => total + cell[at], 0);
  return { starts: sum(2), dropped: sum(3), ended: sum(4), cut: sum(5), mostUsers: Math.max(0, ...cells.map((cell) => cell[6])) };
}
