import { isObject, listAt, misshapen, numberOf, objectAt, textOf, type Loose } from "../loose.ts";

/** A stretch of a ramp: from the value before it, evenly to this one. */
export interface Stage {
  readonly ms: number;
  readonly from: number;
  readonly to: number;
}

interface AnyExecutor {
  readonly name: string;
  /** The function of the script that it calls. */
  readonly exec: string;
  readonly startMs: number;
}

/** One scenario of k6, in our terms. */
export type Executor =
  | (AnyExecutor & { readonly kind: "users"; readonly stages: readonly Stage[] })
  | (AnyExecutor & { readonly kind: "arrivals"; readonly stages: readonly Stage[]; readonly unitMs: number; readonly most: number | undefined })
  | (AnyExecutor & { readonly kind: "times"; readonly count: number; readonly users: number; readonly each: boolean });

const unitMs: Readonly<Record<string, number>> = { ns: 1e-6, us: 1e-3, µs: 1e-3, ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** Milliseconds of a duration as k6 writes it: `1m30s`, or a number of milliseconds. */
export function k6DurationMs(value: unknown, place: string): number {
  if (typeof value === "number" && value >= 0) return value;
  const parts = typeof value === "string" ? [...value.matchAll(/(\d+(?:\.\d+)?)(ns|us|µs|ms|s|m|h|d)/g)] : [];
  if (typeof value !== "string" || parts.map(([whole]) => whole).join("") !== value.trim() || parts.length === 0) {
    if (value === "0") return 0;
    throw misshapen("a duration such as 1m30s", value, place);
  }
  return parts.reduce((sum, [, count, unit]) => sum + Number(count) * unitMs[unit!]!, 0);
}

function count(value: unknown, place: string, otherwise?: number): number {
  const found = value === null || value === undefined ? otherwise : (numberOf(value) ?? (/^\d+$/.test(String(value)) ? Number(value) : undefined));
  if (found === undefined || found < 0) throw misshapen("a number of at least 0", value, place);
  return found;
}

/** @param name of the one that the short forms (`vus`, `duration`, `iterations`, `stages`) make */
export function executorsOf(options: Loose, name: string, notes: string[]): readonly Executor[] {
  const scenarios = options["scenarios"];
  if (isObject(scenarios) && Object.keys(scenarios).length > 0) {
    return Object.entries(scenarios).map(([own, value]) => {
      const place = `scenarios.${own}`;
      return executorOf(own === "default" ? name : own, objectAt(value, place), place, notes);
    });
  }
  const { vus, duration, iterations, stages } = options;
  const isGiven = (value: unknown) => value !== null && value !== undefined;
  const executor = isGiven(iterations) ? "shared-iterations" : isGiven(stages) ? "ramping-vus" : isGiven(duration) ? "constant-vus" : "shared-iterations";
  return [executorOf(name, { executor, vus, duration, iterations, stages, startVUs: vus }, "", notes)];
}

function executorOf(name: string, given: Loose, place: string, notes: string[]): Executor {
  const at = (field: string) => [place, field].filter(Boolean).join(".");
  const duration = (field: string, otherwise?: string) => k6DurationMs(given[field] ?? otherwise, at(field));
  const number = (field: string, otherwise?: number) => count(given[field], at(field), otherwise);
  const stages = (start: number): Stage[] => {
    let from = start;
    return listAt(given["stages"], at("stages")).map((value, index) => {
      const here = `${at("stages")}[${index}]`;
      const stage = objectAt(value, here);
      const to = count(stage["target"], `${here}.target`, from);
      const one = { ms: k6DurationMs(stage["duration"], `${here}.duration`), from, to };
      from = to;
      return one;
    });
  };
  const steady = (value: number): Stage[] => [{ ms: duration("duration"), from: value, to: value }];
  const base = { name, exec: textOf(given["exec"]) ?? "default", startMs: given["startTime"] ? duration("startTime") : 0 };
  const most = given["maxVUs"] ?? given["preAllocatedVUs"];
  const rated = { unitMs: duration("timeUnit", "1s") || 1_000, most: most === null || most === undefined ? undefined : Math.max(1, count(most, at("maxVUs"))) };
  if (isObject(given["env"]) && Object.keys(given["env"]).length > 0) notes.push(`the environment of ${name}: ${Object.keys(given["env"]).join(", ")}`);
  const kind = given["executor"];
  switch (kind) {
    case "constant-vus": return { ...base, kind: "users", stages: steady(number("vus", 1)) };
    case "ramping-vus": return { ...base, kind: "users", stages: stages(number("startVUs", 1)) };
    case "externally-controlled":
      notes.push(`${name} was controlled from outside: it has its first number of users all the time`);
      return { ...base, kind: "users", stages: steady(number("vus", 1)) };
    case "constant-arrival-rate": return { ...base, ...rated, kind: "arrivals", stages: steady(number("rate")) };
    case "ramping-arrival-rate": return { ...base, ...rated, kind: "arrivals", stages: stages(number("startRate", 0)) };
    case "shared-iterations": case "per-vu-iterations":
      if (given["maxDuration"]) notes.push(`maxDuration of ${name}: a counted phase ends with its last walk`);
      return { ...base, kind: "times", count: Math.max(1, number("iterations", 1)), users: Math.max(1, number("vus", 1)), each: kind === "per-vu-iterations" };
    default: throw misshapen("one of k6's executors", kind, at("executor"));
  }
}
