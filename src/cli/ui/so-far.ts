import { ViewBuilder } from "../../ledger/gather.ts";
import type { Line } from "../../ledger/lines.ts";
import { judgeSoFar, type SoFar } from "../../judge/so-far.ts";
import { type Finding, worst } from "../../model/verdict.ts";
import type { Clock } from "../../units/clock.ts";
import { liveVerdict, type LiveVerdict } from "../../../reports/live/state.ts";

/** A phase with more cells of seconds than this is not judged beside the run: it would take too much memory. */
const mostCells = 150_000;
/** Judging takes at most this share of a core, however long the phase. */
const mostShare = 0.004;
/** What belongs to a phase may be written so long after its end: the second in which it ended, above all. */
const afterMs = 5_000;

interface Sailed {
  readonly phase: number;
  readonly builder: ViewBuilder;
  endMs: number;
  cells: number;
}

const nothing: SoFar = { findings: [], open: 0 };

/** What is about the whole run comes again with each phase: its worst stays. */
function keep(into: Map<string, Finding>, findings: readonly Finding[]): void {
  for (const finding of findings) {
    const known = into.get(finding.id);
    if (!known || worst([known.grade, finding.grade]) === finding.grade) into.set(finding.id, finding);
  }
}

/** A second is written when all that walk have told of it, which takes no longer than this. */
const lateMs = 4_000;

const judged = ({ builder, phase, cells }: Sailed, countedMs: number): SoFar => {
  const view = cells > mostCells ? undefined : builder.view();
  return view ? judgeSoFar(view, phase, Math.max(countedMs, view.lastMs - lateMs)) : nothing;
};

/** The verdict of a run under way: phases that are over keep their findings, the latest is judged again and again. */
export class VerdictSoFar {
  readonly #clock: Clock;
  /** What every phase's builder must know: the run, the phases, the series. */
  readonly #frame: Line[] = [];
  readonly #over = new Map<string, Finding>();
  #sailed: Sailed[] = [];
  #nextMs = 0;
  #countedMs = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  add(line: Line): void {
    if (line.k === "phase" && line.at === "begin") {
      const builder = new ViewBuilder();
      for (const known of this.#frame) builder.add(known);
      this.#sailed.push({ phase: line.phase, builder, endMs: Infinity, cells: 0 });
    }
    if (line.k === "run" || line.k === "phase" || line.k === "series") this.#frame.push(line);
    const tMs = line.k === "sec" ? line.s * 1_000 : "t" in line ? line.t : 0;
    if (line.k === "sec") this.#countedMs = Math.max(this.#countedMs, (line.s + 1) * 1_000);
    for (const one of this.#sailed) {
      if (line.k === "sec") one.cells += line.d.length + line.p.length;
      if (line.k !== "sec" || one.cells <= mostCells) one.builder.add(line);
      if (line.k === "phase" && line.at === "end" && line.phase === one.phase) one.endMs = line.t;
    }
    const done = this.#sailed.filter(({ endMs }) => tMs > endMs + afterMs);
    for (const one of done) keep(this.#over, judged(one, this.#countedMs).findings);
    if (done.length > 0) this.#sailed = this.#sailed.filter((one) => !done.includes(one));
  }

  /** The verdict, when it is time to judge again. */
  look(): LiveVerdict | undefined {
    const beganMs = this.#clock.now();
    if (beganMs < this.#nextMs) return undefined;
    const all = new Map(this.#over);
    let open = 0;
    for (const one of this.#sailed) {
      const soFar = judged(one, this.#countedMs);
      keep(all, soFar.findings);
      open += soFar.open;
    }
    this.#nextMs = this.#clock.now() + (this.#clock.now() - beganMs) / mostShare;
    const findings = [...all.values()];
    const isTooLong = this.#sailed.some(({ cells }) => cells > mostCells);
    const note = isTooLong ? "The phase under way has grown too long to be judged beside the run; it is judged at the end." : "";
    return liveVerdict(findings.length > 0 ? worst(findings.map(({ grade }) => grade)) : undefined, note, findings, open);
  }
}
