import { list, object, quote, type Code } from "../write/code.ts";
import type { Executor, Stage } from "./executors.ts";
import { sayDuration } from "../write/pauses.ts";

interface Phases {
  readonly code: (journeys: readonly string[]) => Code;
  readonly words: readonly string[];
}

interface Span extends Stage {
  readonly startMs: number;
  readonly endMs: number;
}

/** The stages of an executor on the clock of the whole run; those of no length only jump. */
function spansOf({ startMs, stages }: { readonly startMs: number; readonly stages: readonly Stage[] }): Span[] {
  let at = startMs;
  return stages.flatMap((stage) => {
    const begun = at;
    at += stage.ms;
    return stage.ms > 0 ? [{ ...stage, startMs: begun, endMs: at }] : [];
  });
}

/** The value of a ramp at a moment of it. */
const valueAt = ({ from, to, startMs, ms }: Span, atMs: number) => from + ((to - from) * (atMs - startMs)) / ms;

/** Phases between the moments at which any executor begins, ends or turns. */
export function phasesOf(executors: readonly Executor[], notes: string[]): Phases {
  const spans = executors.map((one) => (one.kind === "times" ? [] : spansOf(one)));
  const cuts = [...new Set([...executors.map(({ startMs }) => startMs), ...spans.flat().flatMap(({ startMs, endMs }) => [startMs, endMs])])].sort((a, b) => a - b);
  const words = new Set<string>();
  const phases: ((journeys: readonly string[]) => Code)[] = [];
  cuts.forEach((fromMs, index) => {
    const toMs = cuts[index + 1];
    const paces = executors.flatMap((executor, which): { readonly which: number; readonly pace: Code }[] => {
      if (executor.kind === "times") return executor.startMs === fromMs ? [{ which, pace: timesPace(executor) }] : [];
      const span = toMs === undefined ? undefined : spans[which]!.find(({ startMs, endMs }) => startMs <= fromMs && toMs <= endMs);
      const pace = span && steadyPace(executor, valueAt(span, fromMs), valueAt(span, toMs!));
      return pace ? [{ which, pace }] : [];
    });
    const isCounted = paces.length > 0 && paces.every(({ which }) => executors[which]!.kind === "times");
    if ((toMs === undefined && !isCounted) || (paces.length === 0 && phases.length === 0)) return;
    for (const { which } of paces) words.add(executors[which]!.kind);
    for (const { kind, name } of isCounted ? [] : paces.map(({ which }) => executors[which]!)) if (kind === "times") notes.push(`iterations of ${name} beside other load: they are cut where their phase ends`);
    const name = `${paces.length === 0 ? "pause" : "phase"} ${phases.length + 1}`;
    phases.push((journeys) => object([
      `name: ${quote(name)}`, ...(isCounted ? [] : [`for: ${quote(sayDuration(Math.round(toMs! - fromMs)))}`]),
      ["load: ", object(paces.map(({ which, pace }) => [journeys[which]!, ": ", pace]))],
    ]));
  });
  return { words: [...words], code: (journeys) => list(phases.map((phase) => phase(journeys))) };
}

function timesPace({ count, users, each }: Executor & { readonly kind: "times" }): Code {
  const options = [...(users > 1 ? [`users: ${users}`] : []), ...(each && users > 1 ? ["each: true"] : [])];
  return [`times(${count}`, ...(options.length > 0 ? [", ", object(options)] : []), ")"];
}

/** A pace from one value to another; undefined for none at all. */
function steadyPace(executor: Exclude<Executor, { readonly kind: "times" }>, from: number, to: number): Code | undefined {
  if (executor.kind === "users") {
    const [first, last] = [Math.round(from), Math.round(to)];
    if (first === 0 && last === 0) return undefined;
    return first === last ? `users(${first})` : `users(${first}, { to: ${last} })`;
  }
  if (from === 0 && to === 0) return undefined;
  const options = [...(from === to ? [] : [`to: ${quote(rate(to, executor.unitMs))}`]), ...(executor.most === undefined ? [] : [`most: ${executor.most}`])];
  return [`arrivals(${quote(rate(from, executor.unitMs))}`, ...(options.length > 0 ? [", ", object(options)] : []), ")"];
}

const units: Readonly<Record<number, string>> = { 1_000: "s", 60_000: "m", 3_600_000: "h" };

/** So many a unit as a rate; an odd unit is counted down to the second. */
const rate = (value: number, ms: number): string => {
  const unit = units[ms];
  return unit === undefined ? `${digits((value * 1_000) / ms)}/s` : `${digits(value)}/${unit}`;
};

/** Never `1e-7`, which is no rate. */
const digits = (value: number) => value.toFixed(6).replace(/\.?0+$/, "");
