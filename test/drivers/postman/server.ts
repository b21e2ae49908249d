import { createHash } from "node:crypto";
import { createServer, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";

/** A request as the server saw it. */
export interface Seen {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly body: string;
}

/** A server that answers what it was asked, and keeps what it saw. */
export interface Echo {
  readonly base: string;
  readonly seen: Seen[];
  stop(): Promise<void>;
}

const realm = "harbour";
const md5 = (text: string) => createHash("md5").update(text).digest("hex");

export async function startEcho(): Promise<Echo> {
  const seen: Seen[] = [];
  const server = createServer((request, response) => {
    void buffer(request).then((bytes) => {
      const one: Seen = { method: request.method!, url: request.url!, headers: request.headers, body: bytes.toString("latin1") };
      seen.push(one);
      answer(one, response);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return { base: `http://127.0.0.1:${port}`, seen, stop: () => stop(server) };
}

function stop(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise((resolve) => void server.close(() => resolve()));
}

const json = (response: ServerResponse, status: number, value: unknown, headers: Record<string, string | string[]> = {}) =>
  void response.writeHead(status, { "content-type": "application/json", ...headers }).end(JSON.stringify(value));

function answer(seen: Seen, response: ServerResponse): void {
  const url = new URL(seen.url, "http://echo");
  const [, route = "", ...rest] = url.pathname.split("/");
  const query = Object.fromEntries(url.searchParams);
  switch (route) {
    case "status":
      return json(response, Number(rest[0]), { status: Number(rest[0]) });
    case "redirect":
      return void response.writeHead(Number(query["code"] ?? 302), { location: query["to"] ?? "/landed" }).end();
    case "cookies":
      return json(response, 200, { sent: seen.headers["cookie"] ?? null }, { "set-cookie": Object.entries(query).map(([name, value]) => `${name}=${value}; Path=/`) });
    case "xml":
      return void response.writeHead(200, { "content-type": "application/xml" }).end("<order id=\"7\"><item>rope</item><item>oar</item></order>");
    case "text":
      return void response.writeHead(200, { "content-type": "text/plain; charset=utf-8", "x-harbour": "north" }).end("ship ahoy");
    case "hang":
      return;
    case "digest":
      return digest(seen, response);
    case "token":
      return json(response, 200, { access_token: "t0ken-for-all", token_type: "Bearer", expires_in: 3600 });
    case "orders":
      return json(response, 201, { id: "order-7", item: "rope", price: 12.5, tags: ["a", "b"], nested: { deep: [{ x: 1 }] } });
    default:
      return json(response, 200, { method: seen.method, url: seen.url, query, authorization: seen.headers["authorization"] ?? null, body: seen.body });
  }
}

function digest(seen: Seen, response: ServerResponse): void {
  const header = String(seen.headers["authorization"] ?? "");
  const part = (name: string) => new RegExp(`${name}="?([^",]*)"?`).exec(header)?.[1] ?? "";
  const first = md5(`mary:${realm}:rope`);
  const wanted = md5(`${first}:abc:${part("nc")}:${part("cnonce")}:auth:${md5(`${seen.method}:${part("uri")}`)}`);
  if (header.startsWith("Digest ") && part("response") === wanted && part("uri") === seen.url) return json(response, 200, { who: "mary" });
  json(response, 401, { who: null }, { "www-authenticate": `Digest realm="${realm}", qop="auth", nonce="abc", opaque="xyz"` });
}

