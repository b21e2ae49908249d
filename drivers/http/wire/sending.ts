import type { Socket } from "node:net";
import type { Clock } from "../../../src/units/clock.ts";
import { isSource, type Outgoing, type Source } from "../engine.ts";

/** What becomes of it: one of the two, once. */
interface Said {
  /** The last byte of it left. */
  left(): void;
  /** There is no more of it, and it was not all. */
  failed(error: Error): void;
}

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
  readonly #said: Said;
  #stopped = false;
  /** Writes that the socket still holds. */
  #held = 0;
  #cancelWait: (() => void) | undefined;
  #wake: (() => void) | undefined;

  constructor({ body, continueMs }: Outgoing, socket: Socket, clock: Clock, said: Said) {
    this.#body = body!;
    this.#socket = socket;
    this.#said = said;
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
      this.#put(this.#body);
      this.#end();
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
      if (!this.#stopped) this.#said.failed(error instanceof Error ? error : new Error(String(error)));
      return;
    }
    if (this.#stopped) return;
    if (inChunks) this.#put("0\r\n\r\n");
    this.#end();
  }

  #end(): void {
    this.whole = true;
    if (this.#held === 0) this.#said.left();
  }

  #put(bytes: string | Uint8Array): boolean {
    this.#held += 1;
    return this.#socket.write(bytes, () => {
      this.#held -= 1;
      if (this.#held === 0 && this.whole) this.#said.left();
    });
  }

  #write(chunk: Uint8Array, inChunks: boolean): boolean {
    if (!inChunks) return this.#put(chunk);
    this.#socket.cork();
    this.#put(`${chunk.length.toString(16)}\r\n`);
    this.#put(chunk);
    const wantsMore = this.#put("\r\n");
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
