import { describe, expect, test } from "vitest";
import { readHar } from "../../src/recording/har/har.ts";
import { har, type Told } from "./archive.ts";
import { fromHar, walkOf, write } from "./shape.ts";

const shop = "https://shop.example";
const walk = (told: readonly Told[], pages?: Record<string, string>) => walkOf(fromHar(har(told, pages)));
const driver = (text: string) => text.split("\n").filter((line) => /^const \w+ = http/.test(line));

describe("what is kept", () => {
  test("what browsers always say is left out, what is the request's own stays", () => {
    expect(walk([{ url: `${shop}/a` }, { url: `${shop}/b`, headers: { "X-Shop": "north", Accept: "application/vnd.shop+json" } }])).toEqual([
      "export const checkout = journey({ shop }, async ({ shop }) => {",
      'await shop.get("/a");',
      'await shop.get("/b", { headers: { accept: "application/vnd.shop+json", "x-shop": "north" } });',
      "});",
    ]);
  });

  test("a header that every request has goes into the driver", () => {
    const text = fromHar(har([{ url: `${shop}/a`, headers: { "X-Shop": "north" } }, { url: `${shop}/b`, headers: { "X-Shop": "north" } }]));
    expect(driver(text)).toEqual(['const shop = http({ base: "https://shop.example", headers: { "x-shop": "north" } });']);
  });

  const files: Told[] = [
    { url: `${shop}/`, resource: "document" },
    { url: `${shop}/app.css?v=3`, resource: "stylesheet", mime: "text/css" },
    { url: `${shop}/app.js`, mime: "application/javascript" },
    { url: `${shop}/gone.png`, status: 404, resource: "image" },
    { url: `${shop}/prices.json`, answer: {}, resource: "fetch" },
  ];
  test("static files are dropped, and counted", () => {
    const { text, notes } = write(readHar(har(files), "checkout", "f"));
    expect(walkOf(text).slice(1, -1)).toEqual(['await shop.get("/");', 'await shop.get("/prices.json");']);
    expect(notes.join()).toContain("static files: 3");
  });
  test("--assets keep", () => expect(walkOf(fromHar(har(files), "keep")).filter((line) => line.includes(".get("))).toHaveLength(5));
  test("--assets group loads them side by side, without those that were missing", () => {
    expect(walkOf(fromHar(har(files), "group"))).toContain('await Promise.all(["/app.css?v=3", "/app.js"].map((path) => shop.get(path, { name: "static files" })));');
  });

  test("other hosts of the house get a driver, strangers are named and left out", () => {
    const text = fromHar(har([{ url: `${shop}/a` }, { url: `${shop}/b` }, { url: "https://api.shop.example/c" }, { url: "https://ads.tracker.example.org/p?uid=7" }]));
    expect(driver(text)).toEqual(['const shop = http({ base: "https://shop.example" });', 'const api = http({ base: "https://api.shop.example" });']);
    expect(text).toContain(" * - requests to other people's hosts: ads.tracker.example.org (1)");
    expect(text).not.toContain("uid");
  });

  test("what is no request of a user is left out", () => {
    const odd: Told[] = [
      { url: "wss://shop.example/live" }, { url: "data:text/plain,hello" }, { url: "chrome-extension://abc/x.js" }, { url: `${shop}/lost`, status: 0 },
      { method: "OPTIONS", url: `${shop}/api`, headers: { "Access-Control-Request-Method": "POST" } }, { method: "POST", url: `${shop}/beacon`, resource: "ping" },
    ];
    expect(walk([...odd, { url: `${shop}/a` }]).slice(1, -1)).toEqual(['await shop.get("/a");']);
    expect(() => fromHar(har(odd))).toThrow(expect.objectContaining({ code: "SEA_IMPORT_EMPTY" }));
  });

  test("a redirect is one request, and its answer is the last one's", () => {
    const told: Told[] = [
      { method: "POST", url: `${shop}/orders`, status: 303, answered: { Location: "/orders/last" } },
      { url: `${shop}/orders/last`, at: 20, status: 302, answered: { location: `${shop}/orders/o-81f2a` } },
      { url: `${shop}/orders/o-81f2a`, at: 40, answer: { receipt: "rc-99120" } },
      { url: `${shop}/receipts/rc-99120`, at: 100 },
    ];
    expect(walk(told).slice(1, -1)).toEqual([
      'const order = (await shop.post("/orders")).json<{ receipt: string }>();',
      'await shop.get(`/receipts/${order.receipt}`, { name: "/receipts/:id" });',
    ]);
  });
  test("a redirect to a stranger is not followed", () => {
    expect(walk([{ url: `${shop}/a` }, { url: `${shop}/out`, status: 302, answered: { location: "https://login.elsewhere.org/" } }, { url: "https://login.elsewhere.org/" }])).toContain('await shop.get("/out", { redirects: 0 });');
  });

  test("an answer that was an error is expected again", () => expect(walk([{ url: `${shop}/a`, status: 404 }])).toContain('await shop.get("/a", { expect: 404 });'));
});

describe("bodies", () => {
  const body = (told: Partial<Told>) => walk([{ method: "POST", url: `${shop}/x`, ...told }]).slice(1, -1).join(" ");
  test.each<[string, Partial<Told>, string]>([
    ["JSON", { type: "application/json; charset=utf-8", body: '{"a":1,"b c":[true,null,"x"]}' }, 'await shop.post("/x", { a: 1, "b c": [true, null, "x"] });'],
    ["JSON of another type", { type: "application/vnd.shop+json", body: "{}" }, 'await shop.post("/x", {}, { headers: { "content-type": "application/vnd.shop+json" } });'],
    ["a number that would lose digits", { type: "application/json", body: '{"n":12345678901234567890}' }, String.raw`await shop.post("/x", "{\"n\":12345678901234567890}", { headers: { "content-type": "application/json" } });`],
    ["a JSON text", { type: "application/json", body: '"hi"' }, String.raw`await shop.post("/x", "\"hi\"", { headers: { "content-type": "application/json" } });`],
    ["a prototype", { type: "application/json", body: '{"__proto__":{"a":1}}' }, 'await shop.post("/x", { ["__proto__"]: { a: 1 } });'],
    ["broken JSON", { type: "application/json", body: "{" }, 'await shop.post("/x", "{", { headers: { "content-type": "application/json" } });'],
    ["a form", { type: "application/x-www-form-urlencoded", body: "a=1&b=x+y&a=2" }, 'await shop.post("/x", form({ a: ["1", "2"], b: "x y" }));'],
    ["a form in fields", { type: "application/x-www-form-urlencoded", params: [{ name: "a", value: "1" }] }, 'await shop.post("/x", form({ a: "1" }));'],
    ["parts as text", { type: "multipart/form-data; boundary=b1", body: '--b1\r\nContent-Disposition: form-data; name="alt"\r\n\r\nrope\r\n--b1\r\nContent-Disposition: form-data; name="photo"; filename="r.txt"\r\nContent-Type: text/plain\r\n\r\nahoy\r\n--b1--\r\n' },
      'await shop.post("/x", multipart({ alt: "rope", photo: { content: "ahoy", filename: "r.txt", type: "text/plain" } }));'],
    ["text", { type: "text/csv", body: "a,b\n1,2" }, String.raw`await shop.post("/x", "a,b\n1,2", { headers: { "content-type": "text/csv" } });`],
    ["DELETE with a body", { method: "DELETE", type: "application/json", body: "[1]" }, 'await shop.request("DELETE", "/x", { body: [1] });'],
  ])("%s", (_, told, line) => expect(body(told)).toBe(line));
});

describe("what an answer gave", () => {
  test("ids of answers go into later paths, queries and bodies", () => {
    const told: Told[] = [
      { method: "POST", url: `${shop}/orders`, type: "application/json", body: '{"item":"rope"}', answer: { id: "o-81f2", lines: [{ sku: "sku-1188", n: 900412 }] } },
      { url: `${shop}/orders/o-81f2?full=1`, at: 100, answer: { id: "o-81f2" } },
      { method: "PUT", url: `${shop}/lines`, at: 200, type: "application/json", body: '{"sku":"sku-1188","n":900412,"text":"900412","order":"o-81f2"}' },
      { url: `${shop}/search?q=o-81f2`, at: 300 },
    ];
    const lines = walk(told).join(" ");
    expect(lines).toContain('const order = (await shop.post("/orders", { item: "rope" })).json<{ id: string; lines: { sku: string; n: number }[]; }>();');
    expect(lines).toContain('await shop.get(`/orders/${order.id}?full=1`, { name: "/orders/:id" });');
    expect(lines).toContain("sku: order.lines[0]!.sku, n: order.lines[0]!.n, text: String(order.lines[0]!.n), order: order.id");
    expect(lines).toContain('await shop.get("/search", { params: { q: order.id } });');
  });

  test.each<[string, Told[]]>([
    ["the client said it first", [{ url: `${shop}/orders/o-81f2` }, { url: `${shop}/last`, at: 100, answer: { id: "o-81f2" } }, { url: `${shop}/orders/o-81f2`, at: 200 }]],
    ["twice in one answer", [{ url: `${shop}/last`, answer: { id: "o-81f2", orderId: "o-81f2" } }, { url: `${shop}/orders/o-81f2`, at: 200 }]],
    ["too short to tell", [{ url: `${shop}/last`, answer: { id: "17" } }, { url: `${shop}/orders/17`, at: 200 }]],
    ["a word", [{ url: `${shop}/last`, answer: { state: "completed" } }, { url: `${shop}/orders/completed`, at: 200 }]],
    ["a day", [{ url: `${shop}/last`, answer: { day: "2026-01-31" } }, { url: `${shop}/orders/2026-01-31`, at: 200 }]],
    ["a part of a longer word", [{ url: `${shop}/last`, answer: { id: "o-81f2" } }, { url: `${shop}/orders/o-81f2b`, at: 200 }]],
    ["it was asked before it was answered", [{ url: `${shop}/last`, took: 500, answer: { id: "o-81f2" } }, { url: `${shop}/orders/o-81f2`, at: 200 }]],
  ])("is not taken from there: %s", (_, told) => expect(walk(told).join(" ")).not.toContain(".json<"));

  test("what two members of a list have nothing in common in is any", () => {
    const told: Told[] = [
      { url: `${shop}/mixed`, answer: { all: ["ord-1111-a", { id: "ord-2222-b" }, ["ord-3333-c"]], even: [{ id: "ord-4444-d" }, { id: "ord-5555-e", more: { n: 900412 } }] } },
      ...["ord-1111-a", "ord-2222-b", "ord-3333-c", "ord-4444-d", "ord-5555-e", "900412"].map((id, index) => ({ url: `${shop}/orders/${id}`, at: 100 + index })),
    ];
    expect(walk(told).join(" ")).toContain("json<{ all: any[]; even: { id: string; more: { n: number } }[] }>()");
  });

  test("a cookie that an answer set is not set by hand, one from before is, once", () => {
    const sent = (cookies: string) => ({ headers: { Cookie: cookies } });
    const lines = walk([
      { url: `${shop}/a`, ...sent("old=1"), answered: { "Set-Cookie": "sid=ab12cd34; Path=/" } },
      { url: `${shop}/b`, at: 100, ...sent("old=1; sid=ab12cd34") },
      { url: `${shop}/c`, at: 200, ...sent("old=2; sid=ab12cd34") },
    ]);
    expect(lines.filter((line) => line.includes("cookies"))).toEqual(['shop.cookies.set("old", process.env["SHOP_COOKIE_OLD"]!);', 'shop.cookies.set("old", process.env["SHOP_COOKIE_OLD_2"]!);']);
  });

  test("a header that comes and goes belongs to its requests", () => {
    const lines = walk(["north", "south", "north"].map((value, index) => ({ url: `${shop}/${"abc"[index]}`, at: index * 100, headers: { "X-Shop": value } })));
    expect(lines.filter((line) => line.includes("x-shop"))).toEqual(["north", "south", "north"].map((value, index) => `await shop.get("/${"abc"[index]}", { headers: { "x-shop": "${value}" } });`));
  });

  test("a token of an answer is the session's header from then on", () => {
    const headers = { Authorization: "Bearer tok-5f1c8a" };
    const lines = walk([{ method: "POST", url: `${shop}/login`, answer: { token: "tok-5f1c8a" } }, { url: `${shop}/me`, at: 100, headers }, { url: `${shop}/cart`, at: 200, headers }]);
    expect(lines.slice(1, -1)).toEqual([
      'const login = (await shop.post("/login")).json<{ token: string }>();',
      'shop.header("authorization", `Bearer ${login.token}`);',
      'await shop.get("/me");',
      'await shop.get("/cart");',
    ]);
  });
});

describe("steps", () => {
  test.each([
    ["/items/4711", '{ name: "/items/:id" }'], ["/users/3fa85f64-5717-4562-b3fc-2c963f66afa6/orders/99", '{ name: "/users/:user/orders/:order" }'], ["/api/v2/oauth2/i18n", undefined], ["/blog/hello-world", undefined],
  ])("%s", (path, name) => expect(walk([{ url: shop + path }])[1]).toBe(`await shop.get("${path}"${name ? `, ${name}` : ""});`));

  test("three members of a plural are one step, three rooms of an api are three", () => {
    const lines = walk(["/items/oar", "/items/rope", "/items/lamp", "/api/a", "/api/b", "/api/c"].map((path, at) => ({ url: shop + path, at: at * 30 })));
    expect(lines.filter((line) => line.includes(':id"'))).toHaveLength(3);
    expect(lines).toContain('await shop.get("/api/a");');
  });

  test("gaps become think times, rounded and bounded", () => {
    const lines = walk([{ url: `${shop}/a` }, { url: `${shop}/b`, at: 2_020 }, { url: `${shop}/c`, at: 2_200 }, { url: `${shop}/d`, at: 400_000 }]);
    expect(lines[0]).toContain("async ({ shop }, user) =>");
    expect(lines.slice(1, -1)).toEqual(['await shop.get("/a");', 'await user.think("1.5s", "2.5s");', 'await shop.get("/b");', 'await shop.get("/c");', 'await user.think("23s", "38s");', 'await shop.get("/d");']);
  });

  test("pages are steps; what a later one needs is handed on", () => {
    const told: Told[] = [
      { url: `${shop}/`, page: "p1" }, { method: "POST", url: `${shop}/orders`, at: 100, page: "p1", answer: { id: "o-81f2" } }, { url: `${shop}/orders/o-81f2`, at: 3_120, page: "p2" },
    ];
    expect(walk(told, { p1: "The shop", p2: "https://shop.example/thanks?token=abc" }).slice(1, -1)).toEqual([
      'const { order } = await user.step("The shop", async () => {', 'await shop.get("/");', 'const order = (await shop.post("/orders")).json<{ id: string }>();', "return { order };", "});",
      'await user.think("2.5s", "4s");',
      'await user.step("/thanks", async () => {', 'await shop.get(`/orders/${order.id}`, { name: "/orders/:id" });', "});",
    ]);
  });

  test("the budget is the recording's own, rounded up", () => {
    const text = fromHar(har([{ url: `${shop}/a`, took: 20 }, { url: `${shop}/b`, took: 181, at: 30 }]));
    expect(text).toContain('budget: { checkout: { p95: "200ms", errors: "1%" } }');
    expect(text).toContain("within 181ms");
  });
});

describe("broken input", () => {
  test.each<[string, string, string, string]>([
    ["nothing", "", "SEA_IMPORT_JSON", "f.har"],
    ["cut off", '{"log":\n {"entries": [', "SEA_IMPORT_JSON", "f.har"],
    ["a stray letter", '{"log":\n x}', "SEA_IMPORT_JSON", "f.har:2:2"],
    ["a comma too many", '{"log":{"a":1,}}', "SEA_IMPORT_JSON", "f.har:1:15"],
    ["a list that ends as an object", '{"log":[1}', "SEA_IMPORT_JSON", "f.har:1:10"],
    ["two values", '{"log":1} {}', "SEA_IMPORT_JSON", "f.har:1:11"],
    ["a raw line break", '{"log":"a\n"}', "SEA_IMPORT_JSON", "f.har:1:10"],
    ["a list", "[]", "SEA_IMPORT_FORMAT", "f.har"],
    ["no log", "{}", "SEA_IMPORT_FORMAT", "f.har"],
    ["no entries", '{"log":{}}', "SEA_IMPORT_SHAPE", "log.entries"],
    ["an entry that is none", '{"log":{"entries":[null]}}', "SEA_IMPORT_SHAPE", "log.entries[0]"],
    ["no request", '{"log":{"entries":[{}]}}', "SEA_IMPORT_SHAPE", "log.entries[0].request"],
    ["no address", '{"log":{"entries":[{"request":{"method":"GET","url":"nowhere"}}]}}', "SEA_IMPORT_URL", "log.entries[0].request.url"],
    ["a method", '{"log":{"entries":[{"request":{"method":"GET /","url":"http://a/"}}]}}', "SEA_IMPORT_SHAPE", "log.entries[0].request.method"],
  ])("%s", (_, text, code, place) => {
    let thrown: unknown;
    try {
      readHar(text, "x", "f.har");
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toMatchObject({ code, place: expect.stringMatching(new RegExp(`^${place.replace(/[[\].]/g, "\\$&")}`)) });
  });

  test("what an export left out does not matter", () => {
    const bare = { log: { entries: [{ request: { method: "get", url: `${shop}/a` } }, { request: { method: "GET", url: `${shop}/b`, headers: [null, 3, { name: "x" }] }, response: "?" }] } };
    expect(walkOf(fromHar(`\ufeff${JSON.stringify(bare)}`)).slice(1, -1)).toEqual(['await shop.get("/a");', 'await shop.get("/b");']);
  });
});
