/** Real servers for the tests of the HTTP driver. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from "node:http";
import { createSecureServer as createSecureH2Server, createServer as createH2Server, type Http2Server } from "node:http2";
import { createServer as createTlsServer } from "node:https";
import { createServer as createRawServer, type AddressInfo, type Server as RawServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TlsOptions } from "node:tls";
import { onTestFinished } from "vitest";
import { http, type HttpSession, type HttpSettings } from "../../../drivers/http/index.ts";
import type { OpenContext } from "../../../src/model/driver.ts";
import { userContext, type RecordedOp } from "../../contract/driver.ts";

export interface World {
  readonly base: string;
  readonly port: number;
  /** Request lines in the order they came. */
  readonly lines: string[];
  readonly requests: IncomingMessage[];
  /** Connections now open. */
  open(): number;
  /** Connections ever. */
  connections(): number;
  stop(): Promise<void>;
}

export async function listen(server: Server | RawServer | Http2Server, scheme: string): Promise<Omit<World, "lines" | "requests">> {
  const sockets = new Set<Socket>();
  let connections = 0;
  server.on("connection", (socket: Socket) => {
    connections++;
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket)).on("error", () => {});
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    base: `${scheme}://127.0.0.1:${port}`,
    port,
    open: () => sockets.size,
    connections: () => connections,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

/** An HTTP server, ended with the test. Where HTTP/2 is under test it speaks nothing else. */
export async function serve(answer: RequestListener, tls?: TlsOptions, upgrade?: (request: IncomingMessage, socket: Socket, head: Buffer) => void): Promise<World> {
  const [lines, requests]: [string[], IncomingMessage[]] = [[], []];
  const listener = (request: IncomingMessage, response: ServerResponse) => {
    lines.push(`${request.method} ${request.url}`);
    requests.push(request);
    answer(request, response);
  };
  const server = underTest.engine === "h2" ? h2Server(listener, tls) : tls ? createTlsServer(tls, listener) : createServer(listener);
  if (upgrade) server.on("upgrade", upgrade);
  const world = { ...(await listen(server, tls ? "https" : "http")), lines, requests };
  onTestFinished(() => world.stop());
  return world;
}

/** Node's own HTTP/2, answering as its HTTP/1.1 does: what a listener uses of either is the same. */
function h2Server(listener: (request: IncomingMessage, response: ServerResponse) => void, tls: TlsOptions | undefined): Http2Server {
  const same = listener as unknown as Parameters<typeof createH2Server>[1];
  return tls ? createSecureH2Server(tls, same as Parameters<typeof createSecureH2Server>[1]) : createH2Server(same);
}

/** A server that knows no HTTP: `talk` gets each connection with the number of those before it. */
export async function serveRaw(talk: (socket: Socket, nth: number) => void): Promise<World> {
  const server = createRawServer();
  const world = { ...(await listen(server, "http")), lines: [], requests: [] };
  let nth = 0;
  server.on("connection", (socket) => talk(socket, nth++));
  onTestFinished(() => world.stop());
  return world;
}

/** Calls back at the end of every request's head, on a raw connection. */
export function onHead(socket: Socket, call: (head: string) => void): void {
  let text = "";
  socket.on("data", (chunk) => {
    text += chunk.toString("latin1");
    for (let end; (end = text.indexOf("\r\n\r\n")) >= 0; text = text.slice(end + 4)) call(text.slice(0, end));
  });
}

/** Says it again and again, as fast as the other side hears it. */
export function pour(socket: Socket, piece: string): void {
  const bytes = Buffer.from(piece);
  const more = () => {
    while (socket.writable && socket.write(bytes));
  };
  socket.on("drain", more);
  more();
}

export async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

export interface Sitting {
  readonly session: HttpSession;
  readonly ops: RecordedOp[];
  readonly context: OpenContext;
  readonly cut: () => void;
  close(): Promise<void>;
  renew(): void;
}

/** What `sit` sits on unless it is told; the default of the driver where it is undefined. */
export const underTest: { engine: HttpSettings["engine"] } = { engine: undefined };

/** A session, closed with the test. */
export async function sit(settings: HttpSettings, overrides: Partial<OpenContext> = {}): Promise<Sitting> {
  const driver = http(underTest.engine ? { engine: underTest.engine, ...settings } : settings);
  const { context, ops, cut } = userContext(overrides);
  const session = await driver.open(context);
  const close = () => driver.close(session);
  onTestFinished(close);
  return { session, ops, context, cut, close, renew: () => driver.renew!(session) };
}

export interface Certificates {
  readonly ca: string;
  readonly caKey: string;
  readonly cert: string;
  readonly key: string;
}

/** A certificate for `name` signed by a new authority; one for less than no days has expired. */
export function certificatesFor(name: string, altNames: string, days = 2): Certificates {
  const folder = mkdtempSync(join(tmpdir(), "seatrial-certificates-"));
  const openssl = (...args: string[]) => execFileSync("openssl", args, { cwd: folder, stdio: "pipe" });
  try {
    const fresh = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];
    openssl("req", "-x509", ...fresh, "-days", "2", "-keyout", "ca.key", "-out", "ca.pem", "-subj", `/CN=authority of ${name}`);
    openssl("req", "-new", ...fresh, "-keyout", "key.pem", "-out", "asked.pem", "-subj", `/CN=${name}`, "-addext", `subjectAltName=${altNames}`, "-addext", "basicConstraints=critical,CA:FALSE");
    openssl("x509", "-req", "-in", "asked.pem", "-CA", "ca.pem", "-CAkey", "ca.key", "-set_serial", "2", "-copy_extensions", "copyall", "-days", String(days), "-out", "cert.pem");
    const read = (file: string) => readFileSync(join(folder, file), "utf8");
    return { ca: read("ca.pem"), caKey: read("ca.key"), cert: read("cert.pem"), key: read("key.pem") };
  } finally {
    rmSync(folder, { recursive: true });
  }
}
