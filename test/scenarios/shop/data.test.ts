/** An order that was acknowledged is in the file that the path leads to. */
import { copyFileSync, cpSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { backup, DatabaseSync } from "node:sqlite";
import { expect, test } from "vitest";
import { idOf, idsIn, openShop, order, withShops } from "./shop.ts";

const ready = async (url: string) => (await fetch(`${url}/readyz`)).status;

test("four processes share one file: every order is there, no id twice", async () => {
  await withShops(4, async (shops, folder) => {
    const ids = await Promise.all(Array.from({ length: 80 }, async (_, i) => idOf(await order(shops[i % 4]!))));
    expect(new Set(ids).size).toBe(80);
    for (const shop of shops) expect((await idsIn(shop)).sort()).toEqual([...ids].sort());
    const db = new DatabaseSync(join(folder, "shop.db"), { readOnly: true });
    expect(db.prepare("SELECT count(*) AS n FROM orders").get()!["n"]).toBe(80);
    db.close();
  });
});

test.each([
  ["the file", (folder: string) => ["shop.db", "shop.db-wal", "shop.db-shm"].forEach((name) => rmSync(join(folder, name), { force: true }))],
  ["the file alone", (folder: string) => rmSync(join(folder, "shop.db"))],
  ["the folder", (folder: string) => rmSync(folder, { recursive: true })],
])("%s is lost: alive but not ready, 503, nothing acknowledged; restored: ready with what the backup had", async (what, lose) => {
  await withShops(2, async (shops, folder) => {
    const kept = await idOf(await order(shops[0]!));
    const copy = `${folder}.backup.db`;
    const source = new DatabaseSync(join(folder, "shop.db"), { readOnly: true });
    await backup(source, copy);
    source.close();
    const late = await idOf(await order(shops[1]!));

    lose(folder);
    for (const shop of shops) {
      expect(await ready(shop.url)).toBe(503);
      expect((await fetch(`${shop.url}/healthz`)).status).toBe(200);
      expect((await order(shop)).status).toBe(503);
      expect((await fetch(`${shop.url}/orders/${kept}`)).status).toBe(503);
    }

    if (what === "the folder") cpSync(copy, join(`${folder}.new`, "shop.db"));
    else ["-wal", "-shm"].forEach((end) => rmSync(join(folder, `shop.db${end}`), { force: true }));
    if (what === "the folder") renameSync(`${folder}.new`, folder);
    else {
      copyFileSync(copy, join(folder, ".restored"));
      renameSync(join(folder, ".restored"), join(folder, "shop.db"));
    }
    for (const shop of shops) expect(await ready(shop.url)).toBe(200);
    const fresh = await Promise.all(shops.map(async (shop) => idOf(await order(shop))));
    for (const shop of shops) {
      expect((await idsIn(shop)).sort()).toEqual([kept, ...fresh].sort());
      expect((await fetch(`${shop.url}/orders/${late}`)).status).toBe(404);
    }
  });
});

test("replaced under load: what was acknowledged afterwards is in the new file, from every process", async () => {
  await withShops(3, async (shops, folder) => {
    await order(shops[0]!);
    let going = true;
    const acknowledged: { id: string; beganMs: number }[] = [];
    const load = shops.map(async (shop) => {
      while (going) {
        const beganMs = performance.now();
        // A connection that the shop closes after its fiftieth request may meet ours: nothing was promised then.
        const answer = await order(shop).catch(() => undefined);
        if (answer?.status === 201) acknowledged.push({ id: await idOf(answer), beganMs });
        else await answer?.text();
      }
    });
    try {
      for (let round = 0; round < 5; round++) {
        const copy = join(`${folder}.new`, "shop.db");
        rmSync(`${folder}.new`, { recursive: true, force: true });
        cpSync(join(folder, "shop.db"), copy);
        renameSync(folder, `${folder}.gone-${round}`);
        renameSync(`${folder}.new`, folder);
        const sinceMs = performance.now();
        // What was begun before the swap may have been written, and rightly acknowledged, before it.
        const after = () => acknowledged.filter((one) => one.beganMs > sinceMs).map((one) => one.id);
        await expect.poll(() => after().length, { timeout: 10_000 }).toBeGreaterThan(5);
        const mine = after();
        expect(await idsIn(shops[round % 3]!)).toEqual(expect.arrayContaining(mine));
      }
    } finally {
      going = false;
      await Promise.all(load);
    }
  });
});

test("a shop that starts while its folder is missing waits for it", async () => {
  await withShops(1, async (shops, folder) => {
    const kept = await idOf(await order(shops[0]!));
    renameSync(folder, `${folder}.away`);
    const late = await openShop({ SHOP_DATA: folder });
    try {
      expect(await ready(late.url)).toBe(503);
      renameSync(`${folder}.away`, folder);
      expect(await ready(late.url)).toBe(200);
      expect(await idsIn(late)).toEqual([kept]);
    } finally {
      late.child.kill("SIGKILL");
      await late.ended;
    }
  });
});
