import type { LedgerView } from "../../src/ledger/view.ts";
import type { Verdict } from "../../src/model/verdict.ts";
import { finding } from "./game-day.ts";
import { LedgerWriter, runLine } from "./ledger.ts";

export interface Case {
  readonly view: LedgerView;
  readonly verdict: Verdict;
}

/** Only the first line: the run died before its first phase. */
export const onlyBegun = (): Case => ({
  view: new LedgerWriter().add(runLine([{ name: "peak", judged: true, forMs: 60_000 }])).view(),
  verdict: { grade: "unsure", findings: [], unhealed: [], storms: [] },
});

/** As planned, and nothing was ever measured. */
export const noSamples = (): Case => ({
  view: new LedgerWriter().add(
    runLine([{ name: "peak", judged: true, forMs: 3_000 }]),
    { k: "phase", t: 0, phase: 0, at: "begin" }, { k: "phase", t: 3_000, phase: 0, at: "end" }, { k: "end", t: 3_000, how: "done" },
  ).view(),
  verdict: { grade: "unsure", unhealed: [], storms: [], findings: [finding("peak / browse / p95", "unsure", { phase: "peak", observed: "no samples", reason: "Nothing was measured: silence is not a pass.", evidence: "0 samples" })] },
});

/** Killed in a storm: torn, without an end, its harm left behind. */
export const torn = (): Case => ({
  view: new LedgerWriter().add(
    runLine([{ name: "lose a node", judged: true, storm: { fault: "node-loss", harm: "stops 1 node", costs: [], by: "platform", recovery: "platform", withinMs: 10_000, keeps: [] } }, { name: "never", judged: true, forMs: 1_000 }]),
    { k: "phase", t: 0, phase: 0, at: "begin" },
    { k: "storm", t: 1_000, phase: 0, step: "aim", debt: "r-0042/0", targets: [{ what: "node", name: "node-a" }], aim: {} },
    { k: "storm", t: 1_010, phase: 0, step: "inject" },
  ).second(1, [{ phase: 0, journey: "browse", step: "GET /", due: [3, 4, 5] }]).view(["line 6 is torn: 41 bytes left out"]),
  verdict: { grade: "fail", unhealed: ["lose a node"], storms: [], findings: [finding("lose a node / storm", "fail", { about: "storm", phase: "lose a node", expected: "whole again within 10s", observed: "not seen", reason: "The run ended in the storm." })] },
});

export const poorCases = { onlyBegun, noSamples, torn } as const;
