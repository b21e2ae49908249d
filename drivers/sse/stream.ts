import type { IncomingMessage } from "node:http";
import { durationMs, type Duration } from "../../src/units/duration.ts";
import { Inbox, type Match } from "../messages/inbox.ts";
import { listen, receive, type ListenOptions } from "../messages/reading.ts";
import type { Settings } from "../messages/settings.ts";
import { touch, type Ask, type Ends, type Trouble } from "../messages/touch.ts";
import type { Asked, Link, Visitor } from "../messages/visitor.ts";
import { ServerEvent } from "./event.ts";
import { Parser, TooLong } from "./parser.ts";
import { askForStream } from "./request.ts";
import type { EventStream, ReceiveOptions } from "./session.ts";

/** Until the service says otherwise, ms; browsers wait about as long. */
const retryAtFirstMs = 3_000;
/** Whatever the service says, ms: a stream that comes back in a day is none. */
const longestRetryMs = 60_000;
const any = (): boolean => true;

/** What a stream is made with. */
export interface StreamParts {
  readonly visitor: Visitor;
  readonly settings: Settings;
  readonly asked: Asked;
  readonly timeoutMs: number;
  readonly lastEventId: string;
  readonly reconnects: number;
}

/** A stream with what its session does to it. */
export class OpenStream implements EventStream, Link {
  readonly #parts: StreamParts;
  readonly #inbox: Inbox<ServerEvent>;
  #response: IncomingMessage | undefined;
  #retryMs = retryAtFirstMs;
  #leftReconnects: number;
  #closed = false;
  /** Ends the wait for another try. */
  #endWait: (() => void) | undefined;
  lastEventId: string;
  reopened = 0;
  /** Touches under way. */
  busy = 0;

  constructor(parts: StreamParts) {
    this.#parts = parts;
    this.lastEventId = parts.lastEventId;
    this.#leftReconnects = parts.reconnects;
    const { say } = parts.visitor.desk.context;
    this.#inbox = new Inbox(parts.settings.backlog, () => say(`events of ${parts.asked.origin} were dropped, for nobody received them and the backlog was full`));
  }

  get isOpen(): boolean {
    return this.#response !== undefined;
  }

  get received(): number {
    return this.#inbox.received;
  }

  get dropped(): number {
    return this.#inbox.dropped;
  }

  receive(match: Match<ServerEvent> = any, { name = this.#parts.asked.name, timeout }: ReceiveOptions = {}): Promise<ServerEvent> {
    const ask = this.#ask("RECEIVE", name, timeout === undefined ? this.#parts.settings.timeoutMs : durationMs(timeout, "timeout"));
    return receive(this.#parts.visitor.desk, this.#inbox, ask, match);
  }

  listen(length: Duration, options: ListenOptions<ServerEvent> = {}): Promise<number> {
    return listen(this.#parts.visitor.desk, this.#inbox, this.#ask("EVENT", options.name, 0), length, options);
  }

  close(): void {
    this.#parts.visitor.remove(this);
    this.drop();
    this.#inbox.close({ outcome: "refused", cause: "closed" });
  }

  drop(): void {
    this.#closed = true;
    this.#endWait?.();
    this.#response?.destroy();
    this.#response = undefined;
  }

  /** Asks for it, for the first time or again. */
  ask(ends: Ends<OpenStream>): () => void {
    const { visitor, settings, asked } = this.#parts;
    const storeCookies = (lines: readonly string[]): void => visitor.cookies.store(asked.url, lines);
    return askForStream({ settings, asked, lastEventId: this.lastEventId, storeCookies }, ends, (response) => {
      visitor.add(this);
      this.#read(response);
      return this;
    });
  }

  #ask(verb: string, name: string = this.#parts.asked.name, timeoutMs: number): Ask {
    return { step: `${verb} ${name}`, request: `${verb} ${this.#parts.asked.url.pathname}`, timeoutMs, among: this };
  }

  #read(response: IncomingMessage): void {
    this.#response = response;
    const parser = new Parser(
      { event: (event) => this.#inbox.put(new ServerEvent(event)), retry: (ms) => (this.#retryMs = Math.min(ms, longestRetryMs)) },
      this.#parts.settings.messageLimitBytes,
      this.lastEventId,
    );
    let over = false;
    const end = (trouble: Trouble): void => {
      if (over) return;
      over = true;
      this.lastEventId = parser.lastId;
      response.destroy();
      if (!this.#closed) this.#ended(trouble);
    };
    response
      .on("data", (bytes: Buffer) => {
        if (over) return;
        try {
          parser.read(bytes);
          this.lastEventId = parser.lastId;
        } catch (error) {
          if (!(error instanceof TooLong)) throw error;
          // It would be as long the next time.
          this.#leftReconnects = 0;
          end({ outcome: "refused", cause: "too large", error: error.message });
        }
      })
      .on("end", () => end({ outcome: "unsure", cause: "ended" }))
      .on("error", (error: Error & { code?: string }) => end({ outcome: "unsure", cause: error.code?.startsWith("HPE_") ? "protocol" : "cut short", error: error.code ?? error.message }))
      .on("close", () => end({ outcome: "unsure", cause: "cut short" }));
  }

  #ended(trouble: Trouble): void {
    const { visitor } = this.#parts;
    this.#response = undefined;
    if (this.#leftReconnects > 0) return this.#reopen(trouble);
    visitor.remove(this);
    const unseen = this.busy === 0;
    this.#inbox.close(trouble);
    // Nobody may ever ask this stream again, and its end is what users would see.
    if (unseen) void touch(visitor.desk, this.#ask("CLOSED", undefined, Infinity), (ends) => void ends.fail(trouble));
  }

  /** From the loss to the next head, the wait included: so long the user had no stream. */
  #reopen(lost: Trouble): void {
    this.#leftReconnects--;
    const { visitor, timeoutMs } = this.#parts;
    const { clock } = visitor.desk.context;
    void touch<OpenStream>(visitor.desk, this.#ask("REOPEN", undefined, this.#retryMs + timeoutMs), (ends) => {
      let undo: (() => void) | undefined;
      const cancel = clock.at(clock.now() + this.#retryMs, () => {
        undo = this.ask(ends);
      });
      const stop = (): void => {
        cancel();
        undo?.();
      };
      this.#endWait = () => {
        stop();
        ends.quit(this);
      };
      return stop;
    }).then(
      () => {
        this.#endWait = undefined;
        if (!this.#closed) this.reopened++;
      },
      () => {
        this.#endWait = undefined;
        if (!this.#closed) this.#ended(lost);
      },
    );
  }
}
