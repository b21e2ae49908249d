import type { EndLine, HandLine, Line, RunLine, SayLine, StormFacts, StormLine } from "../../src/ledger/lines.ts";
import type { Finding, Grade } from "../../src/model/verdict.ts";
import type { Progress } from "../../src/model/progress.ts";
import { cutTo } from "../escape.ts";
import { byGrade } from "../story.ts";
import { Probes, type Asked } from "./asked.ts";
import { Failures, type Failing } from "./failing.ts";
import { History, type HistoryPart } from "./history.ts";
import { Steps, type StepRow } from "./steps.ts";

const mostSays = 80;
const mostStormSteps = 40;
const mostFindings = 40;
const longest = 500;

export interface LivePhase {
  readonly name: string;
  readonly judged: boolean;
  readonly forMs: number | null;
  readonly beginMs: number | null;
  readonly endMs: number | null;
}

export interface LiveStorm {
  readonly phase: number;
  readonly facts: Pick<StormFacts, "harm" | "recovery" | "withinMs">;
  readonly targets: string;
  readonly steps: readonly { readonly step: StormLine["step"]; readonly t: number; readonly error?: string }[];
}

/** The verdict: so far, or the last word. Findings that did not pass, the worst first; the others are counted. */
export interface LiveVerdict {
  /** Undefined while nothing was judged. */
  readonly grade: Grade | undefined;
  readonly sentence: string;
  readonly findings: readonly Pick<Finding, "id" | "grade" | "expected" | "observed" | "reason">[];
  /** `open`: what can't be decided yet. */
  readonly counts: Readonly<Record<Grade | "open", number>>;
}

/** How it ended, for the last news. */
export interface LiveEnd {
  readonly how: EndLine["how"];
  readonly reason: string;
  /** Path of what was written, by what it is: `["html", "seatrial-runs/latest/index.html"]`. */
  readonly paths: readonly (readonly [what: string, path: string])[];
  readonly exitCode: number;
}

/** What a page shows. News are the same with only what changed. */
export interface LiveWhole {
  readonly run: Pick<RunLine, "scenario" | "run" | "seed" | "journeys"> & { readonly place: string } | undefined;
  readonly phases: readonly LivePhase[];
  readonly now: Progress | undefined;
  readonly history: HistoryPart;
  readonly steps: readonly StepRow[];
  readonly storms: readonly LiveStorm[];
  readonly probes: readonly Asked[];
  readonly failures: readonly Failing[];
  readonly hands: readonly HandLine[];
  readonly says: readonly Pick<SayLine, "t" | "level" | "text">[];
  readonly verdict: LiveVerdict | undefined;
  readonly over: LiveEnd | undefined;
}
export type LiveNews = Partial<LiveWhole>;

type Mutable<T> = { -readonly [K in keyof T]: T[K] };
/** What is sent whole whenever any of it changed. */
type Plain = "run" | "phases" | "now" | "storms" | "hands" | "says" | "verdict" | "over";

/** `verdict` as a page shows it. */
export function liveVerdict(grade: Grade | undefined, sentence: string, findings: readonly Finding[], open = 0): LiveVerdict {
  const count = (of: Grade) => findings.filter((one) => one.grade === of).length;
  const bad = byGrade(findings).filter((one) => one.grade !== "pass").slice(0, mostFindings);
  return {
    grade, sentence, counts: { pass: count("pass"), unsure: count("unsure"), fail: count("fail"), open },
    findings: bad.map(({ id, grade, expected, observed, reason }) => ({ id: cutTo(id, longest), grade, expected: cutTo(expected, longest), observed: cutTo(observed, longest), reason: cutTo(reason, longest) })),
  };
}

/**
 * A run under way as a page shows it, fed by the lines of its ledger. What it holds is bounded by the
 * scenario and by limits of its own, not by the length of the run.
 */
export class LiveState {
  readonly #history = new History();
  readonly #steps = new Steps();
  readonly #probes = new Probes();
  readonly #failures = new Failures();
  readonly #plain: Mutable<Pick<LiveWhole, Plain>> = { run: undefined, phases: [], now: undefined, storms: [], hands: [], says: [], verdict: undefined, over: undefined };
  readonly #changed = new Set<Plain>();
  #facts: RunLine["phases"] = [];

  add(line: Line): void {
    switch (line.k) {
      case "run": {
        const { scenario, run, seed, journeys, place, phases } = line;
        this.#facts = phases;
        this.#probes.begin(line.probes);
        this.#set("run", { scenario, run, seed, journeys, place: place?.name ?? "" });
        return this.#set("phases", phases.map(({ name, judged, forMs }) => ({ name, judged, forMs: forMs ?? null, beginMs: null, endMs: null })));
      }
      case "phase":
        return this.#set("phases", this.#plain.phases.map((phase, index) => (index !== line.phase ? phase : { ...phase, [line.at === "begin" ? "beginMs" : "endMs"]: line.t })));
      case "series":
        this.#steps.series(line);
        return this.#failures.series(line);
      case "sec":
        this.#steps.add(line);
        this.#failures.add(line);
        return this.#history.add(line, this.#steps.isOp);
      case "fail":
        return this.#failures.fail(line);
      case "probe":
        return this.#probes.add(line);
      case "storm":
        return this.#storm(line);
      case "hand":
        return this.#set("hands", [...this.#plain.hands, line].slice(-mostSays));
      case "end":
        return this.#history.end(line);
    }
  }

  progress(now: Progress): void {
    this.#set("now", now);
  }

  say({ t, level, text }: Pick<SayLine, "t" | "level" | "text">): void {
    this.#set("says", [...this.#plain.says, { t, level, text: cutTo(text, longest) }].slice(-mostSays));
  }

  verdict(verdict: LiveVerdict): void {
    this.#set("verdict", verdict);
  }

  over(end: LiveEnd): void {
    this.#set("over", end);
  }

  /** Everything, for a page that was just opened. */
  whole(): LiveWhole {
    return { ...this.#plain, history: this.#history.whole(), steps: this.#steps.whole(), probes: this.#probes.whole(), failures: this.#failures.whole() };
  }

  /** What changed since the last time, for pages that are open. */
  news(): LiveNews {
    const news: Mutable<LiveNews> = Object.fromEntries([...this.#changed].map((key) => [key, this.#plain[key]]));
    this.#changed.clear();
    const [history, steps, probes, failures] = [this.#history.news(), this.#steps.news(), this.#probes.news(), this.#failures.news()];
    if (history) news.history = history;
    if (steps.length > 0) news.steps = steps;
    if (probes) news.probes = probes;
    if (failures) news.failures = failures;
    return news;
  }

  #set<K extends Plain>(key: K, value: LiveWhole[K]): void {
    this.#plain[key] = value;
    this.#changed.add(key);
  }

  #storm({ phase, step, t, error, targets }: StormLine): void {
    const facts = this.#facts[phase]?.storm;
    if (!facts) return;
    const { harm, recovery, withinMs } = facts;
    const known = this.#plain.storms.find((one) => one.phase === phase) ?? { phase, facts: { harm, recovery, withinMs }, targets: "", steps: [] };
    const more = { step, t, ...(error !== undefined && { error: cutTo(error, longest) }) };
    const storm: LiveStorm = {
      ...known, steps: [...known.steps, more].slice(-mostStormSteps),
      ...(targets && { targets: cutTo(targets.map(({ what, name }) => `${what} ${name}`).join(", "), longest) }),
    };
    this.#set("storms", [...this.#plain.storms.filter((one) => one !== known), storm]);
  }
}
