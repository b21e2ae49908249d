import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { stream } from "../../../drivers/http/index.ts";
import { sayProgress, timingsOf, type Leg, type Marks, type Timings } from "../../../drivers/http/timings.ts";
import { parts } from "../../../src/model/op.ts";
import { failureOf, userContext } from "../../contract/driver.ts";
import { serveHttpProxy } from "./proxies.ts";
import { bodyOf, certificatesFor, onHead, serve, serveRaw, sit, underTest } from "./worlds.ts";

const sum = (timings: Timings) => parts.reduce((all, part) => all + (timings[`${part}Ms`] ?? 0), 0);
const after = (ms: number, call: () => void) => setTimeout(call, ms);

describe("a request's time", () => {
  test("over a kept connection is the service's; over a fresh one it is told apart, with TLS and a name", async () => {
    const ours = certificatesFor("localhost", "DNS:localhost");
    const world = await serve((_, response) => void after(60, () => response.end("ok")), ours);
    const { session } = await sit({ base: world.base.replace("127.0.0.1", "localhost"), tls: { ca: ours.ca } });
    const [fresh, kept] = [await session.get("/"), await session.get("/")];
    for (const { timings, ms } of [fresh, kept]) {
      expect(sum(timings)).toBeCloseTo(ms, 6);
      expect(timings.waitingMs).toBeGreaterThanOrEqual(55);
    }
    expect([fresh.timings.dnsMs, fresh.timings.connectMs, fresh.timings.tlsMs]).toEqual([expect.any(Number), expect.any(Number), expect.any(Number)]);
    expect(fresh.timings.tlsMs).toBeGreaterThan(0);
    expect([kept.timings.dnsMs, kept.timings.connectMs, kept.timings.tlsMs, kept.timings.blockedMs]).toEqual([undefined, undefined, undefined, expect.any(Number)]);
    expect(kept.timings.blockedMs).toBeLessThan(20);
  });

  test("needs no name for an address, and no TLS for http", async () => {
    const world = await serve((_, response) => response.end("ok"));
    const { session } = await sit({ base: world.base });
    const { timings, ms } = await session.get("/");
    expect(timings).toMatchObject({ dnsMs: undefined, tlsMs: undefined, connectMs: expect.any(Number) });
    expect(sum(timings)).toBeCloseTo(ms, 6);
  });

  test("is blocked while another has the connection", async () => {
    const world = await serve((_, response) => void after(100, () => response.end("ok")));
    const { session } = await sit({ base: world.base, connections: 1 });
    await session.get("/");
    const [first, second] = await Promise.all([session.get("/"), session.get("/")]);
    expect(first.timings.blockedMs).toBeLessThan(50);
    expect(second.timings.blockedMs).toBeGreaterThanOrEqual(90);
    expect(second.timings.waitingMs).toBeGreaterThanOrEqual(90);
    expect(sum(second.timings)).toBeCloseTo(second.ms, 6);
  });

  test("is received as long as the body comes", async () => {
    const world = await serve((_, response) => {
      response.write("half");
      after(120, () => response.end("half"));
    });
    const { session } = await sit({ base: world.base });
    for (let n = 0; n < 2; n++) {
      const { timings, ms } = await session.get("/");
      expect(timings.receivingMs).toBeGreaterThanOrEqual(110);
      expect(timings.waitingMs).toBeLessThan(100);
      expect(sum(timings)).toBeCloseTo(ms, 6);
    }
  });

  test("spans redirects", async () => {
    const world = await serve((request, response) => void after(60, () => (request.url === "/" ? response.writeHead(302, { location: "/there" }).end() : response.end("ok"))));
    const { session } = await sit({ base: world.base });
    const { timings, ms } = await session.get("/");
    expect(timings.waitingMs).toBeGreaterThanOrEqual(110);
    expect(sum(timings)).toBeCloseTo(ms, 6);
  });
});

describe("a request's time on the wire", () => {
  test.runIf(underTest.engine !== "undici")("of a slow stream is spent sending, and of a body that waits for a word", async () => {
    const slowly = stream(() => (async function* () { for (const piece of ["a", "b"]) { await new Promise((resolve) => after(60, () => resolve(undefined))); yield piece; } })());
    const world = await serve((request, response) => void bodyOf(request).then(() => after(60, () => response.end())));
    const silent = await serveRaw((socket) => void socket.on("data", (chunk) => String(chunk) === "ab" && after(60, () => socket.end("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n"))));
    const { session } = await sit({ base: world.base });
    for (const reply of [await session.post("/", slowly), await session.post(`${silent.base}/`, "ab", { expectContinue: "120ms" })]) {
      expect(reply.timings.sendingMs).toBeGreaterThanOrEqual(110);
      expect(reply.timings.waitingMs).toBeGreaterThanOrEqual(50);
      expect(sum(reply.timings)).toBeCloseTo(reply.ms, 6);
    }
  });

  test.runIf(underTest.engine !== "undici")("of a 100 that comes late is not the answer's", async () => {
    const world = await serveRaw((socket) => onHead(socket, () => after(60, () => {
      socket.write("HTTP/1.1 100 Continue\r\n\r\n");
      socket.once("data", () => after(80, () => socket.write("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n")));
    })));
    const { session } = await sit({ base: world.base, expectContinue: "20s" });
    const { timings, ms } = await session.post("/", "body");
    expect(timings.sendingMs).toBeGreaterThanOrEqual(50);
    expect(timings.waitingMs).toBeGreaterThanOrEqual(70);
    expect(timings.receivingMs).toBeLessThan(60);
    expect(sum(timings)).toBeCloseTo(ms, 6);
  });

  test.runIf(underTest.engine !== "undici")("of a big body that is taken slowly is spent sending, and the way through a proxy connecting", async () => {
    const world = await serve((request, response) => {
      after(100, () => void bodyOf(request).then(() => response.end("ok")));
    });
    const { session } = await sit({ base: world.base });
    for (let n = 0; n < 2; n++) {
      const { timings, ms } = await session.post("/", Buffer.alloc(30_000_000));
      expect(timings.sendingMs).toBeGreaterThanOrEqual(90);
      expect(sum(timings)).toBeCloseTo(ms, 6);
    }
    const secure = await serve((_, response) => response.end("ok"), certificatesFor("127.0.0.1", "IP:127.0.0.1"));
    const proxy = await serveHttpProxy();
    const { session: through } = await sit({ base: secure.base, proxy: proxy.address, tls: { insecure: true } });
    const { timings, ms } = await through.get("/");
    expect([timings.connectMs! > 0, timings.tlsMs! > 0, timings.dnsMs]).toEqual([true, true, undefined]);
    expect(sum(timings)).toBeCloseTo(ms, 6);
  });
});

describe("a failure says where the time went, as far as it came", () => {
  test("a time-out: waiting, blocked, receiving, connecting", async () => {
    const world = await serveRaw((socket) => onHead(socket, (head) => {
      if (head.startsWith("GET /half")) socket.write("HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nhalf");
      if (head.startsWith("GET /ok")) socket.write("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n");
    }));
    const { session } = await sit({ base: world.base, connections: 1, timeout: "300ms" });
    await session.get("/ok");
    expect((await failureOf(session.get("/silent"))).failure.spent).toMatch(/(^|, )waiting \d+(\.\d+)?ms$/);
    await session.get("/ok");
    expect((await failureOf(session.get("/half"))).failure.spent).toMatch(/, receiving \d/);
    const [, blocked] = await Promise.all([failureOf(session.get("/silent")), failureOf(session.get("/queued", { timeout: "100ms" }))]);
    expect(blocked.failure.spent).toMatch(/^blocked 1\d\d/);
    const { session: handshaking } = await sit({ base: world.base.replace("http", "https"), timeout: "150ms" });
    expect((await failureOf(handshaking.get("/"))).failure.spent).toMatch(/(^|, )tls 1\d\d/);
  });

  test("a loss, and nothing for one that was answered, or never began", async () => {
    const world = await serveRaw((socket) => onHead(socket, () => after(50, () => socket.destroy())));
    const { session, cut } = await sit({ base: world.base });
    expect((await failureOf(session.post("/"))).failure.spent).toMatch(/waiting \d/);
    const refusing = await serve((_, response) => response.writeHead(503).end());
    expect((await failureOf(session.get(`${refusing.base}/`))).failure).not.toHaveProperty("spent");
    cut();
    expect((await failureOf(session.get("/"))).failure).not.toHaveProperty("spent");
  });
});

test("timings: true records every part beside its touch, of answered ones; else none are", async () => {
  const world = await serve((request, response) => (request.url === "/bad" ? response.writeHead(500).end() : response.end("ok")));
  for (const timings of [true, false]) {
    const said: [string, string, number][] = [];
    const { context, ops } = userContext();
    const record = { ...context.record, part: (step: string, part: string, beganMs: number, ms: number) => void said.push([`${step} ${part}`, `after op ${ops.length}`, beganMs + ms]) };
    const { session } = await sit({ base: world.base, timings }, { record });
    await session.get("/");
    await session.get("/");
    await failureOf(session.get("/bad"));
    const names = (part: readonly string[], op: number) => part.map((name) => [`GET / ${name}`, `after op ${op}`, expect.any(Number)]);
    const kept = ["blocked", "sending", "waiting", "receiving"];
    expect(said).toEqual(timings ? [...names(["blocked", "connect", "sending", "waiting", "receiving"], 1), ...names(kept, 2)] : []);
  }
});

const moment = fc.option(fc.integer({ min: 0, max: 100 }), { nil: undefined });
const marks: fc.Arbitrary<Marks | undefined> = fc.option(
  fc.record({ boardedMs: moment, sentMs: moment, heardMs: moment, way: fc.option(fc.record({ isNamed: fc.boolean(), isSecure: fc.boolean(), foundMs: moment, connectedMs: moment, openedMs: moment }), { nil: undefined }) }),
  { nil: undefined },
);
const legs: fc.Arbitrary<Leg[]> = fc.array(fc.record({ marks, length: fc.integer({ min: 0, max: 50 }) }), { minLength: 1, maxLength: 3 }).map((all) => {
  let atMs = 10;
  return all.map(({ marks, length }) => ({ marks, beganMs: atMs, endedMs: (atMs += length) }));
});

test("whatever was marked, the parts are all of the time, and none is negative", () => {
  fc.assert(fc.property(legs, (all) => {
    const timings = timingsOf(all);
    expect(sum(timings)).toBe(all.at(-1)!.endedMs - 10);
    for (const part of parts) expect(timings[`${part}Ms`] ?? 0).toBeGreaterThanOrEqual(0);
    expect(sayProgress(all)).toMatch(/^((blocked|dns|connect|tls|sending|waiting|receiving) [\dms. ]+(, |$))+$/);
  }));
});
