import { describe, expect, test } from "vitest";
import { basic, bearer, form, multipart, type Body } from "../../../drivers/http/index.ts";
import { failureOf } from "../../contract/driver.ts";
import { bodyOf, serve, sit } from "./worlds.ts";

/** Answers what it was asked, as JSON. */
const echo = () =>
  serve((request, response) => {
    void bodyOf(request).then((body) =>
      response.end(JSON.stringify({ method: request.method, url: request.url, headers: request.headers, body: body.toString("latin1") })),
    );
  });
type Echo = { method: string; url: string; headers: Record<string, string>; body: string };

describe("verbs", () => {
  test("each verb goes out as such, and names its step without the query", async () => {
    const world = await echo();
    const { session, ops } = await sit({ base: world.base });
    await session.get("/a?x=1#y");
    await session.head("/a");
    await session.options("/a");
    await session.delete("/a");
    await session.post("/a", { n: 1 });
    await session.put("/a", { n: 1 });
    await session.patch("/a", { n: 1 });
    await session.request("PROPFIND", "/a", { body: "<x/>" });
    await session.get("/items/7", { name: "/items/:id" });
    await session.request("REPORT", `${world.base}/far?x=1`);
    expect(world.lines).toEqual(["GET /a?x=1", "HEAD /a", "OPTIONS /a", "DELETE /a", "POST /a", "PUT /a", "PATCH /a", "PROPFIND /a", "GET /items/7", "REPORT /far?x=1"]);
    expect(ops.map(({ step }) => step)).toEqual([
      ...["GET /a", "HEAD /a", "OPTIONS /a", "DELETE /a", "POST /a", "PUT /a", "PATCH /a", "PROPFIND /a", "GET /items/:id"],
      `REPORT ${world.base}/far`,
    ]);
    expect(ops.every(({ outcome }) => outcome === "ok")).toBe(true);
  });

  test("the base's path goes before every path; params join the query, lists repeat, undefined stays away", async () => {
    const world = await echo();
    const { session } = await sit({ base: `${world.base}/api/v2/` });
    await session.get("/items?page=1", { params: { q: "oar & rope", tag: ["a", "b"], none: undefined, deep: true, n: 0 } });
    expect(world.lines).toEqual(["GET /api/v2/items?page=1&q=oar+%26+rope&tag=a&tag=b&deep=true&n=0"]);
  });

  test.each([["items"], [""], ["ftp://shop.example/"], ["http://"]])("%j is no path", async (path) => {
    const { session, ops } = await sit({ base: "http://127.0.0.1:1" });
    await expect(session.get(path)).rejects.toMatchObject({ code: "SEA_HTTP_PATH" });
    expect(ops).toEqual([]);
  });

  test("a method is a word in capitals", async () => {
    const { session } = await sit({ base: "http://127.0.0.1:1" });
    await expect(session.request("get /", "/")).rejects.toMatchObject({ code: "SEA_HTTP_METHOD" });
  });
});

describe("bodies", () => {
  test.each<[string, Body | undefined, string | undefined, string]>([
    ["an object", { item: "rope", n: 2 }, "application/json", '{"item":"rope","n":2}'],
    ["a list", [1, null], "application/json", "[1,null]"],
    ["null", null, "application/json", "null"],
    ["text", "plain ö", "text/plain;charset=UTF-8", Buffer.from("plain ö").toString("latin1")],
    ["bytes", new Uint8Array([0, 255, 10]), undefined, "\u0000\u00ff\n"],
    ["a slice of bytes", Buffer.from("abcdef").subarray(2, 4), undefined, "cd"],
    ["nothing", undefined, undefined, ""],
    ["a form", form({ user: "mary & co", n: 1, tag: ["a", "b"] }), "application/x-www-form-urlencoded", "user=mary+%26+co&n=1&tag=a&tag=b"],
  ])("%s", async (_, body, type, sent) => {
    const world = await echo();
    const { session } = await sit({ base: world.base });
    const got = (await session.post("/", body)).json<Echo>();
    expect(got.headers["content-type"]).toBe(type);
    expect(got.headers["content-length"]).toBe(String(sent.length));
    expect(got.body).toBe(sent);
  });

  test("the content type can be said", async () => {
    const world = await echo();
    const { session } = await sit({ base: world.base });
    const got = (await session.post("/", "<x/>", { headers: { "Content-Type": "text/xml" } })).json<Echo>();
    expect(got.headers["content-type"]).toBe("text/xml");
  });

  test("multipart, read by another's parser", async () => {
    const world = await echo();
    const { session } = await sit({ base: world.base });
    const photo = new Uint8Array([0, 13, 10, 255]);
    const got = (
      await session.post("/", multipart({ alt: ["a rope", "seatrial-boundary-0"], "od\"d": 1, photo: { content: photo, filename: "röpe.jpg", type: "image/jpeg" }, note: { content: "hi" } }))
    ).json<Echo>();
    const parsed = await new Response(Buffer.from(got.body, "latin1"), { headers: { "content-type": got.headers["content-type"]! } }).formData();
    expect(parsed.getAll("alt")).toEqual(["a rope", "seatrial-boundary-0"]);
    expect(parsed.get('od"d')).toBe("1");
    const [file, note] = [parsed.get("photo") as File, parsed.get("note") as File];
    expect([file.name, file.type, new Uint8Array(await file.arrayBuffer())]).toEqual(["röpe.jpg", "image/jpeg", photo]);
    expect([note.name, note.type, await note.text()]).toEqual(["note", "application/octet-stream", "hi"]);
  });

  test.each([["a Map", new Map(), "Map"], ["a Blob", new Blob(["x"]), "Blob"], ["a function", () => 1, "Function"]])("%s can't be sent", async (_, body, what) => {
    const { session, ops } = await sit({ base: "http://127.0.0.1:1" });
    await expect(session.post("/", body)).rejects.toMatchObject({ code: "SEA_HTTP_BODY", message: `a ${what} can't be sent as a body` });
    expect(ops).toEqual([]);
  });
});

describe("headers and logins", () => {
  test("what is said nearer to the request wins", async () => {
    const world = await echo();
    const { session, renew } = await sit({ base: world.base, headers: { "X-A": "driver", "x-b": "driver", "x-c": "driver", accept: undefined } });
    session.header("X-B", "session");
    session.header("x-c", "session");
    const sent = async (headers?: Record<string, string | undefined>) => (await session.get("/", headers ? { headers } : {})).json<Echo>().headers;
    expect(await sent({ "X-C": "request" })).toMatchObject({ "x-a": "driver", "x-b": "session", "x-c": "request", "user-agent": "seatrial" });
    expect(await sent()).not.toHaveProperty("accept");
    expect(await sent({ "x-a": undefined })).not.toHaveProperty("x-a");
    session.header("x-b", undefined);
    expect(await sent()).toMatchObject({ "x-b": "driver", "x-c": "session" });
    renew();
    expect(await sent()).toMatchObject({ "x-a": "driver", "x-b": "driver", "x-c": "driver" });
  });

  test("a login of the driver, of a function, of the session and of the request", async () => {
    const world = await echo();
    let token = 0;
    const { session } = await sit({ base: world.base, auth: () => bearer(`t${++token}`) });
    const sent = async (options = {}) => (await session.get("/", options)).json<Echo>().headers["authorization"];
    expect([await sent(), await sent()]).toEqual(["Bearer t1", "Bearer t2"]);
    expect(await sent({ auth: basic("mary", "pä:ss") })).toBe(`Basic ${Buffer.from("mary:pä:ss").toString("base64")}`);
    session.header("authorization", "Bearer mine");
    expect(await sent()).toBe("Bearer mine");
  });

  test("logins of the driver and the session don't leave the base's origin", async () => {
    const [home, far] = [await echo(), await echo()];
    const { session } = await sit({ base: home.base, auth: bearer("t") });
    session.header("cookie", "a=b");
    const away = (await session.get(`${far.base}/`)).json<Echo>().headers;
    expect([away["authorization"], away["cookie"]]).toEqual([undefined, undefined]);
    expect((await session.get(`${far.base}/`, { auth: bearer("far") })).json<Echo>().headers["authorization"]).toBe("Bearer far");
  });

  test.each([
    ["bad name", "x", "no such name"],
    ["x-bad", "a\r\nx-evil: 1", "one line"],
    ["x-bad", "snow ☃", "one line"],
    ["Content-Length", "3", "belongs to the connection"],
    ["transfer-encoding", "chunked", "belongs to the connection"],
  ])("header %j: %j is refused before anything is sent", async (name, value, why) => {
    const { session, ops } = await sit({ base: "http://127.0.0.1:1" });
    await expect(session.get("/", { headers: { [name]: value } })).rejects.toMatchObject({ code: "SEA_HTTP_HEADER", message: expect.stringContaining(why) });
    expect(() => session.header(name, value)).toThrow(expect.objectContaining({ code: "SEA_HTTP_HEADER" }));
    expect(ops).toEqual([]);
  });
});

describe("expect", () => {
  const world = () =>
    serve((request, response) => {
      response.statusCode = Number(request.url!.slice(1));
      response.end('{"items":[]}');
    });

  test.each([
    [399, undefined, undefined],
    [400, undefined, "status 400"],
    [503, undefined, "status 503"],
    [404, 404, undefined],
    [200, 201, "status 200"],
    [404, [200, 404], undefined],
    [500, [200, 404], "status 500"],
    [500, "any" as const, undefined],
    [500, () => true as const, undefined],
    [200, () => "no items", "expect: no items"],
    [200, () => false as unknown as true, "expect: not true"],
    [200, (reply: { json(): unknown }) => (reply.json() as { items: { x: () => void }[] }).items[0]!.x() as unknown as true, "expect: TypeError"],
  ])("status %i against %o: %s", async (status, wanted, cause) => {
    const { session, ops } = await sit({ base: (await world()).base });
    const asked = session.get(`/${status}`, wanted === undefined ? {} : { expect: wanted });
    if (cause === undefined) {
      expect((await asked).status).toBe(status);
      expect(ops).toEqual([expect.objectContaining({ outcome: "ok", failure: undefined })]);
    } else {
      const failure = { cause, status, request: `GET /${status}`, body: '{"items":[]}' };
      expect((await failureOf(asked)).failure).toEqual(failure);
      expect(ops).toEqual([expect.objectContaining({ outcome: "refused", failure })]);
    }
  });

  test("evidence is bounded", async () => {
    const { base } = await serve((_, response) => response.writeHead(500).end("é".repeat(100_000)));
    const { session } = await sit({ base });
    const { failure } = await failureOf(session.get(`/${"x".repeat(5_000)}`));
    expect(failure.request).toHaveLength(300);
    expect(failure.body).toBe("é".repeat(256));
  });
});
