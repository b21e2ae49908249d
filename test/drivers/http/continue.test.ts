/** Bodies that the service is asked about before they are sent. */
import type { Socket } from "node:net";
import { describe, expect, test } from "vitest";
import { http, stream } from "../../../drivers/http/index.ts";
import { failureOf, until } from "../../contract/driver.ts";
import { onHead, serve, serveRaw, sit, underTest } from "./worlds.ts";

/** Answers each request's head as told, and keeps everything that it hears, connection by connection. */
async function asked(answer: (socket: Socket, head: string, nth: number) => void) {
  const heard: string[] = [];
  const world = await serveRaw((socket, nth) => {
    heard[nth] = "";
    socket.on("data", (chunk) => (heard[nth] += chunk.toString("latin1")));
    onHead(socket, (head) => head.includes("POST /") && answer(socket, head, nth));
  });
  return { ...world, heard, bodies: () => heard.map((text) => text.split("\r\n\r\n").slice(1).join("|")) };
}

const final = (status: number) => `HTTP/1.1 ${status} X\r\ncontent-length: 0\r\n\r\n`;

describe("expectContinue", () => {
  test("sends the body when the service says 100, and asks for no body that is none", async () => {
    let said = 0;
    const world = await asked((socket, head) => {
      expect(head.toLowerCase()).toContain("expect: 100-continue\r\n".trim());
      setTimeout(() => {
        said++;
        socket.write("HTTP/1.1 100 Continue\r\n\r\n");
        socket.once("data", () => socket.write(final(201)));
      }, 50);
    });
    const { session, ops } = await sit({ base: world.base, expectContinue: "20s" });
    const sending = session.post("/", "the body");
    await until("the question", () => world.heard[0] !== undefined && world.heard[0].includes("\r\n\r\n"));
    expect([world.bodies(), said]).toEqual([[""], 0]);
    expect((await sending).status).toBe(201);
    expect((await session.post("/", stream(() => (async function* () { yield "one"; })()))).status).toBe(201);
    expect([world.connections(), ops.every(({ outcome }) => outcome === "ok")]).toEqual([1, true]);
    expect(world.heard[0]).toContain("the body");
    const plain = await serve((request, response) => response.end(String(request.headers.expect)));
    const { session: none } = await sit({ base: plain.base, expectContinue: true });
    expect((await none.get("/")).text()).toBe("undefined");
  });

  test("a real server of Node's says 100 by itself", async () => {
    const world = await serve((request, response) => void request.resume().on("end", () => response.end(request.headers.expect)));
    const { session } = await sit({ base: world.base });
    for (let n = 0; n < 3; n++) expect((await session.post("/", "x".repeat(200_000), { expectContinue: true })).text()).toBe("100-continue");
    expect(world.connections()).toBe(1);
  });

  test("sends it all the same when the service says nothing for so long", async () => {
    const world = await asked((socket) => void socket.once("data", () => socket.write(final(200))));
    const { session, context } = await sit({ base: world.base });
    const beganMs = context.clock.now();
    await session.post("/", "patience", { expectContinue: "100ms" });
    expect(context.clock.now() - beganMs).toBeGreaterThanOrEqual(100);
    expect(world.bodies()).toEqual(["patience"]);
  });

  test("an answer in place of the 100 is the answer; the body stays here, and the connection goes", async () => {
    const world = await asked((socket) => socket.write(final(401)));
    const { session } = await sit({ base: world.base, expectContinue: "20s" });
    expect((await failureOf(session.post("/", "secret"))).failure.cause).toBe("status 401");
    await until("its end", () => world.open() === 0);
    expect(world.bodies()).toEqual([""]);
  });

  test("an answer that comes in pieces keeps the body here, however long it takes", async () => {
    const world = await asked((socket) => {
      socket.write("HTTP/1.1 401 X\r\ncontent-length: 2\r\n\r\n");
      setTimeout(() => socket.write("no"), 150);
    });
    const { session } = await sit({ base: world.base, expectContinue: "50ms" });
    expect((await failureOf(session.post("/", "secret"))).failure).toMatchObject({ cause: "status 401", body: "no" });
    expect(world.bodies()).toEqual([""]);
  });

  test.each(["bytes", "a stream"])("417 sends %s once more, unasked", async (kind) => {
    const world = await asked((socket, head) => {
      if (head.includes("expect:")) socket.write(final(417));
      else void until("the body", () => world.heard[1]!.includes("insist")).then(() => socket.write(final(200)));
    });
    const { session, ops } = await sit({ base: world.base, expectContinue: "20s" });
    const body = kind === "bytes" ? Buffer.from("insist") : (async function* () { yield "insist"; })();
    expect((await session.post("/", body)).status).toBe(200);
    expect([world.bodies()[0], world.connections(), ops.length]).toEqual(["", 2, 1]);
  });

  test("417 to a body that was sent is an answer like any other", async () => {
    const world = await asked((socket) => void socket.once("data", () => socket.write(final(417))));
    const { session } = await sit({ base: world.base, expectContinue: "30ms" });
    expect((await failureOf(session.post("/", "x"))).failure.cause).toBe("status 417");
    expect(world.connections()).toBe(1);
  });

  test("a cut while it waits ends everything", async () => {
    const world = await asked(() => {});
    const { session, close } = await sit({ base: world.base, expectContinue: "20s" });
    const waiting = failureOf(session.post("/", "never"));
    await until("the question", () => world.heard[0]?.includes("expect") === true);
    await close();
    expect((await waiting).failure.cause).toBe("cut");
    await until("its end", () => world.open() === 0);
    expect(world.bodies()).toEqual([""]);
  });

  test.each([["5 sec", "SEA_UNIT_DURATION"], [5, "SEA_UNIT_DURATION"]])("%j is no time to wait", async (expectContinue, code) => {
    expect(() => http({ base: "http://shop.example", expectContinue: expectContinue as "5s" })).toThrow(expect.objectContaining({ code, place: "http.expectContinue" }));
    const { session } = await sit({ base: "http://127.0.0.1:1" });
    await expect(session.post("/", "x", { expectContinue: expectContinue as "5s" })).rejects.toMatchObject({ code });
  });

  test("undici does not do it, and says so", async () => {
    expect(() => http({ base: "http://shop.example", engine: "undici", expectContinue: true })).toThrow(expect.objectContaining({ place: "http.engine" }));
    const { session, ops } = await sit({ base: "http://127.0.0.1:1", engine: "undici" });
    await expect(session.post("/", "x", { expectContinue: true })).rejects.toMatchObject({ code: "SEA_HTTP_SETTING", place: "expectContinue" });
    expect([ops, underTest.engine]).toEqual([[], undefined]);
  });
});
