import { constants } from "node:http2";
import type { Loss } from "../engine.ts";

/** By their codes, as RFC 9113 has them. */
const names = [
  "NO_ERROR", "PROTOCOL_ERROR", "INTERNAL_ERROR", "FLOW_CONTROL_ERROR", "SETTINGS_TIMEOUT", "STREAM_CLOSED", "FRAME_SIZE_ERROR",
  "REFUSED_STREAM", "CANCEL", "COMPRESSION_ERROR", "CONNECT_ERROR", "ENHANCE_YOUR_CALM", "INADEQUATE_SECURITY", "HTTP_1_1_REQUIRED",
];

/** `REFUSED_STREAM` for 7. */
export const nameOfCode = (code: number): string => names[code] ?? `code ${code}`;

/** Said by whoever found that the other one broke the rules, or that they were too much to bear. */
const broken: ReadonlySet<number> = new Set([
  constants.NGHTTP2_PROTOCOL_ERROR, constants.NGHTTP2_FLOW_CONTROL_ERROR, constants.NGHTTP2_STREAM_CLOSED, constants.NGHTTP2_FRAME_SIZE_ERROR,
  constants.NGHTTP2_COMPRESSION_ERROR, constants.NGHTTP2_ENHANCE_YOUR_CALM, constants.NGHTTP2_INADEQUATE_SECURITY, constants.NGHTTP2_HTTP_1_1_REQUIRED,
]);

/**
 * Names the loss of a stream.
 *
 * @param code with which it closed
 * @param lost what happened to the whole connection, where something did
 */
export function lossOfStream(code: number, lost: (Error & { code?: string }) | undefined, answering: boolean): Loss {
  const gone = answering ? "cut short" : "reset";
  if (!lost) return { loss: broken.has(code) ? "protocol" : gone, error: nameOfCode(code) };
  const error = lost.code === undefined || lost.code.startsWith("ERR_HTTP2") ? lost.message : lost.code;
  if (lost.code?.startsWith("ERR_SSL") && !answering) return { loss: "tls", error };
  // The library's own word: what came was no HTTP/2.
  return { loss: lost.code === "ERR_HTTP2_ERROR" ? "protocol" : gone, error };
}
