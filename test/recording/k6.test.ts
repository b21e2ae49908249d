import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { readK6 } from "../../src/recording/k6/k6.ts";
import { write } from "./shape.ts";

const written = (options: object) => write(readK6(JSON.stringify(options), "load", "options.json"), "drop", "load");
const text = (options: object) => written(options).text;
const section = (all: string, name: string) => all.slice(all.indexOf(`  ${name}: `)).split("\n").slice(0, name === "phases" ? 12 : 14).join(" ").replace(/\s+/g, " ");

describe("executors", () => {
  test.each<[string, object, string]>([
    ["vus and duration", { vus: 10, duration: "30s" }, '[{ name: "phase 1", for: "30s", load: { walk: users(10) } }]'],
    ["iterations", { vus: 5, iterations: 100 }, '[{ name: "phase 1", load: { walk: times(100, { users: 5 }) } }]'],
    ["nothing but a threshold", { thresholds: {} }, '[{ name: "phase 1", load: { walk: times(1) } }]'],
    ["stages", { stages: [{ duration: "1m30s", target: 9 }] }, '[{ name: "phase 1", for: "90s", load: { walk: users(1, { to: 9 }) } }]'],
    ["per-vu-iterations", { scenarios: { walk: { executor: "per-vu-iterations", vus: 3, iterations: 4 } } }, "times(4, { users: 3, each: true })"],
    ["constant-arrival-rate", { scenarios: { walk: { executor: "constant-arrival-rate", rate: 90, timeUnit: "1m", duration: "10s", maxVUs: 7 } } }, 'arrivals("90/m", { most: 7 })'],
    ["an odd unit", { scenarios: { walk: { executor: "constant-arrival-rate", rate: 1, timeUnit: "3s", duration: "10s" } } }, 'arrivals("0.333333/s")'],
    ["ramping-arrival-rate", { scenarios: { walk: { executor: "ramping-arrival-rate", startRate: 2, stages: [{ duration: "10s", target: 8 }, { duration: "0", target: 4 }, { duration: "5s", target: 4 }] } } },
      '[ { name: "phase 1", for: "10s", load: { walk: arrivals("2/s", { to: "8/s" }) } }, { name: "phase 2", for: "5s", load: { walk: arrivals("4/s") } }, ]'],
    ["externally-controlled", { scenarios: { walk: { executor: "externally-controlled", vus: 3, duration: "10s" } } }, "users(3)"],
    ["one that begins later", { scenarios: { walk: { executor: "constant-vus", vus: 3, duration: "10s", startTime: "5s" } } }, '[{ name: "phase 1", for: "10s", load: { walk: users(3) } }]'],
    ["an archive's metadata", { type: "js", options: { vus: 1, duration: "1s" } }, "users(1)"],
  ])("%s", (_, options, code) => expect(section(text(options).replaceAll("load:", "load:").replaceAll(/\bload2?: (users|arrivals|times)/g, "walk: $1"), "phases")).toContain(code));

  test("scenarios side by side are cut where one begins, turns or ends", () => {
    const all = write(readK6(readFileSync(new URL("fixtures/options.json", import.meta.url), "utf8"), "options", "f"), "drop", "options");
    const phases = [...all.text.matchAll(/\{ name: "(?:phase|pause) \d", (.*) \},$/gm)].map(([, phase]) => phase);
    expect(phases).toEqual([
      'for: "30s", load: { browse: users(0, { to: 10 }) }',
      'for: "30s", load: { browse: users(10, { to: 20 }), buy: arrivals("90/m", { most: 50 }) }',
      'for: "1m", load: { browse: users(20), buy: arrivals("90/m", { most: 50 }) }',
      'for: "1m", load: { browse: users(20) }',
      'for: "30s", load: { browse: users(5) }',
      'for: "30s", load: {}',
      "load: { importWalk: times(4, { users: 3, each: true }) }",
    ]);
    expect(all.text).toContain('The calls of the k6 function "buy" come here');
    expect(all.notes).toContain("the environment of buy: REGION");
  });
});

describe("thresholds", () => {
  const budget = (thresholds: object, scenarios: object = {}) => section(text({ vus: 1, duration: "1s", scenarios, thresholds }), "budget");
  test.each<[string, object, string]>([
    ["latency", { http_req_duration: ["p(95)<200", "p(99.9) <= 1500", "med<100", "avg<120", "max<60000"] }, '{ all: { p95: "200ms", "p99.9": "1.5s", p50: "100ms", mean: "120ms", max: "1m", from: "began" } }'],
    ["failures", { http_req_failed: ["rate<0.01"] }, '{ all: { errors: "1%" } }'],
    ["checks", { checks: ["rate>=0.995"] }, '{ all: { errors: "0.5%" } }'],
    ["throughput and drops", { http_reqs: ["rate>15"], dropped_iterations: ["count==0"] }, '{ all: { minRate: "15/s", dropped: "0%" } }'],
    ["whole walks", { iteration_duration: ["p(90)<5000"] }, '{ all: { walk: { p90: "5s", from: "began" } } }'],
    ["abort", { http_req_failed: [{ threshold: "rate<0.1", abortOnFail: true, delayAbortEval: "1m" }, "rate<0.05"] }, '{ all: [{ errors: "10%", abort: { after: "1m" } }, { errors: "5%" }] }'],
    ["twice the same", { http_req_duration: ["p(95)<200", "p(95)<300"] }, '{ all: [{ p95: "200ms", from: "began" }, { p95: "300ms", from: "began" }] }'],
    ["expected answers", { "http_req_duration{expected_response:true}": ["p(95)<200"] }, '{ all: { p95: "200ms", from: "began" } }'],
  ])("%s", (_, thresholds, code) => expect(budget(thresholds)).toContain(`budget: ${code}`));

  test("of one scenario", () => {
    expect(budget({ "http_req_duration{scenario:buy}": ["p(95)<200"] }, { buy: { executor: "constant-vus", vus: 1, duration: "1s" } })).toContain('{ buy: { p95: "200ms", from: "began" } }');
  });
  test.each([["my_trend", "p(95)<200"], ["http_req_duration{name:x}", "p(95)<200"], ["http_req_duration", "min<3"], ["http_req_duration", "p(95)>200"], ["checks", "rate<0.5"], ["http_req_failed", "nonsense"]])("%s: %s has no word here, and is told", (metric, threshold) => {
    const { text: all, notes } = written({ vus: 1, duration: "1s", thresholds: { [metric]: [threshold] } });
    expect(all).toContain("budget: {},");
    expect(notes).toContain(`the threshold ${metric}: ${threshold}`);
  });
});

test.each<[string, string, string, string]>([
  ["the stream of points", '{"type":"Metric","data":{},"metric":"vus"}\n{"type":"Point","data":{},"metric":"vus"}\n', "SEA_IMPORT_FORMAT", "f"],
  ["the stream as k6 2 has it", '{"metric":"vus","type":"Metric","data":{}}\n', "SEA_IMPORT_FORMAT", "f"],
  ["a summary", '{"metrics":{},"root_group":{}}', "SEA_IMPORT_FORMAT", "f"],
  ["something else", '{"log":{}}', "SEA_IMPORT_FORMAT", "f"],
  ["an executor of an extension", '{"scenarios":{"a":{"executor":"odd"}}}', "SEA_IMPORT_SHAPE", "scenarios.a.executor"],
  ["a duration", '{"scenarios":{"a":{"executor":"constant-vus","duration":"soon"}}}', "SEA_IMPORT_SHAPE", "scenarios.a.duration"],
  ["stages", '{"stages":[{"duration":"1s","target":-1}]}', "SEA_IMPORT_SHAPE", "stages[0].target"],
])("%s is refused", (_, input, code, place) => expect(() => readK6(input, "x", "f")).toThrow(expect.objectContaining({ code, place })));
