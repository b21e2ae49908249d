import { createServer } from "node:http";
import { WebSocket, WebSocketServer } from "ws";

const { PORT = "8080" } = process.env;

const server = createServer((request, response) => {
  if (request.url === "/readyz") return void response.end("listening");
  if (request.url !== "/tide") return void response.writeHead(404).end();
  response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-store" });
  response.write("retry: 250\n\n");
  const since = Number(request.headers["last-event-id"] ?? -1);
  let next = since >= 0 ? since + 1 : 0;
  const beat = setInterval(() => response.write(`id: ${next}\nevent: tide\ndata: ${JSON.stringify({ hour: next++ % 24 })}\n\n`), 100);
  response.on("close", () => clearInterval(beat));
});

const radio = new WebSocketServer({ server, path: "/talk", maxPayload: 4_096 });
radio.on("connection", (ship) => {
  ship.on("error", () => ship.terminate());
  ship.on("message", (data, isBinary) => {
    const told = heard(isBinary ? undefined : String(data));
    if (!told) return ship.close(1003, "not a call");
    for (const other of radio.clients) if (other.readyState === WebSocket.OPEN) other.send(JSON.stringify({ ...told, to: radio.clients.size }));
  });
});

/** What a ship said; undefined for what nobody can make out. */
function heard(text: string | undefined): { from: string; said: string } | undefined {
  try {
    const { call, say } = JSON.parse(text ?? "") as { call?: unknown; say?: unknown };
    return typeof call === "string" && typeof say === "string" ? { from: call, said: say } : undefined;
  } catch {
    return undefined;
  }
}

server.listen(Number(PORT), "127.0.0.1");
for (const signal of ["SIGTERM", "SIGINT"] as const) {
  process.once(signal, () => {
    for (const ship of radio.clients) ship.close(1012, "the station moves");
    server.close(() => process.exit(0));
    server.closeAllConnections();
  });
}
