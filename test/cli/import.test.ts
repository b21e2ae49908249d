/** Recordings and descriptions into scenarios, by the command line: each is type-checked, planned, and those of a real browser are played. */
import { execFile } from "node:child_process";
import { randomUUID } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { stringify } from "yaml";
import { har } from "../recording/archive.ts";
import { launchBrowser } from "../reports/served.ts";
import { idsIn, openShop } from "../scenarios/shop/shop.ts";
import { makeHome, mistakes, seatrial, summaryOf, type Ended, type Home } from "./seatrial.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));
const fixture = (name: string) => readFileSync(new URL(`../recording/fixtures/${name}`, import.meta.url), "utf8");

let home: Home;
const sail = (...args: readonly string[]) => seatrial(args, { cwd: home.folder });
const read = (file: string) => readFileSync(home.path(file), "utf8");

const commands = `# the shop
curl -s 'https://shop.example/items?page=2' -H 'X-Api-Key: hunter2222' | jq .
curl -X POST https://shop.example/orders --json '{"item":"rope"}' -H 'X-Api-Key: hunter2222' && \\
  curl -F 'photo=@rope.jpg;type=image/jpeg' -u mary:hunter3333 "https://shop.example/items/$ITEM/photo"
`;

beforeAll(() => {
  home = makeHome({
    "package.json": '{ "type": "module" }',
    "tsconfig.json": JSON.stringify({
      extends: join(root, "tsconfig.json"),
      compilerOptions: { types: ["node"], typeRoots: [join(root, "node_modules/@types")], paths: { seatrial: [join(root, "src/index.ts")], "seatrial/*": [join(root, "drivers/*/index.ts")] } },
      include: ["*.ts"], exclude: [],
    }),
    "shop.sh": commands,
    "pets.json": fixture("pet-shop.json"),
    "pets.yaml": stringify(JSON.parse(fixture("pet-shop.json"))),
    "k6.json": fixture("k6-inspect.json"),
    "empty.har": "",
    "cut.har": '{\n"log": {"entries": [',
    "idle.har": har([{ url: "data:text/plain,x" }]),
    "broken.yaml": "openapi: 3.1.0\npaths:\n  - a\n b: c\n",
    "mine.md": "mine",
  });
});
afterAll(() => home.remove());

/** What was imported is what the compiler and the planner take. */
async function expectSound(...files: readonly string[]): Promise<void> {
  await promisify(execFile)(join(root, "node_modules/.bin/tsc"), ["-p", home.folder, "--pretty", "false"]).catch((error: { stdout: string }) => expect.unreachable(error.stdout));
  for (const file of files) {
    const { code, out, err } = await sail("plan", file);
    expect(err).toBe("");
    expect(out).toMatch(/budget/);
    expect(code).toBe(0);
  }
}

const expectRefusal = ({ code, out, err }: Ended, ...said: readonly string[]) => {
  expect(err).not.toMatch(mistakes);
  for (const word of said) expect(err).toContain(word);
  expect([code, out]).toEqual([3, ""]);
};

describe("what is written down", () => {
  test("curl, OpenAPI as JSON and as YAML, k6: type-checked and planned", async () => {
    expect(await sail("import", "curl", "shop.sh", "--out", "curl.ts")).toMatchObject({
      code: 0, out: "", err: "3 requests in curl.ts\nset before a run: SHOP_API_KEY, ITEM, SHOP_USER, SHOP_PASSWORD\nthen: seatrial plan curl.ts\n",
    });
    expect(await sail("import", "openapi", "pets.json", "--out", "pets.ts")).toMatchObject({ code: 0, err: expect.stringContaining("left out: deprecated: GET /old") });
    expect(await sail("import", "openapi", "pets.yaml", "--out", "pets-yaml.ts")).toMatchObject({ code: 0 });
    expect(await sail("import", "k6-json", "k6.json", "--out", "k6.ts")).toMatchObject({ code: 0, err: expect.stringContaining("left out: the environment of steady: REGION") });
    await expectSound("curl.ts", "pets.ts", "pets-yaml.ts", "k6.ts");
    expect(read("pets-yaml.ts").replaceAll("pets.yaml", "pets.json")).toBe(read("pets.ts"));
    expect(read("curl.ts")).not.toContain("hunter");
    // All of k6's executors, as k6 1.8 prints them.
    for (const pace of ["users(5)", "users(2, { to:", 'arrivals("90/m", { most: 20 })', 'arrivals("5/s", { to:', "times(40, { users: 4 })", "times(5, { users: 3, each: true })"]) expect(read("k6.ts")).toContain(pace);
  }, 60_000);

  test("from standard input to standard output, which is the scenario alone", async () => {
    const piped = await seatrial(["import", "curl", "-"], { cwd: home.folder, shell: "cat shop.sh |" });
    expect(piped).toMatchObject({ code: 0, err: expect.stringMatching(/^3 requests\nset before a run: /) });
    expect(piped.out).toBe((await sail("import", "curl", "shop.sh")).out.replace("shop: made of shop.sh", "recording: made of standard input").replace('name: "shop"', 'name: "recording"').replaceAll("shopWalk", "recording"));
  });

  test("the README's example is what a recording becomes", async () => {
    const base = "https://shop.staging.example";
    const headers = { Authorization: "Bearer tk-5f1c8a9e2" };
    home.write({
      "checkout.har": har([
        { url: `${base}/style.css`, resource: "stylesheet", mime: "text/css" },
        { method: "POST", url: `${base}/session`, at: 40, took: 130, type: "application/json", body: '{"user":"mary","password":"hunter2222"}', answer: { token: "tk-5f1c8a9e2" } },
        { url: `${base}/items`, at: 200, took: 60, headers, answer: [{ id: "rope" }] },
        { method: "POST", url: `${base}/orders`, at: 4_260, took: 90, headers, type: "application/json", body: '{"item":"rope"}', answer: { id: "o-81f2a" } },
        { url: `${base}/orders/o-81f2a`, at: 4_400, headers, answer: { id: "o-81f2a" } },
      ]),
    });
    const { out, code } = await sail("import", "har", "checkout.har");
    expect(code).toBe(0);
    expect([...readFileSync(join(root, "README.md"), "utf8").matchAll(/^```ts\n([\s\S]*?)^```$/gm)].map(([, text]) => text)).toContain(out);
  });

  test("what can't be imported is refused with its place, and writes nothing", async () => {
    expectRefusal(await sail("import", "har", "empty.har"), "SEA_IMPORT_JSON  empty.har", "it is empty");
    expectRefusal(await sail("import", "har", "cut.har"), "SEA_IMPORT_JSON  cut.har:2:21", "ends too early");
    expectRefusal(await sail("import", "har", "idle.har", "--out", "idle.ts"), "SEA_IMPORT_EMPTY", "inside the browser");
    expectRefusal(await sail("import", "har", "pets.json"), "SEA_IMPORT_FORMAT  pets.json", "this is an OpenAPI description", "seatrial import openapi");
    expectRefusal(await sail("import", "openapi", "k6.json"), "this is k6 options", "seatrial import k6-json");
    expectRefusal(await sail("import", "k6-json", "idle.har"), "this is an HTTP archive", "seatrial import har");
    expectRefusal(await sail("import", "openapi", "broken.yaml"), "SEA_IMPORT_YAML  broken.yaml:4:");
    expectRefusal(await sail("import", "curl", "cut.har"), "SEA_IMPORT_SHELL  cut.har:1", "is not curl");
    expectRefusal(await sail("import", "har", "nowhere.har"), "SEA_IMPORT_READ  nowhere.har");
    expectRefusal(await sail("import", "har", "."), "SEA_IMPORT_READ  .");
    expectRefusal(await sail("import", "curl", "shop.sh", "--out", "no/folder.ts"), "SEA_IMPORT_WRITE  --out");
    expectRefusal(await sail("import", "curl", "shop.sh", "--out", "mine.md"), "SEA_IMPORT_EXISTS  --out", "mine.md");
    expectRefusal(await sail("import", "pcap", "shop.sh"), "har, openapi, curl, k6-json");
    expectRefusal(await seatrial(["import", "har", "-"], { cwd: home.folder, shell: "head -c 201000000 /dev/zero |" }), "SEA_IMPORT_LONG  -", "200 MB");
    expect(read("mine.md")).toBe("mine");
    expect(existsSync(home.path("idle.ts"))).toBe(false);
  }, 60_000);
});

describe("what a browser did", () => {
  let browser: Browser;
  beforeAll(async () => void (browser = await launchBrowser()));
  afterAll(() => browser?.close());

  async function record(file: string, act: (page: Page) => Promise<unknown>): Promise<void> {
    const context = await browser.newContext({ recordHar: { path: home.path(file), content: "embed" } });
    await act(await context.newPage());
    await context.close();
  }

  /** Imports, shortens as a person would, runs; gives the text and the counts by step. */
  async function play(name: string, env: Readonly<Record<string, string>> = {}): Promise<{ readonly text: string; readonly counts: Readonly<Record<string, readonly [ok: number, all: number]>> }> {
    expect(await sail("import", "har", `${name}.har`, "--out", `${name}.ts`)).toMatchObject({ code: 0 });
    await expectSound(`${name}.ts`);
    const text = read(`${name}.ts`);
    writeFileSync(home.path(`${name}.ts`), text.replace('for: "1m"', 'for: "3s"').replace('"1/s"', '"10/s"').replace(/p95: "\w+"/, 'p95: "10s"').replace(/user\.think\(.*\)/g, 'user.think("1ms", "2ms")'));
    const { err, code } = await seatrial(["run", `${name}.ts`, "--out", name, "--report", "json"], { cwd: home.folder, env });
    expect(err).not.toMatch(mistakes);
    // On a machine that starves the generator the verdict is unsure; what the server saw is counted below all the same.
    expect([0, 2]).toContain(code);
    const rows = summaryOf(home.path(name)).rows.filter(({ type }) => type === "op");
    return { text, counts: Object.fromEntries(rows.map(({ step, ok, count }) => [step, [ok, count]])) };
  }

  test("the sample shop: ids of a new day are taken from its answers", async () => {
    let shop = await openShop({});
    const port = new URL(shop.url).port;
    await record("chandler.har", async (page) => {
      await page.goto(shop.url);
      await page.selectOption("select", "lamp");
      await page.click("button");
      await page.waitForSelector("[data-order]");
      await page.evaluate(async () => {
        const order = (await (await fetch("/orders", { method: "POST", headers: { "content-type": "application/json" }, body: '{"item":"rope"}' })).json()) as { id: string };
        await (await fetch(`/orders/${order.id}`)).json();
      });
    });
    const recorded = await idsIn(shop);
    shop.child.kill("SIGKILL");
    await shop.ended;
    // The same address, and none of the orders.
    shop = await openShop({ PORT: port });
    try {
      const { text, counts } = await play("chandler");
      expect(text).toContain('site.post("/orders", form({ item: "lamp" }))');
      expect(text).toContain('const order = (await site.post("/orders", { item: "rope" })).json<{ id: string }>();');
      expect(text).toContain('await site.get(`/orders/${order.id}`, { name: "/orders/:id" });');
      for (const id of recorded) expect(text).not.toContain(id);
      const [asked = 0] = counts["GET /orders/:id"] ?? [];
      expect(asked).toBeGreaterThan(0);
      expect(counts).toEqual({ "GET /": [asked, asked], "POST /orders": [asked * 2, asked * 2], "GET /orders/:id": [asked, asked] });
      const now = await idsIn(shop);
      expect(now).toHaveLength(asked * 2);
      expect(now.filter((id) => recorded.includes(id))).toEqual([]);
    } finally {
      shop.child.kill("SIGKILL");
      await shop.ended;
    }
  }, 90_000);

  test("a sign-in: the password is the environment's, token and cookie are the session's own", async () => {
    const tokens = new Set<string>();
    const sessions = new Set<string>();
    const [refused, carts]: [string[], string[]] = [[], []];
    const server: Server = createServer((request, response) => {
      const json = (status: number, value: unknown, headers = {}) => response.writeHead(status, { "content-type": "application/json", ...headers }).end(JSON.stringify(value));
      let body = "";
      request.setEncoding("utf8").on("data", (text: string) => (body += text)).on("end", () => {
        const path = request.url!;
        if (path === "/") return void response.writeHead(200, { "content-type": "text/html" }).end('<link rel="icon" href="data:,"><link rel="stylesheet" href="/style.css"><h1>Sign in</h1>');
        if (path === "/style.css") return void response.writeHead(200, { "content-type": "text/css" }).end("h1 { color: navy }");
        if (path === "/login") {
          if ((JSON.parse(body) as { password: string }).password !== "hunter-4444") return json(401, { path });
          const [token, sid] = [`tk-${randomUUID()}`, randomUUID()];
          tokens.add(token);
          sessions.add(sid);
          return json(200, { access: { token } }, { "set-cookie": `sid=${sid}; HttpOnly` });
        }
        const isKnown = tokens.has(String(request.headers.authorization).replace("Bearer ", "")) && sessions.has(/sid=([^;]*)/.exec(request.headers.cookie ?? "")?.[1] ?? "");
        if (!isKnown) refused.push(path);
        if (!isKnown) return json(401, { path });
        if (request.method === "POST") carts.push(String(carts.length + 52_001));
        return json(200, request.method === "POST" ? { cart: { number: Number(carts.at(-1)) } } : carts.includes(path.split("/")[2] ?? "") ? { path } : { carts: [] });
      });
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    try {
      await record("harbour.har", async (page) => {
        await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
        await page.evaluate(async () => {
          const ask = async (path: string, init?: RequestInit) => (await fetch(path, init)).json();
          const { access } = (await ask("/login", { method: "POST", headers: { "content-type": "application/json" }, body: '{"user":"mary","password":"hunter-4444"}' })) as { access: { token: string } };
          const headers = { authorization: `Bearer ${access.token}` };
          const { cart } = (await ask("/carts", { method: "POST", headers })) as { cart: { number: number } };
          await ask(`/carts/${cart.number}`, { headers });
        });
      });
      const before = [...tokens, ...sessions];
      tokens.clear();
      sessions.clear();
      const { text, counts } = await play("harbour", { SITE_PASSWORD: "hunter-4444" });
      for (const secret of ["hunter", ...before]) expect(text).not.toContain(secret);
      expect(text).toContain('password: process.env["SITE_PASSWORD"]!');
      expect(text).toContain('site.header("authorization", `Bearer ${login.access.token}`);');
      expect(text).toContain('site.get(`/carts/${cart.cart.number}`, { name: "/carts/:id" })');
      expect(text).toContain("static files: 1");
      const [walks = 0] = counts["GET /carts/:id"] ?? [];
      expect(walks).toBeGreaterThan(0);
      for (const step of ["GET /", "POST /login", "POST /carts", "GET /carts/:id"]) expect([step, counts[step]]).toEqual([step, [walks, walks]]);
      expect(refused).toEqual([]);
    } finally {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    }
  }, 90_000);
});
