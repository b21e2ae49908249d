/** The users of one driver, each with connections of its own, or all with the same. */
import { describe, expect, onTestFinished, test } from "vitest";
import { http, type HttpSettings } from "../../../drivers/http/index.ts";
import { realClock } from "../../../src/units/clock.ts";
import { failureOf, until, userContext } from "../../contract/driver.ts";
import { onHead, serve, serveRaw, underTest } from "./worlds.ts";

/** Users of one driver in one run. */
function crew(settings: HttpSettings, clock = realClock()) {
  const driver = http(underTest.engine ? { engine: underTest.engine, ...settings } : settings);
  const board = async () => {
    const { context, ops, cut } = userContext({ clock });
    const session = await driver.open(context);
    const close = () => driver.close(session);
    onTestFinished(close);
    return { session, ops, cut, close };
  };
  return { driver, board, crowd: (count: number) => Promise.all(Array.from({ length: count }, board)) };
}
const slowly = (ms: number) => serve((request, response) => void setTimeout(() => response.end(request.headers.cookie ?? "nobody"), ms));

describe.each([["user", 20], ["shared", 3]] as const)("a pool: %s", (pool, connections) => {
  test("is as large as was said, and nobody's cookies are another's", async () => {
    const world = await slowly(5);
    const users = await crew({ base: world.base, pool, connections: pool === "shared" ? 3 : 1 }).crowd(20);
    const who = await Promise.all(users.map(async ({ session }, nth) => {
      session.cookies.set("who", `${nth}`);
      return [(await session.get("/")).text(), (await session.get("/")).text()];
    }));
    expect(who).toEqual(users.map((_, nth) => [`who=${nth}`, `who=${nth}`]));
    expect(world.connections()).toBe(connections);
    for (const { ops } of users) expect(ops.map(({ outcome }) => outcome)).toEqual(["ok", "ok"]);
    await Promise.all(users.map(({ close }) => close()));
    await until("the connections' end", () => world.open() === 0);
  });
});

describe("a shared pool", () => {
  test("outlives its first session, and ends with its last; the next begins anew", async () => {
    const world = await slowly(0);
    const { board } = crew({ base: world.base, pool: "shared", connections: 2 });
    const [first, second] = [await board(), await board()];
    await first.session.get("/");
    await first.close();
    await first.close();
    await second.session.get("/");
    expect([world.connections(), world.open()]).toEqual([1, 1]);
    await second.close();
    await until("the connection's end", () => world.open() === 0);
    const third = await board();
    await third.session.get("/");
    expect(world.connections()).toBe(2);
  });

  test("a session that closes under its requests takes down nobody else's: sent, waiting, in the middle of an answer", async () => {
    const world = await serveRaw((socket) => onHead(socket, (head) => {
      if (head.startsWith("GET /half")) socket.write("HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nhalf");
      if (head.startsWith("GET /ok")) setTimeout(() => socket.write("HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok"), 30);
    }));
    const { board } = crew({ base: world.base, pool: "shared", connections: 3 });
    const [leaving, staying] = [await board(), await board()];
    const theirs = ["/half", "/silent"].map((path) => failureOf(leaving.session.get(path)));
    const ours = [staying.session.get("/ok?1")];
    await until("three requests", () => world.open() === 3);
    theirs.push(failureOf(leaving.session.get("/waiting")));
    ours.push(staying.session.get("/ok?2"), staying.session.get("/ok?3"));
    await leaving.close();
    expect((await Promise.all(theirs)).map(({ failure }) => failure.cause)).toEqual(["cut", "cut", "cut"]);
    expect((await Promise.all(ours)).map((reply) => reply.text())).toEqual(["ok", "ok", "ok"]);
    expect(staying.ops.map(({ outcome }) => outcome)).toEqual(["ok", "ok", "ok"]);
    expect((await failureOf(leaving.session.get("/late"))).failure.cause).toBe("cut");
  });

  test("many come and go while it is used, and in the end nothing is left of it", async () => {
    const world = await slowly(1);
    const { board } = crew({ base: world.base, pool: "shared", connections: 4 });
    const causes: (string | undefined)[] = [];
    await Promise.all(Array.from({ length: 60 }, async (_, nth) => {
      const { session, ops, close, cut } = await board();
      const all = Array.from({ length: 5 }, () => session.get("/").catch(() => undefined));
      if (nth % 3 === 0) cut();
      if (nth % 3 !== 1) await close();
      await Promise.all(all);
      await close();
      causes.push(...ops.map(({ failure }) => failure?.cause));
    }));
    expect(causes).toHaveLength(300);
    expect(causes.filter((cause) => cause === undefined)).toHaveLength(100);
    expect(new Set(causes)).toEqual(new Set([undefined, "cut"]));
    await until("the connections' end", () => world.open() === 0);
  });

  test("waiting for a connection is told as blocked, and counts in the time-out", async () => {
    const world = await serveRaw((socket) => socket.resume());
    const { board } = crew({ base: world.base, pool: "shared", connections: 1, timeout: "200ms" });
    const [one, other] = [await board(), await board()];
    const [, waiting] = await Promise.all([failureOf(one.session.get("/")), failureOf(other.session.get("/", { timeout: "100ms" }))]);
    expect(waiting.failure).toMatchObject({ cause: "timeout", spent: expect.stringMatching(/^blocked 1\d\d/) });
  });

  test("is a run's own: another clock, another pool", async () => {
    const world = await slowly(0);
    const { driver } = crew({ base: world.base, pool: "shared", connections: 1 });
    const contexts = [userContext(), userContext()];
    const sessions = await Promise.all(contexts.map(({ context }) => driver.open(context)));
    for (const session of sessions) await session.get("/");
    expect(world.connections()).toBe(2);
    for (const session of sessions) await driver.close(session);
    await until("the connections' end", () => world.open() === 0);
  });

  test.each([
    [{ pool: "shared" }, "http.connections"],
    [{ pool: "shared", connections: 0 }, "http.connections"],
    [{ pool: "gang" }, "http.pool"],
    [{ pool: true }, "http.pool"],
    [{ timings: "yes" }, "http.timings"],
  ])("%j is refused", (settings, place) => {
    expect(() => http({ base: "http://shop.example", ...settings } as HttpSettings)).toThrow(expect.objectContaining({ code: "SEA_HTTP_SETTING", place }));
  });

  test("says no number of sockets for one session", () => {
    expect(http({ base: "http://shop.example", pool: "shared", connections: 50 })).not.toHaveProperty("sockets");
    expect(http({ base: "http://shop.example" })).toMatchObject({ sockets: 6 });
  });
});
