import { expect, test } from "vitest";
import { Store } from "../../src/sim/store.ts";

type Call = readonly [method: string, path: string, body: unknown, status: number, answer?: unknown];

const tables: readonly (readonly [string, readonly Call[]])[] = [
  ["a collection that nobody wrote to finds everything", [
    ["GET", "/items", undefined, 200, [{ id: "1" }, { id: "2" }, { id: "3" }]],
    ["GET", "/items/7?full=1", undefined, 200, { id: "7" }],
    ["HEAD", "/items/7", undefined, 200],
    ["DELETE", "/items/7", undefined, 204],
    ["GET", "/", undefined, 200],
  ]],
  ["what was written is found, and nothing else", [
    ["POST", "/orders", { item: "rope" }, 201, { item: "rope", id: "orders-1" }],
    ["POST", "/orders/", '{"item":"oar"}', 201, { item: "oar", id: "orders-2" }],
    ["POST", "/orders", { id: "mine" }, 201, { id: "mine" }],
    ["GET", "/orders/orders-1", undefined, 200, { item: "rope", id: "orders-1" }],
    ["GET", "/orders/nope", undefined, 404],
    ["GET", "/orders", undefined, 200, [{ item: "rope", id: "orders-1" }, { item: "oar", id: "orders-2" }, { id: "mine" }]],
    ["GET", "/items/9", undefined, 200, { id: "9" }],
  ]],
  ["put, patch and delete", [
    ["PUT", "/carts/a", { n: 1 }, 200, { n: 1, id: "a" }],
    ["PATCH", "/carts/a", { m: 2 }, 200, { n: 1, m: 2, id: "a" }],
    ["PATCH", "/carts/b", {}, 404],
    ["DELETE", "/carts/a", undefined, 204],
    ["DELETE", "/carts/a", undefined, 404],
    ["GET", "/carts/a", undefined, 404],
    ["TRACE", "/carts/a", undefined, 405],
  ]],
  ["escapes, odd bodies and a path below a thing", [
    ["PUT", "/x/a%20b", "text", 200, { value: "text", id: "a b" }],
    ["GET", "/x/a b", undefined, 200],
    ["GET", "/x/%zz", undefined, 404],
    ["POST", "/x/a%20b/notes", [1], 201, { value: [1], id: "notes-1" }],
    ["POST", "/y", null, 201, { id: "y-2" }],
  ]],
];

test.each(tables)("%s", (_, calls) => {
  const store = new Store();
  for (const [method, path, body, status, answer] of calls) {
    const got = store.answer({ method, path, body });
    expect(got.status, `${method} ${path}`).toBe(status);
    if (answer !== undefined) expect(got.body, `${method} ${path}`).toEqual(answer);
  }
});

test("becomes what it was, more than once, and gives no id out twice", () => {
  const store = new Store();
  const write = () => (store.answer({ method: "POST", path: "/orders", body: {} }).body as { id: string }).id;
  const list = () => (store.answer({ method: "GET", path: "/orders" }).body as { id: string }[]).map(({ id }) => id);
  const first = write();
  const early = store.copy();
  const second = write();
  const late = store.copy();
  store.become(early);
  expect(list()).toEqual([first]);
  const third = write();
  expect([first, second]).not.toContain(third);
  store.become(late);
  expect(list()).toEqual([first, second]);
  store.become(early);
  expect(list()).toEqual([first]);
});
