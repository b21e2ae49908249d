import type { Source, Witness } from "./engine.ts";

/** The head of a body is kept to so many bytes: whole pieces would be held for as long as their request takes. */
const headBytes = 4_096;
const nothing = new Uint8Array();

/** What was read of a body so far. */
export class Reading implements Witness {
  readBytes = 0;
  readonly #kept: Uint8Array[] = [];

  /** A piece that is about to be sent. It may be overwritten after that, and `Buffer.slice` copies nothing. */
  see(piece: Uint8Array): void {
    if (this.readBytes < headBytes) this.#kept.push(Uint8Array.prototype.slice.call(piece, 0, headBytes - this.readBytes));
    this.readBytes += piece.length;
  }

  get head(): Uint8Array {
    return this.#kept.length === 0 ? nothing : Buffer.concat(this.#kept);
  }
}

/** A body that is read while it is sent, and knows what was read of it. */
export class Pieced implements Source {
  readonly lengthBytes: number | undefined;
  read: Reading | undefined;
  readonly #isReadable: () => boolean;
  readonly #open: (seen: Reading) => AsyncIterable<Uint8Array>;

  constructor(lengthBytes: number | undefined, isReadable: () => boolean, open: (seen: Reading) => AsyncIterable<Uint8Array>) {
    this.lengthBytes = lengthBytes;
    this.#isReadable = isReadable;
    this.#open = open;
  }

  get readable(): boolean {
    return this.#isReadable();
  }

  chunks(): AsyncIterable<Uint8Array> {
    return this.#open((this.read = new Reading()));
  }
}
