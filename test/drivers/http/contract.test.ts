import { createServer, type RequestListener } from "node:http";
import { createServer as createH2Server } from "node:http2";
import type { AddressInfo, Socket } from "node:net";
import { http, type HttpSession } from "../../../drivers/http/index.ts";
import { SimulatedLoss, type SimulatedService } from "../../../src/model/simulated.ts";
import { driverContract, type DriverBench } from "../../contract/driver.ts";

const touches = {
  touchOk: (session) => session.get("/items"),
  touchRefused: (session) => session.get("/broken"),
  touchHang: (session) => session.get("/silence"),
} satisfies Partial<DriverBench<HttpSession>>;

for (const engine of ["wire", "h2", "undici"] as const) for (const pool of ["user", "shared"] as const) driverContract<HttpSession>(`http over ${engine}, pool: ${pool}`, async () => {
  let seen = 0;
  const sockets = new Set<Socket>();
  const answer: RequestListener = (request, response) => {
    seen++;
    if (request.url === "/silence") return;
    if (request.url === "/broken") response.statusCode = 503;
    if (request.url === "/session") response.setHeader("set-cookie", "who=mary; Path=/");
    response.end(request.headers.cookie ?? "nobody");
  };
  const server = engine === "h2" ? createH2Server(answer as never) : createServer(answer);
  server.on("connection", (socket: Socket) => void sockets.add(socket));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    ...touches,
    driver: http({ engine, pool, connections: 6, base: `http://127.0.0.1:${(server.address() as AddressInfo).port}` }),
    seen: () => seen,
    signIn: (session) => session.post("/session"),
    isSignedIn: async (session) => (await session.get("/items")).text() === "who=mary",
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
});

driverContract<HttpSession>("http over the simulated service", async () => {
  let seen = 0;
  const simulated: SimulatedService = {
    request: ({ path }, signal) => {
      seen++;
      if (path === "/silence") return new Promise((_, reject) => signal.addEventListener("abort", () => reject(new SimulatedLoss("silence"))));
      if (path === "/broken") return Promise.reject(new SimulatedLoss("refused"));
      return Promise.resolve({ status: 200, headers: path === "/session" ? { "set-cookie": "who=mary; Path=/" } : {}, body: [] });
    },
  };
  return {
    ...touches,
    driver: http({ service: "shop" }),
    context: { simulated, service: (name) => (name === "shop" ? "http://shop.sim" : undefined) },
    seen: () => seen,
    signIn: (session) => session.post("/session"),
    // The simulated service hears no headers; the session's own jar is what it would send.
    isSignedIn: async (session) => {
      await session.get("/items");
      return session.cookies.get("who") === "mary";
    },
    stop: async () => {},
  };
});
