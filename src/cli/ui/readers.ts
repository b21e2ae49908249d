import type { ServerResponse } from "node:http";
import type { Clock } from "../../units/clock.ts";

/** Pages that are open at the most. */
const mostReaders = 24;
/** A reader that has so much unread is dropped; its page comes back by itself, and gets everything anew. */
const mostUnread = 1_000_000;
/** At the end a reader gets so long to take the last news. */
const farewellMs = 2_000;

/** Pages that listen, by server-sent events. Nobody waits for a slow one. */
export class Readers {
  readonly #open = new Set<ServerResponse>();

  get count(): number {
    return this.#open.size;
  }

  /** Takes a reader in; false when there are too many. */
  add(response: ServerResponse, whole: () => unknown): boolean {
    if (this.#open.size >= mostReaders) return false;
    response.writeHead(200, { "content-type": "text/event-stream; charset=utf-8" });
    response.write(`retry: 1000\n${event("whole", whole())}`);
    this.#open.add(response);
    response.once("close", () => this.#open.delete(response));
    return true;
  }

  send(news: () => unknown): void {
    if (this.#open.size === 0) return;
    const text = event("news", news());
    for (const response of this.#open) {
      if (response.writableLength > mostUnread) response.destroy();
      else response.write(text);
    }
  }

  /** Says farewell, and resolves when everybody has heard it or had the time to. */
  async end(clock: Clock): Promise<void> {
    const heard = [...this.#open].map((response) => new Promise<void>((resolve) => response.once("close", resolve).end(event("farewell", {}))));
    const late = new AbortController();
    await Promise.race([Promise.all(heard), clock.sleep(farewellMs, late.signal).catch(() => undefined)]);
    late.abort();
    for (const response of this.#open) response.destroy();
  }
}

/** JSON has no line breaks of its own, which would end the data. */
const event = (name: string, data: unknown): string => `event: ${name}\ndata: ${JSON.stringify(data)}\n\n`;
