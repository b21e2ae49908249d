/** What is the wire's own; everything that any engine must do is in the suites beside this one. */
import { createServer } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { createServer as createTlsServer } from "node:tls";
import { describe, expect, onTestFinished, test } from "vitest";
import { failureOf, until } from "../../contract/driver.ts";
import { bodyOf, certificatesFor, onHead, serve, serveRaw, sit, underTest } from "./worlds.ts";

underTest.engine = "wire";

const ok = "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok";

describe("what nobody asked for", () => {
  test("an answer between two requests is not taken for the second one's", async () => {
    const sockets: Socket[] = [];
    const world = await serveRaw((socket) => {
      sockets.push(socket);
      onHead(socket, () => socket.write(ok));
    });
    const { session } = await sit({ base: world.base });
    await session.get("/");
    sockets[0]!.write(ok.replace("ok", "no"));
    await until("the end of the first", () => world.open() === 0);
    expect((await session.get("/")).text()).toBe("ok");
    expect(world.connections()).toBe(2);
  });

  test("an answer before the request has left ends the connection with it", async () => {
    // It reads no further than the first piece, so most of the body can never leave.
    const world = await serveRaw((socket) => void socket.once("data", () => socket.pause().write(ok)));
    const { session } = await sit({ base: world.base });
    expect((await session.post("/", Buffer.alloc(20_000_000))).text()).toBe("ok");
    expect((await session.get("/")).text()).toBe("ok");
    expect(world.connections()).toBe(2);
  });
});

describe("a body that is too long", () => {
  test.each([
    ["as a length", "content-length: 10000000000\r\n\r\nx"],
    ["as a chunk", "transfer-encoding: chunked\r\n\r\n1\r\nx\r\n2540be400\r\n"],
  ])("ten gigabytes are refused as they are announced, %s", async (_, rest) => {
    const world = await serveRaw((socket) => onHead(socket, () => socket.write(`HTTP/1.1 200 OK\r\n${rest}`)));
    const { session } = await sit({ base: world.base });
    expect(await failureOf(session.get("/"))).toMatchObject({ outcome: "refused", failure: { cause: "too large", status: 200, body: "x" } });
    await until("its end", () => world.open() === 0);
  });
});

describe("connections", () => {
  test("two that speak by turns, a byte at a time, share one buffer and mix nothing up", async () => {
    const world = await serve((request, response) => {
      const text = request.url!.slice(1).repeat(50);
      response.writeHead(200, { "transfer-encoding": "chunked" });
      let at = 0;
      const drip = () => void (at < text.length ? response.write(text[at++], () => setImmediate(drip)) : response.end());
      drip();
    });
    const { session } = await sit({ base: world.base });
    const names = ["abc", "defg", "hi", "j", "klmno", "p"];
    expect(await Promise.all(names.map(async (name) => (await session.get(`/${name}`)).text()))).toEqual(names.map((name) => name.repeat(50)));
    expect(world.connections()).toBe(6);
  });

  test("the latest used is used again; others end when they have idled", async () => {
    const world = await serve((request, response) => void setTimeout(() => response.end(String(request.socket.remotePort)), Number(request.url!.slice(1))));
    const { session } = await sit({ base: world.base, keepAlive: "200ms" });
    const [, later] = await Promise.all([session.get("/1"), session.get("/40")]);
    expect((await session.get("/1")).text()).toBe(later.text());
    for (let n = 0; n < 6; n++) expect((await session.get("/50")).text()).toBe(later.text());
    expect(world.open()).toBe(1);
    await until("the end of all", () => world.open() === 0);
  });

  test("a server's own limit is kept before it is reached", async () => {
    const world = await serveRaw((socket) => onHead(socket, () => socket.write("HTTP/1.1 200 OK\r\nkeep-alive: timeout=1\r\ncontent-length: 0\r\n\r\n")));
    const { session } = await sit({ base: world.base });
    await session.post("/");
    await session.post("/");
    expect(world.connections()).toBe(2);
  });

  test("an HTTP/1.0 server ends bodies by closing", async () => {
    const world = await serveRaw((socket) => onHead(socket, () => socket.end("HTTP/1.0 200 OK\r\n\r\nold")));
    const { session } = await sit({ base: world.base });
    expect((await session.get("/")).text()).toBe("old");
    expect((await session.post("/")).text()).toBe("old");
    expect(world.connections()).toBe(2);
  });

  test("an address of IPv6", async () => {
    const server = createServer((request, response) => response.end(request.headers.host));
    await new Promise<void>((resolve) => server.listen(0, "::1", resolve));
    onTestFinished(() => void server.close());
    const { port } = server.address() as AddressInfo;
    const { session } = await sit({ base: `http://[::1]:${port}` });
    expect((await session.get("/")).text()).toBe(`[::1]:${port}`);
  });
});

describe("bodies", () => {
  test.each([1, 65_535, 65_536, 65_537, 5_000_000])("%d bytes there and back", async (length) => {
    const world = await serve(async (request, response) => void response.end(await bodyOf(request)));
    const { session } = await sit({ base: world.base });
    const bytes = Buffer.from(Array.from({ length: 251 }, (_, i) => i)).toString("latin1").repeat(Math.ceil(length / 251));
    const body = Buffer.from(bytes.slice(0, length), "latin1");
    expect(Buffer.compare((await session.post("/", body)).bytes, body)).toBe(0);
    expect(world.connections()).toBe(1);
  });

  test("text beyond Latin-1 goes as UTF-8, behind a head that is Latin-1", async () => {
    const world = await serve(async (request, response) => void response.end(Buffer.concat([Buffer.from(`${request.headers["x"] as string}|`), await bodyOf(request)])));
    const { session } = await sit({ base: world.base });
    expect((await session.post("/", "Grüße ☂", { headers: { x: "\xe9" } })).text()).toBe("é|Grüße ☂");
  });
});

test("a second connection resumes the TLS session of the first, and asks for the host by its name", async () => {
  const ours = certificatesFor("localhost", "DNS:localhost");
  const seen: [resumed: boolean, name: unknown][] = [];
  const server = createTlsServer({ ...ours, ALPNProtocols: ["h2", "http/1.1"] }, (socket) => {
    seen.push([socket.isSessionReused(), socket.servername]);
    socket.on("error", () => {}).on("data", () => socket.write(ok.replace("\r\n\r\n", "\r\nconnection: close\r\n\r\n")));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  const { session } = await sit({ base: `https://localhost:${(server.address() as AddressInfo).port}`, tls: { ca: ours.ca } });
  for (let n = 0; n < 2; n++) expect((await session.get("/")).text()).toBe("ok");
  expect(seen).toEqual([[false, "localhost"], [true, "localhost"]]);
});

test("folded headers are refused by their name, wherever they stand; repeated ones are kept one by one, and trailers dropped", async () => {
  const heads = ["a: b\r\n c\r\n", "content-length: 2\r\n\t\r\n", " a: b\r\n"];
  const world = await serveRaw((socket, nth) => onHead(socket, () => socket.write(`HTTP/1.1 200 OK\r\n${heads[nth] ?? ""}Vary: a\r\nvary: b\r\ntransfer-encoding: chunked\r\n\r\n2\r\nok\r\n0\r\nvary: c\r\n\r\n`)));
  const { session } = await sit({ base: world.base });
  for (const _ of heads) expect(await failureOf(session.get("/"))).toMatchObject({ outcome: "unsure", failure: { cause: "protocol", error: "folded header" } });
  const { headers } = await session.get("/");
  expect([headers.getAll("vary"), headers.get("vary")]).toEqual([["a", "b"], "a, b"]);
  const folded = await serveRaw((socket) => onHead(socket, () => socket.write("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n0\r\na: b\r\n c\r\n\r\n")));
  expect(await failureOf(session.get(`${folded.base}/`))).toMatchObject({ failure: { cause: "protocol", error: "folded header" } });
});
