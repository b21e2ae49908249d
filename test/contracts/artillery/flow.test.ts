/** docs/artillery.md, "The flow": what stands in a flow, as statements of a journey. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished } from "vitest";
import { csv, journey, json, rows, setup, times, type Feeder, type FeedOrder, type User } from "../../../src/index.ts";
import { basic, form, multipart, type HttpSession, type Reply } from "../../../drivers/http/index.ts";
import { bodyOf, serve, sit } from "../../drivers/http/worlds.ts";
import { rope } from "../../play/stage.ts";
import { causes, row, shopped, steps, trial, walked } from "../sea.ts";

const line = rope();

/** Rows that six walks of three users get. */
async function fed<Row>(feeder: Feeder<Row>): Promise<Row[]> {
  const got: Row[] = [];
  const walk = journey({ line }, async ({ line }, user) => {
    got.push(await user.feed(feeder));
    await line.touch(1);
  });
  await walked(trial({ walk }, [{ load: { walk: times(6, { users: 3 }) } }]));
  return got;
}
function fileOf(name: string, text: string): string {
  const folder = mkdtempSync(join(tmpdir(), "seatrial-artillery-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  writeFileSync(join(folder, name), text);
  return join(folder, name);
}

row("payload: path, fields", async () => {
  const got = await fed(csv(fileOf("users.csv", "ann,a\nbob,b\n"), { columns: ["name", "word"] }));
  expect(got.slice(0, 3)).toEqual([{ name: "ann", word: "a" }, { name: "bob", word: "b" }, { name: "ann", word: "a" }]);
});

row("payload: skipHeader, delimiter", async () => {
  expect((await fed(csv(fileOf("users.csv", "name;word\nann;a\n"), { delimiter: ";" })))[0]).toEqual({ name: "ann", word: "a" });
});

row("payload: order", async () => {
  const of = (order: FeedOrder) => fed(rows([1, 2, 3], { order }));
  expect(await of("sequential")).toEqual([1, 2, 3, 1, 2, 3]);
  expect((await of("shuffled")).sort()).toEqual([1, 1, 2, 2, 3, 3]);
  expect(new Set([...(await of("random")), 1, 2, 3])).toEqual(new Set([1, 2, 3]));
});

row("payload: loadAll, name", async () => {
  expect(await fed(json<{ id: number }>(fileOf("items.json", '[{"id":7}]')))).toEqual(Array.from({ length: 6 }, () => ({ id: 7 })));
});

row("variables", async () => {
  const played = await shopped((shop, user) => shop.get(`/items/${user.pick(["oar", "oar"])}`));
  expect(played.asked).toEqual(["GET /items/oar"]);
});

row("$randomNumber(), $randomString()", async () => {
  const seen: number[] = [];
  await shopped(async (shop, user) => {
    seen.push(user.random.int(1, 6));
    await shop.get("/");
  }, undefined, { load: { kind: "times", count: 50 } });
  expect([Math.min(...seen), Math.max(...seen)]).toEqual([1, 6]);
});

row("$processEnvironment", async () => {
  const played = await shopped((shop) => shop.get(`/${process.env["NODE_ENV"]}`));
  expect(played.asked).toEqual(["GET /test"]);
});

/** What the server was asked, by a session of its own. */
async function asked(act: (shop: HttpSession) => Promise<Reply>, settings: object = {}): Promise<{ line: string; headers: Record<string, string>; body: string }> {
  const world = await serve(async (request, response) => {
    const body = (await bodyOf(request)).toString();
    response.end(JSON.stringify({ line: `${request.method} ${request.url}`, headers: request.headers, body }));
  });
  const { session } = await sit({ base: world.base, ...settings });
  return (await act(session)).json();
}

row("get, post: url, qs, json, form, formData, body, headers", async () => {
  expect(await asked((shop) => shop.get("/find", { params: { q: "oar" }, headers: { "x-a": "1" } }))).toMatchObject({ line: "GET /find?q=oar", headers: { "x-a": "1" } });
  expect(await asked((shop) => shop.post("/", { a: 1 }))).toMatchObject({ body: '{"a":1}', headers: { "content-type": "application/json" } });
  expect(await asked((shop) => shop.post("/", form({ a: 1 })))).toMatchObject({ body: "a=1" });
  expect((await asked((shop) => shop.post("/", multipart({ a: 1 })))).headers["content-type"]).toMatch(/^multipart\/form-data/);
  expect(await asked((shop) => shop.post("/", "text"))).toMatchObject({ body: "text" });
});

row("auth: user, pass", async () => {
  expect((await asked((shop) => shop.get("/", { auth: basic("ann", "a") }))).headers["authorization"]).toMatch(/^Basic /);
});

row("config.http.defaults.headers", async () => {
  expect((await asked((shop) => shop.get("/"), { headers: { "x-all": "1" } })).headers["x-all"]).toBe("1");
});

row("followRedirect: false", async () => {
  const world = await serve((_, response) => void response.writeHead(302, { location: "/new" }).end());
  expect((await (await sit({ base: world.base })).session.get("/old", { redirects: 0 })).status).toBe(302);
  expect(world.lines).toEqual(["GET /old"]);
});

row("cookie", async () => {
  const world = await serve((request, response) => {
    response.setHeader("set-cookie", "seen=1");
    response.end(request.headers.cookie ?? "none");
  });
  const { session } = await sit({ base: world.base });
  session.cookies.set("who", "ann");
  expect((await session.get("/")).text()).toBe("who=ann");
  expect((await session.get("/")).text()).toMatch(/who=ann; seen=1|seen=1; who=ann/);
});

row("http.timeout: 10", async () => {
  const played = await shopped((shop) => shop.get("/", { timeout: "10s" }), () => ({ ms: 60_000 }));
  expect([causes(played), played.end.t]).toEqual([["timeout 1"], 10_000]);
});

row("http.pool, http.maxSockets", async () => {
  const world = await serve((_, response) => void setTimeout(() => response.end(), 20));
  const { session } = await sit({ base: world.base, connections: 1 });
  await Promise.all([session.get("/"), session.get("/"), session.get("/")]);
  expect(world.connections()).toBe(1);
});

row('capture: json: "$.id", as: "id"', async () => {
  const played = await shopped(async (shop) => {
    const { id } = (await shop.post("/orders")).json<{ id: string }>();
    await shop.get(`/orders/${id}`, { name: "/orders/:id" });
  }, () => ({ body: { id: "o-7" } }));
  expect(played.asked).toEqual(["POST /orders", "GET /orders/o-7"]);
});

row('capture: header: "location"', async () => {
  const played = await shopped(async (shop) => void (await shop.get((await shop.post("/orders")).headers.get("location")!)), () => ({ headers: { Location: "/orders/9" } }));
  expect(played.asked).toEqual(["POST /orders", "GET /orders/9"]);
});

row('capture: regexp: "token=([a-z]+)"', async () => {
  const played = await shopped(async (shop) => {
    const [, token] = /token=(\w+)/.exec((await shop.get("/form")).text()) ?? [];
    await shop.post("/form", { token });
  }, () => ({ body: "<a href='?token=abc'>" }));
  expect(played.asks[1]!.body).toEqual({ token: "abc" });
});

row("a capture that finds nothing", async () => {
  const played = await shopped(async (shop, user) => {
    const { id } = (await shop.get("/orders")).json<{ id?: string }>();
    user.must("an id", id !== undefined);
    await shop.get(`/orders/${id}`);
  }, () => ({ body: {} }));
  expect([played.asked, causes(played)]).toEqual([["GET /orders"], ["check: an id 1"]]);
});

row("think: 2", async () => {
  const played = await shopped(async (shop, user) => {
    await shop.get("/a");
    await user.think("2s");
    await shop.get("/b");
  });
  expect(played.end.t).toBe(2_020);
});

row("loop, count: 3", async () => {
  const played = await shopped(async (shop) => {
    for (let n = 0; n < 3; n++) await shop.get(`/page/${n}`, { name: "/page/:n" });
  });
  expect(steps(played)).toEqual({ "GET /page/:n": 3 });
});

row("loop, over: items", async () => {
  const played = await shopped(async (shop) => {
    for (const { id } of (await shop.get("/items")).json<{ id: string }[]>()) await shop.get(`/items/${id}`);
  }, ({ path }) => ({ body: path === "/items" ? [{ id: "a" }, { id: "b" }] : {} }));
  expect(played.asked).toEqual(["GET /items", "GET /items/a", "GET /items/b"]);
});

row("loop, whileTrue: ready", async () => {
  let asks = 0;
  const played = await shopped(async (shop, user) => {
    while ((await shop.get("/job")).json<{ state: string }>().state !== "done") await user.think("1s");
  }, () => ({ body: { state: ++asks < 4 ? "running" : "done" } }));
  expect([steps(played), played.end.t]).toEqual([{ "GET /job": 4 }, 3_040]);
});

row("ifTrue, probability: 20", async () => {
  const played = await shopped(async (shop, user) => {
    await shop.get("/always");
    if (user.pick({ yes: 20, no: 80 }) === "yes") await shop.get("/sometimes");
  }, undefined, { load: { kind: "times", count: 1_000, users: 10 } });
  const { "GET /sometimes": some } = steps(played);
  expect(some).toBeGreaterThan(150);
  expect(some).toBeLessThan(250);
});

row("parallel", async () => {
  const played = await shopped((shop) => Promise.all([shop.get("/a"), shop.get("/b")]), () => ({ ms: 50 }));
  expect([played.view.tally().ok, played.end.t]).toEqual([2, 50]);
});

row('function: "myStep", processor', async () => {
  const buy = async (shop: HttpSession, user: User, item: string) => void (await user.step(`buy ${item}`, () => shop.post("/orders", { item })));
  const played = await shopped((shop, user) => buy(shop, user, "rope"));
  expect([played.asked, steps(played)]).toEqual([["POST /orders"], { "buy rope › POST /orders": 1 }]);
});

row("beforeRequest, afterResponse", async () => {
  const signed = async (shop: HttpSession, path: string): Promise<Reply> => {
    const reply = await shop.get(path, { headers: { "x-signed": path.length.toString() } });
    if (reply.headers.get("x-next")) shop.header("x-last", reply.headers.get("x-next")!);
    return reply;
  };
  const world = await serve((request, response) => response.writeHead(200, { "x-next": "n1" }).end(JSON.stringify(request.headers)));
  const { session } = await sit({ base: world.base });
  await signed(session, "/a");
  expect((await signed(session, "/b")).json()).toMatchObject({ "x-signed": "2", "x-last": "n1" });
});

row("beforeScenario, afterScenario", async () => {
  const log: string[] = [];
  await shopped(async (shop) => {
    log.push("before");
    try {
      await shop.get("/");
    } finally {
      log.push("after");
    }
  }, () => ({ status: 500 }), { load: { kind: "times", count: 2 } });
  expect(log).toEqual(["before", "after", "before", "after"]);
});

row("before, after", async () => {
  const log: string[] = [];
  const prepared = setup({ line }, async () => (log.push("before"), { token: "t" }), { teardown: async () => void log.push("after") });
  const walk = journey({ line }, async ({ line }, user) => {
    log.push(user.given(prepared).token);
    await line.touch(1);
  });
  await walked(trial({ walk }, [{ load: { walk: times(2) } }], { setup: prepared }));
  expect(log).toEqual(["before", "t", "t", "after"]);
});

/** What a touch that expects so much says of an answer. */
const complaints = async (answer: object, expect: (reply: Reply) => true | string) => causes(await shopped((shop) => shop.get("/", { expect }), () => answer));

row("a status of 400 or more is an answer", async () => {
  const answer = ({ path }: { path: string }) => ({ status: path === "/gone" ? 410 : 200, body: { id: 7 } });
  const taken = await shopped(async (shop) => void (await shop.get(`/items/${(await shop.get("/gone", { expect: "any" })).json<{ id: number }>().id}`)), answer);
  expect([taken.asked, causes(taken)]).toEqual([["GET /gone", "GET /items/7"], []]);
  const ended = await shopped(async (shop) => void (await shop.get(`/items/${(await shop.get("/gone")).json<{ id: number }>().id}`)), answer);
  expect([ended.asked, causes(ended)]).toEqual([["GET /gone"], ["status 410 1"]]);
});

row("expect: statusCode", async () => {
  const played = await shopped((shop) => shop.get("/", { expect: 201 }), () => ({ status: 200 }));
  expect(causes(played)).toEqual(["status 200 1"]);
});

row("expect: contentType, hasHeader", async () => {
  const isJson = (reply: Reply) => reply.headers.get("content-type")?.startsWith("application/json") || "not JSON";
  expect(await complaints({ headers: { "content-type": "text/html" } }, isJson)).toEqual(["expect: not JSON 1"]);
  expect(await complaints({ headers: { "content-type": "application/json; charset=utf-8" } }, isJson)).toEqual([]);
});

row("expect: hasProperty, equals", async () => {
  const open = (reply: Reply) => reply.json<{ state?: string }>().state === "open" || "not open";
  expect(await complaints({ body: { state: "shut" } }, open)).toEqual(["expect: not open 1"]);
  expect(await complaints({ body: { state: "open" } }, open)).toEqual([]);
});

row("expect: matchesRegexp", async () => {
  const greets = (reply: Reply) => /ahoy/.test(reply.text()) || "no greeting";
  expect(await complaints({ body: "hello" }, greets)).toEqual(["expect: no greeting 1"]);
  expect(await complaints({ body: "ahoy" }, greets)).toEqual([]);
});
