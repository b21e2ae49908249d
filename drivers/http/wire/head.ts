import { isSource, type Content, type Outgoing, type Source } from "../engine.ts";

/** Methods whose requests say that they have no body when they have none. */
const expectsBody = new Set(["POST", "PUT", "PATCH"]);

type AtHand = Exclude<Content, Source>;

const lengthOf = (body: AtHand): number => (typeof body === "string" ? Buffer.byteLength(body) : body.length);

/** All lines but those that tell of the body. */
function headLines({ method, path, headers, cookie }: Outgoing, host: string, keepAlive: boolean): string {
  let head = `${method} ${path} HTTP/1.1\r\n`;
  if (headers.get("host") === undefined) head += `host: ${host}\r\n`;
  if (!keepAlive) head += "connection: close\r\n";
  head += headers.text;
  return cookie === undefined ? head : `${head}cookie: ${cookie}\r\n`;
}

/** The head of a request whose body leaves apart. */
export function headBytes(request: Outgoing, host: string, keepAlive: boolean): string {
  const { body, continueMs } = request;
  const length = isSource(body) ? body.lengthBytes : lengthOf(body!);
  const framing = length === undefined ? "transfer-encoding: chunked" : `content-length: ${length}`;
  return `${headLines(request, host, keepAlive)}${framing}\r\n${continueMs === undefined ? "" : "expect: 100-continue\r\n"}\r\n`;
}

/** The bytes of a request, head and body in one: they leave in one write. The body is at hand. One without a body keeps them for its next time. */
export function requestBytes(request: Outgoing, host: string, keepAlive: boolean): string | Uint8Array {
  if (request.rendered) return request.rendered;
  const { method, cookie } = request;
  const body = request.body as AtHand | undefined;
  let head = headLines(request, host, keepAlive);
  const length = body === undefined ? 0 : lengthOf(body);
  if (length === 0) {
    head += expectsBody.has(method) ? "content-length: 0\r\n\r\n" : "\r\n";
    return cookie === undefined ? (request.rendered = Buffer.from(head, "latin1")) : head;
  }
  head += `content-length: ${length}\r\n\r\n`;
  // Text of one byte a character is the same in the head's Latin-1 and in UTF-8 only where it is ASCII.
  if (typeof body === "string" && length === body.length) return head + body;
  const bytes = Buffer.allocUnsafe(head.length + length);
  bytes.write(head, 0, "latin1");
  if (typeof body === "string") bytes.write(body, head.length, "utf8");
  else bytes.set(body!, head.length);
  return bytes;
}
