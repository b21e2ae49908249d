/** Bodies that are read while they are sent: files and streams, alone and in forms. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { describe, expect, onTestFinished, test } from "vitest";
import { file, multipart, stream, type Body } from "../../../drivers/http/index.ts";
import { failureOf, until } from "../../contract/driver.ts";
import { bodyOf, onHead, serve, serveRaw, sit, underTest } from "./worlds.ts";

const big = Buffer.alloc(3_000_001, "0123456789abcdef");

function fileOf(content: string | Uint8Array, name = "rope.bin"): string {
  const folder = mkdtempSync(join(tmpdir(), "seatrial-upload-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  writeFileSync(join(folder, name), content);
  return join(folder, name);
}

async function* pieces(...all: (string | Uint8Array)[]): AsyncGenerator<string | Uint8Array> {
  for (const one of all) {
    await new Promise((resolve) => setImmediate(resolve));
    yield one;
  }
}

/** Keeps what it gets, and says how it came. */
async function keeper() {
  const got: Buffer[] = [];
  const world = await serve(async (request, response) => {
    const body = await bodyOf(request).catch(() => undefined);
    if (!body) return;
    got.push(body);
    const { "content-length": length, "transfer-encoding": coding, "content-type": type } = request.headers;
    response.end(JSON.stringify({ length, coding, type }));
  });
  return { ...world, got };
}

describe("a body that is read while it is sent", () => {
  test.each<[string, () => Body, string | Buffer, object]>([
    ["a file", () => file(fileOf(big)), big, { length: String(big.length), type: "application/octet-stream" }],
    ["a file of a type", () => file(fileOf("ahoy"), { type: "text/plain" }), "ahoy", { length: "4", type: "text/plain" }],
    ["an empty file", () => file(fileOf("")), "", { length: "0", type: "application/octet-stream" }],
    ["a generator", () => pieces("a", "", Buffer.from([255, 0]), "ö"), Buffer.from([97, 255, 0, 0xc3, 0xb6]), { coding: "chunked" }],
    ["a generator of nothing", () => pieces(), "", { coding: "chunked" }],
    ["a stream of Node's", () => Readable.from([big.subarray(0, 1_000_000), big.subarray(1_000_000)]), big, { coding: "chunked" }],
    ["a stream of the web's", () => new Blob([big]).stream() as unknown as AsyncIterable<Uint8Array>, big, { coding: "chunked" }],
    ["a stream of a known length", () => stream(pieces("a", "bc"), { lengthBytes: 3, type: "text/csv" }), "abc", { length: "3", type: "text/csv" }],
    ["a function", () => stream(() => pieces("a,b\n", "c,d\n"), { type: "text/csv" }), "a,b\nc,d\n", { coding: "chunked", type: "text/csv" }],
  ])("%s", async (_, body, sent, how) => {
    const world = await keeper();
    const { session, ops } = await sit({ base: world.base });
    const said = (await session.post("/", body())).json();
    // undici waits for the first piece, and so knows the length of nothing.
    if (!(sent === "" && underTest.engine === "undici")) expect(said).toEqual(how);
    expect(world.got[0]!.equals(Buffer.from(sent as string))).toBe(true);
    await session.post("/", "and on");
    expect([world.connections(), ops.map(({ outcome }) => outcome)]).toEqual([1, ["ok", "ok"]]);
  });

  test("is read no faster than the service takes it", async () => {
    let read = 0;
    const world = await serveRaw((socket) => void socket.pause());
    async function* endless() {
      for (; read < 200_000_000; read += 100_000) yield big.subarray(0, 100_000);
    }
    const { session } = await sit({ base: world.base, timeout: "700ms" });
    expect((await failureOf(session.post("/", endless()))).failure.cause).toBe("timeout");
    // What the two kernels hold of it, and not the rest.
    expect(read).toBeLessThan(50_000_000);
    const before = read;
    await new Promise((resolve) => setTimeout(resolve, 50));
    // A piece may have been under way.
    expect(read).toBeLessThanOrEqual(before + 200_000);
  });

  test("is let go when the connection is lost under it", async () => {
    let over = false;
    async function* endless() {
      try {
        for (;;) yield big.subarray(0, 100_000);
      } finally {
        over = true;
      }
    }
    const world = await serveRaw((socket) => void socket.once("data", () => socket.resetAndDestroy()));
    const { session } = await sit({ base: world.base });
    expect(await failureOf(session.put("/", endless()))).toMatchObject({ outcome: "unsure", failure: { cause: "reset" } });
    await until("the end of the generator", () => over);
  });

  test("an answer before its end ends the connection, and the reading", async () => {
    let read = 0;
    const world = await serveRaw((socket) => void socket.once("data", () => socket.write("HTTP/1.1 413 Too Large\r\ncontent-length: 0\r\n\r\n")));
    async function* slow() {
      for (; read < 1_000; read++) {
        await new Promise((resolve) => setTimeout(resolve, 2));
        yield "x".repeat(1_000);
      }
    }
    const { session } = await sit({ base: world.base });
    expect((await failureOf(session.post("/", slow()))).failure.cause).toBe("status 413");
    await until("the connection's end", () => world.open() === 0);
    expect(read).toBeLessThan(900);
  });
});

describe("what breaks off", () => {
  test.each<[string, () => Body, RegExp]>([
    ["throws", () => stream(async function* () { yield "some"; throw new Error("disk on fire"); }), /disk on fire/],
    ["is shorter than it was said", () => stream(pieces("a"), { lengthBytes: 3 }), /1 bytes in place of the 3/],
    ["is longer than it was said", () => stream(pieces("abc", "d"), { lengthBytes: 3 }), /more than the 3 bytes/],
    ["is no text and no bytes", () => stream(pieces("a", 7 as unknown as string)), /neither bytes nor text/],
    ["is a part that is shorter", () => multipart({ a: { content: stream(pieces("a"), { lengthBytes: 2 }) }, b: "x" }), /1 bytes in place of the 2/],
  ])("a stream that %s", async (_, body, error) => {
    const world = await keeper();
    const { session, ops } = await sit({ base: world.base });
    const thrown = await failureOf(session.post("/", body()));
    expect(thrown).toMatchObject({ outcome: "unsure", failure: { cause: "upload", error: expect.stringMatching(error) } });
    expect(ops).toHaveLength(1);
    await until("the connection's end", () => world.open() === 0);
    expect(world.got).toEqual([]);
  });

  test("a file that shrinks between the look and the end, or grows", async () => {
    const path = fileOf("0123456789");
    const [shrinking, growing] = [file(path).open(), file(path).open()];
    writeFileSync(path, "short");
    await expect(Readable.from(shrinking.chunks()).toArray()).rejects.toThrow("5 bytes in place of the 10");
    writeFileSync(path, "0123456789 and more");
    expect(Buffer.concat(await Readable.from(growing.chunks()).toArray()).toString()).toBe("0123456789");
  });

  test.each([["/nowhere/rope.jpg", "ENOENT"], [tmpdir(), "it is no file"]])("file %s can't be sent", async (path, error) => {
    const { session, ops } = await sit({ base: "http://127.0.0.1:1" });
    for (const body of [file(path), multipart({ photo: file(path) })]) {
      await expect(session.post("/", body)).rejects.toMatchObject({ code: "SEA_HTTP_FILE", message: `the file ${path} can't be sent: ${error}` });
    }
    expect(ops).toEqual([]);
  });

  test("a stream that was sent before can't be sent again; one that a function makes can", async () => {
    const world = await keeper();
    const { session, ops } = await sit({ base: world.base });
    const [once, wrapped, again] = [pieces("a"), stream(pieces("b")), stream(() => pieces("c"))];
    for (const body of [once, wrapped, again]) await session.post("/", body);
    for (const body of [once, wrapped]) await expect(session.post("/", body)).rejects.toMatchObject({ code: "SEA_HTTP_BODY", message: "a stream that was sent before can't be sent as a body" });
    await session.post("/", again);
    expect([world.got.map(String), ops.length]).toEqual([["a", "b", "c", "c"], 4]);
  });

  test.each([[-1], [0.5], [Number.NaN]])("a length of %d is refused", (lengthBytes) => {
    expect(() => stream(pieces(), { lengthBytes })).toThrow(expect.objectContaining({ code: "SEA_HTTP_SETTING", place: "stream" }));
  });
});

describe("sent again", () => {
  const moved = async () => {
    const got: string[] = [];
    const world = await serve(async (request, response) => {
      const body = String(await bodyOf(request));
      if (request.url === "/old") return void response.writeHead(307, { location: "/new" }).end();
      if (request.url === "/seen") return void response.writeHead(303, { location: "/new" }).end();
      got.push(`${request.method} ${body}`);
      response.end();
    });
    return { ...world, got };
  };

  test("a file and a function's stream go along with a redirect; a stream can't, and that is said", async () => {
    const world = await moved();
    const { session, ops } = await sit({ base: world.base });
    await session.post("/old", file(fileOf("file")));
    await session.put("/old", stream(() => pieces("made")));
    await session.post("/old", multipart({ a: file(fileOf("part")) }));
    await session.post("/seen", pieces("only once"));
    expect(world.got).toEqual(["POST file", "PUT made", expect.stringContaining("part"), "GET "]);
    expect(await failureOf(session.put("/old", pieces("once")))).toMatchObject({ outcome: "refused", failure: { cause: "redirect of a stream", status: 307 } });
    expect([world.got.length, ops.length]).toEqual([4, 5]);
  });

  test("over another connection where the kept one was stale, unless it can't be", async () => {
    const heads: string[] = [];
    const world = await serveRaw((socket, nth) => {
      let asked = 0;
      onHead(socket, (text) => {
        const line = /^(?:GET|PUT) \/\S+/.exec(text.slice(Math.max(0, text.search(/GET|PUT/))))?.[0];
        if (line === undefined) return;
        heads.push(`${nth}: ${line}`);
        if (asked++ === 0 && line.startsWith("GET")) socket.write("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n");
        else if (nth % 2 === 0) socket.resetAndDestroy();
        else socket.write("HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 0\r\n\r\n");
      });
    });
    const { session } = await sit({ base: world.base });
    await session.get("/first");
    expect((await session.put("/made", stream(() => pieces("a")))).status).toBe(200);
    await session.get("/second");
    expect(await failureOf(session.put("/once", pieces("a")))).toMatchObject({ outcome: "unsure", failure: { cause: "reset" } });
    expect(heads).toEqual(["0: GET /first", "0: PUT /made", "1: PUT /made", "2: GET /second", "2: PUT /once"]);
  });
});

describe("a form with files", () => {
  test("is read by another's parser, with its length said before; the same fields give the same bytes", async () => {
    const world = await keeper();
    const { session } = await sit({ base: world.base });
    const path = fileOf(big, "big rope.jpg");
    const body = () => multipart({ alt: "a rope", photo: file(path, { type: "image/jpeg" }), more: { content: file(path), filename: "other.bin", type: "image/png" }, note: { content: "hi" } });
    for (let n = 0; n < 2; n++) {
      const { length, type } = (await session.post("/", body())).json<{ length: string; type: string }>();
      expect(Number(length)).toBe(world.got[n]!.length);
      const parsed = await new Response(new Uint8Array(world.got[n]!), { headers: { "content-type": type } }).formData();
      const [photo, more] = [parsed.get("photo") as File, parsed.get("more") as File];
      expect([photo.name, photo.type, photo.size, more.name, more.type]).toEqual(["big rope.jpg", "image/jpeg", big.length, "other.bin", "image/png"]);
      expect(Buffer.from(await photo.arrayBuffer()).equals(big)).toBe(true);
      expect([parsed.get("alt"), await (parsed.get("note") as File).text()]).toEqual(["a rope", "hi"]);
    }
    expect(world.got[0]!.equals(world.got[1]!)).toBe(true);
  });

  test("goes in chunks where the length of a part is not known", async () => {
    const world = await keeper();
    const { session } = await sit({ base: world.base });
    const { coding, type } = (await session.post("/", multipart({ rows: stream(pieces("a,", "b"), { type: "text/csv" }) }))).json<{ coding: string; type: string }>();
    const rows = (await new Response(new Uint8Array(world.got[0]!), { headers: { "content-type": type } }).formData()).get("rows") as File;
    expect([coding, rows.name, rows.type, await rows.text()]).toEqual(["chunked", "rows", "text/csv", "a,b"]);
  });
});
