import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Scenario } from "../../../src/model/scenario.ts";
import { resolve } from "../../../src/plan/resolve.ts";
import { runLine } from "../../../src/play/facts.ts";
import { readLedger } from "../../../src/ledger/read.ts";
import { appendTo } from "../../../src/ledger/file.ts";
import type { LedgerView } from "../../../src/ledger/view.ts";
import { play, type PlayOptions } from "../../../src/play/play.ts";
import type { Plan } from "../../../src/plan/plan.ts";
import { realClock } from "../../../src/units/clock.ts";
import { seeded } from "../../../src/units/random.ts";
import { watchSelf } from "../../../src/units/self.ts";

export function planOf(scenario: Scenario): Plan {
  const { plan, problems } = resolve(scenario);
  if (!plan) throw problems[0];
  return plan;
}

/** What `play` needs for a real run without a cluster, but for where its lines go. */
export function realRun(plan: Plan, halt: AbortSignal): Omit<PlayOptions, "write" | "flush"> {
  const clock = realClock();
  return {
    clock, halt, random: seeded(1), stop: new AbortController().signal,
    facts: runLine(plan, { id: "bench", seed: 1, startedMs: clock.wallMs(), mode: "run", version: "bench" }),
    artifacts: { place: (name) => name, put: async () => undefined },
  };
}

/** Lends a path for a ledger, and deletes it afterwards. */
export async function withLedger<T>(use: (path: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), "seatrial-bench-"));
  try {
    return await use(join(folder, "ledger.ndjson"));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Plays as `seatrial run` does, into a ledger file and with the watch on itself; answers the ledger. */
export function recorded(plan: Plan, options = realRun(plan, new AbortController().signal)): Promise<LedgerView> {
  return withLedger(async (path) => {
    const sink = appendTo(path);
    const self = watchSelf();
    await play(plan, { ...options, self, write: (line) => sink.write(line), flush: () => sink.flush() });
    self.stop();
    sink.close();
    return readLedger(path);
  });
}
