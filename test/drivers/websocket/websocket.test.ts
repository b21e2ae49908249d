import { createServer as createRawServer, type AddressInfo, type Socket } from "node:net";
import { Readable } from "node:stream";
import { describe, expect, test } from "vitest";
import { bearer } from "../../../drivers/http/index.ts";
import { websocket, type WebSocketSettings } from "../../../drivers/websocket/index.ts";
import { failureOf, until, userContext } from "../../contract/driver.ts";
import { certificatesFor, serveRaw } from "../http/worlds.ts";
import { serveChat, serveFrames, sit } from "./worlds.ts";

/** Says everything back, text as text. */
const echo = () => serveChat((ws) => void ws.on("message", (data, isBinary) => ws.send(data, { binary: isBinary })));

/** A frame of the server's: final unless told, not masked. */
const frame = (opcode: number, payload: Uint8Array | string, first = 0x80): Buffer => {
  const bytes = Buffer.from(payload as string);
  const head = bytes.length < 126 ? [bytes.length] : [126, bytes.length >> 8, bytes.length & 255];
  return Buffer.concat([Buffer.from([first | opcode, ...head]), bytes]);
};

describe("a conversation", () => {
  test("text, bytes and JSON there and back; each call is an op with a name", async () => {
    const world = await echo();
    const { session, ops } = await sit({ base: world.base });
    const chat = await session.connect("/rooms/oar?since=1", { name: "/rooms/:room", params: { n: 2 } });
    expect(world.handshakes[0]!.url).toBe("/rooms/oar?since=1&n=2");
    const said = await chat.ask({ say: "ahoy" });
    expect([said.json(), said.isBinary]).toEqual([{ say: "ahoy" }, false]);
    const bytes = await chat.ask(new Uint8Array([0, 255]), undefined, { name: "photo" });
    expect([[...bytes.bytes], bytes.isBinary]).toEqual([[0, 255], true]);
    await chat.send("Grüße ☂");
    expect((await chat.receive()).text()).toBe("Grüße ☂");
    expect(await chat.ping()).toBeGreaterThanOrEqual(0);
    await chat.close(4001, "done");
    expect(chat.isOpen).toBe(false);
    expect(ops.map(({ step, outcome }) => `${step} ${outcome}`)).toEqual([
      "CONNECT /rooms/:room ok", "ASK /rooms/:room ok", "ASK photo ok", "SEND /rooms/:room ok", "RECEIVE /rooms/:room ok", "PING /rooms/:room ok", "CLOSE /rooms/:room ok",
    ]);
  });

  test("an answer is found among others, which wait for whoever wants them; what came before is no answer", async () => {
    const world = await serveChat((ws) => {
      ws.send("tick 0");
      ws.on("message", (data) => ["tick 1", `answer ${String(data)}`, "tick 2"].forEach((text) => ws.send(text)));
    });
    const { session, ops } = await sit({ base: world.base });
    const chat = await session.connect("/");
    await until("the first tick", () => chat.received === 1);
    const [two, one] = await Promise.all([2, 1].map((n) => chat.ask(n, (message) => message.text() === `answer ${n}`)));
    expect([two!.text(), one!.text()]).toEqual(["answer 2", "answer 1"]);
    expect((await chat.ask(3)).text()).toBe("tick 1");
    const ticks = [];
    for (let n = 0; n < 5; n++) ticks.push((await chat.receive((message) => message.text().startsWith("tick"))).text());
    expect(ticks).toEqual(["tick 0", "tick 1", "tick 2", "tick 1", "tick 2"]);
    expect(ops.every(({ outcome }) => outcome === "ok")).toBe(true);
  });

  test("the latency of an answer is from the sending", async () => {
    const world = await serveChat((ws) => void ws.on("message", () => setTimeout(() => ws.send("at last"), 80)));
    const { session, ops } = await sit({ base: world.base });
    await (await session.connect("/")).ask("?");
    expect(ops[1]!.endedMs - ops[1]!.beganMs).toBeGreaterThanOrEqual(79);
  });

  test("10,000 messages of a stream are 10,000 ops, in order, and none is lost", async () => {
    const world = await serveChat((ws) => void ws.on("message", () => {
      for (let n = 0; n < 10_000; n++) ws.send(String(n));
    }));
    const { session, ops } = await sit({ base: world.base });
    const prices = await session.connect("/prices");
    const seen: string[] = [];
    await prices.send("go");
    const count = await prices.listen("1500ms", { name: "price", where: (message) => seen.push(message.text()) > 0, least: 10_000 });
    expect([count, prices.received, prices.dropped]).toEqual([10_000, 10_000, 0]);
    expect(seen).toEqual(Array.from({ length: 10_000 }, (_, n) => String(n)));
    const messages = ops.filter(({ step }) => step === "MESSAGE price");
    expect([messages.length, ops.length]).toEqual([10_000, 10_002]);
    expect(messages.every(({ outcome, beganMs, endedMs }, i) => outcome === "ok" && endedMs >= beganMs && (i === 0 || beganMs === messages[i - 1]!.endedMs))).toBe(true);
  });

  test("too few messages are refused, at the end of the time", async () => {
    const world = await serveChat((ws) => ["a", "b"].forEach((text) => setTimeout(() => ws.send(text), 30)));
    const { session, ops } = await sit({ base: world.base });
    const prices = await session.connect("/");
    expect(await failureOf(prices.listen("150ms", { least: 3 }))).toMatchObject({ outcome: "refused", failure: { cause: "too few messages", error: "2 of at least 3" } });
    expect(ops.map(({ outcome }) => outcome)).toEqual(["ok", "ok", "ok", "refused"]);
  });

  test("the backlog is bounded: the oldest are dropped, counted and said once", async () => {
    const world = await serveChat((ws) => {
      for (let n = 0; n < 500; n++) ws.send(String(n));
    });
    const { session, said } = await sit({ base: world.base, backlog: 10 });
    const prices = await session.connect("/");
    await until("all", () => prices.received === 500);
    expect(prices.dropped).toBe(490);
    expect((await prices.receive()).text()).toBe("490");
    expect(new Set(said)).toEqual(new Set([`messages of ${world.base} were dropped, for nobody received them and the backlog was full`]));
  });

  test("compression is offered as browsers do, unless told otherwise", async () => {
    const world = await serveChat((ws) => void ws.on("message", (data) => ws.send(data, { compress: true, binary: false })), { perMessageDeflate: { threshold: 0 } });
    const offers: unknown[] = [];
    for (const deflate of [true, false]) {
      const { session } = await sit({ base: world.base, deflate });
      const long = "rope ".repeat(10_000);
      expect((await (await session.connect("/")).ask(long)).text()).toBe(long);
      offers.push(world.handshakes.at(-1)!.headers["sec-websocket-extensions"], world.sockets.at(-1)!.extensions);
    }
    expect(offers).toEqual([expect.stringContaining("permessage-deflate"), "permessage-deflate", undefined, ""]);
  });

  test("a match that throws refuses its touch, and no other", async () => {
    const world = await echo();
    const { session } = await sit({ base: world.base });
    const chat = await session.connect("/");
    expect(await failureOf(chat.ask("no json", (message) => message.json<{ ok: boolean }>().ok))).toMatchObject({ outcome: "refused", failure: { cause: "expect: SEA_MESSAGES_JSON" } });
    expect((await chat.receive()).text()).toBe("no json");
    await chat.send("x");
    await until("x", () => chat.received === 2);
    expect((await failureOf(chat.receive(() => { throw new TypeError("oops"); }))).failure.cause).toBe("expect: TypeError");
  });
});

describe("the handshake", () => {
  test("headers, logins and subprotocols go out; cookies come and go", async () => {
    const world = await serveChat(() => {}, { handleProtocols: (offered) => [...offered][1]! });
    const { session, renew } = await sit({ base: `${world.base}/api`, headers: { "x-a": "driver", "x-b": "driver" }, auth: bearer("t") });
    session.header("X-B", "session");
    session.cookies.set("sid", "4711");
    const chat = await session.connect("/rooms", { headers: { origin: "https://shop.example" }, protocols: ["chat.v3", "chat.v2"] });
    expect(chat.protocol).toBe("chat.v2");
    expect(world.handshakes[0]).toMatchObject({ url: "/api/rooms", headers: { "x-a": "driver", "x-b": "session", authorization: "Bearer t", cookie: "sid=4711", origin: "https://shop.example", "user-agent": "seatrial" } });
    renew();
    await until("the end of the visitor before", () => world.open() === 0);
    await session.connect("/rooms", { protocols: ["a", "b"] });
    expect(world.handshakes[1]!.headers).not.toHaveProperty("cookie");
    expect(world.handshakes[1]!.headers["x-b"]).toBe("driver");
  });

  test.each<[string, (socket: Socket) => void, string, string, object?]>([
    ["says 401", (socket) => socket.end("HTTP/1.1 401 Unauthorized\r\ncontent-length: 9\r\n\r\nlog in !!"), "refused", "status 401", { status: 401, body: "log in !!" }],
    ["redirects", (socket) => socket.end("HTTP/1.1 302 Found\r\nlocation: /\r\ncontent-length: 0\r\n\r\n"), "refused", "status 302"],
    ["says 500 without end", (socket) => void socket.write(`HTTP/1.1 500 Oops\r\n\r\n${"x".repeat(5_000)}`), "refused", "status 500", { body: "x".repeat(512) }],
    ["says 200 and drips", (socket) => void socket.write("HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nx"), "unsure", "timeout"],
    ["never answers", () => {}, "unsure", "timeout"],
    ["talks garbage", (socket) => socket.end("garbage\r\n\r\n"), "unsure", "protocol"],
    ["closes", (socket) => socket.end(), "unsure", "reset"],
    ["resets", (socket) => void socket.resetAndDestroy(), "unsure", "reset", { error: "ECONNRESET" }],
    ["agrees with a wrong key", (socket) => socket.end("HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\nconnection: upgrade\r\nsec-websocket-accept: bm8=\r\n\r\n"), "unsure", "protocol", { error: "Invalid Sec-WebSocket-Accept header" }],
    ["agrees to something else", (socket) => socket.end("HTTP/1.1 101 Switching Protocols\r\nupgrade: tea\r\nconnection: upgrade\r\n\r\n"), "unsure", "protocol"],
  ])("a server that %s", async (_, answer, outcome, cause, more = {}) => {
    const world = await serveRaw((socket) => void socket.once("data", () => answer(socket)));
    const { session, ops, close } = await sit({ base: world.base.replace("http", "ws"), timeout: "400ms" });
    const thrown = await failureOf(session.connect("/rooms?token=secret"));
    expect(thrown).toMatchObject({ outcome, failure: { cause, request: "GET /rooms?token=***", ...more } });
    expect(ops).toEqual([expect.objectContaining({ step: "CONNECT /rooms", outcome, failure: thrown.failure })]);
    await until("the connection's end", () => world.open() === 0);
    await close();
  });

  test("nobody listens, no such host, no trust; with trust it works", async () => {
    const ours = certificatesFor("127.0.0.1", "IP:127.0.0.1");
    const gone = createRawServer();
    await new Promise<void>((resolve) => gone.listen(0, "127.0.0.1", resolve));
    const { port } = gone.address() as AddressInfo;
    await new Promise((resolve) => gone.close(resolve));
    const world = await serveChat((ws) => ws.send("safe"), {}, ours);
    const causes = [];
    for (const base of [`ws://127.0.0.1:${port}`, "ws://no-such-host.invalid", world.base]) {
      const { outcome, failure } = await failureOf((await sit({ base })).session.connect("/"));
      causes.push(`${outcome} ${failure.cause}`);
    }
    expect(causes).toEqual(["refused refused", "refused dns", "refused tls"]);
    for (const tls of [{ ca: ours.ca }, { insecure: true }]) {
      const chat = await (await sit({ base: world.base, tls })).session.connect("/");
      expect((await chat.receive()).text()).toBe("safe");
    }
  });

  test("no more connections at once than the driver allows, and no message to nobody", async () => {
    const world = await echo();
    const { session, ops } = await sit({ base: world.base, connections: 2 });
    const [first] = await Promise.all([session.connect("/"), session.connect("/")]);
    await expect(session.connect("/")).rejects.toMatchObject({ code: "SEA_MESSAGES_OPEN" });
    await first.close();
    expect((await failureOf(first.send("late"))).failure.cause).toBe("closed");
    await session.connect("/");
    await expect(session.connect("rooms")).rejects.toMatchObject({ code: "SEA_HTTP_PATH" });
    await expect(session.connect("/", { protocols: ["a b"] })).rejects.toMatchObject({ code: "SEA_WEBSOCKET_PROTOCOL" });
    expect(ops).toHaveLength(5);
  });
});

describe("an end that nobody asked for", () => {
  test("is told to whoever waits, with the server's code and reason", async () => {
    const world = await serveChat((ws) => void ws.on("message", () => ws.close(1012, "restart")));
    const { session, ops } = await sit({ base: world.base });
    const chat = await session.connect("/");
    expect(await failureOf(chat.ask("ahoy"))).toMatchObject({ outcome: "unsure", failure: { cause: "closed 1012", error: "restart" } });
    expect(await failureOf(chat.send("again"))).toMatchObject({ outcome: "refused", failure: { cause: "closed 1012" } });
    expect(ops.map(({ step }) => step)).toEqual(["CONNECT /", "ASK /", "SEND /"]);
  });

  test("is an op of its own where nobody waits", async () => {
    const world = await serveChat(() => {});
    const { session, ops } = await sit({ base: world.base });
    const chat = await session.connect("/rooms");
    world.sockets[0]!.close(1001);
    await until("the record", () => ops.length === 2);
    expect(ops[1]).toMatchObject({ step: "CLOSED /rooms", outcome: "unsure", failure: { cause: "closed 1001" } });
    await chat.close();
    expect(ops).toHaveLength(2);
  });

  test("is seen although a touch ended just before it", async () => {
    const world = await serveChat((ws) => void ws.on("message", () => {
      ws.send("answer");
      ws.terminate();
    }));
    const { session, ops } = await sit({ base: world.base });
    const chat = await session.connect("/rooms");
    expect((await chat.ask("?")).text()).toBe("answer");
    await until("the record", () => ops.length === 3);
    expect(ops[2]).toMatchObject({ step: "CLOSED /rooms", failure: { cause: "reset" } });
  });

  test("what came before it can still be received", async () => {
    const world = await serveChat((ws) => {
      ws.send("last words");
      ws.close(1000);
    });
    const { session } = await sit({ base: world.base });
    const chat = await session.connect("/");
    await until("the end", () => !chat.isOpen);
    expect((await chat.receive()).text()).toBe("last words");
    expect(await failureOf(chat.receive())).toMatchObject({ outcome: "refused", failure: { cause: "closed 1000" } });
  });

  test.each<[string, (socket: Socket) => void, string, string, object?]>([
    ["is killed in a message", (socket) => void socket.write(frame(1, "half").subarray(0, 4), () => socket.destroy()), "unsure", "reset"],
    ["resets", (socket) => void socket.resetAndDestroy(), "unsure", "reset"],
    ["says garbage", (socket) => void socket.write("HTTP/1.1 200 OK\r\n\r\n"), "unsure", "protocol"],
    ["masks its frames", (socket) => void socket.write(Buffer.from([0x81, 0x81, 1, 2, 3, 4, 5])), "unsure", "protocol", { error: "WS_ERR_UNEXPECTED_MASK" }],
    ["breaks UTF-8", (socket) => void socket.write(frame(1, new Uint8Array([0xff, 0xfe]))), "unsure", "protocol", { error: "WS_ERR_INVALID_UTF8" }],
    ["goes on with what it did not begin", (socket) => void socket.write(frame(0, "x")), "unsure", "protocol"],
    ["announces a message of eight exabytes", (socket) => void socket.write(Buffer.from([0x82, 127, 0x7f, 255, 255, 255, 255, 255, 255, 255])), "refused", "too large"],
    ["sends a message too long", (socket) => void socket.write(frame(1, "x".repeat(2_000))), "refused", "too large"],
    ["sends a message too long in parts", (socket) => { for (let n = 0; n < 3; n++) socket.write(frame(n === 0 ? 1 : 0, "x".repeat(600), 0)); }, "refused", "too large"],
    ["drips a message", (socket) => { const bytes = frame(1, "x".repeat(100)); let at = 0; const drip = setInterval(() => void socket.write(bytes.subarray(at, ++at)), 20); socket.on("close", () => clearInterval(drip)); }, "unsure", "timeout"],
  ])("a server that %s", async (_, talk, outcome, cause, more = {}) => {
    const world = await serveFrames(talk);
    const { session, ops, close } = await sit({ base: world.base, timeout: "500ms", messageLimitBytes: 1_024 });
    const chat = await session.connect("/");
    expect(await failureOf(chat.receive())).toMatchObject({ outcome, failure: { cause, request: "RECEIVE /", ...more } });
    expect(ops).toHaveLength(2);
    await close();
    await until("the connection's end", () => world.open() === 0);
  });

  test("a message that unpacks to too much", async () => {
    const world = await serveChat((ws) => ws.send("0".repeat(3_000_000)), { perMessageDeflate: true });
    const { session } = await sit({ base: world.base });
    expect(await failureOf((await session.connect("/")).receive())).toMatchObject({ outcome: "refused", failure: { cause: "too large" } });
  });

  test("a close that is not answered", async () => {
    const world = await serveFrames(() => {});
    const { session, ops } = await sit({ base: world.base, timeout: "100ms" });
    const chat = await session.connect("/");
    expect(await failureOf(chat.close())).toMatchObject({ outcome: "unsure", failure: { cause: "timeout" } });
    await until("its end", () => world.open() === 0);
    expect(ops).toHaveLength(2);
  });

  test.each([[1001, ""], [999, ""], [5000, ""], [1000, "x".repeat(124)]])("a close with %d can't be said", async (code, reason) => {
    const { session } = await sit({ base: (await echo()).base });
    const chat = await session.connect("/");
    await expect(chat.close(code, reason)).rejects.toMatchObject({ code: "SEA_WEBSOCKET_CLOSE" });
    for (const message of [new Map(), Readable.from(["a"])]) await expect(chat.send(message)).rejects.toMatchObject({ code: "SEA_HTTP_BODY" });
    expect((await chat.ask("still here")).text()).toBe("still here");
  });

  test("a service that does not read holds up what is sent, up to a bound", async () => {
    const world = await serveFrames((socket) => void socket.pause());
    const { session, ops } = await sit({ base: world.base, timeout: "300ms", deflate: false });
    const chat = await session.connect("/");
    const sent = await Promise.allSettled(Array.from({ length: 60 }, () => chat.send(Buffer.alloc(1_000_000))));
    const causes = new Set(sent.map((one) => (one.status === "rejected" ? (one.reason as { failure: { cause: string } }).failure.cause : "ok")));
    expect(causes).toContain("timeout");
    expect(causes).toContain("unsent");
    expect(ops).toHaveLength(61);
  });

  test.each(["cut", "close"] as const)("%s ends all that is under way, and leaves nothing", async (way) => {
    const world = await serveChat(() => {});
    const { session, ops, ...user } = await sit({ base: world.base });
    const chat = await session.connect("/");
    const all = Promise.all([chat.ask("?"), chat.receive(), chat.listen("1h")].map(failureOf));
    await user[way]();
    expect((await all).map(({ failure }) => failure.cause)).toEqual(["cut", "cut", "cut"]);
    expect((await failureOf(chat.ping())).failure.cause).toBe("cut");
    await until("its end", () => world.open() === 0);
    expect(ops).toHaveLength(5);
  });
});

describe("settings", () => {
  test.each<[string, unknown, string, string?]>([
    ["no target", {}, "SEA_MESSAGES_SETTING", "websocket.base"],
    ["a base of http", { base: "http://chat.example" }, "SEA_MESSAGES_BASE", "websocket.base"],
    ["a base with a login", { base: "wss://mary:pw@chat.example" }, "SEA_MESSAGES_BASE"],
    ["no time at all", { base: "ws://a", timeout: "0s" }, "SEA_MESSAGES_SETTING", "websocket.timeout"],
    ["half a backlog", { base: "ws://a", backlog: 0.5 }, "SEA_MESSAGES_SETTING", "websocket.backlog"],
    ["compression in words", { base: "ws://a", deflate: "yes" }, "SEA_MESSAGES_SETTING", "websocket.deflate"],
    ["a slip", { base: "ws://a", timeOut: "5s" }, "SEA_MESSAGES_SETTING"],
    ["a slip in tls", { base: "ws://a", tls: { servenrame: "x" } }, "SEA_MESSAGES_SETTING"],
    ["a header of the connection", { base: "ws://a", headers: { upgrade: "tea" } }, "SEA_HTTP_HEADER"],
  ])("%s is refused when the driver is made", (_, settings, code, place) => {
    expect(() => websocket(settings as WebSocketSettings)).toThrow(expect.objectContaining({ code, ...(place && { place }) }));
  });

  test("that any certificate will do is said; certificates that are none are refused before they are used", async () => {
    expect(websocket({ base: "wss://chat.example", tls: { insecure: true } }).caveats).toEqual(["Certificates are not checked for https://chat.example (tls.insecure)."]);
    await expect(websocket({ base: "wss://chat.example", tls: { cert: "none", key: "none" } }).open(userContext().context)).rejects.toMatchObject({ code: "SEA_HTTP_SETTING" });
  });

  test("a service of the cluster is found by its name; the driver can't be rehearsed", async () => {
    const world = await echo();
    const driver = websocket({ service: "chat" });
    expect([driver.service, driver.rehearses]).toEqual(["chat", undefined]);
    await expect(driver.open(userContext().context)).rejects.toMatchObject({ code: "SEA_HTTP_SERVICE" });
    const session = await driver.open(userContext({ service: () => world.base.replace("ws", "http") }).context);
    expect((await (await session.connect("/")).ask("ahoy")).text()).toBe("ahoy");
    await driver.close(session);
  });
});
