/** Every way to a service that is not a plain connection to its address. */
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import { createServer as createTlsServer } from "node:https";
import { createServer as createRawServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { http, type HttpSettings } from "../../../drivers/http/index.ts";
import { failureOf, until } from "../../contract/driver.ts";
import { serveHttpProxy, serveSocks } from "./proxies.ts";
import { bodyOf, certificatesFor, serve, serveRaw, sit } from "./worlds.ts";

const echo: Parameters<typeof serve>[0] = async (request, response) =>
  void response.end(`${request.method} ${request.url} ${request.headers.host} ${request.headers["proxy-authorization"] ?? "-"} ${await bodyOf(request)}`);

/** A port where nobody listens. */
async function nobody(): Promise<number> {
  const server = createRawServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

describe("a unix socket", () => {
  async function listen(server: ReturnType<typeof createServer>): Promise<string> {
    const folder = mkdtempSync(join(tmpdir(), "seatrial-socket-"));
    const path = join(folder, "shop.sock");
    await new Promise<void>((resolve) => server.listen(path, resolve));
    onTestFinished(() => {
      server.close();
      server.closeAllConnections();
      rmSync(folder, { recursive: true });
    });
    return path;
  }

  test("leads to the base, which gives host and path; other origins are reached by the network", async () => {
    const socketPath = await listen(createServer(echo));
    const other = await serve(echo);
    const { session } = await sit({ base: "http://shop.example/api", socketPath });
    expect((await session.post("/items", "x")).text()).toBe("POST /api/items shop.example - x");
    expect((await session.get(`${other.base}/far`)).text()).toMatch(/^GET \/far 127/);
    expect(other.lines).toEqual(["GET /far"]);
  });

  test("with TLS over it, by the base's name", async () => {
    const ours = certificatesFor("shop.example", "DNS:shop.example");
    const socketPath = await listen(createTlsServer(ours, echo));
    const { session } = await sit({ base: "https://shop.example", socketPath, tls: { ca: ours.ca } });
    expect((await session.get("/")).text()).toBe("GET / shop.example - ");
  });

  test("that is not there", async () => {
    const { session } = await sit({ base: "http://shop.example", socketPath: "/nowhere/shop.sock" });
    expect(await failureOf(session.get("/"))).toMatchObject({ outcome: "refused", failure: { cause: "refused", error: "ENOENT" } });
  });
});

describe.each([["http", serveHttpProxy], ["socks5", serveSocks]] as const)("a proxy of %s", (kind, serveProxy) => {
  test("carries plain requests, by names that it alone knows, and keeps the connection", async () => {
    const world = await serve(echo);
    const proxy = await serveProxy({ hosts: { "shop.internal": "127.0.0.1" } });
    const { session } = await sit({ base: `http://shop.internal:${world.port}/api`, proxy: proxy.address });
    for (const path of ["/a?b=c", "/d"]) expect((await session.post(path, "x")).text()).toBe(`POST /api${path} shop.internal:${world.port} - x`);
    const asked = kind === "http" ? ["/a?b=c", "/d"].map((path) => `POST http://shop.internal:${world.port}/api${path}`) : [`name shop.internal:${world.port}`];
    expect([proxy.asked, proxy.open()]).toEqual([asked, 1]);
  });

  test("carries https without seeing into it: the name is checked behind it", async () => {
    const ours = certificatesFor("shop.internal", "DNS:shop.internal");
    const world = await serve(echo, ours);
    const proxy = await serveProxy({ hosts: { "shop.internal": "127.0.0.1", "other.internal": "127.0.0.1" } });
    const { session } = await sit({ base: `https://shop.internal:${world.port}`, proxy: proxy.address, tls: { ca: ours.ca } });
    const big = "x".repeat(300_000);
    for (let n = 0; n < 2; n++) expect((await session.post("/", big)).text()).toBe(`POST / shop.internal:${world.port} - ${big}`);
    expect(proxy.asked).toEqual([`${kind === "http" ? "CONNECT" : "name"} shop.internal:${world.port}`]);
    expect(await failureOf(session.get(`https://other.internal:${world.port}/`))).toMatchObject({ outcome: "refused", failure: { cause: "tls", error: "ERR_TLS_CERT_ALTNAME_INVALID" } });
  });

  test("carries to addresses, of IPv6 too", async () => {
    const ours = certificatesFor("localhost", "IP:::1,IP:127.0.0.1");
    const server = createTlsServer(ours, echo);
    await new Promise<void>((resolve) => server.listen(0, "::1", resolve));
    onTestFinished(() => {
      server.close();
      server.closeAllConnections();
    });
    const { port } = server.address() as AddressInfo;
    const proxy = await serveProxy();
    const { session } = await sit({ base: `https://[::1]:${port}`, proxy: proxy.address, tls: { ca: ours.ca } });
    expect((await session.get("/")).text()).toBe(`GET / [::1]:${port} - `);
    expect(proxy.asked).toEqual([kind === "http" ? `CONNECT [::1]:${port}` : `address 0000:0000:0000:0000:0000:0000:0000:0001:${port}`]);
    const world = await serve(echo, ours);
    expect((await session.get(`${world.base}/`)).text()).toBe(`GET / 127.0.0.1:${world.port} - `);
  });

  test("gets its login, which nobody else sees", async () => {
    const [plain, secure] = [await serve(echo), await serve(echo, certificatesFor("127.0.0.1", "IP:127.0.0.1"))];
    const proxy = await serveProxy({ login: "ma@ry:pä ss" });
    const { session } = await sit({ base: plain.base, proxy: proxy.address.replace("//", "//ma%40ry:p%C3%A4%20ss@"), tls: { insecure: true } });
    for (const world of [plain, secure]) expect((await session.get(`${world.base}/`)).text()).toBe(`GET / 127.0.0.1:${world.port} - `);
  });

  test.each([["a wrong one", "//mary:wrong@"], ["none", "//"]])("refuses %s: a failure of the proxy, not of the service", async (_, login) => {
    const [plain, secure] = [await serve(echo), await serve(echo, certificatesFor("127.0.0.1", "IP:127.0.0.1"))];
    const proxy = await serveProxy({ login: "mary:right" });
    const { session, ops } = await sit({ base: plain.base, proxy: proxy.address.replace("//", login), tls: { insecure: true } });
    for (const world of [plain, secure]) {
      const { outcome, failure } = await failureOf(session.get(`${world.base}/`, { expect: "any" }));
      expect([outcome, failure.cause]).toEqual(["refused", "proxy"]);
      expect(failure.error).toMatch(kind === "http" ? /^407/ : /login/);
      expect(JSON.stringify(ops)).not.toContain("wrong");
      expect(world.lines).toEqual([]);
    }
    await until("the connections' end", () => proxy.open() === 0);
  });

  test("that can't reach the service", async () => {
    const port = await nobody();
    const proxy = await serveProxy();
    const { session } = await sit({ base: `https://127.0.0.1:${port}`, proxy: proxy.address });
    expect(await failureOf(session.get("/"))).toMatchObject({ outcome: "refused", failure: { cause: "proxy", error: kind === "http" ? "502 Bad Gateway" : "connection refused" } });
    await until("the connection's end", () => proxy.open() === 0);
  });

  test("that is not there, hangs up, is silent, or is no proxy at all", async () => {
    const port = await nobody();
    const of = async (proxy: string, error: RegExp | undefined, timeout: "300ms" | "20s" = "20s") => {
      const { session } = await sit({ base: "https://shop.internal", proxy: proxy.replace(/^\w+/, kind), timeout });
      const { outcome, failure } = await failureOf(session.get("/"));
      if (error) expect([outcome, failure.cause, failure.error]).toEqual(["refused", "proxy", expect.stringMatching(error)]);
      else expect([outcome, failure.cause]).toEqual(["unsure", "timeout"]);
    };
    await of(`http://127.0.0.1:${port}`, /^ECONNREFUSED$/);
    await of("http://no-such-proxy.invalid:3128", /^(ENOTFOUND|EAI_AGAIN)$/);
    await of((await serveRaw((socket) => void socket.once("data", () => socket.destroy()))).base, /closed|ECONNRESET/);
    await of((await serveRaw((socket) => socket.end("SSH-2.0-x\r\n\r\n\r\n\r\n"))).base, /^no answer of|closed/);
    await of((await serveRaw((socket) => void socket.resume())).base, undefined, "300ms");
  });

  test("whose connection is closed while it is asked leaves nothing open", async () => {
    const world = await serveRaw((socket) => void socket.resume());
    const { session, close } = await sit({ base: "https://shop.internal", proxy: world.base.replace("http", kind) });
    const hanging = failureOf(session.get("/"));
    await until("the connection", () => world.open() === 1);
    await close();
    expect((await hanging).failure.cause).toBe("cut");
    await until("its end", () => world.open() === 0);
  });
});

test("an HTTP proxy that speaks before it is spoken to, behind its answer, is not trusted", async () => {
  const world = await serveRaw((socket) => void socket.once("data", () => socket.write("HTTP/1.1 200 ok\r\n\r\nHTTP/1.1 200 OK\r\n\r\n")));
  const { session } = await sit({ base: "https://shop.internal", proxy: world.base });
  expect(await failureOf(session.get("/"))).toMatchObject({ outcome: "refused", failure: { cause: "proxy", error: "bytes that nobody asked for" } });
});

test("an HTTP proxy's head without end is bounded", async () => {
  const world = await serveRaw((socket) => void socket.once("data", () => socket.write(`HTTP/1.1 200 ${"x".repeat(100_000)}`)));
  const { session } = await sit({ base: "https://shop.internal", proxy: world.base });
  expect(await failureOf(session.get("/"))).toMatchObject({ failure: { cause: "proxy", error: "an answer without end" } });
});

test("proxies of the environment are not used", async () => {
  const [world, proxy] = [await serve(echo), await serveHttpProxy()];
  const names = ["HTTP_PROXY", "http_proxy", "ALL_PROXY", "NODE_USE_ENV_PROXY"];
  const before = names.map((name) => process.env[name]);
  onTestFinished(() => names.forEach((name, i) => (before[i] === undefined ? delete process.env[name] : (process.env[name] = before[i]))));
  for (const name of names) process.env[name] = name === "NODE_USE_ENV_PROXY" ? "1" : proxy.address;
  const { session } = await sit({ base: world.base });
  await session.get("/");
  expect([world.lines, proxy.asked]).toEqual([["GET /"], []]);
});

describe("what can't be is refused, and no login is shown", () => {
  const base = "http://shop.example";
  test.each<[string, object, string]>([
    ["a proxy of another scheme", { base, proxy: "https://mary:secret@proxy.example:1" }, "http.proxy"],
    ["a proxy without scheme", { base, proxy: "mary:secret@proxy.example:1" }, "http.proxy"],
    ["a proxy with a path", { base, proxy: "http://mary:secret@proxy.example/x" }, "http.proxy"],
    ["a proxy that is no text", { base, proxy: 3128 }, "http.proxy"],
    ["a SOCKS login without a password", { base, proxy: "socks5://mary@proxy.example" }, "http.proxy"],
    ["a SOCKS login that is too long", { base, proxy: `socks5://mary:${"secret".repeat(50)}@proxy.example` }, "http.proxy"],
    ["a colon in a name", { base, proxy: "http://ma%3Ary:secret@proxy.example" }, "http.proxy"],
    ["an empty path", { base, socketPath: "" }, "http.socketPath"],
    ["a path too long for the system", { base, socketPath: `/${"x".repeat(107)}` }, "http.socketPath"],
    ["a socket without a base", { service: "shop", socketPath: "/run/shop.sock" }, "http.socketPath"],
    ["a socket and a proxy", { base, socketPath: "/run/shop.sock", proxy: "http://mary:secret@proxy.example" }, "http.proxy"],
    ["a proxy under undici", { base, proxy: "http://mary:secret@proxy.example", engine: "undici" }, "http.engine"],
    ["a socket under undici", { base, socketPath: "/run/shop.sock", engine: "undici" }, "http.engine"],
    ["a time of another unit", { base, dnsTtl: 30 }, "http.dnsTtl"],
  ])("%s", (_, settings, place) => {
    const refusal = expect.objectContaining({ place, code: expect.stringMatching(/SEA_HTTP_SETTING|SEA_UNIT_DURATION/), message: expect.not.stringContaining("secret") });
    expect(() => http(settings as HttpSettings)).toThrow(refusal);
  });
});
