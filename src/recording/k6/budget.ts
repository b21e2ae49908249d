import { key, list, object, quote, type Code } from "../write/code.ts";
import { k6DurationMs } from "./executors.ts";
import { sayDuration } from "../write/pauses.ts";
import { isObject, listAt, objectAt, textAt, textOf } from "../loose.ts";

interface TranslatedBudget {
  readonly code: (journeys: readonly string[]) => Code;
  readonly isEmpty: boolean;
}

/** One limit in our words. */
interface Limit {
  readonly field: string;
  readonly value: string;
  readonly isWalk: boolean;
  readonly isTime: boolean;
}

const form = /^\s*(p\(\s*\d+(?:\.\d+)?\s*\)|[a-z]+)\s*(<=|>=|<|>|===?)\s*(-?\d+(?:\.\d+)?)\s*$/;

/** Thresholds as budgets: of all journeys, or of the one whose scenario a threshold names. What has no word here is noted. */
export function budgetOf(thresholds: unknown, scenarios: readonly string[], notes: string[]): TranslatedBudget {
  // By scenario (-1 for all), then by how it aborts: each limit keeps its own.
  const found = new Map<number, Map<string, Limit[]>>();
  for (const [metric, given] of isObject(thresholds) ? Object.entries(thresholds) : []) {
    const place = `thresholds["${metric}"]`;
    const [, name = metric, , tags] = /^([^{]+)(\{(.*)\})?$/s.exec(metric) ?? [];
    const which = whose(tags ?? "", scenarios);
    listAt(given, place).forEach((one, index) => {
      const { text, abort } = thresholdOf(one, `${place}[${index}]`);
      const limit = limitOf(name, text);
      if (which === undefined || !limit) return void notes.push(`the threshold ${metric}: ${text}`);
      const own = found.get(which) ?? new Map<string, Limit[]>();
      found.set(which, own.set(abort, [...(own.get(abort) ?? []), limit]));
    });
  }
  return {
    isEmpty: found.size === 0,
    code: (journeys) => object([...found].map(([which, byAbort]): Code => {
      const budgets = [...byAbort].flatMap(([abort, limits]) => layers(limits).map((layer) => budgetCode(layer, abort)));
      return [which < 0 ? "all" : journeys[which]!, ": ", budgets.length === 1 ? budgets[0]! : list(budgets)];
    })),
  };
}

/** The journey that a threshold's tags speak of, -1 for all of them; undefined where there is no word for it. */
function whose(tags: string, scenarios: readonly string[]): number | undefined {
  if (/^\s*(expected_response\s*:\s*true\s*)?$/.test(tags)) return -1;
  const name = /^\s*scenario\s*:\s*["']?([^,]*?)["']?\s*$/.exec(tags)?.[1];
  const at = scenarios.indexOf(name ?? "");
  return at >= 0 ? at : name === "default" && scenarios.length === 1 ? 0 : undefined;
}

function thresholdOf(given: unknown, place: string): { readonly text: string; readonly abort: string } {
  if (typeof given === "string") return { text: given, abort: "" };
  const { threshold, abortOnFail, delayAbortEval } = objectAt(given, place);
  const delayed = textOf(delayAbortEval);
  const abort = abortOnFail !== true ? "" : delayed ? `abort: { after: ${quote(sayDuration(Math.round(k6DurationMs(delayed, `${place}.delayAbortEval`))))} }` : "abort: true";
  return { text: textAt(threshold, place), abort };
}

/** Two limits of one field can't stand in one object. */
function layers(limits: readonly Limit[]): Limit[][] {
  const all: Limit[][] = [];
  for (const limit of limits) {
    const isSame = (one: Limit) => one.field === limit.field && one.isWalk === limit.isWalk;
    if (all.some((layer) => layer.some((one) => isSame(one) && one.value === limit.value))) continue;
    const free = all.find((layer) => !layer.some(isSame));
    if (free) free.push(limit);
    else all.push([limit]);
  }
  return all;
}

function budgetCode(limits: readonly Limit[], abort: string): Code {
  const write = (own: readonly Limit[]): Code[] => own.length === 0 ? [] : [
    ...own.map(({ field, value }) => `${key(field)}: ${quote(value)}`), ...(own.some(({ isTime }) => isTime) ? ['from: "began"'] : []), ...(abort === "" ? [] : [abort]),
  ];
  const walk = write(limits.filter(({ isWalk }) => isWalk));
  return object([...write(limits.filter(({ isWalk }) => !isWalk)), ...(walk.length > 0 ? [["walk: ", object(walk)]] : [])]);
}

/** A threshold's expression as a limit; undefined where there is no such limit. */
function limitOf(metric: string, text: string): Limit | undefined {
  const [, said = "", operator = "", digits = ""] = form.exec(text) ?? [];
  const value = Number(digits);
  const [isCeiling, isFloor] = [operator.startsWith("<"), operator.startsWith(">")];
  const limit = (field: string, limited: string, isTime = false): Limit => ({ field, value: limited, isTime, isWalk: metric === "iteration_duration" });
  const percent = (share: number) => `${Number((share * 100).toFixed(6))}%`;
  if (digits === "" || value < 0) return undefined;
  if ((metric === "http_req_duration" || metric === "iteration_duration") && isCeiling) {
    const percentile = /^p\(\s*(.+?)\s*\)$/.exec(said)?.[1];
    const field = percentile !== undefined && Number(percentile) > 0 && Number(percentile) <= 100 ? `p${Number(percentile)}` : { avg: "mean", med: "p50", max: "max" }[said];
    return field === undefined ? undefined : limit(field, sayDuration(value), true);
  }
  if (metric === "http_req_failed" && said === "rate" && isCeiling && value <= 1) return limit("errors", percent(value));
  if (metric === "checks" && said === "rate" && isFloor && value <= 1) return limit("errors", percent(1 - value));
  if (metric === "http_reqs" && said === "rate" && isFloor) return limit("minRate", `${value}/s`);
  const isNone = said === "count" && ((operator === "<" && value <= 1) || ((operator === "<=" || operator.startsWith("==")) && value === 0));
  return metric === "dropped_iterations" && isNone ? limit("dropped", "0%") : undefined;
}
