import { createServer, request, type IncomingMessage, type Server as HttpServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { delimiter, join } from "node:path";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { MobileSession } from "../../../drivers/mobile/index.ts";

export const root = fileURLToPath(new URL("../../../", import.meta.url));
export const app = fileURLToPath(new URL("shop.xml", import.meta.url));

const has = (program: string) => (process.env["PATH"] ?? "").split(delimiter).some((folder) => existsSync(join(folder, program)));
/** Chromium and its driver are there; `.ci/servers.mjs` brings them where it may. */
export const hasChromium = has("chromium") && has("chromedriver");

export const serve = (answer: (asked: IncomingMessage, reply: ServerResponse) => void): Promise<HttpServer> =>
  new Promise((resolve) => {
    const server = createServer(answer);
    server.listen(0, "127.0.0.1", () => resolve(server));
  });
export const addressOf = (server: HttpServer): string => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
export const stop = (server: HttpServer): Promise<void> =>
  new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });

/** Between the driver and Appium: counts what comes, and holds taps back when it is told to. */
export async function gate(to: URL): Promise<{ readonly url: string; seen(): number; hold(): void; stop(): Promise<void> }> {
  let [seen, holds] = [0, false];
  const server = await serve((asked, reply) => {
    seen += 1;
    if (holds && asked.url!.endsWith("/click")) return;
    const onward = request(new URL(asked.url!, to), { method: asked.method!, headers: asked.headers, agent: false }, (answer) => {
      reply.writeHead(answer.statusCode!, answer.headers);
      answer.pipe(reply);
    });
    onward.on("error", () => reply.destroy());
    asked.pipe(onward);
  });
  // What its other side keeps alive without holding the process must not look like a handle that was left.
  server.on("connection", (socket) => socket.unref());
  return { url: addressOf(server), seen: () => seen, hold: () => void (holds = true), stop: () => stop(server) };
}

/** The processes below one, by id, as far as the system tells. */
export function below(pid: number): { readonly pid: number; readonly command: string }[] {
  const all = readdirSync("/proc").filter((entry) => /^\d+$/.test(entry)).flatMap((entry) => {
    try {
      const parent = Number(readFileSync(`/proc/${entry}/stat`, "utf8").replace(/^.*\) /s, "").split(" ")[1]);
      return [{ pid: Number(entry), parent, command: readFileSync(`/proc/${entry}/cmdline`, "utf8").replaceAll("\0", " ") }];
    } catch {
      return [];
    }
  });
  const under = (id: number): typeof all => all.filter(({ parent }) => parent === id).flatMap((one) => [one, ...under(one.pid)]);
  return under(pid);
}

export const isAlive = (pid: number): boolean => {
  try {
    return !readFileSync(`/proc/${pid}/stat`, "utf8").includes(") Z ");
  } catch {
    return false;
  }
};

/** The process of the Appium server that a session's calls go to, among those of this one. */
export function appiumOf({ raw }: MobileSession): number | undefined {
  const { port } = (raw as { options: { port: number } }).options;
  return below(process.pid).find(({ command }) => command.includes(`--port ${port} `) && !command.includes("keeper"))?.pid;
}
