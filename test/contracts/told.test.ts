/** What the benchmark `translated` reads of each tool's own files. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { toldByArtillery, toldByK6, toldByLocust, toldBySeatrial } from "../bench/translated/tell.ts";
import { csv } from "../../reports/csv/index.ts";
import { causes, shopped } from "./sea.ts";

function fileOf(text: string): string {
  const folder = mkdtempSync(join(tmpdir(), "seatrial-told-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = join(folder, "told");
  writeFileSync(file, text);
  return file;
}

test("k6: one line a sample, without those of setup", () => {
  const point = (metric: string, value: number, tags: Record<string, string>) => JSON.stringify({ metric, type: "Point", data: { time: "2026-11-24T10:00:00Z", value, tags } });
  const get = { method: "GET", name: "/items", status: "200", group: "", scenario: "browse" };
  const told = toldByK6(fileOf([
    JSON.stringify({ type: "Metric", metric: "http_req_duration", data: { name: "http_req_duration", type: "trend" } }),
    point("http_req_duration", 500, { ...get, group: "::setup" }), point("http_reqs", 1, get),
    point("http_req_duration", 10, get), point("http_req_duration", 20, { ...get, status: "503" }),
    point("http_req_duration", 30, { ...get, method: "POST", name: "/orders", group: "::buy" }), "",
  ].join("\n")));
  expect(told.all).toMatchObject({ requests: 3, failures: 1 });
  expect([...told.steps].map(([name, { requests, failures }]) => [name, requests, failures])).toEqual([["GET /items", 2, 1], ["POST /orders", 1, 0]]);
  expect(Math.abs(told.all.p50Ms - 20)).toBeLessThan(0.2);
});

test("Artillery: counters by code, summaries by endpoint", () => {
  const endpoint = "plugins.metrics-by-endpoint";
  const told = toldByArtillery(fileOf(JSON.stringify({ aggregate: {
    counters: { "http.requests": 5, "http.codes.200": 4, "http.codes.503": 1, "vusers.created": 3, [`${endpoint}.GET /hello.codes.200`]: 3, [`${endpoint}.POST /search.codes.200`]: 1, [`${endpoint}.POST /search.codes.503`]: 1 },
    summaries: { "http.response_time": { median: 12, p95: 30 }, [`${endpoint}.response_time.GET /hello`]: { median: 6, p95: 9 } },
  } })));
  expect(told.all).toEqual({ requests: 5, failures: 1, p50Ms: 12, p95Ms: 30 });
  expect(told.steps).toEqual(new Map([["GET /hello", { requests: 3, failures: 0, p50Ms: 6, p95Ms: 9 }], ["POST /search", { requests: 2, failures: 1, p50Ms: Number.NaN, p95Ms: Number.NaN }]]));
});

test("Locust's file and Seatrial's are read by the same eyes, and say what the ledger says", async () => {
  const played = await shopped(async (shop, user) => {
    await shop.get("/a");
    await user.step("buy", () => shop.post("/b").catch(() => undefined));
  }, ({ path }) => ({ status: path === "/b" ? 500 : 200 }), { load: { kind: "times", count: 3 } });
  expect(causes(played)).toEqual(["status 500 3"]);
  const told = toldByLocust(fileOf(String(csv.render(played.view, { grade: "pass", findings: [], unhealed: [] } as never).files["seatrial_stats.csv"])));
  expect(told.all).toMatchObject({ requests: 6, failures: 3, p50Ms: 10 });
  const own = await toldBySeatrial(fileOf(played.lines.map((line) => JSON.stringify(line)).join("\n") + "\n"));
  expect(own.all).toMatchObject({ requests: 6, failures: 3 });
  expect([...own.steps.keys()]).toEqual(["GET /a", "POST /b"]);
});
