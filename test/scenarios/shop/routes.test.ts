import { afterAll, beforeAll, expect, test } from "vitest";
import { mkdtempSync, rmSync } from "node:fs";
import { Agent, get, type IncomingMessage } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { idsIn, openShop, order, type Shop } from "./shop.ts";

let shop: Shop;
const folder = mkdtempSync(join(tmpdir(), "seatrial-shop-"));

beforeAll(async () => {
  shop = await openShop({ SHOP_DATA: folder, SHOP_VERSION: "v7" });
});

afterAll(async () => {
  shop.child.kill("SIGTERM");
  expect(await shop.ended).toBe(0);
  rmSync(folder, { recursive: true, force: true });
});

const json = { "content-type": "application/json" };

test.each([
  ["GET", "/", undefined, 200],
  ["GET", "/items", undefined, 200],
  ["GET", "/items/rope", undefined, 200],
  ["GET", "/items/whale", undefined, 404],
  ["GET", "/items/rope/twice", undefined, 404],
  ["GET", "/orders", undefined, 200],
  ["GET", "/orders/nobody", undefined, 404],
  ["GET", "/healthz", undefined, 200],
  ["GET", "/readyz", undefined, 200],
  ["GET", "/elsewhere", undefined, 404],
  ["PUT", "/items", "{}", 404],
  ["POST", "/orders", '{"item":"lamp"}', 201],
  ["POST", "/orders", '{"item":"whale"}', 422],
  ["POST", "/orders", "{}", 422],
  ["POST", "/orders", "null", 422],
  ["POST", "/orders", "{", 400],
  ["POST", "/orders", "", 400],
  ["POST", "/orders", JSON.stringify({ item: "x".repeat(20_000) }), 413],
])("%s %s %s: %i", async (method, path, body, status) => {
  const answer = await fetch(shop.url + path, { method, headers: json, ...(body !== undefined && { body }) });
  expect(answer.status).toBe(status);
  expect(answer.headers.get("x-shop-version")).toBe("v7");
  await answer.text();
});

test("an order is found by its id, and in the audit", async () => {
  const { id, item } = (await (await order(shop)).json()) as { id: string; item: string };
  expect(item).toBe("rope");
  expect(await (await fetch(`${shop.url}/orders/${id}`)).json()).toEqual({ id, item: "rope" });
  expect(await idsIn(shop)).toContain(id);
});

test("the page orders without scripts: labelled form, confirmation with the id", async () => {
  const front = await (await fetch(shop.url, { headers: { accept: "text/html" } })).text();
  expect(front).toMatch(/<html lang="en">[^]*<h1>[^]*<form method="post" action="\/orders">\s*<label for="item">[^]*<select id="item" name="item"[^]*<button type="submit">/);
  expect(front).not.toMatch(/<script/);
  const answer = await fetch(`${shop.url}/orders`, { method: "POST", headers: { accept: "text/html" }, body: new URLSearchParams({ item: "rope" }) });
  expect(answer.status).toBe(200);
  const id = new URL(answer.url).pathname.split("/").at(-1)!;
  expect(await answer.text()).toContain(`data-order="${id}"`);
  expect(await idsIn(shop)).toContain(id);
});

test("what a person typed comes back as text", async () => {
  const page = await (await fetch(`${shop.url}/items/${encodeURIComponent("<script>")}`, { headers: { accept: "text/html" } })).text();
  expect(page).toContain("<h1>Sorry</h1>");
  expect(page).not.toContain("<script>");
});

test("a connection is closed with its fiftieth answer", async () => {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const closing: number[] = [];
  for (let i = 1; i <= 100; i++) {
    const answer = await new Promise<IncomingMessage>((resolve, reject) => get(`${shop.url}/healthz`, { agent }, resolve).on("error", reject));
    await new Promise((resolve) => answer.resume().on("end", resolve));
    expect(answer.statusCode).toBe(200);
    if (answer.headers.connection === "close") closing.push(i);
  }
  agent.destroy();
  expect(closing).toEqual([50, 100]);
});

test("prints no warnings", () => {
  expect(shop.printed.join("")).not.toMatch(/sqlite/i);
});
