import { textOf, unpack } from "./decode.ts";
import { isSource, type Content } from "./engine.ts";

/** What went out, and what came back of it: one hop of a touch. */
export interface Exchange {
  readonly method: string;
  /** The whole address. */
  readonly url: string;
  /** With the cookie, where one was sent. */
  readonly headers: Iterable<readonly [name: string, value: string]>;
  readonly body: Content | undefined;
  /** What came of an answer; undefined where not even its head did. */
  readonly answer: Answer | undefined;
}

/** An answer as far as it came. */
export interface Answer {
  readonly status: number;
  readonly version?: "1.1" | "2" | undefined;
  readonly headers: Iterable<readonly [name: string, value: string]>;
  readonly body: Uint8Array;
}

/** How much of each body is written. */
export interface Room {
  readonly bodyBytes: number;
  /** An answer may unpack to so much. */
  readonly unpackedBytes: number;
}

/** No header that a person wants to read is longer. */
const longestHeader = 8_192;
const mostHeaders = 200;
/** Enough to tell what kind of file it is. */
const firstBytes = 8;
const unreadable = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffd]/;

/** Exchanges as text, each request in the form of an `.http` file, so that an editor can send it again. */
export function transcript(exchanges: readonly Exchange[], room: Room): string {
  return exchanges.map((exchange) => `${requestText(exchange, room)}\n\n### ${answerText(exchange.answer, room)}\n`).join("\n###\n\n");
}

function requestText({ method, url, headers, body, answer }: Exchange, room: Room): string {
  const lines = [...headers];
  const names = new Set(lines.map(([name]) => name));
  const of = (name: string) => lines.find(([one]) => one === name)?.[1];
  const length = lengthOf(body);
  const version = answer && ` HTTP/${answer.version ?? "1.1"}`;
  return [
    `${method} ${url}${version ?? ""}`,
    ...headerText(names.has("host") || !URL.canParse(url) ? [] : [["host", new URL(url).host]]),
    ...headerText(lines),
    ...(length === undefined || names.has("content-length") ? [] : [`content-length: ${length}`]),
    ...bodyText(body, of("content-type"), room),
  ].join("\n");
}

function answerText(answer: Answer | undefined, { bodyBytes, unpackedBytes }: Room): string {
  if (!answer) return "no answer";
  const { status, version = "1.1", body } = answer;
  const headers = [...answer.headers];
  const of = (name: string) => headers.filter(([one]) => one.toLowerCase() === name).map(([, value]) => value).join(", ") || undefined;
  const encoding = of("content-encoding");
  const head = [`HTTP/${version} ${status}`, ...headerText(headers)];
  let content = body;
  let packed: string | undefined;
  try {
    content = unpack(body, encoding, unpackedBytes);
    if (content !== body) packed = `(${body.length} bytes of ${encoding}, unpacked)`;
  } catch (error) {
    packed = `(${encoding} that could not be unpacked: ${(error as Error).message})`;
  }
  return ["the answer", ...head, ...(packed === undefined ? [] : ["", packed]), ...bytesText(content, of("content-type"), content.length, bodyBytes)].join("\n");
}

const headerText = (headers: Iterable<readonly [string, string]>): string[] => {
  const lines = [...headers];
  const shown = lines.slice(0, mostHeaders).map(([name, value]) => `${name}: ${value.length > longestHeader ? `${value.slice(0, longestHeader)}… (${value.length} letters)` : value}`);
  return lines.length > mostHeaders ? [...shown, `(${lines.length - mostHeaders} more headers)`] : shown;
};

function lengthOf(body: Content | undefined): number | undefined {
  if (body === undefined) return undefined;
  return isSource(body) ? body.lengthBytes : typeof body === "string" ? Buffer.byteLength(body) : body.length;
}

function bodyText(body: Content | undefined, type: string | undefined, { bodyBytes }: Room): string[] {
  if (body === undefined) return [];
  if (!isSource(body)) return bytesText(typeof body === "string" ? Buffer.from(body.slice(0, bodyBytes + 1)) : body, type, lengthOf(body)!, bodyBytes);
  const { head = Buffer.alloc(0), readBytes = 0 } = body.read ?? {};
  const all = body.lengthBytes === undefined ? "" : ` of ${body.lengthBytes}`;
  return [...bytesText(head, type, readBytes, bodyBytes), "", `(read while it was sent: ${readBytes}${all} bytes had been)`];
}

/** The first of a body as text, and what is left out. */
function bytesText(bytes: Uint8Array, type: string | undefined, length: number, most: number): string[] {
  if (length === 0) return [];
  const text = textOf(Buffer.from(bytes.subarray(0, most)), type);
  // Where it is cut, a letter may be.
  const whole = length > most || length > bytes.length ? text.replace(/\ufffd$/, "") : text;
  const bad = whole.search(unreadable);
  // A form with a file in it is text up to there.
  const readable = bad < 0 ? whole : whole.slice(0, whole.lastIndexOf("\n", bad) + 1);
  const shown = Buffer.byteLength(readable);
  const rest = bytes.subarray(shown);
  const left = length - Math.min(shown, length);
  const kind = type?.split(";")[0] ?? "unknown type";
  const more = bad >= 0 ? `(${left} bytes that are no text, ${kind}; they begin with ${Buffer.from(rest.subarray(0, firstBytes)).toString("hex")})` : left > 0 && most < length ? `(${left} bytes more)` : undefined;
  return [...(readable === "" ? [] : ["", readable]), ...(more === undefined ? [] : ["", more])];
}
