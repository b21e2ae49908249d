/** All of an output, or nothing of one that is too long. */
export class Kept {
  readonly #most: number;
  #pieces: Buffer[] | undefined = [];
  #bytes = 0;

  constructor(most: number) {
    this.#most = most;
  }

  add(bytes: Buffer): void {
    this.#bytes += bytes.length;
    if (this.#bytes > this.#most) this.#pieces = undefined;
    else this.#pieces?.push(bytes);
  }

  get text(): string | undefined {
    return this.#pieces && Buffer.concat(this.#pieces).toString("utf8");
  }
}

/** The last of an output. */
export class Tail {
  readonly #most: number;
  #pieces: Buffer[] = [];
  #bytes = 0;

  constructor(most: number) {
    this.#most = most;
  }

  add(bytes: Buffer): void {
    this.#pieces.push(bytes);
    this.#bytes += bytes.length;
    if (this.#bytes <= 2 * this.#most) return;
    this.#pieces = [this.#whole()];
    this.#bytes = this.#pieces[0]!.length;
  }

  #whole(): Buffer {
    const whole = Buffer.concat(this.#pieces);
    // A copy: a view would hold on to all of it.
    return Buffer.from(whole.subarray(Math.max(0, whole.length - this.#most)));
  }

  get text(): string {
    return this.#whole().toString("utf8");
  }
}
