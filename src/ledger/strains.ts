import { type LackCause, lackCauses } from "../model/op.ts";
import { sayMs } from "../units/duration.ts";
import type { ErrorCode } from "../units/errors.ts";
import { sayFraction } from "../units/percent.ts";
import type { HealthLine } from "./lines.ts";

/** A limit of the generator itself, and what a verdict makes of it. */
export interface Strain {
  /** Its row in the catalogue says what it means and what to do; `{worst}` is filled by `say`. */
  readonly code: ErrorCode;
  /** What is measured in every second of every thread, and how much of it is too much. */
  readonly measured: string;
  readonly above: string;
  /**
   * - `marks` the second: what rests on more than a few such seconds is unsure.
   * - `explains`: is told beside what marks the second, and marks none by itself.
   * - `own lack`: a touch that the generator could not even begin. It is no error of the service, marks
   *   the second, and leaves the whole verdict unsure.
   */
  readonly place: "marks" | "explains" | "own lack";
  /** What a line has of it when that is too much; undefined otherwise, or when it was not measured. */
  broken(line: HealthLine): number | undefined;
  say(worst: number): string;
}

const over = (value: number | undefined, most: number): number | undefined => (value !== undefined && value > most ? value : undefined);
const sayCpu = (share: number): string => sayFraction(Math.round(share * 1_000) / 1_000);

function lack(cause: LackCause): Strain {
  return {
    code: lackCauses[cause], measured: `touches that failed with \`${cause}\``, above: "0", place: "own lack",
    broken: ({ lacks }) => over(lacks?.[cause], 0),
    say: String,
  };
}

/** Every limit that the generator watches in itself; `src/judge/README.md` shows the same table. */
export const strains: readonly Strain[] = [
  {
    code: "SEA_SELF_LAG", measured: "lateness of the event loop's timers, p99", above: "200 ms", place: "marks",
    broken: ({ lagMs }) => over(lagMs, 200), say: sayMs,
  },
  {
    code: "SEA_SELF_CPU", measured: "CPU of the thread", above: "97 % of a core", place: "marks",
    broken: ({ cpu }) => over(cpu, 0.97), say: sayCpu,
  },
  {
    code: "SEA_SELF_GC", measured: "pauses for garbage collection", above: "200 ms of a second", place: "marks",
    broken: ({ gcMs }) => over(gcMs, 200), say: sayMs,
  },
  {
    code: "SEA_SELF_HEAP", measured: "heap in use", above: "90 % of its limit", place: "marks",
    broken: ({ heap }) => over(heap, 0.9), say: sayCpu,
  },
  {
    code: "SEA_SELF_STOPPED", measured: "time in which it neither ran nor waited for a CPU, while timers were due", above: "1 s or more", place: "marks",
    broken: ({ stoppedMs }) => over(stoppedMs, 0), say: sayMs,
  },
  {
    code: "SEA_SELF_CLOCK", measured: "wall clock against time that passed", above: "500 ms apart", place: "marks",
    broken: ({ clockMs }) => over(clockMs === undefined ? undefined : Math.abs(clockMs), 500), say: sayMs,
  },
  {
    code: "SEA_SELF_STARVED", measured: "time in which it was ready and found no free CPU", above: "200 ms of a second", place: "explains",
    broken: ({ waitedMs }) => over(waitedMs, 200), say: sayMs,
  },
  {
    code: "SEA_SELF_STOLEN", measured: "CPU of the machine that its hypervisor gave to others", above: "5 %", place: "explains",
    broken: ({ stolen }) => over(stolen, 0.05), say: sayCpu,
  },
  lack("no descriptors"),
  lack("no ports"),
  lack("no browser"),
];

/** True when the numbers of this second can't be trusted. */
export const isSlow = (line: HealthLine): boolean => strains.some((strain) => strain.place !== "explains" && strain.broken(line) !== undefined);

/** A limit that was broken: how badly at worst, and in which seconds. */
export interface Strained {
  readonly strain: Strain;
  readonly worst: string;
  /** In their order, each once, however many threads broke it. */
  readonly seconds: readonly number[];
}

/** The limits that were broken in these lines. What only explains is looked for in slow seconds alone. */
export function strainsIn(lines: readonly HealthLine[]): readonly Strained[] {
  return strains.flatMap((strain) => {
    const seconds = new Set<number>();
    let worst = 0;
    for (const line of lines) {
      const value = strain.place === "explains" && !line.slow ? undefined : strain.broken(line);
      if (value === undefined) continue;
      seconds.add(line.s);
      worst = Math.max(worst, value);
    }
    return seconds.size > 0 ? { strain, worst: strain.say(worst), seconds: [...seconds].sort((a, b) => a - b) } : [];
  });
}

const mostStretches = 5;

/** Seconds of a ledger as stretches: `"12–15, 20"`. */
export function saySeconds(seconds: readonly number[]): string {
  const stretches: { from: number; to: number }[] = [];
  for (const s of seconds) {
    const last = stretches.at(-1);
    if (last && s === last.to + 1) last.to = s;
    else stretches.push({ from: s, to: s });
  }
  const said = stretches.slice(0, mostStretches).map(({ from, to }) => (from === to ? `${from}` : `${from}–${to}`));
  return `${said.join(", ")}${stretches.length > mostStretches ? ", …" : ""}`;
}
