import { readFileSync } from "node:fs";
import { parse } from "csv-parse/sync";
import { readLedger } from "../../../src/ledger/read.ts";
import { Histogram } from "../../../src/ledger/histogram.ts";

/** What a tool says of one step. */
export interface Step {
  readonly requests: number;
  readonly failures: number;
  /** NaN where the tool does not tell. */
  readonly p50Ms: number;
  readonly p95Ms: number;
}

/** What a tool says of its run; steps by method and name. */
export interface Told {
  readonly all: Step;
  readonly steps: ReadonlyMap<string, Step>;
}

export const nothing: Step = { requests: 0, failures: 0, p50Ms: Number.NaN, p95Ms: Number.NaN };

/** From `_stats.csv`, Locust's or Seatrial's: the columns are the same. */
export function toldByLocust(file: string): Told {
  const rows = parse(readFileSync(file, "utf8"), { columns: true }) as Record<string, string>[];
  const stepOf = (row: Record<string, string>): Step => ({ requests: Number(row["Request Count"]), failures: Number(row["Failure Count"]), p50Ms: Number(row["50%"]), p95Ms: Number(row["95%"]) });
  return {
    all: stepOf(rows.find((row) => row["Name"] === "Aggregated")!),
    steps: new Map(rows.filter((row) => row["Name"] !== "Aggregated").map((row) => [`${row["Type"]} ${row["Name"]}`, stepOf(row)])),
  };
}

/** From the lines of k6's `--out json`; the requests of setup are left out. */
export function toldByK6(file: string): Told {
  const all = new Sum();
  const steps = new Map<string, Sum>();
  for (const text of readFileSync(file, "utf8").split("\n").filter(Boolean)) {
    const { type, metric, data } = JSON.parse(text) as { type: string; metric: string; data: { value: number; tags: Record<string, string> } };
    if (type !== "Point" || metric !== "http_req_duration" || data.tags["group"]?.includes("setup")) continue;
    const name = `${data.tags["method"]} ${data.tags["name"]}`;
    if (!steps.has(name)) steps.set(name, new Sum());
    for (const sum of [all, steps.get(name)!]) sum.add(data.value, Number(data.tags["status"]) >= 400 || data.tags["status"] === "0");
  }
  return { all: all.step, steps: new Map([...steps].map(([name, sum]) => [name, sum.step])) };
}

interface ArtilleryReport {
  readonly aggregate: { readonly counters: Readonly<Record<string, number>>; readonly summaries: Readonly<Record<string, { readonly median: number; readonly p95: number }>> };
}

/** From Artillery's `--output`, with its plugin for metrics by endpoint. */
export function toldByArtillery(file: string): Told {
  const { counters, summaries } = (JSON.parse(readFileSync(file, "utf8")) as ArtilleryReport).aggregate;
  const codes = /^(?:http|plugins\.metrics-by-endpoint\.(.+))\.codes\.(\d+)$/;
  const found = new Map<string, { requests: number; failures: number }>();
  for (const [name, count] of Object.entries(counters)) {
    const [whole, step = "", code] = codes.exec(name) ?? [];
    if (whole === undefined) continue;
    const sum = found.get(step) ?? { requests: 0, failures: 0 };
    found.set(step, { requests: sum.requests + count, failures: sum.failures + (Number(code) >= 400 ? count : 0) });
  }
  const stepOf = (step: string): Step => {
    const { median = Number.NaN, p95 = Number.NaN } = summaries[step === "" ? "http.response_time" : `plugins.metrics-by-endpoint.response_time.${step}`] ?? {};
    return { ...nothing, ...found.get(step), p50Ms: median, p95Ms: p95 };
  };
  return { all: stepOf(""), steps: new Map([...found.keys()].filter(Boolean).map((step) => [step, stepOf(step)])) };
}

/** From the ledger, over every journey; times from begin, as the others count them. */
export async function toldBySeatrial(ledger: string): Promise<Told> {
  const view = await readLedger(ledger);
  const names = new Set(view.series.filter(({ type }) => type === "op").map(({ step }) => step));
  const stepOf = (step?: string): Step => {
    const { count, refused, unsure, began } = view.tally({ type: "op", ...(step !== undefined && { step }) });
    return { requests: count, failures: refused + unsure, p50Ms: began.quantileMs(0.5), p95Ms: began.quantileMs(0.95) };
  };
  // The groups around a step are no part of its name for the others.
  return { all: stepOf(), steps: new Map([...names].map((name) => [name.split(" › ").at(-1)!, stepOf(name)])) };
}

class Sum {
  #failures = 0;
  readonly #times = new Histogram();

  add(ms: number, failed: boolean): void {
    this.#times.record(ms);
    if (failed) this.#failures += 1;
  }
  get step(): Step {
    return { requests: this.#times.count, failures: this.#failures, p50Ms: this.#times.quantileMs(0.5), p95Ms: this.#times.quantileMs(0.95) };
  }
}
