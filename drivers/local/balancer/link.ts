import { connect, type Socket } from "node:net";
import type { Backend } from "../wire.ts";

/** An answer's status line at the start of what a replica sends. A stand-in's trick: a body that begins so is miscounted. */
const status = /^HTTP\/1\.[01] (\d)\d\d/;

/** One connection through the balancer. While held, no byte and no end passes either way: its node's network is cut. */
export class Link {
  readonly backend: Backend;
  readonly #client: Socket;
  readonly #answered: (isError: boolean) => void;
  #upstream: Socket | undefined;
  #held: boolean;

  constructor(client: Socket, backend: Backend, held: boolean, answered: (isError: boolean) => void) {
    this.#client = client;
    this.backend = backend;
    this.#held = held;
    this.#answered = answered;
    client.setNoDelay(true);
    client.pause();
    if (!held) this.#open();
  }

  hold(): void {
    this.#held = true;
    this.#client.pause();
    this.#upstream?.pause();
  }

  release(): void {
    if (!this.#held) return;
    this.#held = false;
    if (!this.#upstream) return this.#open();
    this.#client.resume();
    this.#upstream.resume();
  }

  #open(): void {
    const upstream = connect({ port: this.backend.port, host: "127.0.0.1", allowHalfOpen: true, noDelay: true });
    this.#upstream = upstream;
    upstream.on("data", (chunk: Buffer) => {
      const match = status.exec(chunk.toString("latin1", 0, 12));
      if (match) this.#answered(match[1] === "5");
    });
    this.#carry(this.#client, upstream);
    this.#carry(upstream, this.#client);
    this.#client.resume();
  }

  #carry(from: Socket, to: Socket): void {
    from.on("data", (chunk: Buffer) => {
      if (!to.write(chunk)) from.pause();
    });
    to.on("drain", () => {
      if (!this.#held) from.resume();
    });
    from.on("end", () => to.end());
    from.on("error", () => to.resetAndDestroy());
    from.on("close", () => to.destroySoon());
  }
}
