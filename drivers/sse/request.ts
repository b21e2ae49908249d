import { request as ask, type IncomingMessage } from "node:http";
import { request as askSecurely } from "node:https";
import { headOf, progressOf, refusalOf } from "../messages/refusal.ts";
import type { Settings } from "../messages/settings.ts";
import type { Ends } from "../messages/touch.ts";
import type { Asked } from "../messages/visitor.ts";

/** What a stream is asked for with. */
export interface RequestParts {
  readonly settings: Settings;
  readonly asked: Asked;
  readonly lastEventId: string;
  readonly storeCookies: (lines: readonly string[]) => void;
}

const isStream = ({ statusCode, headers }: IncomingMessage): boolean =>
  statusCode === 200 && /^text\/event-stream\s*(;|$)/i.test(headers["content-type"] ?? "") && /^(identity)?$/i.test(headers["content-encoding"] ?? "");

/**
 * Asks for a stream. Ends with one whose head has come; anything else it takes down by itself.
 *
 * @param opened gets the answer before the first byte of its body
 */
export function askForStream<T>({ settings, asked, lastEventId, storeCookies }: RequestParts, ends: Ends<T>, opened: (response: IncomingMessage) => T): () => void {
  const { insecure = false, ...tls } = settings.tls;
  const isSecure = asked.url.protocol === "https:";
  const headers = { ...Object.fromEntries(asked.headers), ...(lastEventId !== "" && { "last-event-id": lastEventId }) };
  const options = { headers, agent: false as const, ...(isSecure && { rejectUnauthorized: !insecure, ...(tls as object) }) };
  const request = isSecure ? askSecurely(asked.url, options) : ask(asked.url, options);
  const progress = progressOf(request, isSecure);
  request.on("response", (response) => {
    storeCookies(response.headers["set-cookie"] ?? []);
    if (isStream(response)) {
      // What breaks now breaks the stream.
      request.removeAllListeners("error").on("error", (error) => response.destroy(error));
      return ends.ok(opened(response));
    }
    headOf(response, (body) => {
      request.destroy();
      const status = response.statusCode!;
      ends.fail({ outcome: "refused", cause: status === 200 ? "not a stream" : `status ${status}`, status, body });
    });
  });
  request.on("error", (error) => ends.fail(refusalOf(error, progress)));
  request.end();
  return () => void request.destroy();
}
