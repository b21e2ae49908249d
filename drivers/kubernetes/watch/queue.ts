import type { Change } from "./watch.ts";

/** What a reader that iterates may be behind. */
const mostWaiting = 10_000;

/** The changes that one iterating reader has not taken yet. Where it is too slow, it is told so in their place. */
export class Queue<T> {
  #waiting: Change<T>[] = [];
  #wake: (() => void) | undefined;
  #ended = false;

  push(change: Change<T>): void {
    if (this.#waiting.length >= mostWaiting) {
      const earlier = this.#waiting[0]!;
      const lost = this.#waiting.length - (earlier.kind === "overrun" ? 1 - earlier.lost : 0);
      this.#waiting = [{ kind: "overrun", lost, atMs: change.atMs }];
    }
    this.#waiting.push(change);
    this.#wake?.();
  }

  end(): void {
    this.#ended = true;
    this.#wake?.();
  }

  async *read(): AsyncGenerator<Change<T>, void> {
    for (;;) {
      const taken = this.#waiting;
      this.#waiting = [];
      yield* taken;
      if (this.#waiting.length > 0) continue;
      if (this.#ended) return;
      await new Promise<void>((resolve) => (this.#wake = resolve));
      this.#wake = undefined;
    }
  }
}
