import type { ClientHttp2Stream } from "node:http2";
import type { Clock } from "../../../src/units/clock.ts";
import { isSource, type Outgoing, type Source } from "../engine.ts";

/** What becomes of a body: one of the two, once. */
interface Said {
  /** The last byte of it left. */
  left(): void;
  /** There is no more of it, and it was not all. */
  failed(error: Error): void;
}

/** A body on its way, at once or when the service has said that it wants it; never more of a source is in memory than the stream wants. */
export class Upload {
  /** Some of the body was read, or sent. */
  begun = false;
  readonly #body: NonNullable<Outgoing["body"]>;
  readonly #stream: ClientHttp2Stream;
  readonly #said: Said;
  #stopped = false;
  readonly #cancelWait: (() => void) | undefined;

  constructor({ body, continueMs }: Outgoing, stream: ClientHttp2Stream, clock: Clock, said: Said) {
    this.#body = body!;
    this.#stream = stream;
    this.#said = said;
    stream.once("finish", () => said.left()).once("close", () => this.stop());
    if (continueMs === undefined) this.go();
    else {
      this.#cancelWait = clock.at(clock.now() + continueMs, () => this.go());
      stream.once("continue", () => this.go());
    }
  }

  stop(): void {
    this.#stopped = true;
    this.#cancelWait?.();
  }

  go(): void {
    if (this.begun || this.#stopped) return;
    this.#cancelWait?.();
    this.begun = true;
    if (isSource(this.#body)) void this.#pour(this.#body);
    else this.#stream.end(this.#body);
  }

  async #pour(source: Source): Promise<void> {
    try {
      for await (const chunk of source.chunks()) {
        if (this.#stopped) return;
        if (chunk.length > 0 && !this.#stream.write(chunk)) await this.#drained();
        if (this.#stopped) return;
      }
    } catch (error) {
      if (!this.#stopped) this.#said.failed(error instanceof Error ? error : new Error(String(error)));
      return;
    }
    if (!this.#stopped) this.#stream.end();
  }

  /** Resolves when the stream wants more, or is no more. */
  #drained(): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        this.#stream.off("drain", done).off("close", done);
        resolve();
      };
      this.#stream.on("drain", done).on("close", done);
    });
  }
}
