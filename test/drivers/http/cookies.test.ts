import { CookieJar } from "tough-cookie";
import { expect, test } from "vitest";
import { Jar } from "../../../drivers/http/cookies.ts";
import { http } from "../../../drivers/http/index.ts";
import { realClock } from "../../../src/units/clock.ts";
import { seeded } from "../../../src/units/random.ts";
import { userContext } from "../../contract/driver.ts";
import { serve, sit, underTest } from "./worlds.ts";

/** Sets the cookies that the query asks for, answers those that came. */
const answer: Parameters<typeof serve>[0] = (request, response) => {
  const asked = new URL(request.url!, "http://x").searchParams.getAll("set");
  if (asked.length > 0) response.setHeader("set-cookie", asked);
  response.end(request.headers.cookie ?? "");
};
const clock = realClock();
const jarOf = (url: URL) => new Jar(() => new CookieJar(), url, () => clock.wallMs());
const set = (...lines: string[]) => ({ params: { set: lines } });

test("cookies come back by path, and go by expiry", async () => {
  const { session } = await sit({ base: (await serve(answer)).base });
  await session.get("/shop/in", set("a=1", "b=2; Path=/", "c=3; Path=/admin", "d=4; Max-Age=60", "e=5; Expires=Thu, 01 Jan 1970 00:00:00 GMT"));
  expect((await session.get("/shop/out")).text()).toBe("a=1; d=4; b=2");
  expect((await session.get("/admin/")).text()).toBe("c=3; b=2");
  await session.get("/shop/in", set("b=; Max-Age=0; Path=/"));
  expect((await session.get("/shop/out")).text()).toBe("a=1; d=4");
});

test("a cookie expires by itself", async () => {
  const { session, context } = await sit({ base: (await serve(answer)).base });
  await session.get("/", set("short=1; Max-Age=1"));
  expect((await session.get("/")).text()).toBe("short=1");
  await context.clock.sleep(1_010);
  expect((await session.get("/")).text()).toBe("");
});

test("cookies keep to their host, and a foreign domain is ignored", async () => {
  const world = await serve(answer);
  const alias = world.base.replace("127.0.0.1", "localhost");
  const { session } = await sit({ base: world.base });
  await session.get("/", set("a=1", "evil=1; Domain=example.com", "com=1; Domain=com"));
  expect((await session.get("/")).text()).toBe("a=1");
  expect((await session.get(`${alias}/`)).text()).toBe("");
});

// Names below a domain need a name server; the jar itself knows addresses alone.
test("a domain cookie goes to every host below, a host cookie to its host alone, a Secure one to https alone", () => {
  const shop = new URL("https://shop.example/");
  const jar = jarOf(shop);
  jar.store(shop, ["wide=1; Domain=shop.example", "narrow=1", "safe=1; Secure; Domain=.shop.example"]);
  const sent = (url: string) => jar.header(new URL(url))?.split("; ").toSorted();
  expect(sent("https://shop.example/")).toEqual(["narrow=1", "safe=1", "wide=1"]);
  expect(sent("https://cart.shop.example/")).toEqual(["safe=1", "wide=1"]);
  expect(sent("http://cart.shop.example/")).toEqual(["wide=1"]);
  expect(sent("https://example/")).toBeUndefined();
  expect(sent("https://notshop.example/")).toBeUndefined();
});

test.each(["shop", "test", "local", "example", "localhost", "127.0.0.1", "[::1]", "shop.svc.cluster.local"])("a cookie of http://%s/ comes back", (host) => {
  const url = new URL(`http://${host}/in/side?a=b`);
  const jar = jarOf(url);
  jar.store(url, ["a=1"]);
  jar.set("b", "2");
  expect(jar.header(url)?.split("; ").toSorted()).toEqual(["a=1", "b=2"]);
  expect(jar.all()).toEqual({ a: "1", b: "2" });
  expect(jar.header(new URL("/", url))).toBe("b=2");
  expect(jar.header(new URL("http://other/in/side"))).toBeUndefined();
});

test("each session has its own; renew forgets them and keeps the connection", async () => {
  const world = await serve(answer);
  const driver = http({ base: world.base, ...(underTest.engine && { engine: underTest.engine }) });
  const [one, other] = [await driver.open(userContext().context), await driver.open(userContext().context)];
  await one.get("/", set("who=one"));
  await other.get("/", set("who=other"));
  expect([(await one.get("/")).text(), (await other.get("/")).text()]).toEqual(["who=one", "who=other"]);
  driver.renew!(one);
  expect([(await one.get("/")).text(), (await other.get("/")).text()]).toEqual(["", "who=other"]);
  expect(world.connections()).toBe(2);
  await driver.close(one);
  await driver.close(other);
});

test("cookies can be read and set", async () => {
  const { session } = await sit({ base: `${(await serve(answer)).base}/shop` });
  expect([session.cookies.all(), session.cookies.get("a")]).toEqual([{}, undefined]);
  await session.get("/", set("a=1; Path=/shop", "a=less; Path=/", "far=1; Path=/elsewhere"));
  session.cookies.set("b", "two words");
  expect(session.cookies.all()).toEqual({ a: "1", b: "two words" });
  expect((await session.get("/")).text()).toBe("a=1; a=less; b=two words");
  session.cookies.set("b", undefined);
  expect([session.cookies.get("a"), session.cookies.get("b")]).toEqual(["1", undefined]);
  session.cookies.clear();
  expect((await session.get("/")).text()).toBe("");
  for (const [name, value] of [["a b", "1"], ["a", "1; Domain=x"], ["a", "1\r\n"], ["", "1"]] as const) {
    expect(() => session.cookies.set(name, value)).toThrow(expect.objectContaining({ code: "SEA_HTTP_HEADER" }));
  }
});

test("a cookie header of one's own replaces the jar's", async () => {
  const { session } = await sit({ base: (await serve(answer)).base });
  await session.get("/", set("a=1"));
  expect((await session.get("/", { headers: { cookie: "mine=1" } })).text()).toBe("mine=1");
});

test("lines that a browser would ignore are ignored", async () => {
  const { session, ops } = await sit({ base: (await serve(answer)).base });
  await session.get("/", set("", ";;;", "=", "ok=1"));
  expect((await session.get("/")).text()).toBe("ok=1");
  expect(ops.map(({ outcome }) => outcome)).toEqual(["ok", "ok"]);
});

test("a jar holds as many cookies as a browser's, the latest, and none that is longer than there", () => {
  const url = new URL("http://shop.example/");
  const jar = jarOf(url);
  const names = () => jar.header(url)?.split("; ").map((pair) => pair.split("=")[0]);
  for (let n = 0; n < 1_000; n++) jar.store(url, [`c${n}=1`, "last=1; Path=/a"]);
  expect(names()).toEqual(Array.from({ length: 179 }, (_, n) => `c${n + 821}`));
  expect(jar.header(new URL("/a", url))).toContain("last=1");
  // Said again as it was said last, after it had to go.
  for (let n = 0; n < 200; n++) jar.store(url, [`d=1; Path=/${n}`]);
  expect(names()).toBeUndefined();
  jar.store(url, ["c999=1"]);
  expect(names()).toEqual(["c999"]);
  jar.store(url, [`long=${"x".repeat(4_100)}`, `lengthy=${"x".repeat(4_000)}; Path=/`]);
  expect(names()).toEqual(["c999", "lengthy"]);
});

test("what it remembers is what the jar itself would answer", () => {
  const random = seeded(11);
  const urls = ["http://shop.example/", "https://shop.example/a/b", "http://cart.shop.example/a/", "http://other.example/a"].map((url) => new URL(url));
  const endings = ["", "; Path=/", "; Path=/a", "; Domain=shop.example", "; Max-Age=60", "; Max-Age=0", "; Secure", "; Expires=Thu, 01 Jan 1970 00:00:00 GMT"];
  const line = () => `${random.pick(["a", "b", "c"])}=${random.int(1, 2)}${random.pick(endings)}`;
  for (let round = 0; round < 200; round++) {
    const jar = jarOf(urls[0]!);
    const plain = new CookieJar();
    for (let step = 0; step < 30; step++) {
      const url = random.pick(urls);
      const lines = Array.from({ length: random.int(0, 2) }, line);
      jar.store(url, lines);
      for (const one of lines) plain.setCookieSync(one, url.href, { ignoreError: true });
      const asked = random.pick(urls);
      expect(jar.header(asked)).toBe(plain.getCookieStringSync(asked.href) || undefined);
    }
  }
});

test("a cookie that is remembered still expires, and may be lengthened", async () => {
  const url = new URL("http://shop.example/");
  const jar = jarOf(url);
  jar.store(url, ["a=1; Max-Age=1", "b=1"]);
  expect(jar.header(url)).toBe("a=1; b=1");
  await clock.sleep(600);
  jar.store(url, ["a=1; Max-Age=1", "b=1"]);
  await clock.sleep(600);
  expect(jar.header(url)).toBe("a=1; b=1");
  await clock.sleep(600);
  expect(jar.header(url)).toBe("b=1");
});
