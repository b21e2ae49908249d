import type { BookLine } from "../../ledger/merge.ts";
import type { ClosedPace } from "../../model/progress.ts";
import type { Since } from "../crew.ts";
import type { Thread } from "./orders.ts";

/** Walks of one journey in one phase that a worker told of. */
interface Walks {
  readonly phase: number;
  readonly journey: string;
  starts: number;
  dropped: number;
  ended: number;
}

/** One worker's place: who sits there, and what was heard from there, whoever sat. */
export class Seat {
  readonly index: number;
  /** Undefined while nobody sits there. */
  thread: Thread | undefined;
  /** How often one died here. */
  deaths = 0;
  /** What ended before is told. */
  untilMs = 0;
  size = 0;
  /** Its share of the closed paces, as told in this phase, and what a person added to each. */
  closed: readonly ClosedPace[] = [];
  readonly byHand = new Map<string, number>();
  /** Beats since its last word. */
  silentBeats = 0;
  /** Since when nobody knows what its share did, and why. */
  lost: { readonly fromMs: number; readonly why: string } | undefined;
  counted = false;
  arrived = false;
  gone = false;
  hasGathered = true;
  hasFinished = false;
  readonly #walks = new Map<string, Walks>();

  constructor(index: number, thread: Thread) {
    this.index = index;
    this.thread = thread;
  }

  /** Its share of one closed pace with what a person added, also where that is not told yet. */
  share(journey: string): ClosedPace | undefined {
    const told = this.closed.find((one) => one.journey === journey);
    return told && { ...told, wanted: Math.max(0, told.planned + (this.byHand.get(journey) ?? 0)) };
  }

  /** Keeps count of what was told. */
  tally(lines: readonly BookLine[]): void {
    for (const line of lines) {
      if (line.k !== "sec") continue;
      for (const [phase, journey, starts, dropped, ended, cut] of line.p) {
        const key = `${phase}\n${journey}`;
        let walks = this.#walks.get(key);
        if (!walks) this.#walks.set(key, (walks = { phase, journey, starts: 0, dropped: 0, ended: 0 }));
        walks.starts += starts;
        walks.dropped += dropped;
        walks.ended += ended + cut;
      }
    }
  }

  /** Walks that nobody will tell the end of any more: from now on they count as ended. */
  takeUnended(): readonly { readonly phase: number; readonly journey: string; readonly count: number }[] {
    return [...this.#walks.values()].flatMap((walks) => {
      const count = walks.starts - walks.ended;
      walks.ended = walks.starts;
      return count > 0 ? [{ phase: walks.phase, journey: walks.journey, count }] : [];
    });
  }

  /** Where the next one takes up the paces of a phase. */
  since(phase: number, journeys: readonly string[], fromMs: number): Readonly<Record<string, Since>> {
    return Object.fromEntries(journeys.map((journey) => {
      const walks = this.#walks.get(`${phase}\n${journey}`);
      return [journey, { fromMs, begun: (walks?.starts ?? 0) + (walks?.dropped ?? 0) }];
    }));
  }
}
