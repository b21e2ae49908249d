import { describe, expect, test } from "vitest";
import { failureOf, until } from "../../contract/driver.ts";
import { serve, serveRaw, sit } from "./worlds.ts";

const slowly = (ms: number) => serve((_, response) => void setTimeout(() => response.end("ok"), ms));

describe("connections", () => {
  test("requests one after the other share one", async () => {
    const world = await slowly(0);
    const { session, close } = await sit({ base: world.base });
    for (let i = 0; i < 20; i++) await session.post("/", { i });
    expect(world.connections()).toBe(1);
    await close();
    await until("its end", () => world.open() === 0);
  });

  test("a hundred at once share six, and each has its own record", async () => {
    let [now, most] = [0, 0];
    const world = await serve((request, response) => {
      most = Math.max(most, ++now);
      setTimeout(() => {
        now--;
        response.end(request.url);
      }, 2);
    });
    const { session, ops } = await sit({ base: world.base });
    const paths = Array.from({ length: 100 }, (_, i) => `/${i}`);
    const replies = await Promise.all(paths.map((path) => session.get(path)));
    expect(replies.map((reply) => reply.text())).toEqual(paths);
    expect([world.connections(), most]).toEqual([6, 6]);
    expect(ops.map(({ step }) => step).toSorted()).toEqual(paths.map((path) => `GET ${path}`).toSorted());
  });

  test("as many as the driver says; a failed one makes room", async () => {
    const world = await serve((request, response) => (request.url === "/die" ? request.socket.destroy() : response.end("ok")));
    const { session, ops } = await sit({ base: world.base, connections: 1 });
    const all = await Promise.allSettled([session.get("/"), session.post("/die"), session.post("/die"), session.get("/"), session.get("/")]);
    expect(all.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "rejected", "fulfilled", "fulfilled"]);
    expect(ops.map(({ outcome }) => outcome)).toEqual(["ok", "unsure", "unsure", "ok", "ok"]);
    expect(world.connections()).toBe(3);
  });

  test("keepAlive false closes after every answer; an idle one is closed in time", async () => {
    const world = await slowly(0);
    const { session } = await sit({ base: world.base, keepAlive: false });
    await session.get("/");
    await session.get("/");
    expect([world.connections(), world.requests.map(({ headers }) => headers.connection)]).toEqual([2, ["close", "close"]]);
    const other = await serveRaw((socket) => socket.on("data", () => socket.write("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n")));
    const { session: idle } = await sit({ base: other.base, keepAlive: "50ms" });
    await idle.get("/");
    await until("the idle connection's end", () => other.open() === 0);
  });
});

describe("time-outs", () => {
  test("the request's own, else the driver's; waiting for a connection counts", async () => {
    const world = await serveRaw((socket) => socket.resume());
    const { session, ops } = await sit({ base: world.base, timeout: "300ms", connections: 1 });
    const thrown = await Promise.all([session.get("/driver"), session.get("/own", { timeout: "100ms" })].map(failureOf));
    expect(thrown.map(({ outcome, failure }) => [outcome, failure.cause])).toEqual([["unsure", "timeout"], ["unsure", "timeout"]]);
    const took = Object.fromEntries(ops.map(({ step, beganMs, endedMs }) => [step, endedMs - beganMs]));
    expect(took["GET /own"]).toBeGreaterThanOrEqual(100);
    expect(took["GET /own"]).toBeLessThan(250);
    expect(took["GET /driver"]).toBeGreaterThanOrEqual(300);
    await until("its end", () => world.open() === 0);
  });

  test("a request that waited too long is never sent", async () => {
    const heads: string[] = [];
    const world = await serveRaw((socket) => socket.on("data", (chunk) => heads.push(String(chunk).split("\r\n")[0]!)));
    const { session } = await sit({ base: world.base, timeout: "200ms", connections: 1 });
    await Promise.all([session.get("/first"), session.post("/second", undefined, { timeout: "50ms" })].map(failureOf));
    await failureOf(session.get("/third"));
    expect(heads).toEqual(["GET /first HTTP/1.1", "GET /third HTTP/1.1"]);
  });

  test("one time-out spans all redirects", async () => {
    const world = await serve((_, response) => void setTimeout(() => response.writeHead(302, { location: "/" }).end(), 60));
    const { session, ops } = await sit({ base: world.base, timeout: "200ms" });
    expect((await failureOf(session.get("/"))).failure.cause).toBe("timeout");
    expect(ops).toHaveLength(1);
    expect(world.lines.length).toBeGreaterThan(1);
    expect(ops[0]!.endedMs - ops[0]!.beganMs).toBeLessThan(350);
  });

  test.each([["200 ms"], ["5"], [200]])("%j is no time-out", async (timeout) => {
    const { session, ops } = await sit({ base: "http://127.0.0.1:1" });
    await expect(session.get("/", { timeout: timeout as "5s" })).rejects.toMatchObject({ code: "SEA_UNIT_DURATION" });
    expect(ops).toEqual([]);
  });
});

describe("the end", () => {
  test.each(["cut", "close"] as const)("%s ends all that is under way: sent, waiting and in the middle of an answer", async (way) => {
    const world = await serve((request, response) => {
      if (request.url === "/half") response.write("half");
    });
    const { session, ops, ...user } = await sit({ base: world.base, connections: 2 });
    const all = Promise.all([session.get("/half"), session.get("/silent"), session.get("/waiting")].map(failureOf));
    await until("two requests", () => world.lines.length === 2);
    await user[way]();
    expect((await all).map(({ failure }) => [failure.cause, failure.request])).toEqual([["cut", "GET /half"], ["cut", "GET /silent"], ["cut", "GET /waiting"]]);
    expect((await failureOf(session.get("/late"))).failure.cause).toBe("cut");
    expect(ops.map(({ outcome, failure }) => [outcome, failure!.cause])).toEqual(Array.from({ length: 4 }, () => ["unsure", "cut"]));
    await until("the connections' end", () => world.open() === 0);
    expect([world.lines.length, world.connections()]).toEqual([2, 2]);
  });

  test("an expectation that cuts the run does not make two ops of one", async () => {
    const { session, ops, cut } = await sit({ base: (await slowly(0)).base });
    await session.get("/", {
      expect: () => {
        cut();
        return true;
      },
    });
    expect(ops.map(({ outcome }) => outcome)).toEqual(["ok"]);
  });

  test("close in the middle of a handshake", async () => {
    const world = await serveRaw((socket) => socket.resume());
    const { session, ops, close } = await sit({ base: world.base.replace("http:", "https:") });
    const hanging = failureOf(session.get("/"));
    await until("the connection", () => world.open() === 1);
    await close();
    expect((await hanging).failure.cause).toBe("cut");
    await until("its end", () => world.open() === 0);
    expect(ops).toHaveLength(1);
  });

  test("a journey that does not wait for its requests ends no process", async () => {
    const unhandled: unknown[] = [];
    const note = (error: unknown) => unhandled.push(error);
    process.on("unhandledRejection", note);
    const { session, ops } = await sit({ base: "http://127.0.0.1:1" });
    void session.get("/a");
    void session.get("/b");
    void session.get("no path");
    await until("both records", () => ops.length === 2);
    await new Promise((resolve) => setImmediate(resolve));
    process.off("unhandledRejection", note);
    expect(unhandled).toEqual([]);
  });
});
