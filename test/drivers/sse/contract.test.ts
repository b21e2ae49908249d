import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { sse, type SseSession } from "../../../drivers/sse/index.ts";
import { driverContract } from "../../contract/driver.ts";

driverContract<SseSession>("sse", async () => {
  let seen = 0;
  const server = createServer((request, response) => {
    seen++;
    if (request.url === "/silence") return;
    if (request.url === "/broken") return void response.writeHead(503).end();
    if (request.url === "/who" && request.headers.cookie !== "who=mary") return void response.writeHead(401).end();
    response.writeHead(200, { "content-type": "text/event-stream", ...(request.url === "/session" && { "set-cookie": "who=mary; Path=/" }) }).flushHeaders();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    driver: sse({ base: `http://127.0.0.1:${(server.address() as AddressInfo).port}` }),
    seen: () => seen,
    touchOk: (session) => session.open("/prices"),
    touchRefused: (session) => session.open("/broken"),
    touchHang: (session) => session.open("/silence"),
    signIn: (session) => session.open("/session"),
    isSignedIn: (session) => session.open("/who").then(() => true, () => false),
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
});
