import { createServer as createRawServer, type AddressInfo } from "node:net";
import { describe, expect, test } from "vitest";
import type { Failure, TouchFailed } from "../../../src/model/op.ts";
import { seeded } from "../../../src/units/random.ts";
import { failureOf, until } from "../../contract/driver.ts";
import { onHead, pour, serve, serveRaw, sit, type World } from "./worlds.ts";

const head = (length: number) => `HTTP/1.1 200 OK\r\ncontent-length: ${length}\r\n\r\n`;

/** Every kind of trouble: what the server does, and how it must be called. */
const troubles: readonly [name: string, talk: Parameters<typeof serveRaw>[0], outcome: string, cause: string, more?: { status?: number; body?: string; error?: string }][] = [
  ["never answers", (socket) => socket.resume(), "unsure", "timeout"],
  ["stops in the head", (socket) => onHead(socket, () => socket.write("HTTP/1.1 200 OK\r\ncontent-")), "unsure", "timeout"],
  ["drips a byte now and then", (socket) => onHead(socket, () => { socket.write(head(1_000)); const drip = setInterval(() => socket.write("."), 20); socket.on("close", () => clearInterval(drip)); }), "unsure", "timeout"],
  ["closes at once", (socket) => socket.resume().end(), "unsure", "reset"],
  ["closes when asked", (socket) => onHead(socket, () => socket.end()), "unsure", "reset"],
  ["resets when asked", (socket) => onHead(socket, () => socket.resetAndDestroy()), "unsure", "reset", { error: "ECONNRESET" }],
  ["closes in the status line", (socket) => onHead(socket, () => socket.end("HTTP/1.1 2")), "unsure", "cut short"],
  ["closes in the body", (socket) => onHead(socket, () => socket.end(`${head(100)}half`)), "unsure", "cut short", { status: 200, body: "half" }],
  ["resets in the body", (socket) => onHead(socket, () => socket.write(`${head(100)}half`, () => setTimeout(() => socket.resetAndDestroy(), 50))), "unsure", "cut short", { status: 200, body: "half" }],
  ["closes in a chunk", (socket) => onHead(socket, () => socket.end("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n10\r\nhalf")), "unsure", "cut short", { status: 200, body: "half" }],
  ["closes between chunks", (socket) => onHead(socket, () => socket.end("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n4\r\nhalf\r\n")), "unsure", "cut short", { status: 200, body: "half" }],
  ["closes in a body of a last answer", (socket) => onHead(socket, () => socket.end("HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 100\r\n\r\nhalf")), "unsure", "cut short", { status: 200, body: "half" }],
  ["closes in a chunk of a last answer", (socket) => onHead(socket, () => socket.end("HTTP/1.1 200 OK\r\nconnection: close\r\ntransfer-encoding: chunked\r\n\r\n10\r\nhalf")), "unsure", "cut short", { status: 200, body: "half" }],
  ["hints and closes", (socket) => onHead(socket, () => socket.end("HTTP/1.1 103 Early Hints\r\nlink: <a>\r\n\r\n")), "unsure", "cut short"],
  ["talks garbage", (socket) => onHead(socket, () => socket.end("garbage\r\n\r\n")), "unsure", "protocol"],
  ["talks another protocol first", (socket) => socket.resume().write("220 smtp.example ESMTP\r\n"), "unsure", "protocol"],
  ["sends a length that is none", (socket) => onHead(socket, () => socket.end("HTTP/1.1 200 OK\r\ncontent-length: -5\r\n\r\nhello")), "unsure", "protocol"],
  ["sends two lengths", (socket) => onHead(socket, () => socket.end("HTTP/1.1 200 OK\r\ncontent-length: 2\r\ncontent-length: 3\r\n\r\nhey")), "unsure", "protocol"],
  ["sends a bad chunk", (socket) => onHead(socket, () => socket.end("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n")), "unsure", "protocol", { status: 200, body: "" }],
  ["sends a head without end", (socket) => onHead(socket, () => socket.write(`HTTP/1.1 200 OK\r\nx: ${"x".repeat(200_000)}`)), "unsure", "protocol"],
  ["upgrades unasked", (socket) => onHead(socket, () => socket.write("HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n")), "unsure", "protocol"],
  ["sends chunks without end", (socket) => onHead(socket, () => { socket.write("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n"); pour(socket, `10000\r\n${"x".repeat(65_536)}\r\n`); }), "refused", "too large", { status: 200, body: "x".repeat(512) }],
  ["sends without end", (socket) => onHead(socket, () => { socket.write("HTTP/1.1 200 OK\r\n\r\n"); pour(socket, "x".repeat(65_536)); }), "refused", "too large", { status: 200, body: "x".repeat(512) }],
];

describe("a server that", () => {
  test.each(troubles)("%s", async (_, talk, outcome, cause, more = {}) => {
    const world = await serveRaw(talk);
    // What is told by anything else must be told long before it.
    const { session, ops, close } = await sit({ base: world.base, timeout: cause === "timeout" ? "400ms" : "20s", bodyLimitBytes: 1_000_000 });
    const thrown = await failureOf(session.post("/orders?a=b", "x"));
    expect(thrown).toMatchObject({ outcome, failure: { cause, request: "POST /orders?a=b", ...more } });
    expect(thrown.failure.status).toBe(more.status);
    expect(ops).toEqual([expect.objectContaining({ step: "POST /orders", outcome, failure: thrown.failure })]);
    expect(ops[0]!.endedMs - ops[0]!.beganMs).toBeLessThan(10_000);
    // The connection is not trusted again, and nothing is left of it.
    await until("the connection's end", () => world.open() === 0);
    await close();
  });

  test("reads nothing of a long request is timed out, and its connection ends", async () => {
    const world = await serveRaw((socket) => socket.pause());
    const { session, ops, close } = await sit({ base: world.base, timeout: "300ms" });
    expect(await failureOf(session.post("/", Buffer.alloc(30_000_000)))).toMatchObject({ outcome: "unsure", failure: { cause: "timeout" } });
    expect(ops).toHaveLength(1);
    await close();
    expect(world.connections()).toBe(1);
  });

  test("answers in the middle of a long request and hangs up is heard", async () => {
    const world = await serveRaw((socket) => void socket.once("data", () => socket.end("HTTP/1.1 413 Too Much\r\nconnection: close\r\ncontent-length: 3\r\n\r\nno!")));
    const { session, ops } = await sit({ base: world.base });
    for (let n = 0; n < 20; n++) await failureOf(session.post("/", Buffer.alloc(3_000_000)));
    expect(ops.map(({ outcome, failure }) => `${outcome} ${failure?.cause}`)).toEqual(ops.map(() => "refused status 413"));
  });

  test("says more than it announced is heard as far as it announced", async () => {
    const world = await serveRaw((socket) => onHead(socket, () => socket.write(`${head(2)}okHTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\nevil`)));
    const { session } = await sit({ base: world.base });
    expect((await session.get("/")).text()).toBe("ok");
    expect((await session.get("/")).text()).toBe("ok");
    expect(world.connections()).toBe(2);
  });
});

describe("before anything is sent", () => {
  test("nobody listens", async () => {
    const server = createRawServer();
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    await new Promise((resolve) => server.close(resolve));
    const { session, ops } = await sit({ base: `http://127.0.0.1:${port}` });
    expect(await failureOf(session.post("/"))).toMatchObject({ outcome: "refused", failure: { cause: "refused", error: "ECONNREFUSED" } });
    expect(ops).toHaveLength(1);
    // The same through a name with several addresses.
    expect(await failureOf(session.post(`http://localhost:${port}/`))).toMatchObject({ outcome: "refused", failure: { cause: "refused", error: "ECONNREFUSED" } });
  });

  test("no such host", async () => {
    const { session } = await sit({ base: "http://no-such-host.invalid" });
    expect(await failureOf(session.get("/"))).toMatchObject({ outcome: "refused", failure: { cause: "dns", error: expect.stringMatching(/^(ENOTFOUND|EAI_AGAIN)$/) } });
  });

  test("the service of before is back: the next request finds it", async () => {
    const { session, ops } = await sit({ base: "http://127.0.0.1:1" });
    await failureOf(session.get("/"));
    const world = await serve((_, response) => response.end("ok"));
    expect((await session.get(`${world.base}/`)).text()).toBe("ok");
    expect(ops.map(({ outcome }) => outcome)).toEqual(["refused", "ok"]);
  });
});

describe("a kept-alive connection that the server closes as the next request comes", () => {
  /** Answers the first request of the first connection, and drops it at the second; later connections answer, or do as well. */
  const fickle = (isGood: (nth: number) => boolean): Promise<World & { heads: string[] }> => {
    const heads: string[] = [];
    return serveRaw((socket, nth) => {
      let asked = 0;
      onHead(socket, (text) => {
        heads.push(`${nth}: ${text.split("\r\n")[0]}`);
        if (asked++ === 0 && (nth === 0 || isGood(nth))) socket.write(`${head(2)}ok`);
        else socket.resetAndDestroy();
      });
    }).then((world) => ({ ...world, heads }));
  };

  test.each([["GET"], ["HEAD"], ["OPTIONS"], ["PUT"], ["DELETE"]])("%s is sent once more", async (method) => {
    const world = await fickle(() => true);
    const { session, ops } = await sit({ base: world.base });
    await session.get("/first");
    expect((await session.request(method, "/again")).status).toBe(200);
    expect(world.heads).toEqual(["0: GET /first HTTP/1.1", `0: ${method} /again HTTP/1.1`, `1: ${method} /again HTTP/1.1`]);
    expect(ops.map(({ outcome }) => outcome)).toEqual(["ok", "ok"]);
  });

  test.each([["POST"], ["PATCH"]])("%s is not: it may have happened", async (method) => {
    const world = await fickle(() => true);
    const { session, ops } = await sit({ base: world.base });
    await session.get("/first");
    expect(await failureOf(session.request(method, "/once"))).toMatchObject({ outcome: "unsure", failure: { cause: "reset" } });
    expect(world.heads).toEqual(["0: GET /first HTTP/1.1", `0: ${method} /once HTTP/1.1`]);
    expect(ops).toHaveLength(2);
    expect((await session.get("/next")).status).toBe(200);
  });

  test("once more, not for ever", async () => {
    const world = await fickle(() => false);
    const { session, ops } = await sit({ base: world.base });
    await session.get("/first");
    expect(await failureOf(session.get("/again"))).toMatchObject({ outcome: "unsure", failure: { cause: "reset" } });
    expect(world.heads).toHaveLength(3);
    expect(ops).toHaveLength(2);
  });

  test.each([["GET"], ["PUT"], ["DELETE"]])("%s that finds nobody to be sent to once more was sent, and may have happened", async (method) => {
    const world = await serveRaw((socket) => {
      let asked = 0;
      onHead(socket, () => (asked++ === 0 ? socket.write(`${head(2)}ok`) : void world.stop()));
    });
    const { session, ops } = await sit({ base: world.base });
    await session.get("/first");
    expect(await failureOf(session.request(method, "/again"))).toMatchObject({ outcome: "unsure", failure: { cause: "reset" } });
    expect(await failureOf(session.request(method, "/later"))).toMatchObject({ outcome: "refused", failure: { cause: "refused" } });
    expect(ops).toHaveLength(3);
  });

  test("a fresh connection is not sent on twice", async () => {
    const heads: string[] = [];
    const world = await serveRaw((socket) => onHead(socket, (text) => { heads.push(text); socket.resetAndDestroy(); }));
    const { session } = await sit({ base: world.base });
    expect(await failureOf(session.get("/"))).toMatchObject({ outcome: "unsure", failure: { cause: "reset" } });
    expect(heads).toHaveLength(1);
  });

  test("a fresh connection in a stale one's place is not sent on twice either", async () => {
    const heads: string[] = [];
    const world = await serveRaw((socket, nth) => onHead(socket, (text) => { heads.push(text); if (nth === 0) socket.end(`${head(2)}ok`); else socket.resetAndDestroy(); }));
    const { session } = await sit({ base: world.base });
    await session.get("/");
    await until("the end of the first", () => world.open() === 0);
    expect(await failureOf(session.get("/"))).toMatchObject({ outcome: "unsure", failure: { cause: "reset" } });
    expect(heads).toHaveLength(2);
  });

  test("closed in the open, between two requests: a new one is made, also for a POST", async () => {
    const world = await serveRaw((socket) => onHead(socket, () => socket.end(`${head(2)}ok`)));
    const { session, ops } = await sit({ base: world.base });
    await session.post("/a");
    await until("the end of the first", () => world.open() === 0);
    await session.post("/b");
    expect([world.connections(), ops.map(({ outcome }) => outcome)]).toEqual([2, ["ok", "ok"]]);
  });
});

test("in a sea of troubles every touch is recorded once, as it was thrown, and nothing is left", async () => {
  const random = seeded(7);
  const world = await serveRaw((socket) =>
    onHead(socket, (text) => {
      const path = text.split(" ")[1];
      if (path === "/0") return;
      random.pick([
        () => socket.write(`${head(path!.length)}${path}`),
        () => socket.write(`${head(path!.length)}${path}`),
        () => socket.end(`${head(path!.length)}${path}`),
        () => socket.write("HTTP/1.1 503 Busy\r\ncontent-length: 0\r\n\r\n"),
        () => socket.write(`HTTP/1.1 302 Found\r\ncontent-length: 0\r\nlocation: ${path}+\r\n\r\n`),
        () => socket.end(`${head(100)}half`),
        () => socket.resetAndDestroy(),
        () => socket.end("garbage\r\n"),
        () => {},
      ])();
    }),
  );
  for (const way of ["close", "cut"] as const) {
    const { session, ops, ...user } = await sit({ base: world.base, redirects: 3 });
    const isShort = (i: number) => i % 2 === 1;
    const touches = Array.from({ length: 300 }, (_, i) => {
      const method = random.pick(["GET", "POST", "PUT"]);
      return session.request(method, `/${i}`, { timeout: isShort(i) ? "100ms" : "20s" }).then(
        (reply) => ({ step: `${method} /${i}`, outcome: "ok", right: reply.text().startsWith(`/${i}`), failure: undefined }),
        (error: TouchFailed) => ({ step: `${method} /${i}`, outcome: error.outcome as string, right: true, failure: error.failure as Failure | undefined }),
      );
    });
    await until("the end of the impatient ones", () => ops.filter(({ step }) => isShort(Number(step.split("/")[1]))).length === 150);
    await user[way]();
    const seen = await Promise.all(touches);
    expect(seen.filter(({ right }) => !right)).toEqual([]);
    const byStep = (one: { step: string }, other: { step: string }) => (one.step < other.step ? -1 : 1);
    expect(ops.map(({ step, outcome, failure }) => ({ step, outcome, failure })).toSorted(byStep)).toEqual(seen.map(({ step, outcome, failure }) => ({ step, outcome, failure })).toSorted(byStep));
    const causes = new Set(ops.map(({ failure }) => failure?.cause));
    expect([...causes].filter((cause) => cause !== undefined && !["status 503", "too many redirects", "cut short", "reset", "protocol", "timeout", "cut"].includes(cause))).toEqual([]);
    expect(causes.has("cut")).toBe(true);
    await until("the connections' end", () => world.open() === 0);
  }
});
