import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { bearer, file, form, multipart, stream, type HttpSettings } from "../../../drivers/http/index.ts";
import type { OpenContext } from "../../../src/model/driver.ts";
import { failureOf, userContext } from "../../contract/driver.ts";
import { onHead, serve, serveRaw, sit, underTest } from "./worlds.ts";

/** A session whose failures are kept, with the files that it saved. */
async function keeping(settings: HttpSettings, overrides: Partial<OpenContext> = {}) {
  const saved = new Map<string, string>();
  const { context, ops } = userContext();
  const record = { ...context.record, keeps: () => true };
  const sitting = await sit(settings, { record, artifacts: { save: (name, content) => (saved.set(name, String(content)), `evidence/${name}`) }, ...overrides });
  return { ...sitting, ops, saved, only: () => (expect(saved.size).toBe(1), [...saved.values()][0]!) };
}

const engines = ["wire", "undici", "h2"] as const;

describe.each(engines)("over %s", (engine) => {
  const world: typeof serve = async (answer) => {
    underTest.engine = engine;
    try {
      return await serve(answer);
    } finally {
      underTest.engine = undefined;
    }
  };
  const version = engine === "h2" ? "2" : "1.1";

  test("a failure has request and answer in one file, masked, and the record names it", async () => {
    const { base } = await world((request, response) => {
      if (request.url === "/in") return void response.writeHead(200, { "set-cookie": ["sid=COOKIE1; Path=/"] }).end();
      request.resume().on("end", () => response.writeHead(503, { "content-type": "application/json" }).end(JSON.stringify({ error: "out of rope", token: "GIVEN1", said: request.headers.authorization })));
    });
    const { session, ops, saved, only } = await keeping({ base, engine, auth: bearer("LOGIN1") });
    await session.get("/in");
    const { failure } = await failureOf(session.post("/orders?api_key=KEY111", { item: "rope", cvv: 123 }, { name: "/orders" }));
    expect(failure.artifacts).toEqual([{ name: "request and response", path: "evidence/POST-orders.http.txt", type: "text/plain" }]);
    expect(ops.at(-1)!.failure).toEqual(failure);
    const text = only();
    expect(text).toMatch(/^# POST \/orders\n# status 503\n# began 20\d\d-\d\d-\d\dT[\d:.]+Z\n\nPOST http:/);
    expect(text).toContain(`POST ${base}/orders?api_key=*** HTTP/${version}\nhost: 127.0.0.1:`);
    expect(text).toContain("authorization: Bearer ***\n");
    expect(text).toContain("cookie: sid=***\n");
    expect(text).toContain('content-length: 25\n\n{"item":"rope","cvv":"***"}\n\n### the answer\n');
    expect(text).toContain(`HTTP/${version} 503\ncontent-type: application/json\n`);
    expect(text).toContain('\n\n{"error":"out of rope","token":"***","said":"Bearer ***"}\n');
    expect(JSON.stringify([...saved, ops])).not.toMatch(/LOGIN1|COOKIE1|KEY111|GIVEN1|123}/);
  });

  test("every hop of a redirect is in it", async () => {
    const { base } = await world((request, response) => {
      if (request.url === "/old") return void response.writeHead(302, { location: "/new?sig=SIGNED" }).end("go on");
      response.writeHead(404, { "content-type": "text/plain" }).end("gone");
    });
    const { session, only } = await keeping({ base, engine });
    await failureOf(session.post("/old", form({ a: "b" })));
    const text = only();
    expect(text.match(/^(POST|GET) \S+/gm)).toEqual([`POST ${base}/old`, `GET ${base}/new?sig=***`]);
    expect(text).toMatch(/a=b\n\n### the answer\nHTTP\/\S+ 302\nlocation: \/new\?sig=\*\*\*\n[^]*go on\n\n###\n\nGET [^]*HTTP\/\S+ 404\n[^]*\n\ngone\n$/);
  });

  test("an answer that breaks off is there as far as it came; of none there is the request, and its time", async () => {
    const { base } = await world((request, response) => {
      if (request.url === "/hang") return;
      response.writeHead(200, { "content-type": "text/plain", "x-head": "came" });
      response.write("half of it");
      const { stream: h2 } = response as unknown as { stream?: { close(code: number): void } };
      setTimeout(() => (h2 ? h2.close(2) : response.socket!.destroy()), 50);
    });
    const broken = await keeping({ base, engine });
    await failureOf(broken.session.get("/"));
    expect(broken.only()).toMatch(/### the answer\nHTTP\/\S+ 200\n[^]*x-head: came\n[^]*\n\nhalf of it\n$/);
    const hung = await keeping({ base, engine, timeout: "200ms" });
    await failureOf(hung.session.get("/hang"));
    expect(hung.only()).toMatch(/# timeout\n# began .*\n# its time: .*waiting .*\n\nGET \S+\nhost: [^]*\n\n### no answer\n$/);
  });

  test("of a stream there is the head that was read, of a file, too", async () => {
    const { base } = await world((request, response) => void request.resume().on("end", () => response.writeHead(500).end()));
    const { session, saved } = await keeping({ base, engine });
    // The same memory again and again, as some streams do it.
    const memory = Buffer.alloc(2_000);
    const rows = async function* () {
      for (let n = 0; n < 50; n++) yield memory.fill(`row ${n}, `);
    };
    await failureOf(session.post("/rows", stream(rows, { type: "text/csv" })));
    await failureOf(session.post("/photo", multipart({ password: "HUNTER22", alt: "a rope", photo: file("package.json") })));
    const [streamed, uploaded] = [...saved.values()];
    expect(streamed).toContain("\n\nrow 0, row 0, ");
    expect(streamed).toContain("row 1, row 1, ");
    expect(streamed).toContain("\n\n(95904 bytes more)\n\n(read while it was sent: 100000 bytes had been)\n");
    expect(streamed!.length).toBeLessThan(6_000);
    expect(uploaded).toContain('name="password"\r\n\r\n***\r\n');
    expect(uploaded).toContain('name="photo"; filename="package.json"');
    expect(uploaded).toMatch(/\(read while it was sent: (\d+) of \1 bytes had been\)/);
    expect(uploaded).not.toContain("HUNTER22");
  });
});

describe("a body", () => {
  const answered = async (body: Buffer | string, headers: Record<string, string> = {}, settings: Partial<HttpSettings> = {}) => {
    const { base } = await serve((_, response) => response.writeHead(500, headers).end(body));
    const { session, only } = await keeping({ base, ...settings } as HttpSettings);
    await failureOf(session.get("/"));
    return only().split("\n\n").slice(2).join("\n\n");
  };

  test("that is packed is unpacked", async () => {
    expect(await answered(gzipSync('{"é":1}'), { "content-encoding": "gzip" })).toContain('bytes of gzip, unpacked)\n\n{"é":1}\n');
    expect(await answered("no gzip", { "content-encoding": "gzip" })).toMatch(/\(gzip that could not be unpacked: .*\)\n\nno gzip\n/);
  });
  test("that is no text is told by its length, its type and how it begins, and is not in it", async () => {
    const png = Buffer.concat([Buffer.from("89504e470d0a1a0a", "hex"), Buffer.alloc(1_000, 7)]);
    expect(await answered(png, { "content-type": "image/png" })).toMatch(/\n\n\(1008 bytes that are no text, image\/png; they begin with 89504e470d0a1a0a\)\n$/);
    expect(await answered(Buffer.concat([Buffer.from("--b\r\nx: y\r\n\r\n"), png]), { "content-type": "multipart/mixed" })).toMatch(/--b\r?\nx: y[^]*\(1008 bytes that are no text, multipart\/mixed; they begin with 89504e470d0a1a0a\)\n$/);
  });
  test("in another charset is read by it", async () => {
    expect(await answered(Buffer.from("caf\xe9", "latin1"), { "content-type": "text/plain; charset=iso-8859-1" })).toContain("café");
  });
  test("is bounded, and what is left out is counted", async () => {
    expect(await answered("é".repeat(100_000))).toMatch(/\n\né{32768}\n\n\(134464 bytes more\)\n$/);
    expect(await answered("é".repeat(100), {}, { evidence: { bodyBytes: 11 } })).toMatch(/\n\né{5}\n\n\(190 bytes more\)\n$/);
    expect(await answered("secret stuff", {}, { evidence: { bodyBytes: 0 } })).toMatch(/\n\n\(12 bytes more\)\n$/);
  });
  test("has its headers before it, the longest of them bounded", async () => {
    const { base } = await serveRaw((socket) => onHead(socket, () => socket.end(`HTTP/1.1 500 x\r\nx-long: ${"y".repeat(9_000)}\r\nX-Case: kept\r\ncontent-length: 0\r\n\r\n`)));
    const { session, only } = await keeping({ base });
    await failureOf(session.get("/"));
    expect(only()).toMatch(/HTTP\/1.1 500\nx-long: y{8192}… \(9000 letters\)\nx-case: kept\n/i);
  });
});

describe("nothing is kept", () => {
  test("of what is well, and of what the record does not keep", async () => {
    const { base } = await serve((request, response) => response.writeHead(request.url === "/" ? 200 : 500).end());
    const asked: string[] = [];
    const { ops, context } = userContext();
    const { session, saved } = await keeping({ base }, { record: { ...context.record, keeps: (step, cause) => (asked.push(`${step}: ${cause}`), false) } });
    await session.get("/");
    expect(asked).toEqual([]);
    const { failure } = await failureOf(session.get("/x?token=abc"));
    expect(failure).toMatchObject({ cause: "status 500", status: 500 });
    expect(failure.artifacts).toBeUndefined();
    expect(asked).toEqual(["GET /x: status 500"]);
    expect(ops).toHaveLength(2);
    expect(saved.size).toBe(0);
  });
  test("where nobody records what is kept, or the driver is told so", async () => {
    const { base } = await serve((_, response) => response.writeHead(500).end());
    const silent = await keeping({ base }, { record: userContext().context.record });
    expect((await failureOf(silent.session.get("/"))).failure.artifacts).toBeUndefined();
    const told = await keeping({ base, evidence: false });
    expect((await failureOf(told.session.get("/"))).failure.artifacts).toBeUndefined();
    expect(silent.saved.size + told.saved.size).toBe(0);
  });
  test("of a touch that the run cut", async () => {
    const { base } = await serve(() => undefined);
    const { session, saved, cut, ops } = await keeping({ base }, { record: { ...userContext().context.record, keeps: (_, cause) => cause !== "cut" } });
    const hanging = failureOf(session.get("/"));
    cut();
    expect((await hanging).failure.cause).toBe("cut");
    expect(saved.size + ops.length).toBe(0);
  });
});

test("a shelf that is broken hides no failure", async () => {
  const { base } = await serve((_, response) => response.writeHead(500).end());
  for (const save of [() => undefined, () => { throw new Error("no"); }]) {
    const { session, ops } = await keeping({ base }, { artifacts: { save }, record: { ...userContext().context.record, keeps: () => true } });
    const { failure } = await failureOf(session.get("/"));
    expect(failure).toMatchObject({ cause: "status 500", status: 500 });
    expect(failure.artifacts).toBeUndefined();
    expect(ops).toHaveLength(0);
  }
});

test.each([[{ evidence: true }, "evidence"], [{ evidence: { bodyBytes: -1 } }, "bodyBytes"], [{ evidence: { bodyBytes: 1e9 } }, "bodyBytes"], [{ evidence: { bodies: 1 } }, "bodies"], [{ evidence: null }, "evidence"]])(
  "%j is refused", (settings, named) => expect(sit({ base: "http://127.0.0.1:1", ...settings } as never)).rejects.toThrow(new RegExp(named)));
