/** The sentences that every format tells in the same words. */
import type { PhaseView, LedgerView, StormView } from "../src/ledger/view.ts";
import type { ProbeFacts, SurvivalLine } from "../src/ledger/lines.ts";
import { saySeconds, strainsIn } from "../src/ledger/strains.ts";
import type { Finding, Grade, Moment, Verdict } from "../src/model/verdict.ts";
import { sayMs } from "../src/units/duration.ts";
import { problem } from "../src/units/errors.ts";
import { sayCount, sayLatency, sayMany } from "./numbers.ts";
import type { Sum } from "./sums.ts";

const gradeOrder: readonly Grade[] = ["fail", "unsure", "pass"];

/** The worst first; within a grade as they were judged. */
export function byGrade(findings: readonly Finding[]): Finding[] {
  return [...findings].sort((a, b) => gradeOrder.indexOf(a.grade) - gradeOrder.indexOf(b.grade));
}

/** The two latencies, each in the words that tell them apart everywhere. */
export const latencyNames = { due: "from due (what a user suffers)", began: "from begun (what the server took)" } as const;

/** What stands above every table of latencies. */
export const sayLatencies = `Latencies are ${latencyNames.due}; what is called begun is ${latencyNames.began}. Starts come at fixed times, so a stall shows in every touch that was due in it, and no sample is made up.`;

/** `p50 12ms, p95 31ms, p99 40ms, max 52ms` */
export function sayTimes(of: Sum["due"]): string {
  const at = (q: number) => sayLatency(of.quantileMs(q));
  return `p50 ${at(0.5)}, p95 ${at(0.95)}, p99 ${at(0.99)}, max ${sayLatency(of.count > 0 ? of.maxMs : Number.NaN)}`;
}

/** The verdict in one plain sentence. */
export function sayVerdict(view: LedgerView, verdict: Verdict): string {
  const count = (grade: Grade) => verdict.findings.filter((finding) => finding.grade === grade).length;
  const [fails, unsures, passes] = [count("fail"), count("unsure"), count("pass")];
  const name = view.run.scenario;
  const left = verdict.unhealed.length > 0 ? ` Harm was left behind: ${verdict.unhealed.join(", ")}.` : "";
  if (verdict.findings.length === 0) return `Nothing was judged in ${name}, so nothing is known.${left}`;
  if (verdict.grade === "pass") return `${name} held: ${passes === 1 ? "the one check passed" : `all ${sayCount(passes)} checks passed`}.${left}`;
  const others = [unsures > 0 && fails > 0 ? `${sayCount(unsures)} could not be decided` : "", passes > 0 ? `${sayCount(passes)} passed` : ""].filter(Boolean).join(", ");
  const main = [verdict.grade === "fail" ? `${name} did not hold` : `${name} is undecided`, fails > 0 ? `${sayMany(fails, "check")} failed` : unsures > 0 ? `${sayMany(unsures, "check")} could not be decided` : ""];
  return `${main.filter(Boolean).join(": ")}${others ? `, ${others}` : ""}.${left}`;
}

/** How the run ended, where that needs saying; empty for one that went as planned. */
export function sayEnd(view: LedgerView): string {
  const end = view.end;
  if (!end) return "The ledger has no end: the run was killed, or it is still under way.";
  const reason = end.reason ? `: ${end.reason}` : "";
  const words = {
    done: "",
    aborted: end.reason?.startsWith("bail: ") ? `Stopped early at ${sayMs(end.t)}${reason}` : `Stopped early at ${sayMs(end.t)}, as a budget could not hold any more${reason}`,
    interrupted: `Interrupted at ${sayMs(end.t)}${reason}`,
    failed: `The run itself failed at ${sayMs(end.t)}${reason}`,
  };
  return words[end.how];
}

/** The phase's name, with a number where others have the same: as findings name it in their ids. */
export function phaseLabel(view: LedgerView, phase: PhaseView): string {
  const twins = view.phases.filter((other) => other.name === phase.name);
  return twins.length === 1 ? phase.name : `${phase.name} (${twins.indexOf(phase) + 1})`;
}

/** The phase that a finding is about; undefined for the whole run. */
export function phaseOf(view: LedgerView, finding: Finding): PhaseView | undefined {
  const twins = view.phases.filter((phase) => phase.name === finding.phase);
  return twins.find((phase) => finding.id.startsWith(`${phaseLabel(view, phase)} / `)) ?? twins[0];
}

/** The command that plays the same run again; undefined when the ledger does not say its file. */
export function sayCommand(view: LedgerView): string | undefined {
  const { file, mode, seed, place, machine } = view.run;
  if (file === undefined) return undefined;
  const quote = (text: string) => (/^[\w./:@%+=-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`);
  const on = mode === "run" && place ? ` --on ${quote(place.name)}` : "";
  return `seatrial ${mode} ${quote(file)}${on} --seed ${seed}${machine.workers === undefined ? "" : ` --workers ${machine.workers}`}`;
}

/** What a storm has come to: a word to scan for, and whether it is bad. */
export type StormState = "recovered" | "overdue" | "healed by hand" | "not confirmed" | "unhealed" | "never struck";

export function stormState(storm: StormView): StormState {
  // An aim is a debt already: the run may have died between it and the line of the inject.
  if (storm.healedMs === undefined && (storm.aimMs ?? storm.injectMs) !== undefined) return "unhealed";
  if (storm.injectMs === undefined) return "never struck";
  if (storm.overdueMs !== undefined) return "overdue";
  if (storm.relievedMs !== undefined) return "healed by hand";
  if (storm.recoveredMs !== undefined && storm.harmedMs !== undefined) return "recovered";
  return "not confirmed";
}

/** From the inject to whole again; undefined when that never came. */
export function recoveryMs(storm: StormView): number | undefined {
  return storm.injectMs === undefined || storm.recoveredMs === undefined ? undefined : storm.recoveredMs - storm.injectMs;
}

/** `struck at 31.2s, noticed after 180ms, whole again after 2.4s of 10s allowed, healed at 34s` */
export function sayStorm(storm: StormView, phase: PhaseView): string {
  const within = phase.storm && sayMs(phase.storm.withinMs);
  const allowed = within ? ` of ${within} allowed` : "";
  const healed = storm.healedMs === undefined ? "NOT HEALED" : storm.healedBy === "heal" ? `healed later by seatrial heal at ${sayMs(storm.healedMs)}` : `healed at ${sayMs(storm.healedMs)}`;
  if (storm.injectMs === undefined) return storm.aimMs === undefined ? "never aimed" : `aimed at ${sayMs(storm.aimMs)}, never seen to strike, ${healed}`;
  const parts = [`struck at ${sayMs(storm.injectMs)}`];
  parts.push(storm.harmedMs === undefined ? "the harm was never seen" : storm.harmedMs - storm.injectMs < 1 ? "noticed at once" : `noticed after ${sayMs(storm.harmedMs - storm.injectMs)}`);
  const took = recoveryMs(storm);
  if (storm.overdueMs !== undefined) parts.push(`still broken after ${sayMs(storm.overdueMs - storm.injectMs)}${allowed}`);
  if (took !== undefined) parts.push(`whole again after ${sayMs(took)}${storm.overdueMs === undefined ? allowed : ""}`);
  if (storm.relievedMs !== undefined) parts.push(`healed by hand after ${sayMs(storm.relievedMs - storm.injectMs)}`);
  else if (took === undefined && storm.overdueMs === undefined) parts.push(`not seen whole again${within ? ` (${within} allowed)` : ""}`);
  return [...parts, healed].join(", ");
}

/** What a moment of a storm is called for people. */
export const momentNames: Readonly<Record<Moment["name"], string>> = {
  requested: "struck", injected: "harm done", "first bad answer": "first bad answer", noticed: "noticed by the cluster",
  replaced: "replacement ready", "clients back": "clients back in budget", removed: "fault removed",
};

/** The moments that were seen, in the order of time, and after them those that were not. */
export function inOrder(moments: readonly Moment[]): readonly Moment[] {
  return [...moments].sort((a, b) => (a.t ?? Infinity) - (b.t ?? Infinity) || 0);
}

/** `at once`, `+1.2s`: from the strike. */
export function saySince(t: number, injectMs: number): string {
  return t - injectMs < 1 ? "at once" : `+${sayMs(t - injectMs)}`;
}

/** `first bad answer +12ms (buy: POST /orders), noticed by the cluster +80ms (pod shop-1 of shop gone), …`: what was seen after the strike. */
export function sayMoments(storm: StormView, verdict: Verdict): string {
  const moments = verdict.storms.find(({ phase }) => phase === storm.phase)?.moments ?? [];
  const shown = inOrder(moments).filter(({ name }) => name !== "requested" && name !== "injected" && name !== "removed");
  return shown.map(({ name, t, text }) => (t === undefined ? text : `${momentNames[name]} ${saySince(t, storm.injectMs!)}${text && ` (${text})`}`)).join("; ");
}

/** What a probe asks for, and how often: `≥ 4, every 10s` */
export function sayAsked({ atLeast, atMost, everyMs }: ProbeFacts): string {
  const limits = [atLeast === undefined ? "" : `≥ ${atLeast}`, atMost === undefined ? "" : `≤ ${atMost}`].filter(Boolean).join(" and ");
  return `${limits || "ok"}, every ${sayMs(everyMs)}`;
}

/** `1 204 noted, 1 203 found, 1 lost` */
export function saySurvival(line: SurvivalLine): string {
  const parts = [`${sayCount(line.noted)} noted`, `${sayCount(line.found)} found`, `${sayCount(line.lostCount)} lost`];
  if (line.forgiven > 0) parts.push(`${sayCount(line.forgiven)} lost within the time allowed`);
  if (line.recovered > 0) parts.push(`${sayCount(line.recovered)} there though their answer got lost`);
  if (line.unexpectedCount > 0) parts.push(`${sayCount(line.unexpectedCount)} that nobody asked for`);
  if (line.unknown > 0) parts.push(`${sayCount(line.unknown)} unknown`);
  return parts.join(", ");
}

const mostCauses = 12;

/** `3 refused, 1 timeout`: why touches failed, in a phase and a journey or in all; empty where none did. */
export function sayCauses(view: LedgerView, phase?: number, journey?: string): string {
  const counts = new Map<string, number>();
  for (const one of view.failures) {
    if ((phase !== undefined && one.phase !== phase) || (journey !== undefined && one.journey !== journey)) continue;
    counts.set(one.cause, (counts.get(one.cause) ?? 0) + one.count);
  }
  const sorted = [...counts].sort((a, b) => b[1] - a[1]);
  const left = sorted.length - mostCauses;
  return [...sorted.slice(0, mostCauses).map(([cause, count]) => `${sayCount(count)} ${cause}`), ...(left > 0 ? [`${sayMany(left, "more cause")}`] : [])].join(", ");
}

/** Seconds in which the load generator could not keep up, and the worst of its own delays. */
export function sayHealth(view: LedgerView): string {
  const { health } = view;
  if (health.length === 0) return "Nothing was recorded about the load generator.";
  const seconds = (lines: LedgerView["health"]) => new Set(lines.map((line) => line.s)).size;
  const slow = seconds(health.filter((line) => line.slow));
  const most = (of: (line: (typeof health)[number]) => number) => health.reduce((worst, line) => Math.max(worst, of(line)), 0);
  const [cpu, lag] = [most((line) => line.cpu), most((line) => line.lagMaxMs)];
  const { workers } = view.run.machine;
  const [who, each] = workers === undefined ? ["The load generator", ""] : [`The load generator, ${sayMany(workers, "worker")},`, " each"];
  const worst = `at most ${Math.round(cpu * 100)}% of one core${each}, timers at most ${sayMs(lag)} late`;
  const strained = strainsIn(health).map(({ strain: { code }, worst: value, seconds }) => `${problem(code, { worst: value }).message} (${code}, seconds ${saySeconds(seconds)})`);
  const limits = strained.length > 0 ? ` Its own limits: ${strained.join("; ")}.` : "";
  const gaps = view.gaps.map(({ worker, fromMs, toMs, why }) => ` Worker ${worker + 1} died: its share was missing from ${sayMs(fromMs)} to ${sayMs(toMs)} (${why}).`).join("");
  return slow === 0
    ? `${who} kept up: ${worst}.${limits}${gaps}`
    : `${who} could not keep up in ${sayMany(slow, "second")} of ${sayCount(seconds(health))}: ${worst}.${limits}${gaps}`;
}
