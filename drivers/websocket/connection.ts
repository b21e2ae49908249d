import type { RawData, WebSocket } from "ws";
import { durationMs, type Duration } from "../../src/units/duration.ts";
import { problem } from "../../src/units/errors.ts";
import { encodeBody } from "../http/body.ts";
import { isSource } from "../http/engine.ts";
import { Inbox, type Match } from "../messages/inbox.ts";
import { awaitMessage, listen, receive, type ListenOptions } from "../messages/reading.ts";
import type { Settings } from "../messages/settings.ts";
import { touch, type Ask, type Trouble } from "../messages/touch.ts";
import type { Asked, Link, Visitor } from "../messages/visitor.ts";
import type { Channel, Outgoing, TouchOptions } from "./channel.ts";
import { troubleOf } from "./handshake.ts";
import { Message } from "./message.ts";

/** Unsent bytes of a service that does not read; more are refused. */
const mostUnsentBytes = 16 * 2 ** 20;
const any = (): boolean => true;

/** A channel with what its session does to it. */
export class OpenChannel implements Channel, Link {
  readonly #ws: WebSocket;
  readonly #visitor: Visitor;
  readonly #settings: Settings;
  readonly #asked: Asked;
  readonly #inbox: Inbox<Message>;
  #trouble: Trouble | undefined;
  /** A close of our own is under way. */
  #closing = false;
  #pings = 0;
  /** Touches under way. */
  busy = 0;

  constructor(ws: WebSocket, visitor: Visitor, settings: Settings, asked: Asked) {
    this.#ws = ws;
    this.#visitor = visitor;
    this.#settings = settings;
    this.#asked = asked;
    const { say } = visitor.desk.context;
    this.#inbox = new Inbox(settings.backlog, () => say(`messages of ${asked.origin.replace(/^http/, "ws")} were dropped, for nobody received them and the backlog was full`));
    ws.on("message", (data: RawData, isBinary: boolean) => this.#inbox.put(new Message(data as Buffer, isBinary)));
    ws.on("error", (error) => (this.#trouble = troubleOf(error)));
    ws.on("close", (code, reason) => this.#ended(code, reason.toString()));
    visitor.add(this);
  }

  get protocol(): string {
    return this.#ws.protocol;
  }

  get isOpen(): boolean {
    return this.#inbox.end === undefined && !this.#closing;
  }

  get received(): number {
    return this.#inbox.received;
  }

  get dropped(): number {
    return this.#inbox.dropped;
  }

  send(message: Outgoing, options: TouchOptions = {}): Promise<void> {
    return this.#touch<void>("SEND", options, (ends) => {
      this.#write(message, (trouble) => (trouble ? ends.fail(trouble) : ends.ok()));
      return undefined;
    });
  }

  ask(message: Outgoing, match: Match<Message> = any, options: TouchOptions = {}): Promise<Message> {
    return this.#touch<Message>("ASK", options, (ends) => {
      const leave = awaitMessage(this.#inbox, match, ends);
      try {
        this.#write(message, (trouble) => {
          if (!trouble) return;
          leave();
          ends.fail(trouble);
        });
      } catch (error) {
        leave();
        throw error;
      }
      return leave;
    });
  }

  receive(match: Match<Message> = any, options: TouchOptions = {}): Promise<Message> {
    return receive(this.#visitor.desk, this.#inbox, this.#ask("RECEIVE", options), match);
  }

  listen(length: Duration, options: ListenOptions<Message> = {}): Promise<number> {
    return listen(this.#visitor.desk, this.#inbox, this.#ask("MESSAGE", options.name === undefined ? {} : { name: options.name }), length, options);
  }

  ping(options: TouchOptions = {}): Promise<number> {
    const { clock } = this.#visitor.desk.context;
    return this.#touch<number>("PING", options, (ends) => {
      const beganMs = clock.now();
      const mark = String(++this.#pings);
      const heard = (data: Buffer): void => {
        if (data.toString() === mark) ends.ok(clock.now() - beganMs);
      };
      const leave = (): void => void this.#ws.off("pong", heard).off("close", lost);
      const lost = (): void => ends.fail(this.#inbox.end!);
      this.#ws.on("pong", heard).on("close", lost);
      this.#ws.ping(mark);
      return leave;
    });
  }

  close(code = 1000, reason = "", options: TouchOptions = {}): Promise<void> {
    if (this.#inbox.end || this.#closing) return Promise.resolve();
    const fits = (code === 1000 || (code >= 3000 && code <= 4999)) && Buffer.byteLength(reason) <= 123;
    return this.#touch<void>("CLOSE", options, (ends) => {
      if (!fits) throw problem("SEA_WEBSOCKET_CLOSE", { code: reason === "" ? code : `${code} with ${Buffer.byteLength(reason)} bytes` });
      this.#closing = true;
      this.#ws.once("close", (answer) => {
        if (answer === 1006) ends.fail(this.#inbox.end!);
        else ends.ok();
      });
      this.#ws.close(code, reason);
      return () => this.drop();
    });
  }

  drop(): void {
    this.#closing = true;
    this.#ws.terminate();
  }

  #ask(verb: string, { name = this.#asked.name, timeout }: TouchOptions): Ask {
    return { step: `${verb} ${name}`, request: `${verb} ${this.#asked.url.pathname}`, timeoutMs: timeout === undefined ? this.#settings.timeoutMs : durationMs(timeout, "timeout"), among: this };
  }

  /** A touch that needs the connection to be there. */
  #touch<T>(verb: string, options: TouchOptions, begin: Parameters<typeof touch<T>>[2]): Promise<T> {
    return touch<T>(this.#visitor.desk, this.#ask(verb, options), (ends) => {
      const gone = this.#inbox.end ?? (this.#closing ? closedByUs : undefined);
      if (!gone) return begin(ends);
      // What was never sent did not happen.
      ends.fail({ ...gone, outcome: "refused" });
      return undefined;
    });
  }

  /** @throws SEA_HTTP_BODY for what is neither text, bytes nor JSON */
  #write(message: Outgoing, done: (trouble: Trouble | undefined) => void): void {
    const { content } = encodeBody(message)!;
    if (isSource(content)) throw problem("SEA_HTTP_BODY", { what: "stream" });
    if (this.#ws.bufferedAmount > mostUnsentBytes) return done({ outcome: "refused", cause: "unsent", error: `${this.#ws.bufferedAmount} bytes wait to be sent` });
    this.#ws.send(content, { binary: typeof content !== "string" }, (error) => done(error ? (this.#inbox.end ?? troubleOf(error)) : undefined));
  }

  #ended(code: number, reason: string): void {
    this.#visitor.remove(this);
    const unseen = !this.#closing && this.busy === 0;
    const trouble = this.#trouble ?? (code === 1006 ? lost : this.#closing ? closedByUs : { outcome: "unsure" as const, cause: `closed ${code}`, ...(reason !== "" && { error: reason }) });
    this.#inbox.close(trouble);
    // Nobody may ever ask this channel again, and its end is what users would see.
    if (unseen) void touch(this.#visitor.desk, this.#ask("CLOSED", {}), (ends) => void ends.fail(trouble));
  }
}

const lost: Trouble = { outcome: "unsure", cause: "reset", error: "connection closed" };
const closedByUs: Trouble = { outcome: "refused", cause: "closed" };
