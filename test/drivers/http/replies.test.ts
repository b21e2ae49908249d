import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync, zstdCompressSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { failureOf } from "../../contract/driver.ts";
import { serve, sit } from "./worlds.ts";

const text = JSON.stringify({ items: ["oar", "röpe"] });
const answering = async (headers: Record<string, string | string[]>, body: string | Uint8Array = "", status = 200) =>
  sit({ base: (await serve((_, response) => response.writeHead(status, headers).end(body))).base, bodyLimitBytes: 100_000 });

describe("decoding", () => {
  test.each([
    ["gzip", gzipSync(text)],
    ["deflate", deflateSync(text)],
    ["deflate", deflateRawSync(text)],
    ["br", brotliCompressSync(text)],
    ["zstd", zstdCompressSync(text)],
    ["gzip, br", brotliCompressSync(gzipSync(text))],
    ["identity", Buffer.from(text)],
    ["klingon", Buffer.from(text)],
  ])("%s", async (encoding, body) => {
    const { session } = await answering({ "content-encoding": encoding }, body);
    const reply = await session.get("/");
    expect(reply.text()).toBe(text);
    expect(reply.json()).toEqual({ items: ["oar", "röpe"] });
    expect(Buffer.from(reply.bytes)).toEqual(body);
  });

  test("content() is the bytes without their encodings, of which no more than four are taken off", async () => {
    const packed = Buffer.from([0, 255, 1]);
    const four = await answering({ "content-encoding": "gzip, br, identity, zstd, deflate" }, deflateSync(zstdCompressSync(brotliCompressSync(gzipSync(packed)))));
    expect(Buffer.from((await four.session.get("/")).content())).toEqual(packed);
    const five = await answering({ "content-encoding": "gzip, gzip, gzip, gzip, gzip" }, gzipSync(gzipSync(gzipSync(gzipSync(gzipSync(packed))))));
    const reply = await five.session.get("/");
    expect(() => reply.content()).toThrow(expect.objectContaining({ code: "SEA_HTTP_DECODE", message: expect.stringContaining("5 encodings in a row") }));
    expect(reply.bytes.length).toBeGreaterThan(0);
  });

  test.each([["gzip", gzipSync], ["deflate", deflateSync], ["deflate", deflateRawSync], ["br", brotliCompressSync], ["zstd", zstdCompressSync]] as const)("a bomb of %s unpacks to no more than the limit, in any layer", async (encoding, pack) => {
    const bomb = pack(Buffer.alloc(50_000_000));
    expect(bomb.length).toBeLessThan(100_000);
    for (const [header, body] of [[encoding, bomb], [`${encoding}, gzip`, gzipSync(bomb)], [`gzip, ${encoding}`, pack(gzipSync(Buffer.alloc(50_000_000)))]] as const) {
      const { session } = await answering({ "content-encoding": header }, body);
      const reply = await session.get("/");
      expect(() => reply.text()).toThrow(expect.objectContaining({ code: "SEA_HTTP_DECODE" }));
    }
  });

  test("what is not what it says, and what unpacks to too much", async () => {
    const { session, ops } = await answering({ "content-encoding": "gzip" }, "not gzip");
    const reply = await session.get("/");
    expect(() => reply.text()).toThrow(expect.objectContaining({ code: "SEA_HTTP_DECODE" }));
    const bomb = await answering({ "content-encoding": "gzip" }, gzipSync(Buffer.alloc(100_001)));
    const swollen = await bomb.session.get("/");
    expect(() => swollen.text()).toThrow(expect.objectContaining({ code: "SEA_HTTP_DECODE" }));
    expect(ops).toEqual([expect.objectContaining({ outcome: "ok" })]);
  });

  test("a refusal's evidence is unpacked; damaged evidence is left out", async () => {
    const { session } = await answering({ "content-encoding": "gzip" }, gzipSync("sorry"), 503);
    expect((await failureOf(session.get("/"))).failure.body).toBe("sorry");
    const damaged = await answering({ "content-encoding": "gzip" }, "sorry", 503);
    expect((await failureOf(damaged.session.get("/"))).failure.body).toBe("");
  });

  test.each([
    ["text/html; charset=ISO-8859-1", Buffer.from([0xe9]), "é"],
    ['text/html; charset="utf-16le"', Buffer.from("é", "utf16le"), "é"],
    ["text/html; charset=none-such", Buffer.from("é"), "é"],
    ["text/html", Buffer.from("\ufeffé"), "é"],
    ["text/html; charset=UTF-8", Buffer.from([0x41, 0xff]), "A\ufffd"],
  ])("%s", async (type, body, wanted) => {
    const { session } = await answering({ "content-type": type }, body);
    expect((await session.get("/")).text()).toBe(wanted);
  });

  test.each([
    ["<html>oops</html>", 'it begins with "<html>oops</html>"'],
    ["", "it begins with nothing at all"],
    ["x".repeat(1_000), `it begins with "${"x".repeat(100)}"`],
  ])("json() of %j quotes what there is", async (body, quote) => {
    const { session } = await answering({}, body);
    const reply = await session.get("/page");
    expect(() => reply.json()).toThrow(expect.objectContaining({ code: "SEA_HTTP_JSON", message: `the answer to GET /page is not JSON: ${quote}` }));
  });
});

test("headers in any case, one by one and together", async () => {
  const { session } = await answering({ "X-One": "1", Vary: ["a", "b"], "set-cookie": ["a=1", "b=2"] });
  const { headers } = await session.get("/");
  expect([headers.get("x-ONE"), headers.get("vary"), headers.getAll("Vary"), headers.get("none"), headers.getAll("none")]).toEqual(["1", "a, b", ["a", "b"], undefined, []]);
  expect(headers.getAll("set-cookie")).toEqual(["a=1", "b=2"]);
  expect([...headers]).toContainEqual(["x-one", "1"]);
});

test("url, status and time", async () => {
  const { session, ops } = await answering({}, "x", 204);
  const reply = await session.get("/a?b=c");
  expect([new URL(reply.url).search, reply.status, reply.text(), reply.bytes.length]).toEqual(["?b=c", 204, "", 0]);
  expect(reply.ms).toBe(ops[0]!.endedMs - ops[0]!.beganMs);
});

test("early hints come before the answer, not instead of it", async () => {
  const world = await serve((_, response) => {
    response.writeEarlyHints({ link: "</style.css>; rel=preload" });
    response.end("body");
  });
  const { session } = await sit({ base: world.base });
  const reply = await session.get("/");
  expect([reply.status, reply.text(), reply.headers.get("link")]).toEqual([200, "body", undefined]);
});

test("an empty answer, a chunked one, one of a megabyte, one that ends with the connection", async () => {
  const big = Buffer.alloc(1_000_000, "0123456789");
  const world = await serve((request, response) => {
    if (request.url === "/empty") return response.end();
    if (request.url === "/close") {
      response.writeHead(200, { connection: "close" }).flushHeaders();
      response.socket!.end("until the end");
      return;
    }
    response.write(big.subarray(0, 400_000));
    response.end(big.subarray(400_000));
  });
  const { session } = await sit({ base: world.base });
  expect((await session.get("/empty")).text()).toBe("");
  expect(Buffer.from((await session.get("/big")).bytes)).toEqual(big);
  expect((await session.head("/big")).bytes).toHaveLength(0);
});
