import type { Budget, Budgets, JourneyBudget } from "../model/budget.ts";
import type { Even, MayLose } from "../model/cluster.ts";
import { sayMs } from "../units/duration.ts";
import { sayPerSecond } from "../units/rate.ts";
import { sayMost } from "./allowed.ts";
import type { Plan, PlannedPace, PlannedPhase } from "./plan.ts";
import { ownedThrough } from "./rota.ts";
import { levelAt } from "./schedule.ts";

const bars = "▁▂▃▄▅▆▇█";
const barWidth = 24;

/** A pace in a few words: `"arrivals 10/s to 80/s"`. */
function sayPace(pace: PlannedPace, forMs: number | undefined): string {
  if (pace.kind === "times") {
    const walks = ownedThrough(pace.shares, pace.each ? pace.count * pace.users : pace.count);
    return `${walks} ${walks === 1 ? "walk" : "walks"}${pace.users > 1 ? `, ${Math.max(1, ownedThrough(pace.shares, pace.users))} side by side` : ""}`;
  }
  const level = (ms: number) => (pace.kind === "arrivals" ? sayPerSecond(levelAt(pace, ms)) : `${Math.floor(levelAt(pace, ms) + 1e-9)}`);
  const ends = pace.kind === "arrivals" ? "arrivals" : "users";
  if (pace.curve) {
    const levels = samples(pace, forMs ?? 60_000);
    const say = (value: number) => (pace.kind === "arrivals" ? sayPerSecond(value) : `${Math.floor(value)}`);
    return `${ends} by a shape, ${say(Math.min(...levels))} to ${say(Math.max(...levels))}`;
  }
  const ramp = pace.overMs > 0 ? ` to ${level(pace.overMs)} over ${sayMs(pace.overMs)}` : "";
  const spawn = pace.kind === "users" && pace.spawn !== Infinity ? `, ${sayPerSecond(pace.spawn * 1_000)} joining` : "";
  return `${ends} ${level(0)}${ramp}${spawn}${pace.kind === "arrivals" ? `, at most ${pace.most} users` : ""}`;
}

function samples(pace: Exclude<PlannedPace, { kind: "times" }>, forMs: number): number[] {
  return Array.from({ length: barWidth }, (_, n) => levelAt(pace, (forMs * (n + 0.5)) / barWidth));
}

function curveOf(levels: readonly number[]): string {
  const most = Math.max(...levels);
  return most > 0 ? levels.map((level) => bars[Math.min(7, Math.floor((level / most) * 7.999))]).join("") : "";
}

function sayLimits(budget: Budget): string {
  const words = Object.entries(budget)
    .filter(([field, value]) => value !== undefined && !["walk", "steps", "every", "from", "abort"].includes(field))
    .map(([field, value]) => (field === "minRate" ? `at least ${value}` : `${field} ≤ ${value}`));
  if (budget.every) words.push(`in every ${budget.every}`);
  if (budget.from === "began") words.push("from begin");
  if (budget.abort) words.push("or the run ends");
  return words.join(", ");
}

function budgetLines(budgets: Budgets, indent: string): string[] {
  const lines: string[] = [];
  for (const [journey, own] of Object.entries(budgets)) {
    for (const one of (Array.isArray(own) ? own : [own]) as JourneyBudget[]) {
      const limits = sayLimits(one);
      if (limits) lines.push(`${indent}${journey}: ${limits}`);
      if (one.walk) lines.push(`${indent}${journey}, whole walk: ${sayLimits(one.walk)}`);
      for (const [step, limit] of Object.entries(one.steps ?? {})) lines.push(`${indent}${journey}, ${step}: ${sayLimits(limit)}`);
    }
  }
  return lines;
}

const clockOf = (ms: number): string => {
  const s = Math.round(ms / 1_000);
  const pad = (n: number) => String(n).padStart(2, "0");
  return s >= 3_600 ? `${Math.floor(s / 3_600)}:${pad(Math.floor(s / 60) % 60)}:${pad(s % 60)}` : `${Math.floor(s / 60)}:${pad(s % 60)}`;
};

function phaseLines(phase: PlannedPhase, journeys: Plan["journeys"], beginMs: number, sure: boolean): string[] {
  const { storm, forMs, load, judged, budget } = phase;
  const length = forMs !== undefined ? sayMs(forMs) : storm ? `until repaired, at most ${sayMs(storm.afterMs + storm.withinMs + storm.holdMs)} and the healing` : "until every walk was walked";
  const lines = ["", `${(sure ? "" : "~") + clockOf(beginMs)}  ${phase.name} (${length}${judged ? "" : ", not judged"})`];
  for (const [journey, pace] of load) {
    const shape = pace.kind !== "times" && (pace.curve || pace.overMs > 0) ? `  ${curveOf(samples(pace, forMs ?? pace.overMs))}` : "";
    lines.push(`      ${journey}: ${sayPace(pace, forMs)}${journeys[journey]?.optional ? ", where it can be walked" : ""}${shape}`);
  }
  if (storm) {
    lines.push(`      storm: ${storm.fault.harm}${storm.afterMs > 0 ? `, after ${sayMs(storm.afterMs)}` : ""}`);
    lines.push(`      repaired by ${storm.recovery?.name ?? (storm.by === "end" ? "its own end" : "the platform")} within ${sayMs(storm.withinMs)}`);
    for (const keep of storm.keeps) lines.push(`      every noted ${keep.kind} must survive${keep.losingMs > 0 ? `, but for the last ${sayMs(keep.losingMs)}` : ""}`);
  }
  if (budget) lines.push(...budgetLines(budget, "      in budget: "));
  return lines;
}

function sayMayLose(may: MayLose): string {
  const named = { data: may.data, "bad releases of": may.releases, "all of": may.workloads, namespace: may.namespaces, "": may.objects };
  const words = [
    may.pods !== undefined && `${sayMost(may.pods)} pods of a workload`, may.nodes !== undefined && `${sayMost(may.nodes)} nodes`,
    ...Object.entries(named).map(([what, names]) => names?.length && `${what} ${names.join(", ")}`.trim()),
    ...Object.entries(may.even ?? {}).map(([what, names]) => names?.length && `even ${lifted[what as keyof Even]} ${names.join(", ")}`),
  ].filter(Boolean);
  return words.join("; ") || "nothing";
}

const lifted: Readonly<Record<keyof Even, string>> = {
  system: "in the system's namespaces", controlPlane: "the control plane's nodes", last: "the last replica of", own: "the nodes we run on ourselves,",
};

/** Arrivals per second over the steady timeline, as one line of bars. */
function loadLine(plan: Plan): string[] {
  const steady = plan.phases.filter((phase) => phase.forMs !== undefined);
  const totalMs = steady.reduce((sum, phase) => sum + phase.forMs!, 0);
  const levels: number[] = [];
  for (const phase of steady) {
    const width = Math.max(1, Math.round((phase.forMs! / totalMs) * 60));
    for (let n = 0; n < width; n++) {
      const atMs = (phase.forMs! * (n + 0.5)) / width;
      levels.push([...phase.load.values()].reduce((sum, pace) => sum + (pace.kind === "arrivals" ? levelAt(pace, atMs) : 0), 0));
    }
  }
  const most = Math.max(0, ...levels);
  return most > 0 ? ["", `starts per second, up to ${sayPerSecond(most)}:  ${curveOf(levels)}`] : [];
}

/** Where the plan would sail: name and what may be lost there. */
export interface ExplainedPlace {
  readonly name: string;
  readonly kind: string;
  readonly mayLose: MayLose;
}

/** The plan in words: timeline, load, what may be harmed, budgets. */
export function explain(plan: Plan, place: ExplainedPlace | undefined, warnings: readonly string[] = []): string {
  const lines = [`${plan.name}`, `seed ${plan.seed ?? "chosen at the start"}, grace ${sayMs(plan.graceMs)}`];
  if (place) lines.push(`sails on ${place.name} (${place.kind}), which may lose: ${sayMayLose(place.mayLose)}`);
  if (plan.setup) lines.push(`once before the first user: setup${plan.setup.setup.teardown ? ", and after the last: teardown" : ""}, each within ${sayMs(plan.setup.withinMs)}`);
  let beginMs = 0;
  let sure = true;
  for (const phase of plan.phases) {
    lines.push(...phaseLines(phase, plan.journeys, beginMs, sure));
    if (phase.forMs === undefined) sure = false;
    beginMs += phase.forMs ?? (phase.storm ? phase.storm.afterMs + phase.storm.holdMs : 0);
  }
  lines.push(...loadLine(plan));
  const budgets = budgetLines(plan.budget, "  ");
  if (budgets.length > 0) lines.push("", "budget", ...budgets);
  for (const { probe, everyMs } of plan.probes) lines.push("", `probe ${probe.name} every ${sayMs(everyMs)}`);
  for (const warning of warnings) lines.push("", `warning: ${warning}`);
  return `${lines.join("\n")}\n`;
}
