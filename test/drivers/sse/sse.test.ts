import type { Socket } from "node:net";
import { describe, expect, test } from "vitest";
import { bearer } from "../../../drivers/http/index.ts";
import { sse, type SseSettings } from "../../../drivers/sse/index.ts";
import { failureOf, until, userContext } from "../../contract/driver.ts";
import { certificatesFor, onHead, serve, serveRaw } from "../http/worlds.ts";
import { serveEvents, sit } from "./worlds.ts";

describe("a stream", () => {
  test("events in their order, by what they say; each wait is an op with a name", async () => {
    const world = await serveEvents((response) => response.write(": hello\n\nevent: price\nid: 7\ndata: {\"rope\":\ndata: 12}\n\ndata: plain\n\nevent: bell\ndata\n\n"));
    const { session, ops } = await sit({ base: `${world.base}/api` });
    const prices = await session.open("/prices?good=rope", { name: "/prices", params: { n: 1 } });
    expect(world.requests[0]!.url).toBe("/api/prices?good=rope&n=1");
    const bell = await prices.receive(({ type }) => type === "bell", { name: "bell" });
    const price = await prices.receive();
    expect([bell.data, price.type, price.json(), price.id]).toEqual(["", "price", { rope: 12 }, "7"]);
    expect(await prices.receive()).toMatchObject({ type: "message", data: "plain", id: "7" });
    expect([prices.received, prices.dropped, prices.lastEventId, prices.isOpen]).toEqual([3, 0, "7", true]);
    prices.close();
    expect(prices.isOpen).toBe(false);
    await until("its end", () => world.open() === 0);
    expect((await failureOf(prices.receive())).failure.cause).toBe("closed");
    expect(ops.map(({ step, outcome }) => `${step} ${outcome}`)).toEqual(["OPEN /prices ok", "RECEIVE bell ok", "RECEIVE /prices ok", "RECEIVE /prices ok", "RECEIVE /prices refused"]);
  });

  test("10,000 events are 10,000 ops, in order, whatever the pieces they come in", async () => {
    const world = await serveEvents((response) => {
      const bytes = Buffer.from(Array.from({ length: 10_000 }, (_, n) => `id: ${n}\ndata: ☂${n}\n\n`).join(""));
      setTimeout(() => {
        for (let at = 0; at < bytes.length; at += 7_919) response.write(bytes.subarray(at, at + 7_919));
      }, 50);
    });
    const { session, ops } = await sit({ base: world.base });
    const prices = await session.open("/");
    const seen: string[] = [];
    const count = await prices.listen("2s", { name: "price", where: ({ data }) => seen.push(data) > 0, least: 10_000 });
    expect([count, prices.lastEventId]).toEqual([10_000, "9999"]);
    expect(seen).toEqual(Array.from({ length: 10_000 }, (_, n) => `☂${n}`));
    expect(ops.filter(({ step, outcome }) => step === "EVENT price" && outcome === "ok")).toHaveLength(10_000);
  });

  test("the backlog is bounded: the oldest are dropped, counted and said", async () => {
    const world = await serveEvents((response) => response.write(Array.from({ length: 100 }, (_, n) => `data: ${n}\n\n`).join("")));
    const { session, said } = await sit({ base: world.base, backlog: 10 });
    const prices = await session.open("/");
    await until("all", () => prices.received === 100);
    expect([prices.dropped, (await prices.receive()).data]).toEqual([90, "90"]);
    expect(new Set(said)).toEqual(new Set([`events of ${world.base} were dropped, for nobody received them and the backlog was full`]));
  });

  test("headers, logins and cookies go out, over TLS as well", async () => {
    const ours = certificatesFor("127.0.0.1", "IP:127.0.0.1");
    const world = await serveEvents((response) => response.write("data: safe\n\n"), ours);
    const { session: stranger } = await sit({ base: world.base });
    expect(await failureOf(stranger.open("/"))).toMatchObject({ outcome: "refused", failure: { cause: "tls" } });
    const { session, renew } = await sit({ base: world.base, tls: { ca: ours.ca }, auth: bearer("t") });
    session.header("x-a", "b");
    session.cookies.set("sid", "4711");
    expect((await (await session.open("/", { lastEventId: "41" })).receive()).data).toBe("safe");
    expect(world.requests[0]!.headers).toMatchObject({ accept: "text/event-stream", authorization: "Bearer t", "x-a": "b", cookie: "sid=4711", "last-event-id": "41" });
    renew();
    await until("the end of the visitor before", () => world.open() === 0);
  });
});

describe("opening", () => {
  test.each<[string, (socket: Socket) => void, string, string, object?]>([
    ["says 401", (socket) => socket.end("HTTP/1.1 401 Unauthorized\r\ncontent-length: 9\r\n\r\nlog in !!"), "refused", "status 401", { status: 401, body: "log in !!" }],
    ["has nothing to say", (socket) => socket.end("HTTP/1.1 204 No Content\r\n\r\n"), "refused", "status 204"],
    ["answers a page", (socket) => socket.end("HTTP/1.1 200 OK\r\ncontent-type: text/html\r\ncontent-length: 4\r\n\r\nhome"), "refused", "not a stream", { status: 200, body: "home" }],
    ["packs its stream", (socket) => void socket.end("HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ncontent-encoding: gzip\r\n\r\nx"), "refused", "not a stream"],
    ["never answers", () => {}, "unsure", "timeout"],
    ["talks garbage", (socket) => socket.end("garbage\r\n\r\n"), "unsure", "protocol"],
    ["closes", (socket) => socket.end(), "unsure", "reset"],
  ])("at a server that %s", async (_, answer, outcome, cause, more = {}) => {
    const world = await serveRaw((socket) => onHead(socket, () => answer(socket)));
    const { session, ops } = await sit({ base: world.base, timeout: "300ms" });
    const thrown = await failureOf(session.open("/prices?key=secret", { reconnects: 3 }));
    expect(thrown).toMatchObject({ outcome, failure: { cause, request: "GET /prices?key=***", ...more } });
    expect(ops).toEqual([expect.objectContaining({ step: "OPEN /prices", outcome })]);
    await until("the connection's end", () => world.open() === 0);
  });

  test("nobody listens, no such host", async () => {
    const causes = [];
    for (const base of ["http://127.0.0.1:1", "http://no-such-host.invalid"]) causes.push((await failureOf((await sit({ base })).session.open("/"))).failure.cause);
    expect(causes).toEqual(["refused", "dns"]);
  });

  test("what can't be asked for", async () => {
    const world = await serveEvents(() => {});
    const { session, ops } = await sit({ base: world.base, connections: 1 });
    await expect(session.open("prices")).rejects.toMatchObject({ code: "SEA_HTTP_PATH" });
    await expect(session.open("/", { reconnects: -1 })).rejects.toMatchObject({ code: "SEA_MESSAGES_SETTING" });
    await expect(session.open("/", { lastEventId: "a\nb" })).rejects.toMatchObject({ code: "SEA_MESSAGES_SETTING" });
    await session.open("/");
    await expect(session.open("/")).rejects.toMatchObject({ code: "SEA_MESSAGES_OPEN" });
    expect(ops).toHaveLength(1);
  });
});

const head = "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n";
const chunk = (text: string) => `${Buffer.byteLength(text).toString(16)}\r\n${text}\r\n`;

describe("a stream that", () => {
  test.each<[string, (socket: Socket) => void, string, string]>([
    ["ends", (socket) => void socket.end(`${chunk("data: half")}0\r\n\r\n`), "unsure", "ended"],
    ["is killed in an event", (socket) => void socket.write(chunk("data: half"), () => socket.destroy()), "unsure", "cut short"],
    ["resets", (socket) => void socket.resetAndDestroy(), "unsure", "cut short"],
    ["breaks its chunks", (socket) => void socket.write("zz\r\n"), "unsure", "protocol"],
    ["has a line without end", (socket) => { for (let n = 0; n < 30; n++) socket.write(chunk("x".repeat(100))); }, "refused", "too large"],
    ["has an event without end", (socket) => { for (let n = 0; n < 300; n++) socket.write(chunk(`data: ${"x".repeat(10)}\n`)); }, "refused", "too large"],
    ["drips", (socket) => { const drip = setInterval(() => void socket.write(chunk("d")), 20); socket.on("close", () => clearInterval(drip)); }, "unsure", "timeout"],
  ])("%s", async (_, talk, outcome, cause) => {
    const world = await serveRaw((socket) => onHead(socket, () => { socket.write(head); setTimeout(() => talk(socket), 30); }));
    const { session, ops, close } = await sit({ base: world.base, timeout: "400ms", messageLimitBytes: 2_000 });
    const stream = await session.open("/prices");
    expect(await failureOf(stream.receive())).toMatchObject({ outcome, failure: { cause, request: "RECEIVE /prices" } });
    expect(ops).toHaveLength(2);
    await close();
    await until("the connection's end", () => world.open() === 0);
  });

  test("ends while nobody waits is seen all the same", async () => {
    const world = await serveEvents((response) => void setTimeout(() => response.end(), 20));
    const { session, ops } = await sit({ base: world.base });
    const stream = await session.open("/prices");
    await until("the record", () => ops.length === 2);
    expect(ops[1]).toMatchObject({ step: "CLOSED /prices", outcome: "unsure", failure: { cause: "ended" } });
    expect(await failureOf(stream.listen("1h"))).toMatchObject({ outcome: "refused", failure: { cause: "ended" } });
  });

  test.each(["cut", "close"] as const)("is under way as %s comes", async (way) => {
    const world = await serveEvents(() => {});
    const { session, ops, ...user } = await sit({ base: world.base });
    const stream = await session.open("/", { reconnects: 5 });
    const all = Promise.all([stream.receive(), stream.listen("1h")].map(failureOf));
    await user[way]();
    expect((await all).map(({ failure }) => failure.cause)).toEqual(["cut", "cut"]);
    await until("its end", () => world.open() === 0);
    expect([ops.length, world.lines.length]).toEqual([3, 1]);
  });
});

describe("opened again", () => {
  test("after the service's retry, with the last id; whoever waits goes on waiting, and each time is an op", async () => {
    const world = await serveEvents((response, _, nth) => response.end(`retry: 30\nid: ${nth}\ndata: ${nth}\n\nid: lost\ndata: half`));
    const { session, ops } = await sit({ base: world.base });
    const stream = await session.open("/prices", { reconnects: 2 });
    expect((await stream.receive(({ data }) => data === "2")).id).toBe("2");
    expect(world.requests.map(({ headers }) => headers["last-event-id"])).toEqual([undefined, "0", "1"]);
    await until("its end for good", () => ops.length === 5);
    expect(ops.map(({ step, outcome }) => `${step} ${outcome}`).toSorted()).toEqual(["CLOSED /prices unsure", "OPEN /prices ok", "RECEIVE /prices ok", "REOPEN /prices ok", "REOPEN /prices ok"]);
    expect(ops.filter(({ step }) => step === "REOPEN /prices").every(({ beganMs, endedMs }) => endedMs - beganMs >= 30)).toBe(true);
    expect([stream.reopened, stream.received]).toEqual([2, 3]);
  });

  test("a service that is gone for a while", async () => {
    const world = await serve((_, response) => {
      const nth = world.lines.length;
      if (nth === 2 || nth === 3) return void response.writeHead(503).end("not yet");
      response.writeHead(200, { "content-type": "text/event-stream" }).write(`retry: 10\ndata: ${nth}\n\n`);
      if (nth === 1) setTimeout(() => response.destroy(), 20);
    });
    const { session, ops } = await sit({ base: world.base });
    const stream = await session.open("/", { reconnects: 5 });
    expect((await stream.receive(({ data }) => data === "4")).data).toBe("4");
    expect(ops.filter(({ step }) => step === "REOPEN /").map(({ failure }) => failure?.cause)).toEqual(["status 503", "status 503", undefined]);
    expect(stream.reopened).toBe(1);
  });

  test("not after it was closed, and not when the session is over", async () => {
    const world = await serveEvents((response) => response.end("retry: 50\n\n"));
    const { session, ops, close } = await sit({ base: world.base });
    const [one, other] = [await session.open("/", { reconnects: 5 }), await session.open("/", { reconnects: 5 })];
    await until("the ends", () => !one.isOpen && !other.isOpen);
    one.close();
    await close();
    await new Promise((resolve) => setTimeout(resolve, 120));
    expect(world.lines).toHaveLength(2);
    expect(ops.filter(({ failure }) => failure?.cause !== "cut").map(({ step }) => step)).toEqual(["OPEN /", "OPEN /"]);
  });
});

test.each<[string, unknown, string]>([
  ["no target", {}, "SEA_MESSAGES_SETTING"],
  ["a base of ws", { base: "ws://a" }, "SEA_MESSAGES_BASE"],
  ["a slip", { base: "http://a", timeOut: "5s" }, "SEA_MESSAGES_SETTING"],
])("%s is refused when the driver is made", (_, settings, code) => {
  expect(() => sse(settings as SseSettings)).toThrow(expect.objectContaining({ code }));
  expect(sse({ base: "http://a" }).rehearses).toBeUndefined();
  expect(userContext().ops).toEqual([]);
});
