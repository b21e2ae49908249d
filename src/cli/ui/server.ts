import { createHash, timingSafeEqual } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Handled } from "../../model/hands.ts";
import type { Clock } from "../../units/clock.ts";
import { problem } from "../../units/errors.ts";
import { isOurHost, reachable, type Address } from "./address.ts";
import { readAsk, type Ask } from "./asks.ts";
import { Readers } from "./readers.ts";

const longestBody = 1_000;
const mostConnections = 100;

export interface Asset {
  readonly type: string;
  readonly body: string;
}

export interface Serving {
  readonly address: Address;
  /** Part of every path; whoever does not know it learns nothing. */
  readonly token: string;
  readonly clock: Clock;
  /** By their name below the token; "" is the page. */
  readonly assets: () => Readonly<Record<string, Asset>>;
  readonly whole: () => unknown;
  readonly act: (ask: Ask, by: string) => Promise<Handled>;
}

export interface Served {
  readonly url: string;
  readonly readers: Readers;
  /** Says farewell to the readers, and listens no more. */
  close(): Promise<void>;
}

/** Nothing from elsewhere, nothing kept, no address told to others, in nobody's frame. */
const headers = {
  "content-security-policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'",
  "cache-control": "no-store",
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
  "x-frame-options": "DENY",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
} as const;

const digest = (text: string) => createHash("sha256").update(text).digest();

/** Takes the same time whatever is wrong, and how much of it. */
const isSame = (a: string, b: string): boolean => timingSafeEqual(digest(a), digest(b));

/**
 * Serves the page, its news and its buttons.
 *
 * @throws SEA_UI_LISTEN when the address can't be had
 */
export async function serve({ address, token, clock, assets, whole, act }: Serving): Promise<Served> {
  const readers = new Readers();
  const server: Server = createServer({ headersTimeout: 5_000, requestTimeout: 10_000, maxHeaderSize: 8_192 }, (request, response) => {
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
    answer(request, response).catch(() => response.destroy());
  });
  server.maxConnections = mostConnections;
  await listening(server, address);
  const bound = { host: address.host, port: (server.address() as AddressInfo).port };
  return {
    url: `http://${reachable(bound.host)}:${bound.port}/${token}/`,
    readers,
    async close() {
      await readers.end(clock);
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      });
    },
  };

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const [, given = "", ...rest] = (request.url ?? "").split("?")[0]!.split("/");
    const known = isSame(given, token);
    if (!isOurHost(request.headers.host, bound) || !known) return refuse(response, 403);
    const name = rest.join("/");
    if (name === "act") return pressed(request, response);
    if (request.method !== "GET" && request.method !== "HEAD") return refuse(response, 405);
    if (name === "news") return void (readers.add(response, whole) || refuse(response, 503));
    // Without the slash the page would look for its files beside the token.
    if (name === "" && rest.length === 0) return void response.writeHead(308, { location: `/${token}/` }).end();
    const files = assets();
    const asset = Object.hasOwn(files, name) ? files[name]! : undefined;
    if (!asset) return refuse(response, 404);
    response.writeHead(200, { "content-type": asset.type, "content-length": Buffer.byteLength(asset.body) }).end(request.method === "HEAD" ? undefined : asset.body);
  }

  /** A button of the page: only from the page itself, and only by POST. */
  async function pressed(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (request.method !== "POST") return refuse(response, 405);
    const { origin, "sec-fetch-site": site, "content-type": type = "" } = request.headers;
    if ((origin !== undefined && origin !== `http://${request.headers.host}`) || (site !== undefined && site !== "same-origin")) return refuse(response, 403);
    if (!/^application\/json\b/i.test(type)) return refuse(response, 415);
    let body = "";
    for await (const chunk of request.setEncoding("utf8") as AsyncIterable<string>) {
      body += chunk;
      if (body.length > longestBody) return refuse(response, 413);
    }
    const ask = readAsk(body);
    if (!ask) return refuse(response, 400);
    const handled = await act(ask, `the page, from ${request.socket.remoteAddress ?? "an unknown address"}`);
    response.writeHead(handled.done ? 200 : 409, { "content-type": "application/json" }).end(JSON.stringify(handled));
  }
}

/** Without a word: whoever knocks wrongly learns nothing. What is still to be read is not read. */
const refuse = (response: ServerResponse, status: number): void => void response.writeHead(status, { connection: "close" }).end();

function listening(server: Server, { host, port }: Address): Promise<void> {
  return new Promise((resolve, reject) => {
    const fail = (cause: Error) => reject(problem("SEA_UI_LISTEN", { address: `${host}:${port}`, error: cause.message }, "--ui", cause));
    server.once("error", fail).listen(port, host, () => {
      server.off("error", fail);
      // One that breaks later, as when descriptors run out, must not take the page down.
      server.on("error", () => undefined);
      resolve();
    });
  });
}
