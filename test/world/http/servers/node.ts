/** The shore of the trials on Node: listens on PORT, writes a line to LOG for each request with an id before it answers. */
import { appendFileSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { gzipSync } from "node:zlib";

const piece = "0123456789abcdef".repeat(64);
let connections = 0;
const numbers = new WeakMap<object, number>();

const answers: Readonly<Record<string, (request: IncomingMessage, response: ServerResponse) => void>> = {
  "/small": (_, response) => response.end("ok"),
  "/connection": (request, response) => response.end(String(numbers.get(request.socket))),
  "/chunked": (_, response) => {
    for (let n = 0; n < 3; n++) response.write(piece);
    response.end();
  },
  "/large": (_, response) => response.end(piece.repeat(8_192)),
  "/gzip": (_, response) => response.setHeader("content-encoding", "gzip").end(gzipSync(piece.repeat(100))),
  "/204": (_, response) => response.writeHead(204).end(),
  "/304": (_, response) => response.writeHead(304).end(),
  "/redirect": (_, response) => response.writeHead(302, { location: "/small" }).end(),
  "/echo": (request, response) => void request.pipe(response),
  "/close": (_, response) => response.setHeader("connection", "close").end("ok"),
  "/slow": (_, response) => {
    let left = 10;
    const drip = setInterval(() => {
      if (left-- > 0) return void response.write("x");
      clearInterval(drip);
      response.end();
    }, 10);
  },
};

const server = createServer((request, response) => {
  const { pathname, searchParams } = new URL(request.url!, "http://shore");
  const id = searchParams.get("id");
  if (id !== null) appendFileSync(process.env["LOG"]!, `${id}\n`);
  answers[pathname]!(request, response);
});
server.maxRequestsPerSocket = Number(process.env["MOST"] ?? 0);
server.on("connection", (socket) => numbers.set(socket, connections++));
server.listen(Number(process.env["PORT"]), "127.0.0.1");
process.on("SIGTERM", () => server.close(() => process.exit()));
