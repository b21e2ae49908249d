/**
 * The balancer: one port per service, new connections go to its ready replicas by version weight.
 * The supervisor tells it the whole truth on standard input; when that ends, so does the balancer.
 * Arguments: the folder to delete when the supervisor is gone, if any.
 */
import { createServer, type Server, type Socket } from "node:net";
import { removeFolder } from "../programs.ts";
import { timing } from "../timing.ts";
import { hear, say, type BalancerNews, type Count, type Route, type Routes } from "../wire.ts";
import { Link } from "./link.ts";
import { noTurns, pick, type Turns } from "./pick.ts";

interface Door {
  route: Route;
  readonly server: Server;
  readonly turns: Turns;
}

const doors = new Map<string, Door>();
const links = new Set<Link>();
const counts = new Map<string, { answers: number; errors: number }>();
let cut: ReadonlySet<string> = new Set();
const tell = (news: BalancerNews) => say(process.stdout, news);

function welcome(door: Door, client: Socket): void {
  const { service } = door.route;
  const backend = pick(door.route, door.turns);
  client.on("error", () => {});
  if (!backend) return void client.resetAndDestroy();
  const link = new Link(client, backend, cut.has(backend.node), (isError) => {
    const key = JSON.stringify([service, backend.version]);
    const count = counts.get(key) ?? { answers: 0, errors: 0 };
    count.answers++;
    if (isError) count.errors++;
    counts.set(key, count);
  });
  links.add(link);
  client.on("close", () => links.delete(link));
}

function openDoor(route: Route): void {
  const server = createServer({ allowHalfOpen: true, pauseOnConnect: true });
  const door: Door = { route, server, turns: noTurns() };
  doors.set(route.service, door);
  server.on("connection", (client) => welcome(door, client));
  server.on("error", (error) => tell({ is: "failed", why: `port ${route.port} of ${route.service}: ${error.message}` }));
  server.listen({ port: route.port, host: "127.0.0.1", backlog: 1_024 }, () => {
    if ([...doors.values()].every((one) => one.server.listening)) tell({ is: "listening" });
  });
}

hear<Routes>(process.stdin, (truth) => {
  cut = new Set(truth.cut);
  for (const route of truth.routes) {
    const door = doors.get(route.service);
    if (door) door.route = route;
    else openDoor(route);
  }
  for (const link of links) {
    if (cut.has(link.backend.node)) link.hold();
    else link.release();
  }
});

setInterval(() => {
  if (counts.size === 0) return;
  const news = [...counts].map(([key, count]): Count => {
    const [service, version] = JSON.parse(key) as [string, string];
    return { service, version, ...count };
  });
  counts.clear();
  tell({ is: "counts", counts: news });
}, timing.beatMs);

process.stdin.on("close", () => {
  const folder = process.argv[2];
  if (folder) removeFolder(folder);
  process.exit();
});
process.stdout.on("error", () => {}); // the supervisor is gone; our standard input says so too
