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

/** `1 walk`, `3 walks`. */
export function sayMany(count: number, noun: string): string {
  return `${sayCount(count)} ${noun}${count === 1 ? "" : "s"}`;
}

/** Joins what there is to say, without the empty parts. */
export function sayAll(...parts: readonly (string | false | undefined)[]): string {
  return parts.filter(Boolean).join("; ");
}
