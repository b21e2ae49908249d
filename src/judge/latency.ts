import type { Histogram } from "../ledger/histogram.ts";
import type { Grade } from "../model/verdict.ts";
import { sayMs } from "../units/duration.ts";
import { sayMany } from "./finding.ts";
import { type Limit, type Measure, silent } from "./measure.ts";
import type { From, Sample } from "./sample.ts";

/** Rounded for people, but never so far that a broken limit reads like a kept one. */
function sayAgainst(ms: number, mostMs: number): string {
  return ms > mostMs && sayMs(ms) === sayMs(mostMs) ? `${Number(ms.toPrecision(6))}ms` : sayMs(ms);
}

const ofFrom = (from: From) => (from === "due" ? "" : " from begin");

function noAnswer(name: string, sample: Sample): Measure {
  if (sample.ok > 0) return silent(name, `${sayMany(sample.ok, "good op")} were only counted, without latencies`);
  return silent(name, sample.count === 0 ? "no samples" : `none of ${sayMany(sample.count, "op")} was answered, so there is no latency to judge`);
}

/** A histogram that can't be read adds nothing; then what is left may fail a limit, but not keep it. */
function lacking(measure: Measure, latency: Histogram, { ok, unsure }: Sample): Measure {
  const missing = ok + unsure - latency.count;
  if (missing <= 0 || measure.grade !== "pass") return measure;
  return { ...measure, grade: "unsure", reason: `the latency of ${sayMany(missing, "op")} can't be read` };
}

/** How many samples a percentile needs before one slow sample can be the exception that it allows. */
export function samplesFor(percentile: number): number {
  return percentile >= 100 ? 1 : Math.ceil(100 / (100 - percentile) - 1e-6);
}

/**
 * Where the percentile's sample surely lies, in ms: between the edges of its bucket, or exactly on
 * the largest. Every bucket is within 0.8 % of its middle.
 */
function bracket(latency: Histogram, percentile: number): { readonly leastMs: number; readonly mostMs: number } {
  const rank = Math.max(1, Math.ceil((percentile / 100) * latency.count - 1e-9));
  if (rank >= latency.count) return { leastMs: latency.maxMs, mostMs: latency.maxMs };
  let seen = 0;
  for (const { fromMs, toMs, count } of latency.buckets()) {
    seen += count;
    if (seen >= rank) return { leastMs: fromMs, mostMs: Math.min(toMs - 0.001, latency.maxMs) };
  }
  return { leastMs: latency.maxMs, mostMs: latency.maxMs };
}

/** Samples that were surely slower than the limit. */
function slower(latency: Histogram, mostMs: number): number {
  let count = 0;
  for (const bucket of latency.buckets()) if (bucket.fromMs > mostMs) count += bucket.count;
  return count === 0 && latency.maxMs > mostMs ? 1 : count;
}

/**
 * `pN ≤ limit`. Where the limit falls inside the percentile's own bucket the ledger can't tell, and
 * that is `unsure`. On too few samples it never passes; it fails only when it would fail even if all
 * the missing samples had been fast: p99 of 50 samples with one slow is `unsure`, with two it fails.
 */
export function judgePercentile(percentile: number, mostMs: number, from: From): Limit {
  const name = `p${percentile}`;
  const needed = samplesFor(percentile);
  const allowed = needed - Math.ceil((percentile / 100) * needed - 1e-9);
  return {
    name,
    expected: `${name}${ofFrom(from)} ≤ ${sayMs(mostMs)}`,
    restsOn: "samples",
    measure({ sample }) {
      const latency = sample.latency(from);
      if (latency.count === 0) return noAnswer(name, sample);
      const { leastMs, mostMs: atMostMs } = bracket(latency, percentile);
      const seenMs = leastMs === atMostMs ? leastMs : latency.quantileMs(percentile / 100);
      const told = { observed: `${name}${ofFrom(from)} = ${sayAgainst(seenMs, mostMs)}`, badness: seenMs };
      if (latency.count < needed) {
        const grade: Grade = slower(latency, mostMs) > allowed ? "fail" : "unsure";
        return { ...told, grade, settled: false, reason: `${sayMany(latency.count, "sample")}; ${name} needs ${needed}` };
      }
      const grade: Grade = atMostMs <= mostMs ? "pass" : leastMs > mostMs ? "fail" : "unsure";
      const reason = grade === "unsure" ? "closer to the limit than the ledger's histograms can tell (0.8 %)" : "";
      return lacking({ ...told, grade, settled: true, reason }, latency, sample);
    },
  };
}

/** Maximum and mean are exact to the microsecond, not from buckets. */
function judgeExact(name: string, mostMs: number, from: From, read: (latency: Histogram) => number, settledAt: number): Limit {
  return {
    name,
    expected: `${name}${ofFrom(from)} ≤ ${sayMs(mostMs)}`,
    restsOn: "samples",
    measure({ sample }) {
      const latency = sample.latency(from);
      if (latency.count === 0) return noAnswer(name, sample);
      const seenMs = read(latency);
      return lacking({
        grade: seenMs <= mostMs ? "pass" : "fail",
        observed: `${name}${ofFrom(from)} = ${sayAgainst(seenMs, mostMs)}`,
        reason: "", badness: seenMs, settled: latency.count >= settledAt,
      }, latency, sample);
    },
  };
}

export const judgeMax = (mostMs: number, from: From): Limit => judgeExact("max", mostMs, from, (latency) => latency.maxMs, 1);
export const judgeMean = (mostMs: number, from: From): Limit => judgeExact("mean", mostMs, from, (latency) => latency.meanMs, 20);
