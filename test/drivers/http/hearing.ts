/** How bytes are heard as an answer: by the wire's parser, and by Node's own (llhttp). */
import { request } from "node:http";
import { Duplex } from "node:stream";
import { Malformed } from "../../../drivers/http/wire/fields.ts";
import { Parser, TooLarge } from "../../../drivers/http/wire/parser.ts";

interface Heard {
  readonly status: number;
  readonly headers: readonly string[];
  readonly body: string;
}

export type Read = (Heard & { readonly used: number; readonly keepsMs: number }) | "malformed" | "too large" | "cut short";

export const limitBytes = 1_000_000;

/** Reads the pieces one after the other through one buffer, as a connection does, then the end. */
export function read(pieces: readonly Buffer[], method = "GET", bodyLimitBytes = limitBytes, parser = new Parser(bodyLimitBytes)): Read {
  const buffer = Buffer.alloc(pieces.reduce((most, { length }) => Math.max(most, length), 1));
  let used = 0;
  parser.begin(method);
  try {
    for (const piece of pieces) {
      piece.copy(buffer);
      const read = parser.read(buffer, piece.length);
      // What it keeps must not lie in the buffer, which is overwritten at once.
      buffer.fill("!");
      if (read >= 0) return taken(used + read);
      used += piece.length;
    }
    return parser.end() ? taken(used) : "cut short";
  } catch (error) {
    if (error instanceof Malformed) return "malformed";
    if (error instanceof TooLarge) return "too large";
    throw error;
  }
  function taken(used: number): Read {
    const { keepsMs } = parser;
    const { status, headers, body } = parser.take();
    return { status, headers: headers.raw, body: Buffer.from(body).toString("latin1"), used, keepsMs };
  }
}

/** The same bytes to Node's client; undefined where it refuses them. */
export function readByNode(bytes: Buffer, method = "GET"): Promise<Heard | undefined> {
  return new Promise((resolve) => {
    const socket = new Duplex({ read() {}, write: (_chunk, _encoding, written) => written() });
    const refused = () => {
      resolve(undefined);
      socket.destroy();
    };
    const asked = request({ method, createConnection: () => socket, setDefaultHeaders: false, headers: { host: "a" } });
    asked.on("error", refused).on("upgrade", refused);
    asked.on("response", (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk)).on("error", refused);
      response.on("end", () => {
        resolve(response.complete ? { status: response.statusCode!, headers: response.rawHeaders, body: Buffer.concat(chunks).toString("latin1") } : undefined);
        socket.destroy();
      });
    });
    asked.on("finish", () => {
      socket.push(bytes);
      socket.push(null);
    });
    asked.end();
  });
}
