import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { readReport, type Count } from "../../../drivers/artillery/report.ts";

const recorded = readFileSync(new URL("recorded.json", import.meta.url), "utf8");
const short = ({ outcome, count, cause }: Count) => [outcome, count, cause].filter((part) => part !== undefined).join(" ");

const reportOf = (counters: Readonly<Record<string, number>>, ...more: Readonly<Record<string, number>>[]) => {
  const periods = [counters, ...more];
  const sum: Record<string, number> = {};
  for (const period of periods) for (const [name, count] of Object.entries(period)) sum[name] = (sum[name] ?? 0) + count;
  return { aggregate: { counters: sum, lastMetricAt: 20_000, summaries: {} }, intermediate: periods.map((counters, index) => ({ period: String(index * 10_000), firstMetricAt: 10_000 * index + 5, counters })) };
};
const countsOf = (...periods: Readonly<Record<string, number>>[]) => readReport(JSON.stringify(reportOf(periods[0]!, ...periods.slice(1)))).counts.map(short);

test("what 2.0.34 wrote: counts by period, summaries of the whole", () => {
  const { counts, summaries, counters } = readReport(recorded);
  expect(counts.map(short)).toEqual(["ok 23", "refused 23 status 404", "ok 25", "refused 25 status 404"]);
  expect(counts[2]!.fromMs).toBeGreaterThan(counts[0]!.fromMs + 4_000);
  expect(summaries.find(({ name }) => name === "http.response_time")).toEqual({ name: "http.response_time", count: 96, values: { mean: 5.7, p50: 1, p95: 25.8, p99: 77.5, max: 107 } });
  expect(counters.get("vusers.created")).toBe(48);
});

describe("counters", () => {
  test.each<[string, Readonly<Record<string, number>>[], string[]]>([
    ["time-outs are unsure, refused connections refused", [{ "http.requests": 5, "http.codes.200": 2, "errors.ETIMEDOUT": 1, "errors.ECONNREFUSED": 2 }], ["ok 2", "unsure 1 ETIMEDOUT", "refused 2 ECONNREFUSED"]],
    ["a failed capture takes the answer that had it", [{ "http.requests": 5, "http.codes.200": 5, "errors.Failed capture or match": 2 }], ["ok 3", "refused 2 error: Failed capture or match"]],
    ["and counts no refused answer twice", [{ "http.requests": 5, "http.codes.404": 5, "errors.Failed capture or match": 5 }], ["refused 5 status 404"]],
    ["but an error where there are no answers is one", [{ "errors.page did not load": 2 }], ["refused 2 error: page did not load"]],
    ["requests without an end are unsure", [{ "http.requests": 9, "http.codes.200": 5, "errors.ECONNRESET": 1 }], ["ok 5", "unsure 1 ECONNRESET", "unsure 3 no answer"]],
    ["unless the end came in the next period", [{ "http.requests": 9, "http.codes.200": 5 }, { "http.codes.200": 4 }], ["ok 5", "ok 4"]],
    ["nothing is nothing", [{ "vusers.created": 0 }], []],
  ])("%s", (_, periods, wanted) => expect(countsOf(...periods)).toEqual(wanted));
});

test.each([
  ["not JSON", "Error: nope", /not JSON/],
  ["empty", "", /empty/],
  ["another document", "{}", /expected an object at aggregate/],
  ["periods that do not add up", JSON.stringify({ ...reportOf({ "http.codes.200": 1 }), aggregate: { counters: { "http.codes.200": 3 }, lastMetricAt: 1 } }), /is 3 in all, and 1/],
  ["a count that is none", recorded.replace('"http.codes.404": 48', '"http.codes.404": "48"'), /expected a number from 0 at aggregate\.counters\.http\.codes\.404/],
])("%s is refused", (_, text, why) => expect(() => readReport(text)).toThrow(why));
