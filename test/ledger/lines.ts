import type { RunLine } from "../../src/ledger/lines.ts";

/** A run line for tests that need one. */
export function runLineOf(more: Partial<RunLine> = {}): RunLine {
  return {
    k: "run", v: 1, run: "test", scenario: "test", seed: 1, startedMs: 0, mode: "run", journeys: ["browse", "buy"],
    phases: [{ name: "peak", judged: true, forMs: 60_000 }], budget: {}, probes: [],
    machine: { node: "v24", platform: "linux-x64", cpus: 2, seatrial: "0", host: "here", pid: 1, folder: "/" },
    ...more,
  };
}
