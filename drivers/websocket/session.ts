import type { Duration } from "../../src/units/duration.ts";
import type { Cookies } from "../http/cookies.ts";
import type { OpenOptions } from "../messages/visitor.ts";
import type { Channel } from "./channel.ts";

/** What `connect` may say beside the path. */
export interface ConnectOptions extends OpenOptions {
  /** Subprotocols, the preferred one first. */
  readonly protocols?: readonly string[];
  /** Default: the driver's. */
  readonly timeout?: Duration;
}

/** One user's WebSockets. Cookies come and go with handshakes as in a browser; those of an HTTP session are set by hand. */
export interface WebSocketSession {
  /**
   * Opens a connection: one op, until the service has agreed. An answer that is not an agreement is
   * refused as `status 401`.
   *
   * @throws SEA_WEBSOCKET_PROTOCOL for a name that can't be asked for; SEA_MESSAGES_OPEN when the user has as many open as the driver allows
   * @example const chat = await rooms.connect("/rooms/oar", { name: "/rooms/:room", protocols: ["chat.v2"] });
   */
  connect(path: string, options?: ConnectOptions): Promise<Channel>;
  /** A header for every handshake from now on, such as a token after a sign-in; undefined ends that. */
  header(name: string, value: string | undefined): void;
  readonly cookies: Cookies;
}
