import type { Duration } from "../../src/units/duration.ts";
import type { Match } from "../messages/inbox.ts";
import type { ListenOptions } from "../messages/reading.ts";
import type { Message } from "./message.ts";

/** Text and bytes go as they are, anything else as JSON. */
export type Outgoing = string | Uint8Array | object | number | boolean | null;

/** What a touch of a channel may say. */
export interface TouchOptions {
  /** Groups: the step is called `ASK ${name}`, `SEND ${name}` and so on. Default: the channel's name. */
  readonly name?: string;
  /** Default: the driver's. */
  readonly timeout?: Duration;
}

/** One open connection. Every call is an op; one that fails is recorded, then throws `TouchFailed`, which ends the walk. */
export interface Channel {
  /** The subprotocol that the service chose; empty for none. */
  readonly protocol: string;
  readonly isOpen: boolean;
  /** Messages so far. */
  readonly received: number;
  /** Those of them that nobody received before the backlog was full. */
  readonly dropped: number;
  /** Sends a message; ends when it has left this process, which a service that does not read holds up. */
  send(message: Outgoing, options?: TouchOptions): Promise<void>;
  /**
   * Sends a message and waits for its answer: the first message from then on that matches, or the
   * first at all. Its latency is from the sending to the answer.
   * @example await chat.ask({ id: 7, say: "ahoy" }, (answer) => answer.json<{ to: number }>().to === 7);
   */
  ask(message: Outgoing, match?: Match<Message>, options?: TouchOptions): Promise<Message>;
  /** Waits for a message that matches, or any; one that came before and nobody received will do. Its latency is from the call. */
  receive(match?: Match<Message>, options?: TouchOptions): Promise<Message>;
  /**
   * Listens for a while: every message from now on that matches is an op `MESSAGE`, whose latency is
   * the time since the one before it. Answers how many came.
   * @example await prices.listen("30s", { where: (message) => message.text().includes("rope"), least: 10 });
   */
  listen(length: Duration, options?: ListenOptions<Message>): Promise<number>;
  /** Asks for a sign of life; answers how long it took, ms. */
  ping(options?: TouchOptions): Promise<number>;
  /**
   * Says goodbye; ends when the service has answered that. Of a channel that has ended it asks nothing, and is no op.
   * @throws SEA_WEBSOCKET_CLOSE for a code or a reason that can't be sent
   */
  close(code?: number, reason?: string, options?: TouchOptions): Promise<void>;
}
