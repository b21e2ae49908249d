const none = Buffer.alloc(0);

/** Bytes that come in pieces. Grows by doubling, so that a server which drips costs no object a byte. */
export class Bytes {
  length = 0;
  #room = none;

  /** What has come; it may share memory with what comes later. */
  get view(): Buffer {
    return this.#room;
  }

  /** Copies a piece. `expected` is how much it will be in the end, where somebody said so. */
  append(piece: Buffer, from: number, to: number, expected = Infinity): void {
    const length = this.length + to - from;
    if (length > this.#room.length) {
      const grown = Buffer.allocUnsafe(Math.max(length, Math.min(expected, 2 * this.#room.length)));
      this.#room.copy(grown, 0, 0, this.length);
      this.#room = grown;
    }
    piece.copy(this.#room, this.length, from, to);
    this.length = length;
  }

  /** Hands everything over and begins anew. */
  take(): Buffer {
    const bytes = this.length === this.#room.length ? this.#room : this.#room.subarray(0, this.length);
    this.#room = none;
    this.length = 0;
    return bytes;
  }
}
