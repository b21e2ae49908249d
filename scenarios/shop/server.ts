import "./quiet.ts";
import { randomInt } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Orders } from "./orders.ts";
import { route, type Answer } from "./routes.ts";

const modes = ["good", "slow", "failing"] as const;

const { PORT = "8080", SHOP_DATA, SHOP_VERSION: version = "good", SHOP_MODE: mode = "good" } = process.env;
if (!modes.some((known) => known === mode)) {
  console.error(`SHOP_MODE is one of ${modes.join(", ")}, not ${mode}`);
  process.exit(2);
}

const folder = SHOP_DATA ?? mkdtempSync(join(tmpdir(), "shop-"));
if (SHOP_DATA === undefined) process.on("exit", () => rmSync(folder, { recursive: true, force: true }));
const orders = new Orders(folder);
let leaving = false;

function send(response: ServerResponse, { status, headers, body }: Answer): void {
  const html = typeof body === "string";
  const text = html ? body : JSON.stringify(body);
  response.writeHead(status, {
    ...headers,
    "content-type": html ? "text/html; charset=utf-8" : "application/json",
    "content-length": Buffer.byteLength(text),
    "x-shop-version": version,
    ...(leaving && { connection: "close" }),
  });
  response.end(text);
}

const server = createServer(async (request, response) => {
  const isCheck = request.url === "/healthz" || request.url === "/readyz";
  try {
    if (!isCheck && mode === "slow") await sleep(400);
    if (!isCheck && mode === "failing" && randomInt(2) === 0) {
      request.resume();
      return send(response, { status: 500, body: { error: "this version is broken" } });
    }
    send(response, await route(request, orders));
  } catch (error) {
    if (request.destroyed && !request.complete) return; // the client left in the middle of its request
    console.error(error);
    if (!response.headersSent) send(response, { status: 500, body: { error: "internal error" } });
  }
});

// As nginx' keepalive_requests does: clients connect anew now and then, and a balancer can move them.
server.maxRequestsPerSocket = 50;
server.on("error", (error) => {
  console.error(error.message);
  process.exit(1);
});
server.listen(Number(PORT), "127.0.0.1", () => {
  console.log(`shop ${version} (${mode}) on http://127.0.0.1:${(server.address() as AddressInfo).port}, data in ${folder}`);
});

/** Answers a little longer with "connection: close", so that clients leave by themselves; then ends what is idle. */
async function leave(): Promise<void> {
  if (leaving) return;
  leaving = true;
  await sleep(300);
  server.close(() => {
    orders.close();
    process.exit(0);
  });
  server.closeIdleConnections();
  await sleep(3_000);
  server.closeAllConnections();
}

process.on("SIGTERM", () => void leave());
process.on("SIGINT", () => void leave());
