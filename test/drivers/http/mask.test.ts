import { describe, expect, test } from "vitest";
import { bearer } from "../../../drivers/http/index.ts";
import { failureOf } from "../../contract/driver.ts";
import { serve, serveRaw, onHead, sit } from "./worlds.ts";

describe("what a session records", () => {
  test("has neither its logins, nor its cookies, nor secret parameters, whatever the service echoes", async () => {
    const { base } = await serve((request, response) => {
      if (request.url === "/in") return void response.setHeader("set-cookie", ["sid=COOKIE1; Path=/", "deep=COOKIE2; Path=/other"]).end();
      response.writeHead(401).end(`bad login ${request.headers.authorization}, cookie ${request.headers.cookie} or COOKIE2, at ${request.url}`);
    });
    const { session, ops } = await sit({ base, auth: () => bearer("TOKEN1") });
    await session.get("/in");
    const thrown = await failureOf(session.get("/me", { params: { access_token: "TOKEN2", page: 2 }, headers: { "x-api-key": "KEY1" } }));
    expect(thrown.failure).toMatchObject({ cause: "status 401", request: "GET /me?access_token=***&page=2" });
    expect(thrown.failure.body).toMatch(/^bad login Bearer \*\*\*, cookie sid=\*\*\* or \*\*\*, at/);
    expect(ops.at(-1)!.failure).toEqual(thrown.failure);
    for (const secret of ["TOKEN1", "COOKIE1", "COOKIE2", "KEY1"]) expect(JSON.stringify(ops) + thrown.message, secret).not.toContain(secret);
    expect(thrown.message).not.toContain("TOKEN2");
  });

  test("masks what was sent before a redirect, and the address it led to", async () => {
    const other = await serve((_request, response) => response.writeHead(403).end("who sent TOKEN1 and COOKIE1?"));
    const { base } = await serve((_request, response) => response.writeHead(302, { location: `${other.base}/gate?sig=SIGNED&a=b` }).end());
    const { session } = await sit({ base, auth: bearer("TOKEN1") });
    session.cookies.set("sid", "COOKIE1");
    const { failure } = await failureOf(session.get("/"));
    expect(failure).toMatchObject({ request: `GET ${other.base}/gate?sig=***&a=b`, body: "who sent *** and ***?" });
  });

  test("masks a cookie that the failing answer itself replaces", async () => {
    const { base } = await serve((request, response) => response.writeHead(419, { "set-cookie": "sid=NEWCOOKIE" }).end(`${request.headers.cookie} became NEWCOOKIE`));
    const { session } = await sit({ base });
    session.cookies.set("sid", "OLDCOOKIE");
    expect((await failureOf(session.get("/"))).failure.body).toBe("sid=*** became ***");
  });

  test("masks where the answer broke off", async () => {
    const { base } = await serveRaw((socket) => onHead(socket, () => socket.end("HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nhello TOKEN1 TOKE")));
    const { session } = await sit({ base });
    session.header("authorization", "Bearer TOKEN1");
    expect((await failureOf(session.post("/", "x"))).failure).toMatchObject({ cause: "cut short", body: "hello *** ***" });
  });

  test("leaves the answer itself as it came", async () => {
    const { base } = await serve((request, response) => response.end(`${request.headers.authorization} ${request.url}`));
    const { session } = await sit({ base, auth: bearer("TOKEN1") });
    expect((await session.get("/?token=T2")).text()).toBe("Bearer TOKEN1 /?token=T2");
  });
});
