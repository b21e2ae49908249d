import { Shape, Unreadable } from "../command/shape.ts";

/** Touches of one kind, in one of the report's periods. */
export interface Count {
  /** Wall time of the period's first metric, ms since 1970. */
  readonly fromMs: number;
  readonly outcome: "ok" | "refused" | "unsure";
  readonly count: number;
  /** Why, of what is not ok. */
  readonly cause?: string;
  readonly status?: number;
}

/** A summary as Artillery made it: of the whole run, for percentiles of its periods can't be merged. */
export interface Quoted {
  readonly name: string;
  readonly count: number;
  /** By its own names: `p95`, `max`; in its own unit, which is ms for times. */
  readonly values: Readonly<Record<(typeof quoted)[number], number>>;
}

export interface Report {
  readonly counts: readonly Count[];
  readonly summaries: readonly Quoted[];
  /** Of the whole run: `vusers.created`, `http.requests`, … */
  readonly counters: ReadonlyMap<string, number>;
}

const quoted = ["mean", "p50", "p95", "p99", "max"] as const;

/** Errors that came in place of an answer; others, such as a capture that found nothing, came with one. */
const lost = /^E[A-Z_]+$/;
/** Of those, the request can't have been heard. */
const unsent = /^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|EADDRNOTAVAIL|EMFILE)$/;

/** What `artillery run --output` writes. @throws Unreadable for anything else, and for a report whose periods do not add up */
export function readReport(text: string): Report {
  const report = Shape.parse(text);
  const aggregate = report.get("aggregate");
  const counters = countersOf(aggregate);
  const counts = report.get("intermediate").list().flatMap(countsIn);
  for (const [name, total] of counters) {
    if (!name.startsWith("http.codes.") && !name.startsWith("errors.")) continue;
    const sum = report.get("intermediate").list().reduce((sum, period) => sum + (countersOf(period).get(name) ?? 0), 0);
    if (sum !== total) throw new Unreadable(`${name} is ${total} in all, and ${sum} in the report's periods together`);
  }
  const ended = [...counters].reduce((sum, [name, count]) => sum + (/^http\.codes\.|^errors\.E[A-Z_]+$/.test(name) ? count : 0), 0);
  const unanswered = (counters.get("http.requests") ?? 0) - ended;
  // Periods end between a request and its answer, so only the whole can say that one never came.
  if (unanswered > 0) counts.push({ fromMs: aggregate.get("lastMetricAt").number(), outcome: "unsure", count: unanswered, cause: "no answer" });
  return { counts, counters, summaries: summariesOf(aggregate.maybe("summaries")) };
}

const countersOf = (part: Shape): ReadonlyMap<string, number> => {
  const counters = part.get("counters");
  return new Map(counters.names().map((name) => [name, counters.get(name).number()]));
};

function countsIn(period: Shape): Count[] {
  const counters = countersOf(period);
  const fromMs = (period.maybe("firstMetricAt") ?? period.maybe("firstCounterAt"))?.number() ?? Number(period.get("period").value);
  const counts: Count[] = [];
  for (const [name, count] of counters) {
    if (count === 0) continue;
    const [, code] = /^http\.codes\.(\d{3})$/.exec(name) ?? [];
    const [, error] = /^errors\.(.+)$/s.exec(name) ?? [];
    if (code !== undefined) {
      const status = Number(code);
      counts.push(status < 400 ? { fromMs, outcome: "ok", count } : { fromMs, outcome: "refused", count, cause: `status ${code}`, status });
    } else if (error !== undefined && lost.test(error)) {
      counts.push({ fromMs, outcome: unsent.test(error) ? "refused" : "unsure", count, cause: error });
    }
  }
  // What else went wrong went wrong with an answer that is counted: take it from the good ones.
  for (const [name, count] of counters) {
    const [, error] = /^errors\.(.+)$/s.exec(name) ?? [];
    if (error === undefined || lost.test(error) || count === 0) continue;
    let left = count;
    for (const [index, good] of counts.entries()) {
      if (good.outcome !== "ok" || left === 0) continue;
      const taken = Math.min(left, good.count);
      left -= taken;
      counts[index] = { ...good, count: good.count - taken };
    }
    // Where there are answers, the rest had one that is counted as refused already.
    const isAnswered = [...counters.keys()].some((name) => name.startsWith("http.codes."));
    counts.push({ fromMs, outcome: "refused", count: isAnswered ? count - left : count, cause: `error: ${error}` });
  }
  return counts.filter(({ count }) => count !== 0);
}

function summariesOf(summaries: Shape | undefined): readonly Quoted[] {
  return (summaries?.names() ?? []).map((name) => {
    const summary = summaries!.get(name);
    const values = Object.fromEntries(quoted.map((value) => [value, summary.get(value).number()])) as Quoted["values"];
    return { name, count: summary.get("count").number(), values };
  });
}
