import type { Outgoing } from "../engine.ts";

/** Methods whose requests say that they have no body when they have none. */
const expectsBody = new Set(["POST", "PUT", "PATCH"]);

/** The bytes of a request, head and body in one: they leave in one write. */
export function requestBytes({ method, path, headers, body }: Outgoing, host: string, keepAlive: boolean): string | Buffer {
  let head = `${method} ${path} HTTP/1.1\r\n`;
  let hasHost = false;
  let fields = "";
  for (let i = 0; i < headers.length; i += 2) {
    const name = headers[i]!;
    if (name === "host") hasHost = true;
    fields += `${name}: ${headers[i + 1]!}\r\n`;
  }
  if (!hasHost) head += `host: ${host}\r\n`;
  head += keepAlive ? fields : `connection: close\r\n${fields}`;
  const length = body === undefined ? 0 : typeof body === "string" ? Buffer.byteLength(body) : body.length;
  if (length === 0) return expectsBody.has(method) ? `${head}content-length: 0\r\n\r\n` : `${head}\r\n`;
  head += `content-length: ${length}\r\n\r\n`;
  // Text of one byte a character is the same in the head's Latin-1 and in UTF-8 only where it is ASCII.
  if (typeof body === "string" && length === body.length) return head + body;
  const bytes = Buffer.allocUnsafe(head.length + length);
  bytes.write(head, 0, "latin1");
  if (typeof body === "string") bytes.write(body, head.length, "utf8");
  else bytes.set(body!, head.length);
  return bytes;
}
