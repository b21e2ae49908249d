/** docs/locust.md, "Requests": the client, its options, and who says what is a failure. */
import { expect } from "vitest";
import { basic, form, http, multipart, type HttpSession } from "../../../drivers/http/index.ts";
import { journey, times } from "../../../src/index.ts";
import { staged } from "../../play/stage.ts";
import { bodyOf, certificatesFor, serve, sit } from "../../drivers/http/worlds.ts";
import { causes, row, shopped, steps, trial } from "../sea.ts";

/** A server that tells what it was asked, and the session that asks. */
async function echo(settings: object = {}): Promise<{ ask(act: (shop: HttpSession) => Promise<{ json<T>(): T }>): Promise<{ line: string; headers: Record<string, string>; body: string }> }> {
  const world = await serve(async (request, response) => {
    const body = (await bodyOf(request)).toString();
    response.end(JSON.stringify({ line: `${request.method} ${request.url}`, headers: request.headers, body }));
  });
  const { session } = await sit({ base: world.base, ...settings });
  return { ask: async (act) => (await act(session)).json() };
}

row('self.client.get("/items")', async () => {
  const played = await shopped((shop) => shop.get("/items"));
  expect(played.asked).toEqual(["GET /items"]);
  expect(steps(played)).toEqual({ "GET /items": 1 });
});

row('name="/items/[id]"', async () => {
  const played = await shopped(async (shop) => {
    for (const id of [1, 2, 3]) await shop.get(`/items/${id}`, { name: "/items/[id]" });
  });
  expect(steps(played)).toEqual({ "GET /items/[id]": 3 });
});

row("client.request_name, client.rename_request()", async () => {
  const played = await shopped((shop, user) => user.step("search", async () => {
    await shop.get("/find?q=oar");
    await shop.get("/find?q=rope");
  }));
  expect(steps(played)).toEqual({ "search › GET /find": 2 });
  expect(played.view.tally({ type: "group", step: "search" })).toMatchObject({ count: 1, ok: 1 });
});

row('catch_response=True: failure("…")', async () => {
  const played = await shopped((shop) => shop.get("/cart", { expect: (reply) => reply.text().includes("total") || "no total" }), () => ({ body: "empty" }));
  expect(causes(played)).toEqual(["expect: no total 1"]);
  expect(played.view.tally()).toMatchObject({ ok: 0, refused: 1 });
});

row("catch_response=True: success()", async () => {
  const played = await shopped((shop) => shop.get("/gone", { expect: [200, 404] }), () => ({ status: 404 }));
  expect(played.view.tally()).toMatchObject({ ok: 1, refused: 0 });
});

row("status ≥ 400 is a failure, and the task goes on", async () => {
  const answer = ({ path }: { path: string }) => ({ status: path === "/bad" ? 500 : 200 });
  const ended = await shopped(async (shop) => {
    await shop.get("/bad");
    await shop.get("/after");
  }, answer);
  expect(ended.asked).toEqual(["GET /bad"]);
  const on = await shopped(async (shop) => {
    await shop.get("/bad").catch(() => undefined);
    await shop.get("/after");
  }, answer);
  expect(on.asked).toEqual(["GET /bad", "GET /after"]);
  for (const played of [ended, on]) expect(causes(played)).toEqual(["status 500 1"]);
});

row("check after the response", async () => {
  const played = await shopped(async (shop, user) => {
    const reply = await shop.get("/items");
    user.check("has items", reply.json<unknown[]>().length > 0);
    await shop.get("/next");
  }, () => ({ body: [] }));
  expect(causes(played)).toEqual(["check: has items 1"]);
  expect(played.view.tally()).toMatchObject({ ok: 1, refused: 1 });
});

row("self.rest() of FastHttpUser", async () => {
  const played = await shopped(async (shop) => void (await shop.get("/items")).json(), () => ({ body: "<html>" }));
  // What was meant to be JSON and is not fails the walk, which a budget on errors counts.
  expect(causes(played)).toEqual([expect.stringMatching(/^crash: .*JSON/)]);
});

row("a transport error", async () => {
  const { session, ops } = await sit({ base: "http://127.0.0.1:1" });
  await expect(session.get("/")).rejects.toMatchObject({ outcome: "refused" });
  expect(ops[0]).toMatchObject({ step: "GET /", failure: { cause: "refused" } });
});

row("response time", async () => {
  const world = await serve((request, response) => {
    if (request.url === "/old") return void response.writeHead(302, { location: "/new" }).end();
    response.write("half");
    setTimeout(() => response.end("whole"), 120);
  });
  const { session, ops } = await sit({ base: world.base });
  const reply = await session.get("/old");
  // To the last byte, redirects included, and one entry.
  expect([reply.text(), world.lines]).toEqual(["halfwhole", ["GET /old", "GET /new"]]);
  expect(ops).toHaveLength(1);
  expect(ops[0]!.endedMs - ops[0]!.beganMs).toBeGreaterThanOrEqual(115);
});

row("each user has its own cookies and connections", async () => {
  const world = await serve((request, response) => {
    response.setHeader("set-cookie", "who=me");
    response.end(request.headers.cookie ?? "nobody");
  });
  const [one, other] = [await sit({ base: world.base }), await sit({ base: world.base })];
  expect([(await one.session.get("/")).text(), (await one.session.get("/")).text(), (await other.session.get("/")).text()]).toEqual(["nobody", "who=me", "nobody"]);
  expect(world.connections()).toBe(2);
});

row("params=", async () => {
  const { ask } = await echo();
  expect(await ask((shop) => shop.get("/find", { params: { q: "a rope", page: 2 } }))).toMatchObject({ line: "GET /find?q=a+rope&page=2" });
});

row("json=", async () => {
  const { ask } = await echo();
  expect(await ask((shop) => shop.post("/orders", { item: "rope" }))).toMatchObject({ body: '{"item":"rope"}', headers: { "content-type": "application/json" } });
});

row("data=", async () => {
  const { ask } = await echo();
  expect(await ask((shop) => shop.post("/login", form({ name: "ann", word: "a&b" })))).toMatchObject({ body: "name=ann&word=a%26b", headers: { "content-type": "application/x-www-form-urlencoded" } });
  expect(await ask((shop) => shop.put("/raw", "as it is"))).toMatchObject({ body: "as it is" });
});

row("files=", async () => {
  const { ask } = await echo();
  const { headers, body } = await ask((shop) => shop.post("/upload", multipart({ photo: { content: "bytes", filename: "sea.jpg", type: "image/jpeg" } })));
  expect(headers["content-type"]).toMatch(/^multipart\/form-data; boundary=/);
  expect(body).toMatch(/name="photo"; filename="sea.jpg"\r\ncontent-type: image\/jpeg\r\n\r\nbytes/i);
});

row("headers=", async () => {
  const { ask } = await echo({ headers: { "x-all": "1" } });
  expect(await ask((shop) => shop.get("/", { headers: { "x-one": "2" } }))).toMatchObject({ headers: { "x-all": "1", "x-one": "2" } });
});

row("self.client.headers.update()", async () => {
  const { ask } = await echo();
  expect(await ask((shop) => {
    shop.header("authorization", "Bearer abc");
    return shop.get("/");
  })).toMatchObject({ headers: { authorization: "Bearer abc" } });
});

row("auth=", async () => {
  const { ask } = await echo({ auth: basic("ann", "a") });
  expect((await ask((shop) => shop.get("/"))).headers["authorization"]).toBe(`Basic ${Buffer.from("ann:a").toString("base64")}`);
});

row("timeout=", async () => {
  const world = await serve(() => undefined);
  const { session, ops } = await sit({ base: world.base });
  await expect(session.get("/", { timeout: "50ms" })).rejects.toMatchObject({ outcome: "unsure" });
  expect(ops[0]!.failure!.cause).toBe("timeout");
});

row("allow_redirects=False", async () => {
  const world = await serve((_, response) => void response.writeHead(302, { location: "/new" }).end());
  const { session } = await sit({ base: world.base });
  expect((await session.get("/old", { redirects: 0 })).status).toBe(302);
  expect(world.lines).toEqual(["GET /old"]);
});

row("verify=False, cert=", async () => {
  const server = certificatesFor("localhost", "DNS:localhost,IP:127.0.0.1");
  const world = await serve((_, response) => response.end("in"), { cert: server.cert, key: server.key, ca: server.ca, requestCert: true, rejectUnauthorized: false });
  const strict = await sit({ base: world.base });
  await expect(strict.session.get("/")).rejects.toMatchObject({ failure: { cause: "tls" } });
  const lax = await sit({ base: world.base, tls: { insecure: true, cert: server.cert, key: server.key } });
  expect((await lax.session.get("/")).text()).toBe("in");
});

row("FastHttpUser.concurrency", async () => {
  let [now, most] = [0, 0];
  const world = await serve((_, response) => {
    most = Math.max(most, ++now);
    setTimeout(() => (now--, response.end()), 30);
  });
  const { session } = await sit({ base: world.base, connections: 2 });
  await Promise.all(Array.from({ length: 6 }, () => session.get("/")));
  expect([most, world.lines.length]).toEqual([2, 6]);
});

row("gevent.pool in a task", async () => {
  const played = await shopped((shop) => Promise.all(["/a", "/b", "/c"].map((path) => shop.get(path))), () => ({ ms: 100 }));
  expect(played.view.tally()).toMatchObject({ ok: 3 });
  expect(played.end.t).toBe(100);
});

row("two hosts", async () => {
  const [shop, pay] = [http({ base: "http://shop.test" }), http({ base: "http://pay.test" })];
  const walk = journey({ shop, pay }, async ({ shop, pay }) => {
    await shop.get("/cart");
    await pay.post("/charge", { cents: 5 });
  });
  const played = await staged(trial({ walk }, [{ load: { walk: times(2) } }]), { simulated: () => ({ request: async () => ({ status: 200, headers: {}, body: undefined }) }) });
  expect(steps(played)).toEqual({ "GET /cart": 2, "POST /charge": 2 });
});
