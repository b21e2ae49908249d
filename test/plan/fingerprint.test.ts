import { expect, test } from "vitest";
import { arrivals, journey, probe, scenario, users } from "../../src/index.ts";
import { differences, fingerprint } from "../../src/plan/fingerprint.ts";
import { resolve } from "../../src/plan/resolve.ts";

interface Told {
  readonly rate?: `${number}/s`;
  readonly extra?: object;
  readonly walk?: () => Promise<void>;
  readonly budget?: `${number}%`;
}

function of({ rate = "5/s", extra = {}, walk = async () => undefined, budget = "1%" }: Told = {}) {
  const driver = { kind: "rope", open: async () => ({}), close: async () => undefined, ...extra };
  const { plan, problems } = resolve(scenario({
    name: "t", journeys: { a: journey({ driver }, walk), b: journey({}, async () => undefined) },
    phases: [{ name: "one", for: "1s", load: { a: arrivals(rate) } }, { name: "two", for: "1s", load: { b: users(2) } }],
    probes: [probe("up", { ask: async () => ({ ok: true }) })],
    budget: { a: { errors: budget } },
  }));
  if (!plan) throw problems[0];
  return fingerprint(plan);
}

test("the same file is the same, twice", () => expect(differences(of(), of())).toEqual([]));

test.each<[string, Told, readonly string[]]>([
  ["a rate", { rate: "6/s" }, ['phases[0] "one"']],
  ["the text of a walk", { walk: async () => void 1 }, ["journeys.a"]],
  ["a budget", { budget: "2%" }, ["budget"]],
  ["a setting of a driver", { extra: { base: "http://other" } }, ["journeys.a"]],
  ["a pattern", { extra: { only: /b/ } }, ["journeys.a"]],
  ["a map", { extra: { by: new Map([["x", 2]]) } }, ["journeys.a"]],
])("%s that differs is seen, and where", (_, told, parts) => expect(differences(of(), of(told))).toEqual(parts));

test("rings and what is met again end", () => {
  const ring: Record<string, unknown> = { call: () => undefined };
  ring["self"] = ring;
  (ring["call"] as { ring?: unknown }).ring = ring;
  ring["list"] = Array.from({ length: 40 }, (_, n) => (n === 0 ? {} : undefined));
  for (let depth: unknown[] = [], n = 0; n < 60; n++) ring[`deep ${n}`] = depth = [depth, depth];
  expect(differences(of({ extra: ring }), of({ extra: ring }))).toEqual([]);
});
