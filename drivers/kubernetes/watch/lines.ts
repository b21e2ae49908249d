/** One object of a watch is below the server's own limit of 3 MB for a request, and then some. */
const mostBytes = 16_000_000;

/** The lines of a stream of bytes, cut wherever the network cut them. */
export class Lines {
  #parts: Buffer[] = [];
  #bytes = 0;

  /** @throws when a line has no end within 16 MB */
  *take(chunk: Buffer): Generator<string> {
    let from = 0;
    for (let at = chunk.indexOf(10); at >= 0; at = chunk.indexOf(10, from)) {
      this.#parts.push(chunk.subarray(from, at));
      const line = (this.#parts.length === 1 ? this.#parts[0]! : Buffer.concat(this.#parts)).toString("utf8");
      this.#parts = [];
      this.#bytes = 0;
      from = at + 1;
      if (line.trim() !== "") yield line;
    }
    if (from === chunk.length) return;
    this.#bytes += chunk.length - from;
    if (this.#bytes > mostBytes) throw new Error(`a line of more than ${mostBytes / 1_000_000} MB`);
    this.#parts.push(chunk.subarray(from));
  }
}
