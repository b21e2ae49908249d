import type { Finding } from "../model/verdict.ts";

type Told = Pick<Finding, "id" | "about" | "grade" | "expected" | "observed"> & Partial<Finding>;

/** A finding; what it does not name is empty. */
export function finding(told: Told): Finding {
  return { phase: undefined, journey: undefined, step: undefined, reason: "", evidence: "", ...told };
}

/** A count for people: `12,431`. */
export function sayCount(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, ",");
}

/** `1 walk`, `3 walks`, `3 touches`. */
export function sayMany(count: number, noun: string, many = `${noun}s`): string {
  return `${sayCount(count)} ${count === 1 ? noun : many}`;
}

/** Joins what there is to say, without the empty parts. */
export function sayAll(...parts: readonly (string | false | undefined)[]): string {
  return parts.filter(Boolean).join("; ");
}
