import type { OutgoingHttpHeaders } from "node:http2";
import { isSource, type Outgoing } from "../engine.ts";

/** Methods whose requests say that they have no body when they have none. */
const expectsBody = new Set(["POST", "PUT", "PATCH"]);
/** Belong to a connection of HTTP/1.1. */
const ofConnection = new Set(["proxy-connection", "http2-settings", "te"]);

/** The headers of a request as HTTP/2 has them. */
export function requestHeaders({ method, origin, path, headers, cookie, body, continueMs }: Outgoing): OutgoingHttpHeaders {
  const scheme = origin.startsWith("https:") ? "https" : "http";
  const fields: OutgoingHttpHeaders = { ":method": method, ":scheme": scheme, ":authority": origin.slice(scheme.length + 3), ":path": path };
  for (const [name, value] of headers) {
    if (name === "host") fields[":authority"] = value;
    else if (!ofConnection.has(name)) fields[name] = value;
  }
  if (cookie !== undefined) fields["cookie"] = cookie;
  const length = body === undefined ? 0 : isSource(body) ? body.lengthBytes : typeof body === "string" ? Buffer.byteLength(body) : body.length;
  // A body of unknown length just ends.
  if (length !== undefined && (length > 0 || expectsBody.has(method))) fields["content-length"] = String(length);
  if (continueMs !== undefined && body !== undefined) fields["expect"] = "100-continue";
  return fields;
}
