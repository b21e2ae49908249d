/**
 * The service that all are sent against: each path takes its own fixed time, every tenth search is
 * refused, and what was asked for is counted, so that everybody's numbers can be held to the truth.
 */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** What each path takes, ms. */
const delaysMs: Readonly<Record<string, number>> = { "/login": 40, "/hello": 5, "/world": 10, "/item": 20, "/items": 15, "/orders": 30, "/search": 25, "/details": 10 };
const refuseEvery = 10;

let searches = 0;
let counts: Record<string, { requests: number; failures: number }> = {};

const server = createServer((request, response) => {
  const path = (request.url ?? "/").split("?")[0]!;
  // Reading the counts begins the next count.
  if (path === "/counts") {
    response.end(JSON.stringify(counts));
    counts = {};
    searches = 0;
    return;
  }
  const place = `/${path.split("/")[1]}`;
  const count = (counts[`${request.method} ${place}`] ??= { requests: 0, failures: 0 });
  const refused = place === "/search" && ++searches % refuseEvery === 0;
  count.requests += 1;
  if (refused) count.failures += 1;
  request.resume();
  setTimeout(() => {
    response.writeHead(refused ? 503 : 200, { "content-type": "application/json" });
    response.end(JSON.stringify({ id: `${count.requests}`, token: "abc", items: ["oar", "rope"] }));
  }, delaysMs[place] ?? 0);
});
server.listen(0, "127.0.0.1", () => console.log((server.address() as AddressInfo).port));
process.on("SIGTERM", () => process.exit(0));
// Nobody is left without a parent.
process.stdin.resume().on("end", () => process.exit(0));
