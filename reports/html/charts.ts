import type { LedgerView } from "../../src/ledger/view.ts";
import { sayMs } from "../../src/units/duration.ts";
import { none, sayCount, sayLatency, sayMoment, sayRate } from "../numbers.ts";
import type { Timeline, TimelinePoint } from "../timeline.ts";
import { latencyAxis, linearAxis, type Axis } from "./axis.ts";

export interface Line {
  /** Names its colour and dashes in report.css. */
  readonly look: "p50" | "p95" | "p99" | "begun" | "rate" | "refused" | "unsure" | "dropped" | "users" | "probe";
  readonly label: string;
  /** One value a point; NaN where nothing was measured. */
  readonly values: readonly number[];
}

/** What is drawn twice: as SVG for everyone, and by the page's script where it may run. */
export interface Chart {
  readonly id: string;
  readonly title: string;
  readonly unit: "ms" | "perSecond" | "count";
  readonly lines: readonly Line[];
  readonly axis: Axis;
  /** One sentence that says what the picture shows. */
  readonly summary: string;
}

export const sayValue: Readonly<Record<Chart["unit"], (value: number) => string>> = { ms: sayLatency, perSecond: sayRate, count: (n) => (Number.isFinite(n) ? sayCount(n) : none) };

const most = (values: readonly number[]): number => values.reduce((high, value) => (value > high ? value : high), 0);

/** The plots of a run. */
export function chartsOf(view: LedgerView, { points, stepS }: Timeline): Chart[] {
  if (view.series.every((one) => one.seconds.length === 0)) return [];
  const of = (key: keyof TimelinePoint) => points.map((point) => point[key]);
  const peak = (values: readonly number[], say: (n: number) => string) => {
    const high = most(values);
    return `${say(high)} at ${sayMoment((points[values.indexOf(high)]?.s ?? 0) * 1_000)}`;
  };
  const each = `Each point is ${sayMs(stepS * 1_000)}.`;
  const [p50, p95, p99, begun] = [of("p50Ms"), of("p95Ms"), of("p99Ms"), of("p95BegunMs")];
  const [rate, users] = [of("perSecond"), of("users")];
  const errors = [of("refusedPerSecond"), of("unsurePerSecond"), of("droppedPerSecond")] as const;
  const bad = points.map((_, i) => errors[0][i]! + errors[1][i]! + errors[2][i]!);
  return [
    { id: "rate", title: "Rate", unit: "perSecond", lines: [{ look: "rate", label: "ops a second", values: rate }], axis: linearAxis(most(rate) || 1), summary: `Highest ${peak(rate, sayRate)}. ${each}` },
    {
      id: "latency", title: "Latency from due", unit: "ms", axis: latencyAxis([...p50, ...p99, ...begun]),
      lines: [{ look: "p50", label: "p50", values: p50 }, { look: "p95", label: "p95", values: p95 }, { look: "p99", label: "p99", values: p99 }, { look: "begun", label: "p95 from begun", values: begun }],
      summary: `Highest p99 ${peak(p99, sayLatency)}. ${each} From begun is what the server took.${latencyAxis([...p50, ...p99, ...begun]).log ? " The axis is logarithmic." : ""}`,
    },
    {
      id: "errors", title: "Errors and dropped starts", unit: "perSecond", axis: linearAxis(most(bad) || 1),
      lines: [{ look: "refused", label: "refused", values: errors[0] }, { look: "unsure", label: "unsure", values: errors[1] }, { look: "dropped", label: "dropped starts", values: errors[2] }],
      summary: most(bad) === 0 ? "None in the whole run." : `Most ${peak(bad, sayRate)}. ${each}`,
    },
    { id: "users", title: "Users", unit: "count", axis: linearAxis(most(users) || 1, true), lines: [{ look: "users", label: "users walking", values: users }], summary: `Most at once ${peak(users, sayCount)}.` },
  ];
}
