/** Real servers for the tests of the WebSocket driver. */
import { createHash } from "node:crypto";
import type { IncomingMessage } from "node:http";
import type { Socket } from "node:net";
import { onTestFinished } from "vitest";
import { WebSocketServer, type ServerOptions, type WebSocket } from "ws";
import { websocket, type WebSocketSession, type WebSocketSettings } from "../../../drivers/websocket/index.ts";
import type { OpenContext } from "../../../src/model/driver.ts";
import { userContext, type RecordedOp } from "../../contract/driver.ts";
import { onHead, serve, serveRaw, type World } from "../http/worlds.ts";
import type { TlsOptions } from "node:tls";

export interface ChatWorld extends World {
  readonly handshakes: IncomingMessage[];
  readonly sockets: WebSocket[];
}

/** A server of WebSockets, ended with the test; `talk` gets every one. */
export async function serveChat(talk: (ws: WebSocket, request: IncomingMessage) => void, options: ServerOptions = {}, tls?: TlsOptions): Promise<ChatWorld> {
  const chat = new WebSocketServer({ noServer: true, ...options });
  const handshakes: IncomingMessage[] = [];
  const sockets: WebSocket[] = [];
  const world = await serve((_, response) => response.writeHead(426).end("speak WebSocket"), tls, (request, socket, head) => {
    handshakes.push(request);
    chat.handleUpgrade(request, socket, head, (ws) => {
      sockets.push(ws);
      ws.on("error", () => {});
      talk(ws, request);
    });
  });
  return Object.assign(world, { base: world.base.replace(/^http/, "ws"), handshakes, sockets });
}

/** A server that agrees, and then says byte by byte what a test tells it to. */
export async function serveFrames(talk: (socket: Socket) => void): Promise<World> {
  const world = await serveRaw((socket) => onHead(socket, (head) => {
    const key = /sec-websocket-key: (.*)/i.exec(head)![1]!;
    const answer = createHash("sha1").update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest("base64");
    socket.write(`HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\nconnection: upgrade\r\nsec-websocket-accept: ${answer}\r\n\r\n`);
    socket.removeAllListeners("data").resume();
    // When the handshake is over for the other side, too.
    setTimeout(() => talk(socket), 30);
  }));
  return { ...world, base: world.base.replace(/^http/, "ws") };
}

/** A session, closed with the test. */
export async function sit(settings: WebSocketSettings, overrides: Partial<OpenContext> = {}): Promise<{ session: WebSocketSession; ops: RecordedOp[]; said: string[]; cut: () => void; close: () => Promise<void>; renew: () => void }> {
  const said: string[] = [];
  const driver = websocket(settings);
  const { context, ops, cut } = userContext({ say: (line) => void said.push(line), ...overrides });
  const session = await driver.open(context);
  const close = () => driver.close(session);
  onTestFinished(close);
  return { session, ops, said, cut, close, renew: () => driver.renew!(session) };
}
