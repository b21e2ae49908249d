/** What is HTTP/2's own; what any engine must do is in the suites of `h2-suites.test.ts`. */
import { createSecureServer, createServer as createH2Server } from "node:http2";
import { createServer as createTlsServer } from "node:https";
import { beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { http, stream } from "../../../drivers/http/index.ts";
import { realClock } from "../../../src/units/clock.ts";
import { failureOf, until, userContext } from "../../contract/driver.ts";
import { serveHttpProxy, serveSocks } from "./proxies.ts";
import { codes, serveFrames, type Asked } from "./frames.ts";
import { bodyOf, certificatesFor, listen, serve, serveRaw, sit, underTest, type Certificates } from "./worlds.ts";

let ours: Certificates;
let elsewhere: Certificates;
beforeAll(() => {
  underTest.engine = "h2";
  ours = certificatesFor("127.0.0.1", "IP:127.0.0.1");
  elsewhere = certificatesFor("shop.example", "DNS:shop.example");
});

describe("one connection", () => {
  test("for a hundred at once, each with its own answer; the reply says the version, the report the origin", async () => {
    let [now, most] = [0, 0];
    const world = await serve((request, response) => {
      most = Math.max(most, ++now);
      setTimeout(() => {
        now--;
        response.end(request.url);
      }, 100);
    });
    const said: string[] = [];
    const { session, ops } = await sit({ base: world.base }, { say: (line) => void said.push(line) });
    const paths = Array.from({ length: 100 }, (_, i) => `/${i}`);
    const replies = await Promise.all(paths.map((path) => session.get(path)));
    expect(replies.map((reply) => reply.text())).toEqual(paths);
    expect(new Set(replies.map(({ version }) => version))).toEqual(new Set(["2"]));
    expect(world.connections()).toBe(1);
    expect(most).toBeGreaterThan(10);
    expect(ops).toHaveLength(100);
    expect(said).toEqual([`${world.base} speaks HTTP/2`]);
  });

  test("as many at once as the server allows; the others wait", async () => {
    let [now, most] = [0, 0];
    const server = createH2Server({ settings: { maxConcurrentStreams: 3 } }, (_, response) => {
      most = Math.max(most, ++now);
      setTimeout(() => {
        now--;
        response.end("ok");
      }, 2);
    });
    const world = await listen(server, "http");
    onTestFinished(() => world.stop());
    const { session } = await sit({ base: world.base });
    await session.get("/");
    await Promise.all(Array.from({ length: 50 }, () => session.get("/")));
    expect([most, world.connections()]).toEqual([3, 1]);
  });

  test("bodies of every size, there and back, at once", async () => {
    const world = await serve(async (request, response) => void response.end(await bodyOf(request)));
    const { session } = await sit({ base: world.base });
    const bodies = [0, 1, 16_384, 65_536, 1_048_577, 3_000_000].map((length) => Buffer.alloc(length, `${length}.`));
    const replies = await Promise.all(bodies.map((body) => session.post("/", body)));
    expect(replies.map(({ bytes }, i) => Buffer.compare(bytes, bodies[i]!))).toEqual(bodies.map(() => 0));
    expect((await session.post("/", "Grüße ☂")).text()).toBe("Grüße ☂");
    expect(world.connections()).toBe(1);
  });

  test("ends when it has idled, and after every answer where that is asked for", async () => {
    const world = await serve((_, response) => response.end("ok"));
    const { session } = await sit({ base: world.base, keepAlive: "60ms" });
    for (let n = 0; n < 4; n++) await session.get("/");
    expect(world.connections()).toBe(1);
    await until("its end", () => world.open() === 0);
    await session.post("/");
    expect(world.connections()).toBe(2);
    const { session: hasty } = await sit({ base: world.base, keepAlive: false });
    await hasty.get("/");
    await hasty.get("/");
    expect(world.connections()).toBe(4);
  });

  test("a request that HTTP/2 has no words for is lost alone", async () => {
    const world = await serve((_, response) => response.end("ok"));
    const { session } = await sit({ base: world.base });
    expect(await failureOf(session.request("CONNECT", "/"))).toMatchObject({ outcome: "unsure", failure: { cause: "protocol" } });
    expect((await session.get("/", { headers: { "proxy-connection": "close", te: "gzip" } })).text()).toBe("ok");
  });
});

describe("patience", () => {
  test("a time-out cancels the stream, not the connection", async () => {
    const world = await serveFrames((asked) => void (asked.id === 1 ? undefined : asked.ok()));
    const { session } = await sit({ base: world.base });
    expect(await failureOf(session.get("/", { timeout: "100ms" }))).toMatchObject({ outcome: "unsure", failure: { cause: "timeout" } });
    await until("the reset", () => world.resets.length === 1);
    expect(world.resets).toEqual([[1, codes.CANCEL]]);
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect((await session.get("/")).text()).toBe("ok");
    expect(world.connections()).toBe(1);
  });

  test("a connection that has gone silent altogether is not asked again", async () => {
    const world = await serveFrames((asked) => void (asked.connection === 0 ? undefined : asked.ok()), () => false);
    const { session } = await sit({ base: world.base });
    await failureOf(session.get("/", { timeout: "100ms" }));
    expect((await session.post("/")).text()).toBe("ok");
    expect(world.connections()).toBe(2);
    await until("the end of the first", () => world.open() === 1);
  });

  test("a hung handshake fails one, and the next tries anew", async () => {
    const world = await serveRaw((socket) => socket.resume());
    const { session } = await sit({ base: world.base.replace("http:", "https:"), timeout: "100ms" });
    for (let n = 1; n <= 2; n++) {
      expect(await failureOf(session.get("/"))).toMatchObject({ failure: { cause: "timeout" } });
      expect(world.connections()).toBe(n);
    }
    await until("their end", () => world.open() === 0);
  });

  test.each(["cut", "close"] as const)("%s ends all that is under way", async (way) => {
    const world = await serveFrames((asked) => void (asked.id === 1 && asked.head().data("half")));
    const { session, ops, ...user } = await sit({ base: world.base });
    const all = Promise.all([session.get("/half"), session.get("/silent")].map(failureOf));
    await until("two requests", () => world.asked[0] === 2);
    await user[way]();
    expect((await all).map(({ failure }) => failure.cause)).toEqual(["cut", "cut"]);
    expect((await failureOf(session.get("/late"))).failure.cause).toBe("cut");
    expect(ops).toHaveLength(3);
    await user.close();
    await until("the connection's end", () => world.open() === 0);
  });
});

/** What a server does to a POST on a fresh connection: how it must be called, and whether the connection lives on. */
const troubles: readonly [name: string, talk: (asked: Asked) => void, outcome: string, cause: string, lives: boolean, more?: { status?: number; body?: string; error?: string }][] = [
  ["resets with CANCEL", (asked) => asked.reset("CANCEL"), "unsure", "reset", true, { error: "CANCEL" }],
  ["resets without an error", (asked) => asked.reset("NO_ERROR"), "unsure", "reset", true, { error: "NO_ERROR" }],
  ["resets with INTERNAL_ERROR", (asked) => asked.reset("INTERNAL_ERROR"), "unsure", "reset", true, { error: "INTERNAL_ERROR" }],
  ["resets with PROTOCOL_ERROR", (asked) => asked.reset("PROTOCOL_ERROR"), "unsure", "protocol", true],
  ["cancels in the body", (asked) => asked.head().data("half").reset("CANCEL"), "unsure", "cut short", true, { status: 200, body: "half" }],
  ["ends in the body without an error", (asked) => asked.head().data("half").reset("NO_ERROR"), "unsure", "cut short", true, { status: 200, body: "half" }],
  ["fails in the body", (asked) => asked.head().data("half").reset("INTERNAL_ERROR"), "unsure", "cut short", true, { status: 200, body: "half" }],
  ["refuses after it began to answer", (asked) => asked.head().data("half").reset("REFUSED_STREAM"), "unsure", "cut short", true, { status: 200, body: "half" }],
  ["ends before the announced length", (asked) => asked.head({ "content-length": "100" }).data("half", true), "unsure", "protocol", true],
  ["hints and closes", (asked) => void asked.hint().socket.end(), "unsure", "cut short", false],
  ["hints without end", (asked) => void Array.from({ length: 17 }, () => asked.hint()), "unsure", "protocol", true],
  ["closes when asked", (asked) => void asked.socket.end(), "unsure", "reset", false],
  ["resets the connection", (asked) => void setTimeout(() => asked.socket.resetAndDestroy(), 50), "unsure", "reset", false, { error: "ECONNRESET" }],
  ["closes in the body", (asked) => void asked.head().data("half").socket.end(), "unsure", "cut short", false, { status: 200, body: "half" }],
  ["goes away in anger", (asked) => asked.goaway(asked.id, "ENHANCE_YOUR_CALM"), "unsure", "reset", false, { error: "GOAWAY ENHANCE_YOUR_CALM" }],
  ["pushes", (asked) => asked.push(), "unsure", "protocol", false],
  ["sends data on no stream", (asked) => asked.nonsense(), "unsure", "protocol", false],
  ["talks HTTP/1.1", (asked) => void asked.socket.end("HTTP/1.1 400 Bad Request\r\nconnection: close\r\n\r\n"), "unsure", "protocol", false],
  ["sends too long a header", (asked) => asked.head({ x: "x".repeat(15_000), y: "y".repeat(1_400) }), "unsure", "protocol", false],
  ["announces ten gigabytes", (asked) => asked.head({ "content-length": "10000000000" }).data("x"), "refused", "too large", true, { status: 200 }],
  ["sends without end", (asked) => { asked.head(); for (let n = 0; n < 70; n++) asked.data("x".repeat(16_000)); }, "refused", "too large", true, { status: 200, body: "x".repeat(512) }],
];

describe("a server that", () => {
  test.each(troubles)("%s", async (_, talk, outcome, cause, lives, more = {}) => {
    const world = await serveFrames((asked) => void (asked.connection === 0 && asked.id === 1 ? talk(asked) : asked.ok()));
    const { session, ops } = await sit({ base: world.base, timeout: "5s", bodyLimitBytes: 1_000_000 });
    const thrown = await failureOf(session.post("/orders"));
    expect(thrown).toMatchObject({ outcome, failure: { cause, ...more } });
    expect(ops).toEqual([expect.objectContaining({ step: "POST /orders", outcome, failure: thrown.failure })]);
    expect((await session.get("/")).text()).toBe("ok");
    expect(world.connections()).toBe(lives ? 1 : 2);
    expect(ops).toHaveLength(2);
  });

  test("says something else before it speaks HTTP/2", async () => {
    const world = await serveRaw((socket) => void socket.write("220 smtp.example ESMTP\r\n"));
    const { session } = await sit({ base: world.base });
    expect(await failureOf(session.get("/"))).toMatchObject({ outcome: "unsure", failure: { cause: "protocol" } });
  });
});

describe("what the server did not touch is sent once more, whatever its method", () => {
  test("refused", async () => {
    const world = await serveFrames((asked) => void (asked.id === 1 ? asked.reset("REFUSED_STREAM") : asked.ok()));
    const { session, ops } = await sit({ base: world.base });
    expect((await session.post("/")).text()).toBe("ok");
    expect([world.asked, ops.map(({ outcome }) => outcome)]).toEqual([[2], ["ok"]]);
  });

  test("refused again: it did not happen", async () => {
    const world = await serveFrames((asked) => void asked.reset("REFUSED_STREAM"));
    const { session } = await sit({ base: world.base });
    expect(await failureOf(session.post("/"))).toMatchObject({ outcome: "refused", failure: { cause: "refused", error: "REFUSED_STREAM" } });
    expect(world.asked).toEqual([2]);
  });

  test("on its way as the server went: to a new connection, while the old one ends what it began", async () => {
    const first: Asked[] = [];
    const world = await serveFrames((asked) => {
      if (asked.connection > 0) return void asked.ok("new");
      first.push(asked);
      if (asked.id === 3) asked.goaway(1, "NO_ERROR");
    });
    const { session, ops } = await sit({ base: world.base });
    const [old, moved] = [session.post("/old"), session.post("/moved")];
    expect((await moved).text()).toBe("new");
    first[0]!.ok("old");
    expect((await old).text()).toBe("old");
    expect([world.asked, ops.length]).toEqual([[2, 1], 2]);
    await until("the end of the old one", () => world.open() === 1);
  });

  test("a used connection lost, and no new one to be had: it may have happened", async () => {
    const world = await serveFrames((asked) => void (asked.id === 1 ? asked.ok() : world.stop()));
    const { session } = await sit({ base: world.base });
    await session.get("/");
    expect(await failureOf(session.put("/"))).toMatchObject({ outcome: "unsure", failure: { cause: "reset" } });
  });

  test("a used connection that ends without a word: GET once more, POST not", async () => {
    const world = await serveFrames((asked) => void (asked.id === 1 ? asked.ok() : asked.socket.destroy()));
    const { session } = await sit({ base: world.base });
    await session.get("/");
    expect((await session.get("/")).text()).toBe("ok");
    expect(world.asked).toEqual([2, 1]);
    expect(await failureOf(session.post("/"))).toMatchObject({ outcome: "unsure", failure: { cause: "reset" } });
    expect(world.asked).toEqual([2, 2]);
  });
});

describe("bodies that are read while they are sent, or asked for first", () => {
  async function* pieces(...all: (string | Error)[]): AsyncGenerator<string> {
    for (const one of all) {
      await new Promise((resolve) => setImmediate(resolve));
      if (one instanceof Error) throw one;
      yield one;
    }
  }

  test("a generator, one of a known length, an empty one, and the next request on the same connection", async () => {
    const world = await serve(async (request, response) => void response.end(`${request.headers["content-length"] ?? "?"} ${String(await bodyOf(request))}`));
    const { session } = await sit({ base: world.base });
    expect((await session.post("/", pieces("a", "", "ö"))).text()).toBe("? aö");
    expect((await session.put("/", stream(pieces("a", "bc"), { lengthBytes: 3 }))).text()).toBe("3 abc");
    expect((await session.post("/", pieces())).text()).toBe("? ");
    expect(world.connections()).toBe(1);
  });

  test("one that breaks off cancels its stream, and nothing else", async () => {
    const world = await serve(async (request, response) => void response.end(await bodyOf(request).catch(() => "")));
    const { session } = await sit({ base: world.base });
    const slow = session.post("/slow", pieces(...Array.from({ length: 50 }, () => "x")));
    expect(await failureOf(session.post("/", pieces("a", new Error("the tape is torn"))))).toMatchObject({ outcome: "unsure", failure: { cause: "upload", error: "the tape is torn" } });
    expect((await slow).text()).toBe("x".repeat(50));
    expect(world.connections()).toBe(1);
  });

  test("no more is read than the service takes", async () => {
    let read = 0;
    async function* endless() {
      for (; read < 500; read++) yield Buffer.alloc(100_000);
    }
    const world = await serve((request) => void request.pause());
    const { session } = await sit({ base: world.base, timeout: "500ms" });
    expect((await failureOf(session.post("/", endless()))).failure.cause).toBe("timeout");
    expect(read).toBeLessThan(100);
  });

  test("refused untouched: what can be read again is sent again, what can't did not happen", async () => {
    const world = await serveFrames((asked) => void (asked.id === 1 || asked.id === 5 ? asked.reset("REFUSED_STREAM") : asked.ok()));
    const { session } = await sit({ base: world.base });
    expect((await session.post("/", stream(() => pieces("a")))).text()).toBe("ok");
    expect(await failureOf(session.post("/", pieces("a")))).toMatchObject({ outcome: "refused", failure: { cause: "refused" } });
  });

  test.each([["100", "ok body"], ["nothing", "ok body"], ["417", "ok body"], ["413", "status 413"]])("asked first, and the service says %s", async (says, becomes) => {
    const read: string[] = [];
    const server = createH2Server();
    server.on("stream", (stream, headers) => {
      const take = () => {
        let body = "";
        stream.setEncoding("utf8").on("data", (text: string) => (body += text)).on("end", () => {
          read.push(body);
          stream.respond({ ":status": 200 });
          stream.end(`ok ${body}`);
        });
      };
      if (headers["expect"] === undefined) return take();
      if (says === "100") stream.additionalHeaders({ ":status": 100 });
      if (says === "100" || says === "nothing") return take();
      stream.respond({ ":status": Number(says) }, { endStream: true });
    });
    // Without a listener Node says 100 by itself.
    server.on("checkContinue", () => {});
    const world = await listen(server, "http");
    onTestFinished(() => world.stop());
    const { session } = await sit({ base: world.base, expectContinue: "150ms" });
    const asked = session.post("/", "body");
    if (becomes.startsWith("ok")) expect((await asked).text()).toBe(becomes);
    else expect((await failureOf(asked)).failure.cause).toBe(becomes);
    expect(read).toEqual(becomes.startsWith("ok") ? ["body"] : []);
  });

  test("where the time went is told, whole: of a fresh connection, a kept one, a full one and a lost one", async () => {
    const server = createH2Server({ settings: { maxConcurrentStreams: 1 } }, (request, response) => void setTimeout(() => (request.url === "/die" ? request.socket.destroy() : response.end("ok")), 60));
    const world = await listen(server, "http");
    onTestFinished(() => world.stop());
    const { session } = await sit({ base: world.base });
    const fresh = await session.get("/");
    const [kept, waited] = await Promise.all([session.get("/"), session.get("/")]);
    for (const { timings, ms } of [fresh, kept, waited]) expect(Object.values(timings).reduce((sum: number, part) => sum + (part ?? 0), 0)).toBeCloseTo(ms, 6);
    expect([fresh.timings.connectMs, kept.timings.connectMs]).toEqual([expect.any(Number), undefined]);
    expect(waited.timings.blockedMs).toBeGreaterThanOrEqual(50);
    expect(waited.timings.waitingMs).toBeGreaterThanOrEqual(50);
    expect((await failureOf(session.post("/die"))).failure).toMatchObject({ cause: "reset", spent: expect.stringMatching(/waiting/) });
  });

  test("a shared pool is one connection for all", async () => {
    const world = await serve((_, response) => response.end("ok"));
    const driver = http({ base: world.base, engine: "h2", pool: "shared", connections: 2 });
    const clock = realClock();
    const sessions = await Promise.all([1, 2, 3].map(() => driver.open(userContext({ clock }).context)));
    await Promise.all(sessions.map((session) => session.get("/")));
    await driver.close(sessions[0]!);
    await Promise.all(sessions.slice(1).map((session) => session.get("/")));
    expect([world.connections(), world.open()]).toEqual([1, 1]);
    await Promise.all(sessions.map((session) => driver.close(session)));
    await until("its end", () => world.open() === 0);
  });
});

describe("the ways there are", () => {
  test.each(["http", "socks5"] as const)("through a proxy of %s", async (kind) => {
    const world = await listen(createSecureServer({ ...ours, allowHTTP1: true }, (request, response) => void response.end(request.httpVersion)), "https");
    onTestFinished(() => world.stop());
    const proxy = await (kind === "http" ? serveHttpProxy() : serveSocks());
    const { session } = await sit({ base: world.base, engine: "auto", tls: { ca: ours.ca }, proxy: proxy.address });
    expect((await session.get("/")).text()).toBe("2.0");
    const { session: older } = await sit({ base: world.base, engine: "wire", tls: { ca: ours.ca }, proxy: proxy.address });
    expect((await older.get("/")).text()).toBe("1.1");
    await expect(sit({ base: "http://shop.example", proxy: proxy.address })).rejects.toMatchObject({ code: "SEA_HTTP_SETTING", place: "http.engine" });
  });

  test("a server of HTTP/1.1 alone behind a proxy is spoken to on the connection that asked", async () => {
    const world = await listen(createTlsServer(ours, (request, response) => void response.end(request.httpVersion)), "https");
    onTestFinished(() => world.stop());
    const proxy = await serveHttpProxy();
    const { session } = await sit({ base: world.base, engine: "auto", tls: { ca: ours.ca }, proxy: proxy.address });
    for (let n = 0; n < 3; n++) expect((await session.post("/", "x".repeat(100_000))).text()).toBe("1.1");
    expect(world.connections()).toBe(1);
  });
});

describe("what https speaks", () => {
  const both = async () => {
    const world = await listen(createSecureServer({ ...ours, allowHTTP1: true }, (request, response) => void response.end(request.httpVersion)), "https");
    onTestFinished(() => world.stop());
    return world;
  };
  const older = async () => {
    const world = await listen(createTlsServer(ours, (request, response) => void response.end(request.httpVersion)), "https");
    onTestFinished(() => world.stop());
    return world;
  };
  const driverOf = (base: string, engine?: "auto" | "wire" | "h2" | "undici") => http({ base, tls: { ca: ours.ca }, ...(engine && { engine }) });
  const ask = async (driver: ReturnType<typeof driverOf>, times = 1) => {
    const said: string[] = [];
    const session = await driver.open(userContext({ say: (line) => void said.push(line) }).context);
    onTestFinished(() => driver.close(session));
    const replies = await Promise.all(Array.from({ length: times }, () => session.get("/")));
    return { versions: new Set(replies.flatMap((reply) => [reply.version, reply.text()])), said };
  };

  test.each([
    [undefined, "2", "2.0"], ["auto", "2", "2.0"], ["h2", "2", "2.0"], ["wire", "1.1", "1.1"], ["undici", "1.1", "1.1"],
  ] as const)("a server of both, by engine %s: %s", async (engine, version, seen) => {
    const world = await both();
    expect((await ask(driverOf(world.base, engine), 5)).versions).toEqual(new Set([version, seen]));
    expect(world.connections()).toBe(version === "2" ? 1 : 5);
  });

  test("a server of HTTP/1.1 alone is spoken to on the connection that asked, and asked once for all users", async () => {
    const world = await older();
    const driver = driverOf(world.base);
    const first = await ask(driver, 3);
    expect([...first.versions]).toEqual(["1.1"]);
    expect(first.said).toEqual([`${world.base} speaks HTTP/1.1`]);
    expect(world.connections()).toBe(3);
    expect((await ask(driver)).said).toEqual([]);
    expect(world.connections()).toBe(4);
  });

  test("HTTP/2 and nothing else is refused by a server that does not have it, before anything is sent", async () => {
    const world = await older();
    const { session } = await sit({ base: world.base, tls: { ca: ours.ca } });
    expect(await failureOf(session.post("/"))).toMatchObject({ outcome: "refused", failure: { cause: "tls" } });
  });

  test("a certificate for another name, or of nobody known, is refused; the name asked for counts", async () => {
    const world = await listen(createSecureServer(elsewhere, (_, response) => void response.end("safe")), "https");
    onTestFinished(() => world.stop());
    const engine = "auto";
    const { session: stranger } = await sit({ engine, base: world.base });
    expect(await failureOf(stranger.post("/"))).toMatchObject({ outcome: "refused", failure: { cause: "tls" } });
    const { session: other } = await sit({ engine, base: world.base, tls: { ca: elsewhere.ca } });
    expect(await failureOf(other.post("/"))).toMatchObject({ outcome: "refused", failure: { cause: "tls", error: "ERR_TLS_CERT_ALTNAME_INVALID" } });
    for (const tls of [{ insecure: true }, { ca: elsewhere.ca, servername: "shop.example" }]) {
      const { session } = await sit({ engine, base: world.base, tls });
      expect((await session.get("/")).version).toBe("2");
    }
  });

  test("over http it is HTTP/1.1, unless HTTP/2 is said", async () => {
    underTest.engine = undefined;
    onTestFinished(() => void (underTest.engine = "h2"));
    const world = await serve((request, response) => response.end(request.httpVersion));
    const { session } = await sit({ base: world.base });
    const reply = await session.get("/");
    expect([reply.version, reply.text()]).toEqual(["1.1", "1.1"]);
  });
});

describe("nobody there", () => {
  test("no listener, no host", async () => {
    const { session } = await sit({ base: "http://127.0.0.1:1" });
    const thrown = await Promise.all([session.get("/"), session.post("/"), session.get("http://no-such-host.invalid/")].map(failureOf));
    expect(thrown.map(({ outcome, failure }) => [outcome, failure.cause])).toEqual([["refused", "refused"], ["refused", "refused"], ["refused", "dns"]]);
  });
});
