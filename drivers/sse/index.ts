/** The door of the driver for server-sent events. Importing it loads no library; opening a session does. */
import type { Driver, OpenContext } from "../../src/model/driver.ts";
import { Jar } from "../http/cookies.ts";
import { baseIn, caveatsOf, readSettings, type Kind, type MessageOptions, type Settings, type Target } from "../messages/settings.ts";
import type { SseSession } from "./session.ts";
import type { OpenSession } from "./visit.ts";

export type { ServerEvent } from "./event.ts";
export type { EventStream, ReceiveOptions, SseSession, StreamOptions } from "./session.ts";

/** What `sse()` may say. */
export type SseSettings = Target & MessageOptions;

const kind: Kind = { driver: "sse", schemes: ["http", "https"], more: [] };

/**
 * Sessions over server-sent events: from an http or https address, or a service of the cluster by its name.
 *
 * @throws SEA_MESSAGES_SETTING, SEA_MESSAGES_BASE, SEA_HTTP_HEADER, SEA_UNIT_DURATION for settings that can't be
 * @example
 * const harbour = sse({ base: "https://harbour.staging.example" });
 * const watch = journey({ harbour }, async ({ harbour }) => {
 *   const prices = await harbour.open("/prices", { reconnects: 3 });
 *   await prices.listen("30s", { where: ({ type }) => type === "rope", least: 10 });
 *   prices.close();
 * });
 */
export function sse(settings: SseSettings): Driver<SseSession> {
  const read = readSettings(kind, settings, { accept: "text/event-stream", "accept-encoding": "identity", "cache-control": "no-cache" });
  const driver: Driver<OpenSession> = {
    kind: "sse",
    service: read.service,
    ...caveatsOf(read),
    open: (context) => open(read, context),
    renew: (session) => session.renew(),
    close: (session) => session.close(),
  };
  return Object.freeze(driver);
}

async function open(settings: Settings, context: OpenContext): Promise<OpenSession> {
  const base = baseIn(kind, settings, context);
  const [{ CookieJar }, { OpenSession }] = await Promise.all([import("tough-cookie"), import("./visit.ts")]);
  return new OpenSession(context, new Jar(() => new CookieJar(), base, () => context.clock.wallMs()), base, settings, kind);
}
