interface Timer {
  readonly atMs: number;
  readonly made: number;
  call: (() => void) | undefined;
}

const before = (a: Timer, b: Timer) => a.atMs < b.atMs || (a.atMs === b.atMs && a.made < b.made);

/** Calls in order of their times, those of one time in order of making: a binary heap. */
export class Timers {
  readonly #heap: Timer[] = [];
  #made = 0;

  /** Keeps the call; the answer cancels it. A time that never comes is not kept. */
  add(atMs: number, call: () => void): () => void {
    if (!(atMs < Infinity)) return () => {};
    const timer: Timer = { atMs, made: this.#made++, call };
    const heap = this.#heap;
    let hole = heap.length;
    heap.push(timer);
    while (hole > 0) {
      const up = (hole - 1) >> 1;
      if (!before(timer, heap[up]!)) break;
      heap[hole] = heap[up]!;
      hole = up;
    }
    heap[hole] = timer;
    return () => {
      timer.call = undefined;
    };
  }

  /** Time of the next call; Infinity when there is none. */
  nextMs(): number {
    while (this.#heap[0] && !this.#heap[0].call) this.#pop();
    return this.#heap[0]?.atMs ?? Infinity;
  }

  /** Takes the next call out. */
  take(): (() => void) | undefined {
    return this.nextMs() < Infinity ? this.#pop().call : undefined;
  }

  #pop(): Timer {
    const heap = this.#heap;
    const [top, last] = [heap[0]!, heap.pop()!];
    if (heap.length === 0) return top;
    let hole = 0;
    for (;;) {
      let down = 2 * hole + 1;
      if (down >= heap.length) break;
      if (down + 1 < heap.length && before(heap[down + 1]!, heap[down]!)) down++;
      if (!before(heap[down]!, last)) break;
      heap[hole] = heap[down]!;
      hole = down;
    }
    heap[hole] = last;
    return top;
  }
}
