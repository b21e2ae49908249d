import type { WalkLine } from "../../src/ledger/lines.ts";
import type { LedgerView } from "../../src/ledger/view.ts";
import { countedWalks, type CountedWalk, type WalkResult } from "../../src/ledger/walks.ts";
import type { Report } from "../../src/model/report.ts";
import { worst, type Finding, type Verdict } from "../../src/model/verdict.ts";
import { cutTo } from "../escape.ts";
import { phaseLabel, phaseOf, sayEnd, sayVerdict } from "../story.ts";
import { artifactsOf, sayAttempt, tellAttempt, walkName } from "../walks.ts";

/** The version of the format that is written. */
const specVersion = "0.0.0";
const longest = 8_000;
const wholeRun = "whole run";

type Status = "passed" | "failed" | "skipped" | "other";

/**
 * `ctrf-report.json` in the Common Test Report Format: one test a counted walk, with its retries and
 * whether it was flaky, and one a finding. What could not be decided is `failed` with the raw status
 * `unsure`, for tools that gate on the report know only red and green.
 */
export const ctrf: Report<LedgerView> = {
  kind: "ctrf",
  render: (view, verdict) => ({ main: "ctrf-report.json", files: { "ctrf-report.json": `${JSON.stringify(report(view, verdict), null, 2)}\n` } }),
};

const statuses: Readonly<Record<WalkResult, Status>> = { passed: "passed", flaky: "passed", failed: "failed", unsure: "failed", undone: "skipped" };
const statusOf = ({ outcome }: WalkLine): Status => (outcome === "ok" ? "passed" : outcome === "cut" ? "skipped" : "failed");

function report(view: LedgerView, verdict: Verdict): object {
  const tests = [...countedWalks(view).map((walk) => walkTest(view, walk)), ...verdict.findings.map((finding) => findingTest(view, finding)), ...unexplained(view, verdict)];
  const count = (status: Status) => tests.filter((test) => test.status === status).length;
  const { run } = view;
  const [start, stop] = [Math.round(run.startedMs), Math.round(run.startedMs + view.lastMs)];
  return {
    reportFormat: "CTRF", specVersion, runId: run.run, timestamp: new Date(stop).toISOString(), generatedBy: `seatrial ${run.machine.seatrial}`,
    results: {
      tool: { name: "seatrial", version: run.machine.seatrial },
      summary: {
        tests: tests.length, passed: count("passed"), failed: count("failed"), skipped: count("skipped"), pending: 0, other: count("other"),
        flaky: tests.filter((test) => "flaky" in test && test.flaky).length, start, stop, duration: stop - start,
      },
      tests,
      environment: {
        reportName: run.scenario, osPlatform: run.machine.platform, ...(run.place && { testEnvironment: run.place.name }),
        ...(run.regression?.shard && view.shards.length === 1 && { shardId: `${run.regression.shard.index + 1}/${run.regression.shard.of}` }),
      },
      extra: { verdict: verdict.grade, sentence: sayVerdict(view, verdict), seed: run.seed },
    },
  };
}

const attachments = (line: WalkLine) => {
  const list = artifactsOf(line).map(({ name, path, type }) => ({ name, contentType: type, path }));
  return list.length > 0 ? { attachments: list } : {};
};
const told = (line: WalkLine) => (line.outcome === "ok" ? {} : { message: cutTo(sayAttempt(line), 500), trace: cutTo(tellAttempt(line), longest) });
const times = (view: LedgerView, { t, ms }: WalkLine) => ({ start: Math.round(view.run.startedMs + Math.max(0, t - ms)), stop: Math.round(view.run.startedMs + t), duration: Math.round(ms) });

function walkTest(view: LedgerView, walk: CountedWalk) {
  const last = walk.attempts.at(-1)!;
  const earlier = walk.attempts.slice(0, -1);
  return {
    name: walkName(walk), status: statuses[walk.result], ...(walk.result === "unsure" && { rawStatus: "unsure" }), ...times(view, last), ...told(last),
    suite: [view.run.scenario, view.phases[walk.phase] ? phaseLabel(view, view.phases[walk.phase]!) : String(walk.phase)], type: "e2e",
    flaky: walk.result === "flaky", retries: earlier.length, ...attachments(last),
    ...(earlier.length > 0 && { retryAttempts: earlier.map((line) => ({ attempt: line.attempt + 1, status: statusOf(line), ...times(view, line), ...told(line), ...attachments(line) })) }),
    ...(view.run.file !== undefined && { filePath: view.run.file }),
  };
}

function findingTest(view: LedgerView, finding: Finding) {
  const phase = phaseOf(view, finding);
  const { grade, expected, observed, reason, evidence } = finding;
  return {
    name: finding.id, status: grade === "pass" ? "passed" as const : "failed" as const, ...(grade === "unsure" && { rawStatus: grade }), duration: 0,
    suite: [view.run.scenario, phase ? phaseLabel(view, phase) : wholeRun], type: "budget",
    ...(grade !== "pass" && { message: cutTo(`${expected}; seen: ${observed}`, 500), trace: cutTo([reason, evidence].filter(Boolean).join("\n"), longest) }),
  };
}

/** A verdict that its findings do not explain must not read as green. */
function unexplained(view: LedgerView, verdict: Verdict) {
  const shown = worst(verdict.findings.map(({ grade }) => grade));
  const whole = worst([shown, verdict.grade, verdict.unhealed.length > 0 ? "fail" : "pass"]);
  if (whole === "pass" || (whole === shown && verdict.findings.length > 0)) return [];
  return [{ name: "verdict", status: "failed" as const, rawStatus: whole, duration: 0, suite: [view.run.scenario, wholeRun], type: "budget", message: cutTo(`${sayVerdict(view, verdict)} ${sayEnd(view)}`.trim(), 500) }];
}
