import type { ClientRequest, IncomingMessage } from "node:http";
import type { Socket } from "node:net";
import { lossOutcome } from "../http/engine.ts";
import { lossOf } from "../http/loss.ts";
import type { Trouble } from "./touch.ts";

/** How far a request of Node's had come. */
export interface Progress {
  reached: boolean;
  sent: boolean;
}

/** Follows a request on its way. */
export function progressOf(request: ClientRequest, isSecure: boolean): Progress {
  const progress = { reached: false, sent: false };
  request.on("socket", (socket: Socket) => {
    socket.on("connect", () => (progress.reached = true)).on(isSecure ? "secureConnect" : "connect", () => (progress.sent = true));
  });
  return progress;
}

/** Why no connection came to be. */
export function refusalOf(error: Error & { readonly code?: string }, { reached, sent }: Progress): Trouble {
  // A library's own findings, such as a wrong accept key, have no code; those of Node's parser begin with HPE.
  if (sent && (error.code === undefined || error.code.startsWith("HPE_"))) return { outcome: "unsure", cause: "protocol", error: error.code ?? error.message };
  const { loss, error: detail } = lossOf(error, { reached, sent, answering: false, headed: false });
  return { outcome: lossOutcome[loss], cause: loss, error: detail };
}

const evidenceBytes = 512;

/** The first bytes of an answer, or what there is of them when it ends. */
export function headOf(response: IncomingMessage, call: (body: string) => void): void {
  let body = Buffer.alloc(0);
  const done = (): void => {
    response.removeAllListeners();
    response.on("error", () => {});
    call(body.toString("utf8", 0, evidenceBytes));
  };
  response
    .on("data", (chunk: Buffer) => {
      body = Buffer.concat([body, chunk]);
      if (body.length >= evidenceBytes) done();
    })
    .on("end", done)
    .on("error", done);
}
