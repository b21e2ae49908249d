import { createServer } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { WebSocketServer } from "ws";
import { websocket, type WebSocketSession } from "../../../drivers/websocket/index.ts";
import { driverContract } from "../../contract/driver.ts";

driverContract<WebSocketSession>("websocket", async () => {
  let seen = 0;
  const sockets = new Set<Socket>();
  const chat = new WebSocketServer({ noServer: true, handleProtocols: (_, request) => (request.headers.cookie === "who=mary" ? "mary" : "nobody") });
  chat.on("headers", (lines, request) => void (request.url === "/session" && lines.push("set-cookie: who=mary; Path=/")));
  const server = createServer().on("upgrade", (request, socket, head) => {
    seen++;
    if (request.url === "/silence") return void socket.resume().on("end", () => socket.end());
    if (request.url === "/broken") return void socket.end("HTTP/1.1 503 Busy\r\ncontent-length: 0\r\n\r\n");
    chat.handleUpgrade(request, socket, head, () => {});
  });
  server.on("connection", (socket: Socket) => void sockets.add(socket));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    driver: websocket({ base: `ws://127.0.0.1:${(server.address() as AddressInfo).port}` }),
    seen: () => seen,
    touchOk: (session) => session.connect("/rooms"),
    touchRefused: (session) => session.connect("/broken"),
    touchHang: (session) => session.connect("/silence"),
    signIn: (session) => session.connect("/session"),
    isSignedIn: async (session) => (await session.connect("/rooms", { protocols: ["mary", "nobody"] })).protocol === "mary",
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
});
