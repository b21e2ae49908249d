import { createHash } from "node:crypto";
import type { Plan } from "./plan.ts";

/** The parts of a plan, each with a hash of all that can be seen of it. */
export type Fingerprint = Readonly<Record<string, string>>;

/**
 * By what two threads know that they read the same plan. What a closure holds can't be seen: of a
 * function its text counts.
 */
export function fingerprint(plan: Plan): Fingerprint {
  const parts: [string, unknown][] = [
    ["name, seed and grace", [plan.name, plan.seed, plan.graceMs]],
    ...Object.entries(plan.journeys).map(([name, journey]): [string, unknown] => [`journeys.${name}`, journey]),
    ...plan.phases.map((phase): [string, unknown] => [`phases[${phase.index}] "${phase.name}"`, phase]),
    ["budget", plan.budget],
    ["probes", plan.probes],
    ["setup", plan.setup],
    ["secrets", plan.secrets],
  ];
  return Object.fromEntries(parts.map(([name, part]) => [name, createHash("sha256").update(write(part, new Map())).digest("hex")]));
}

/** The parts in which two fingerprints differ, those that only one of them has among them. */
export function differences(a: Fingerprint, b: Fingerprint): readonly string[] {
  return [...new Set([...Object.keys(a), ...Object.keys(b)])].filter((part) => a[part] !== b[part]);
}

/** Text that is the same for values that look the same. What was seen before is written once: rings end, and nothing grows. */
function write(value: unknown, seen: Map<object, number>): string {
  if ((typeof value !== "object" && typeof value !== "function") || value === null) return `${typeof value} ${String(value)}`;
  const before = seen.get(value);
  if (before !== undefined) return `again ${before}`;
  seen.set(value, seen.size);
  const inner = (list: Iterable<unknown>) => [...list].map((one) => write(one, seen)).join(",");
  if (Array.isArray(value) || value instanceof Set) return `[${inner(value)}]`;
  if (value instanceof Map) return `map[${inner(value)}]`;
  if (value instanceof RegExp || value instanceof Date || value instanceof URL) return String(value);
  if (ArrayBuffer.isView(value)) return `bytes ${Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString("base64")}`;
  const fields = Object.entries(value).map(([key, one]) => `${key}:${write(one, seen)}`);
  return `${typeof value === "function" ? value : ""}{${fields.join(",")}}`;
}
