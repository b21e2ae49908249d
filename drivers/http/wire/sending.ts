import type { Socket } from "node:net";
import type { Clock } from "../../../src/units/clock.ts";
import { isSource, type Outgoing, type Source } from "../engine.ts";

/**
 * A body that leaves apart from its head: because it is read while it is sent, or because the service
 * is asked first. Never more of it is in memory than the socket wants.
 */
export class Sending {
  /** Some of the body was read: what asks for it again may not get it. */
  begun = false;
  /** All of it is the socket's. */
  whole = false;
  readonly #body: string | Uint8Array | Source;
  readonly #socket: Socket;
  readonly #failed: (error: Error) => void;
  #stopped = false;
  #cancelWait: (() => void) | undefined;
  #wake: (() => void) | undefined;

  constructor({ body, continueMs }: Outgoing, socket: Socket, clock: Clock, failed: (error: Error) => void) {
    this.#body = body!;
    this.#socket = socket;
    this.#failed = failed;
    if (continueMs === undefined) this.go();
    else this.#cancelWait = clock.at(clock.now() + continueMs, () => this.go());
  }

  /** The service has said that it wants the body, or nobody asked it, or it says nothing. */
  go(): void {
    if (this.begun || this.#stopped) return;
    this.#cancelWait?.();
    this.begun = true;
    if (isSource(this.#body)) void this.#pour(this.#body);
    else {
      this.#socket.write(this.#body);
      this.whole = true;
    }
  }

  stop(): void {
    this.#stopped = true;
    this.#cancelWait?.();
    this.#wake?.();
  }

  async #pour(source: Source): Promise<void> {
    const inChunks = source.lengthBytes === undefined;
    try {
      for await (const chunk of source.chunks()) {
        if (this.#stopped) return;
        if (chunk.length > 0 && !this.#write(chunk, inChunks)) await this.#drained();
        if (this.#stopped) return;
      }
    } catch (error) {
      if (!this.#stopped) this.#failed(error instanceof Error ? error : new Error(String(error)));
      return;
    }
    if (this.#stopped) return;
    if (inChunks) this.#socket.write("0\r\n\r\n", "latin1");
    this.whole = true;
  }

  #write(chunk: Uint8Array, inChunks: boolean): boolean {
    if (!inChunks) return this.#socket.write(chunk);
    this.#socket.cork();
    this.#socket.write(`${chunk.length.toString(16)}\r\n`, "latin1");
    this.#socket.write(chunk);
    const wantsMore = this.#socket.write("\r\n", "latin1");
    this.#socket.uncork();
    return wantsMore;
  }

  /** Resolves when the socket wants more, or nobody wants it to. */
  async #drained(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#wake = resolve;
      this.#socket.once("drain", resolve);
    });
    this.#socket.removeListener("drain", this.#wake!);
    this.#wake = undefined;
  }
}
