/** The door of the WebSocket driver. Importing it loads no library; opening a session does. */
import type { Driver, OpenContext } from "../../src/model/driver.ts";
import { Jar } from "../http/cookies.ts";
import { baseIn, caveatsOf, readSettings, wrongSetting, type Kind, type MessageOptions, type Settings, type Target } from "../messages/settings.ts";
import type { WebSocketSession } from "./session.ts";
import { OpenSession } from "./visit.ts";

export type { Channel, TouchOptions } from "./channel.ts";
export type { Message } from "./message.ts";
export type { ConnectOptions, WebSocketSession } from "./session.ts";

/** What `websocket()` may say. */
export type WebSocketSettings = Target & MessageOptions & {
  /** Whether to offer compression of messages (permessage-deflate), as browsers do. Default true. */
  readonly deflate?: boolean;
};

const kind: Kind = { driver: "websocket", schemes: ["ws", "wss"], more: ["deflate"] };

/**
 * Sessions over WebSocket: to a ws or wss address, or to a service of the cluster by its name.
 *
 * @throws SEA_MESSAGES_SETTING, SEA_MESSAGES_BASE, SEA_HTTP_HEADER, SEA_UNIT_DURATION for settings that can't be
 * @example
 * const rooms = websocket({ base: "wss://chat.staging.example", auth: bearer(token) });
 * const talk = journey({ rooms }, async ({ rooms }) => {
 *   const chat = await rooms.connect("/rooms/oar");
 *   await chat.ask({ say: "ahoy" }, (answer) => answer.text().includes("ahoy"));
 *   await chat.close();
 * });
 */
export function websocket(settings: WebSocketSettings): Driver<WebSocketSession> {
  const { deflate = true, ...common } = settings;
  if (typeof deflate !== "boolean") throw wrongSetting(kind, "deflate", deflate, "true or false");
  const read = { ...readSettings(kind, common, {}), deflate };
  const driver: Driver<OpenSession> = {
    kind: "websocket",
    service: read.service,
    ...caveatsOf(read),
    open: (context) => open(read, context),
    renew: (session) => session.renew(),
    close: (session) => session.close(),
  };
  return Object.freeze(driver);
}

async function open(settings: Settings & { readonly deflate: boolean }, context: OpenContext): Promise<OpenSession> {
  const base = baseIn(kind, settings, context);
  const [{ CookieJar }, { WebSocket }] = await Promise.all([import("tough-cookie"), import("ws")]);
  return new OpenSession(context, new Jar(() => new CookieJar(), base, () => context.clock.wallMs()), base, settings, WebSocket);
}
