import { describe, expect, test } from "vitest";
import { bearer } from "../../../drivers/http/index.ts";
import { freePort } from "../../../drivers/local/ports.ts";
import { failureOf } from "../../contract/driver.ts";
import { bodyOf, serve, sit } from "./worlds.ts";

/** `/307?to=/x` redirects; everything else answers what was asked. */
const answer: Parameters<typeof serve>[0] = (request, response) => {
  const url = new URL(request.url!, "http://x");
  const status = Number(url.pathname.slice(1));
  if (status >= 300) response.writeHead(status, { "set-cookie": `via=${status}; Path=/`, ...(url.searchParams.has("to") && { location: url.searchParams.get("to")! }) }).end("elsewhere");
  else void bodyOf(request).then((body) => response.end(JSON.stringify({ method: request.method, headers: request.headers, body: body.toString() })));
};
type Echo = { method: string; headers: Record<string, string>; body: string };
const to = (where: string) => ({ params: { to: where } });

describe("methods, as browsers do it", () => {
  test.each([
    [301, "GET", "GET"], [302, "GET", "GET"], [303, "GET", "GET"], [307, "GET", "GET"], [308, "GET", "GET"],
    [301, "POST", "GET"], [302, "POST", "GET"], [303, "POST", "GET"], [307, "POST", "POST"], [308, "POST", "POST"],
    [301, "PUT", "PUT"], [302, "PUT", "PUT"], [303, "PUT", "GET"], [303, "DELETE", "GET"], [307, "PATCH", "PATCH"],
  ])("%i turns %s into %s", async (status, method, becomes) => {
    const world = await serve(answer);
    const { session, ops } = await sit({ base: world.base });
    const body = method === "GET" || method === "DELETE" ? undefined : { n: 1 };
    const reply = await session.request(method, `/${status}`, { ...to("/end?x=1"), ...(body && { body }) });
    const kept = body !== undefined && becomes === method;
    expect(world.lines).toEqual([expect.stringContaining(`${method} /${status}`), `${becomes} /end?x=1`]);
    expect(reply.json<Echo>()).toMatchObject({ method: becomes, body: kept ? '{"n":1}' : "" });
    expect(reply.json<Echo>().headers["content-type"]).toBe(kept ? "application/json" : undefined);
    expect([reply.status, reply.url]).toEqual([200, `${world.base}/end?x=1`]);
    expect(ops).toEqual([expect.objectContaining({ step: `${method} /${status}`, outcome: "ok" })]);
  });

  test("303 leaves HEAD a HEAD", async () => {
    const world = await serve(answer);
    const { session } = await sit({ base: world.base });
    await session.head("/303", to("/end"));
    expect(world.lines[1]).toBe("HEAD /end");
  });
});

test("cookies are honoured on the way", async () => {
  const { session } = await sit({ base: (await serve(answer)).base });
  expect((await session.get("/302", to("/end"))).json<Echo>().headers["cookie"]).toBe("via=302");
});

test("a login goes along within the origin, and is dropped across", async () => {
  const [home, far] = [await serve(answer), await serve(answer)];
  const { session } = await sit({ base: home.base, auth: bearer("secret") });
  const options = { headers: { "x-mine": "1" } };
  expect((await session.get("/302", { ...options, ...to("/end") })).json<Echo>().headers).toMatchObject({ authorization: "Bearer secret", "x-mine": "1" });
  const away = (await session.get("/307", { ...options, ...to(`${far.base}/end`) })).json<Echo>().headers;
  expect(away).toMatchObject({ "x-mine": "1" });
  expect(away).not.toHaveProperty("authorization");
  expect((await session.get("/307", { auth: bearer("own"), ...to(`${far.base}/302?to=${home.base}/end`) })).json<Echo>().headers).not.toHaveProperty("authorization");
});

test("a relative, a protocol-relative and an absolute location; fragments and logins are not sent", async () => {
  const world = await serve(answer);
  const { session } = await sit({ base: world.base });
  for (const where of ["end#part", `//127.0.0.1:${world.port}/end`, `http://mary:pw@127.0.0.1:${world.port}/end`]) {
    expect((await session.get("/302", to(where))).url).toBe(`${world.base}/end`);
  }
  expect(world.lines.filter((line) => line === "GET /end")).toHaveLength(3);
});

test("a loop ends after as many hops as allowed", async () => {
  const world = await serve(answer);
  const { session, ops } = await sit({ base: world.base, redirects: 3 });
  const { failure, outcome } = await failureOf(session.get("/302", to("/302?to=/302")).then(() => session.get("/302", to(`/302?to=${encodeURIComponent("/302?to=/302%3Fto=/302%3Fto=/x")}`))));
  expect([outcome, failure.cause, failure.status]).toEqual(["refused", "too many redirects", 302]);
  expect(ops.at(-1)).toMatchObject({ outcome: "refused", step: "GET /302" });
  expect(ops).toHaveLength(ops.filter(({ outcome }) => outcome === "ok").length + 1);
});

test("redirects can be off, for the driver and for one request", async () => {
  const world = await serve(answer);
  const { session } = await sit({ base: world.base, redirects: 0 });
  const reply = await session.get("/302", to("/end"));
  expect([reply.status, reply.headers.get("location"), world.lines.length]).toEqual([302, "/end", 1]);
  expect((await session.get("/302", { ...to("/end"), redirects: 1 })).status).toBe(200);
  expect((await session.get("/302", { ...to("/end"), redirects: 0, expect: 302 })).status).toBe(302);
});

test.each([["ftp://shop.example/"], ["javascript:alert(1)"], ["http://[broken"]])("a location of %j is refused", async (where) => {
  const { session, ops } = await sit({ base: (await serve(answer)).base });
  const { failure } = await failureOf(session.get("/302", to(where)));
  expect(failure).toMatchObject({ cause: "bad redirect", status: 302 });
  expect(ops).toHaveLength(1);
});

test.each([[302], [304]])("%i without a location is an answer like another", async (status) => {
  const { session } = await sit({ base: (await serve(answer)).base });
  expect((await session.get(`/${status}`)).status).toBe(status);
});

test("a failure behind a redirect says where", async () => {
  const far = await serve((_, response) => response.writeHead(503).end("down"));
  const { session, ops } = await sit({ base: (await serve(answer)).base });
  const { failure } = await failureOf(session.get("/302", to(`${far.base}/pay`)));
  expect(failure).toEqual({ cause: "status 503", status: 503, request: `GET ${far.base}/pay`, body: "down" });
  expect(ops.map(({ step }) => step)).toEqual(["GET /302"]);
});

test("what was acted on and then led nowhere is unsure: it may have been done", async () => {
  const world = await serve(answer);
  const { session } = await sit({ base: world.base });
  const nobody = `http://127.0.0.1:${await freePort()}`;
  const failed = await failureOf(session.post("/303", { n: 1 }, to(`${nobody}/end`)));
  expect(failed).toMatchObject({ outcome: "unsure", failure: { cause: "refused" } });
  expect(await failureOf(session.post(`${nobody}/end`, { n: 1 }))).toMatchObject({ outcome: "refused", failure: { cause: "refused" } });
});
