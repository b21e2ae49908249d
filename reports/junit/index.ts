import { countedWalks, type CountedWalk } from "../../src/ledger/walks.ts";
import type { LedgerView, PhaseView } from "../../src/ledger/view.ts";
import type { Report } from "../../src/model/report.ts";
import type { Finding, Verdict } from "../../src/model/verdict.ts";
import { worst } from "../../src/model/verdict.ts";
import { cutTo, escapeMarkup } from "../escape.ts";
import { isoDate, sayMany } from "../numbers.ts";
import { latencyNames, phaseLabel, phaseOf, recoveryMs, sayCauses, sayCommand, sayEnd, sayMoments, sayStorm, sayTimes, sayVerdict } from "../story.ts";
import { opsOf, type Sum } from "../sums.ts";
import { phaseLengthMs } from "../tables.ts";
import { artifactsOf, linkTo, sayAttempt, tellAttempt, walkName } from "../walks.ts";

interface Case {
  /** Undefined for the whole run. */
  readonly phase: PhaseView | undefined;
  readonly name: string;
  readonly seconds: number;
  readonly failure?: { readonly type: "fail" | "unsure"; readonly message: string; readonly text: string };
  readonly skipped?: string;
  /** Attempts of a walk that was walked again, as Surefire writes them. */
  readonly earlier?: readonly { readonly as: "flakyFailure" | "rerunFailure"; readonly type: string; readonly message: string; readonly text: string }[];
  /** What CI servers show as the case's output: GitLab and Jenkins find attachments in it. */
  readonly output?: string;
}

const wholeRun = "whole run";
/** CI servers refuse files of some 30 MB; a story is told in far less. */
const longestText = 8_000;
const mostAttached = 20;

/**
 * JUnit's XML as GitLab and Jenkins read it: one case a finding and one a counted walk, exactly one
 * result a case, unique names. Paths of attachments count from the working directory, as there. `unsure` is a failure too, of its own type: a check that could not be decided must not be green.
 */
export const junit: Report<LedgerView> = {
  kind: "junit",
  render: (view, verdict, folder) => ({ main: "junit.xml", files: { "junit.xml": document(view, verdict, folder) } }),
};

function document(view: LedgerView, verdict: Verdict, folder: string | undefined): string {
  const cases = unique([...casesOf(view, verdict), ...countedWalks(view).map((walk) => walkCase(view, walk, folder))]);
  const suites = [...new Set(cases.map((one) => one.phase))].map((phase) => suite(view, phase, cases.filter((one) => one.phase === phase)));
  const failures = cases.filter((one) => one.failure).length;
  return [
    `<?xml version="1.0" encoding="UTF-8"?>`,
    `<testsuites${attributes({ name: view.run.scenario, tests: cases.length, failures, errors: 0, skipped: skippedIn(cases), time: seconds(view.lastMs / 1_000), timestamp: isoDate(view.run.startedMs).slice(0, 19) })}>`,
    ...suites,
    "</testsuites>",
    "",
  ].join("\n");
}

function casesOf(view: LedgerView, verdict: Verdict): Case[] {
  const cases = verdict.findings.map((finding): Case => ({
    phase: phaseOf(view, finding),
    name: finding.id,
    seconds: lasted(view, finding),
    ...(finding.grade !== "pass" && { failure: { type: finding.grade, message: `${finding.expected}; seen: ${finding.observed}`, text: tell(view, verdict, finding) } }),
  }));
  // A verdict that its findings do not explain, as one without any findings, must not read as green.
  const shown = worst(verdict.findings.map((finding) => finding.grade));
  const whole = worst([shown, verdict.grade, verdict.unhealed.length > 0 ? "fail" : "pass"]);
  if (whole !== "pass" && (whole !== shown || cases.length === 0)) {
    const text = `${sayVerdict(view, verdict)}\n${sayEnd(view)}`.trim();
    cases.push({ phase: undefined, name: "verdict", seconds: 0, failure: { type: whole, message: whole, text } });
  }
  return cases;
}

const skippedIn = (cases: readonly Case[]): number => cases.filter((one) => one.skipped !== undefined).length;

function walkCase(view: LedgerView, walk: CountedWalk, folder: string | undefined): Case {
  const last = walk.attempts.at(-1)!;
  const { result } = walk;
  const failed = result === "failed" || result === "unsure";
  const earlier = walk.attempts.slice(0, -1).filter(({ outcome }) => outcome !== "ok");
  // GitLab shows the first attachment: that of the attempt that decided.
  const files = [...walk.attempts].reverse().flatMap(artifactsOf);
  const story = [
    result === "flaky" && `FLAKY: failed ${sayMany(earlier.length, "time")}, then passed when walked again`,
    ...earlier.map(tellAttempt),
  ].filter(Boolean).join("\n").replaceAll("[[", "[ [");
  // What a service said must not name files of the CI server, and nothing may cut these off.
  const attached = files.filter(({ path }) => linkTo(path) !== undefined).slice(0, mostAttached).map(({ path }) => `[[ATTACHMENT|${folder ? `${folder}/` : ""}${path}]]`).join("\n");
  return {
    phase: view.phases[walk.phase], name: walkName(walk), seconds: walk.attempts.reduce((sum, { ms }) => sum + ms, 0) / 1_000,
    ...(failed && { failure: { type: result === "failed" ? "fail" : "unsure", message: sayAttempt(last), text: walk.attempts.map(tellAttempt).join("\n") } }),
    ...(result === "undone" && { skipped: sayAttempt(last) }),
    earlier: earlier.map((line) => ({ as: result === "flaky" ? "flakyFailure" : "rerunFailure", type: line.outcome, message: sayAttempt(line), text: tellAttempt(line) })),
    output: [attached, story].filter(Boolean).join("\n"),
  };
}

/** Seconds of a storm's recovery; other checks have no length of their own. */
function lasted(view: LedgerView, finding: Finding): number {
  if (finding.about !== "storm") return 0;
  const storm = view.storms.find((one) => one.phase === phaseOf(view, finding)?.index);
  return ((storm && recoveryMs(storm)) ?? 0) / 1_000;
}

/** The whole story in the element's text: GitLab shows nothing else. */
function tell(view: LedgerView, verdict: Verdict, finding: Finding): string {
  const phase = phaseOf(view, finding);
  const storm = phase && view.storms.find((one) => one.phase === phase.index);
  const command = sayCommand(view);
  const ops = opsIn(view, phase);
  const causes = sayCauses(view, phase?.index, finding.journey === "all" ? undefined : finding.journey);
  const lines = [
    finding.grade === "fail" ? "FAIL" : "UNSURE: this could not be decided, and silence is not a pass",
    `expected: ${finding.expected}`,
    `observed: ${finding.observed}`,
    finding.reason && `reason:   ${finding.reason}`,
    finding.evidence && `evidence: ${finding.evidence}`,
    causes && `failures: ${causes}`,
    `latency:  ${latencyNames.due} ${sayTimes(ops.due)}; ${latencyNames.began} ${sayTimes(ops.began)}`,
    storm && phase.storm && `storm:    ${phase.storm.harm}: ${sayStorm(storm, phase)}`,
    storm && sayMoments(storm, verdict) && `seen:     ${sayMoments(storm, verdict)}`,
    `verdict:  ${sayVerdict(view, verdict)} ${sayEnd(view)}`.trimEnd(),
    `run:      ${view.run.run}, seed ${view.run.seed}${command ? `; again: ${command}` : ""}`,
  ];
  return lines.filter(Boolean).join("\n");
}

/** CI servers keep only the first of two cases with one name, so a second becomes `name (2)`. */
function unique(cases: readonly Case[]): Case[] {
  const taken = new Set<string>();
  return cases.map((one) => {
    const name = cutTo(one.name, 500);
    let free = name;
    // Compared as they will be read: what XML forbids was replaced, line breaks became spaces.
    for (let n = 2; taken.has(attribute(free)); n++) free = `${name} (${n})`;
    taken.add(attribute(free));
    return { ...one, name: free };
  });
}

const suiteName = (view: LedgerView, phase: PhaseView | undefined): string => (phase ? phaseLabel(view, phase) : wholeRun);

function suite(view: LedgerView, phase: PhaseView | undefined, cases: readonly Case[]): string {
  const length = phase ? phaseLengthMs(view, phase) ?? 0 : view.lastMs;
  const began = view.run.startedMs + (phase?.beginMs ?? 0);
  const facts = {
    name: suiteName(view, phase), tests: cases.length, failures: cases.filter((one) => one.failure).length, errors: 0, skipped: skippedIn(cases),
    time: seconds(length / 1_000), timestamp: isoDate(began).slice(0, 19), hostname: view.run.place?.name ?? "localhost",
  };
  return [`  <testsuite${attributes(facts)}>`, ...properties(opsIn(view, phase)), ...cases.map((one) => testcase(view, one)), "  </testsuite>"].join("\n");
}

const opsIn = (view: LedgerView, phase: PhaseView | undefined): Sum => opsOf(view, phase && { phase: phase.index });

/** Both latencies of a phase, or of the run; a suite without ops has none. */
function properties(ops: Sum): string[] {
  if (ops.due.count === 0) return [];
  const one = (from: "due" | "began") => `      <property${attributes({ name: `latency ${latencyNames[from]}`, value: sayTimes(ops[from]) })}/>`;
  return ["    <properties>", one("due"), one("began"), "    </properties>"];
}

function testcase(view: LedgerView, one: Case): string {
  const open = `    <testcase${attributes({ classname: `${view.run.scenario}/${suiteName(view, one.phase)}`, name: one.name, time: seconds(one.seconds) })}`;
  const { failure, skipped, earlier = [], output = "" } = one;
  const text = (of: string) => escapeMarkup(cutTo(of, longestText));
  const parts = [
    failure && `<failure${attributes({ type: failure.type, message: cutTo(failure.message, 500) })}>${text(failure.text)}</failure>`,
    skipped !== undefined && `<skipped${attributes({ message: cutTo(skipped, 500) })}/>`,
    ...earlier.map(({ as, type, message, text: told }) => `<${as}${attributes({ type, message: cutTo(message, 500) })}><stackTrace>${text(told)}</stackTrace></${as}>`),
    output !== "" && `<system-out>${text(output)}</system-out>`,
  ].filter(Boolean);
  return parts.length === 0 ? `${open}/>` : [`${open}>`, ...parts.map((part) => `      ${part}`), "    </testcase>"].join("\n");
}

const seconds = (n: number): string => n.toFixed(3);
const attribute = (value: string | number): string => escapeMarkup(String(value).replace(/\s+/g, " ").trim());
const attributes = (of: Readonly<Record<string, string | number>>): string => Object.entries(of).map(([name, value]) => ` ${name}="${attribute(value)}"`).join("");
