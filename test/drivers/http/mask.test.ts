import { describe, expect, test } from "vitest";
import { basic, bearer } from "../../../drivers/http/index.ts";
import { maskFailure, maskQuery, secretsIn } from "../../../drivers/http/mask.ts";
import { failureOf } from "../../contract/driver.ts";
import { serve, serveRaw, onHead, sit } from "./worlds.ts";

describe("a query", () => {
  test.each([
    ["?token=s3cret&page=2", "?token=***&page=2"],
    ["?page=2&access_token=a%20b", "?page=2&access_token=***"],
    ["?ACCESS_TOKEN=x", "?ACCESS_TOKEN=***"],
    ["?%74oken=x", "?%74oken=***"],
    ["?api-key=x&X-Amz-Signature=y&passwd=z&pwd=z&client_secret=c&authorization=q", "?api-key=***&X-Amz-Signature=***&passwd=***&pwd=***&client_secret=***&authorization=***"],
    ["?sessionid=1&session=2", "?sessionid=***&session=***"],
    ["?token=a=b", "?token=***"],
    ["?token=", "?token=***"],
    ["?token", "?token"],
    ["?q=token&item=rope", "?q=token&item=rope"],
    ["", ""],
  ])("%s", (search, masked) => expect(maskQuery(search)).toBe(masked));
});

describe("a text", () => {
  const body = (text: string, ...secrets: string[]) => maskFailure({ cause: "status 401", body: text }, secrets).body;
  test.each([
    ["a secret, everywhere", "abcdef and abcdef", ["abcdef"], "*** and ***"],
    ["the longer one first", "abcdef", ["abcd", "abcdef"], "***"],
    ["one cut at the end", "bad token abcd", ["abcdef"], "bad token ***"],
    ["nothing for values too short to be a secret", "en route", ["en"], "en route"],
    ["characters that mean something to patterns", "a.*+b$&", ["a.*+b$&"], "***"],
  ])("loses %s", (_, text, secrets, masked) => expect(body(text, ...secrets)).toBe(masked));

  test("finds logins without their scheme, the password of a basic one, and each cookie", () => {
    const secrets = secretsIn([["authorization", basic("mary", "pass:word").authorization], ["cookie", 'sid=one; theme="dark"'], ["x-api-key", "k123"], ["accept", "text/html"]]);
    expect(secrets).toEqual([Buffer.from("mary:pass:word").toString("base64"), "pass:word", "one", "dark", "k123"]);
  });
});

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
