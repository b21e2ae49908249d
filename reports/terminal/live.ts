import type { SayLine } from "../../src/ledger/lines.ts";
import type { Progress } from "../../src/model/progress.ts";
import { sayMs } from "../../src/units/duration.ts";
import { plainLine } from "../escape.ts";
import { block, plainProgress } from "./block.ts";
import { painter, type Manner, type Out, type Paint } from "./manner.ts";

/** Between two plain lines, unless something happens. */
const plainEveryMs = 5_000;
const sayColour = { info: "cyan", warning: "yellow", error: "red" } as const;

/**
 * Shows a run while it happens. It has no timer: whoever has the news calls `update`, about once a second.
 *
 * @example
 * const live = new LiveTerminal(process.stderr, mannerOf(process.stderr, process.env));
 * live.update(progress);
 * live.say({ t: 1_200, level: "info", text: "3 replicas are up" });
 * live.end();
 */
export class LiveTerminal {
  readonly #out: Out;
  readonly #manner: Manner;
  readonly #paint: Paint;
  #latest: Progress | undefined;
  #drawn = 0;
  #saidMs = -Infinity;
  #said = "";

  constructor(out: Out, manner: Manner) {
    this.#out = out;
    this.#manner = manner;
    this.#paint = painter(manner.colour);
  }

  update(progress: Progress): void {
    this.#latest = progress;
    if (this.#manner.live) return this.#draw();
    const now = `${progress.phase.index} ${progress.storm?.step}`;
    if (now === this.#said && progress.tMs - this.#saidMs < plainEveryMs) return;
    this.#said = now;
    this.#saidMs = progress.tMs;
    this.#out.write(`${plainProgress(progress)}\n`);
  }

  /** A line that stays, above the block. */
  say(line: Pick<SayLine, "t" | "level" | "text" | "code">): void {
    const level = line.level === "info" ? "" : `${line.level}: `;
    const text = `[${sayMs(line.t)}]  ${level}${plainLine(line.text)}${line.code ? ` (${line.code})` : ""}`;
    this.#out.write(`${this.#erased()}${this.#paint(sayColour[line.level], text)}\n`);
    if (this.#manner.live && this.#latest) this.#draw();
  }

  /** Takes the block away; the final text follows. */
  end(): void {
    const erase = this.#erased();
    if (erase) this.#out.write(erase);
    this.#latest = undefined;
  }

  /** One write a redraw: a terminal that shows half of it would flicker. */
  #draw(): void {
    const lines = block(this.#latest!, this.#paint, this.#manner.columns);
    const erase = this.#erased();
    this.#drawn = lines.length;
    this.#out.write(`${erase}${lines.join("\n")}\n`);
  }

  #erased(): string {
    const erase = this.#drawn > 0 ? `\u001b[${this.#drawn}A\r\u001b[J` : "";
    this.#drawn = 0;
    return erase;
  }
}
