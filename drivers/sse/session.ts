import type { Duration } from "../../src/units/duration.ts";
import type { Cookies } from "../http/cookies.ts";
import type { Match } from "../messages/inbox.ts";
import type { ListenOptions } from "../messages/reading.ts";
import type { OpenOptions } from "../messages/visitor.ts";
import type { ServerEvent } from "./event.ts";

/** What `open` may say beside the path. */
export interface StreamOptions extends OpenOptions {
  /** Default: the driver's. */
  readonly timeout?: Duration;
  /** Goes out as `last-event-id`, as if a stream had been lost behind that event. */
  readonly lastEventId?: string;
  /**
   * How often a stream that ends or is lost is opened again, as browsers do: after the service's
   * `retry`, 3 s where it says none, with the last id. Each is an op `REOPEN`. Default 0.
   */
  readonly reconnects?: number;
}

/** What `receive` may say. */
export interface ReceiveOptions {
  /** Groups: the step is called `RECEIVE ${name}`. Default: the stream's name. */
  readonly name?: string;
  /** Default: the driver's. */
  readonly timeout?: Duration;
}

/** One open stream. An op that fails is recorded, then throws `TouchFailed`, which ends the walk. */
export interface EventStream {
  readonly isOpen: boolean;
  /** Events so far. */
  readonly received: number;
  /** Those of them that nobody received before the backlog was full. */
  readonly dropped: number;
  /** The last id that the service gave; empty for none. */
  readonly lastEventId: string;
  /** How often it was opened again. */
  readonly reopened: number;
  /** Waits for an event that matches, or any; one that came before and nobody received will do. Its latency is from the call. */
  receive(match?: Match<ServerEvent>, options?: ReceiveOptions): Promise<ServerEvent>;
  /**
   * Listens for a while: every event from now on that matches is an op `EVENT`, whose latency is the
   * time since the one before it. Answers how many came.
   * @example await prices.listen("30s", { where: ({ type }) => type === "price", least: 10 });
   */
  listen(length: Duration, options?: ListenOptions<ServerEvent>): Promise<number>;
  /** Hangs up. The service is not asked, so this is no op. */
  close(): void;
}

/** One user's event streams. Cookies come and go as in a browser; those of an HTTP session are set by hand. */
export interface SseSession {
  /**
   * Opens a stream: one op, until its head has come. Anything but a 200 with `text/event-stream` is refused.
   *
   * @throws SEA_MESSAGES_OPEN when the user has as many open as the driver allows
   * @example const prices = await harbour.open("/prices?good=rope", { name: "/prices", reconnects: 3 });
   */
  open(path: string, options?: StreamOptions): Promise<EventStream>;
  /** A header for every stream from now on, such as a token after a sign-in; undefined ends that. */
  header(name: string, value: string | undefined): void;
  readonly cookies: Cookies;
}
