import type { WebSocket } from "ws";
import type { OpenContext } from "../../src/model/driver.ts";
import { durationMs } from "../../src/units/duration.ts";
import { problem } from "../../src/units/errors.ts";
import type { Jar } from "../http/cookies.ts";
import { unread } from "../http/touch.ts";
import type { Settings } from "../messages/settings.ts";
import { touch } from "../messages/touch.ts";
import { Visit } from "../messages/visit.ts";
import type { Channel } from "./channel.ts";
import { OpenChannel } from "./connection.ts";
import { shakeHands } from "./handshake.ts";
import type { ConnectOptions, WebSocketSession } from "./session.ts";

const protocolForm = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;

/** A session with the verbs of its driver: renew and close. */
export class OpenSession extends Visit implements WebSocketSession {
  readonly #settings: Settings & { readonly deflate: boolean };
  readonly #WebSocket: typeof WebSocket;

  constructor(context: OpenContext, jar: Jar, base: URL, settings: Settings & { readonly deflate: boolean }, library: typeof WebSocket) {
    super(context, jar, base, settings);
    this.#settings = settings;
    this.#WebSocket = library;
  }

  connect(path: string, options: ConnectOptions = {}): Promise<Channel> {
    const { visitor } = this;
    try {
      const asked = visitor.ask(path, options);
      const protocols = options.protocols ?? [];
      const wrong = protocols.find((protocol, index) => !protocolForm.test(protocol) || protocols.indexOf(protocol) < index);
      if (wrong !== undefined) throw problem("SEA_WEBSOCKET_PROTOCOL", { protocol: wrong });
      const timeoutMs = options.timeout === undefined ? this.#settings.timeoutMs : durationMs(options.timeout, "timeout");
      const parts = {
        WebSocket: this.#WebSocket, settings: this.#settings, asked, protocols,
        storeCookies: (lines: readonly string[]) => visitor.cookies.store(asked.url, lines),
      };
      const leave = visitor.makeRoom();
      const touched = touch<Channel>(visitor.desk, { step: `CONNECT ${asked.name}`, request: asked.line, timeoutMs }, (ends) =>
        shakeHands(parts, ends, (ws) => new OpenChannel(ws, visitor, this.#settings, asked)),
      );
      touched.then(leave, leave);
      return touched;
    } catch (error) {
      return unread(Promise.reject(error));
    }
  }
}
