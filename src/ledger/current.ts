import type { Line } from "./lines.ts";
import { ViewBuilder } from "./gather.ts";
import type { LedgerView } from "./view.ts";

/**
 * A live view of the phase that is under way, for questions that can't wait for the end. It holds
 * one phase, so its memory does not grow with the run.
 */
export class CurrentPhase {
  #builder = new ViewBuilder();
  /** What a fresh builder must know: the run, the phases and series so far. */
  readonly #frame: Line[] = [];

  add(line: Line): void {
    if (line.k === "run" || line.k === "phase" || line.k === "series") this.#frame.push(line);
    if (line.k === "phase" && line.at === "begin") {
      this.#builder = new ViewBuilder();
      for (const known of this.#frame) this.#builder.add(known);
    } else this.#builder.add(line);
  }

  view(): LedgerView | undefined {
    return this.#builder.view();
  }
}
