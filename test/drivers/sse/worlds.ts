/** A server of events and sessions for the tests of the driver. */
import type { IncomingMessage, ServerResponse } from "node:http";
import type { TlsOptions } from "node:tls";
import { onTestFinished } from "vitest";
import { sse, type SseSession, type SseSettings } from "../../../drivers/sse/index.ts";
import type { OpenContext } from "../../../src/model/driver.ts";
import { userContext, type RecordedOp } from "../../contract/driver.ts";
import { serve, type World } from "../http/worlds.ts";

/** A server that opens a stream for everybody; `talk` writes on it. */
export function serveEvents(talk: (response: ServerResponse, request: IncomingMessage, nth: number) => void, tls?: TlsOptions): Promise<World> {
  let nth = 0;
  return serve((request, response) => {
    response.writeHead(200, { "content-type": "text/event-stream; charset=utf-8" }).flushHeaders();
    talk(response, request, nth++);
  }, tls);
}

/** A session, closed with the test. */
export async function sit(settings: SseSettings, overrides: Partial<OpenContext> = {}): Promise<{ session: SseSession; ops: RecordedOp[]; said: string[]; cut: () => void; close: () => Promise<void>; renew: () => void }> {
  const said: string[] = [];
  const driver = sse(settings);
  const { context, ops, cut } = userContext({ say: (line) => void said.push(line), ...overrides });
  const session = await driver.open(context);
  const close = () => driver.close(session);
  onTestFinished(close);
  return { session, ops, said, cut, close, renew: () => driver.renew!(session) };
}
