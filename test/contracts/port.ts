/** A folder with a scenario file, and a real server to send it against. */
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll } from "vitest";
import { makeHome, type Home } from "../cli/seatrial.ts";

export interface Port {
  readonly home: Home;
  /** Everything is answered with 200, but `/bad` with 500. */
  readonly base: string;
}

/** Both for as long as the tests of this file last; read what it answers within tests only. */
export function port(files: Readonly<Record<string, string>>): Port {
  let home: Home;
  let server: Server;
  let base: string;
  beforeAll(async () => {
    home = makeHome(files);
    server = createServer((request, response) => response.writeHead(request.url === "/bad" ? 500 : 200).end("ok"));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => {
    server.close();
    server.closeAllConnections();
    home.remove();
  });
  return {
    get home() {
      return home;
    },
    get base() {
      return base;
    },
  };
}
