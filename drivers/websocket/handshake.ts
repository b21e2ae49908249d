import type { IncomingMessage } from "node:http";
import type { WebSocket } from "ws";
import { headOf, progressOf, refusalOf, type Progress } from "../messages/refusal.ts";
import type { Asked } from "../messages/visitor.ts";
import type { Settings } from "../messages/settings.ts";
import type { Ends, Trouble } from "../messages/touch.ts";

/** What a handshake is made with. */
export interface HandshakeParts {
  readonly WebSocket: typeof WebSocket;
  readonly settings: Settings & { readonly deflate: boolean };
  readonly asked: Asked;
  readonly protocols: readonly string[];
  readonly storeCookies: (lines: readonly string[]) => void;
}

type Coded = Error & { readonly code?: string };

/** What a connection that was made came to grief by. */
export function troubleOf(error: Coded): Trouble {
  const detail = error.code ?? error.message;
  if (/^WS_ERR_UNSUPPORTED_(MESSAGE|DATA_PAYLOAD)_LENGTH$/.test(detail)) return { outcome: "refused", cause: "too large", error: detail };
  if (error.code === undefined || error.code.startsWith("WS_ERR")) return { outcome: "unsure", cause: "protocol", error: detail };
  return { outcome: "unsure", cause: "reset", error: detail };
}

/**
 * Asks for a connection. Ends with one that is open; anything else it takes down by itself.
 *
 * @param opened gets the connection before the first message can come
 */
export function shakeHands<C>({ WebSocket, settings, asked, protocols, storeCookies }: HandshakeParts, ends: Ends<C>, opened: (ws: WebSocket) => C): () => void {
  const { insecure = false, ca, ...tls } = settings.tls;
  let progress: Progress = { reached: false, sent: false };
  const ws = new WebSocket(asked.url.href.replace(/^http/, "ws"), [...protocols], {
    headers: Object.fromEntries(asked.headers),
    perMessageDeflate: settings.deflate,
    maxPayload: settings.messageLimitBytes,
    rejectUnauthorized: !insecure,
    ...tls,
    ...(ca !== undefined && { ca: ca as string[] }),
    finishRequest: (request) => {
      progress = progressOf(request, asked.url.protocol === "https:");
      request.end();
    },
  });
  ws.on("upgrade", ({ headers }) => storeCookies(headers["set-cookie"] ?? []));
  ws.on("unexpected-response", (request, response: IncomingMessage) => {
    storeCookies(response.headers["set-cookie"] ?? []);
    headOf(response, (body) => {
      request.destroy();
      ends.fail({ outcome: "refused", cause: `status ${response.statusCode}`, status: response.statusCode ?? 0, body });
    });
  });
  ws.on("error", (error) => ends.fail(refusalOf(error, progress)));
  ws.on("open", () => {
    ws.removeAllListeners("error");
    ends.ok(opened(ws));
  });
  return () => {
    ws.on("error", () => {});
    ws.terminate();
  };
}
