import { request } from "node:http";
import { expect, test } from "vitest";
import { openShop, order, withShops } from "./shop.ts";

test("failing: about half of the answers are 500, the checks are well", async () => {
  await withShops(1, async ([shop]) => {
    const statuses = await Promise.all(Array.from({ length: 200 }, async () => (await order(shop!)).status));
    const failed = statuses.filter((status) => status === 500).length;
    expect(failed).toBeGreaterThan(50);
    expect(failed).toBeLessThan(150);
    expect(statuses.every((status) => status === 500 || status === 201)).toBe(true);
    for (const path of ["/healthz", "/readyz"]) for (let i = 0; i < 20; i++) expect((await fetch(shop!.url + path)).status).toBe(200);
  }, { SHOP_MODE: "failing" });
});

test("slow: 400 ms more, the checks are quick", async () => {
  await withShops(1, async ([shop]) => {
    const took = async (path: string) => {
      const fromMs = performance.now();
      await (await fetch(shop!.url + path)).text();
      return performance.now() - fromMs;
    };
    expect(await took("/items")).toBeGreaterThanOrEqual(395);
    expect(await took("/readyz")).toBeLessThan(300);
  }, { SHOP_MODE: "slow" });
});

test("an unknown mode and a taken port end it with a sentence", async () => {
  await expect(openShop({ SHOP_MODE: "odd" })).rejects.toThrow("SHOP_MODE is one of good, slow, failing, not odd");
  await withShops(1, async ([shop]) => {
    await expect(openShop({ PORT: new URL(shop!.url).port })).rejects.toThrow("EADDRINUSE");
  });
});

test("SIGTERM: what was begun is answered, then it ends", async () => {
  await withShops(1, async ([shop]) => {
    const fromMs = performance.now();
    const begun = new Promise<{ status: number; connection: string | undefined }>((resolve, reject) => {
      const call = request(`${shop!.url}/items`, (answer) => {
        answer.resume();
        resolve({ status: answer.statusCode!, connection: answer.headers.connection });
      });
      call.on("error", reject);
      call.end();
    });
    await new Promise((resolve) => setTimeout(resolve, 150));
    shop!.child.kill("SIGTERM");
    expect(await begun).toEqual({ status: 200, connection: "close" });
    expect(await shop!.ended).toBe(0);
    expect(performance.now() - fromMs).toBeLessThan(2_500);
  }, { SHOP_MODE: "slow" });
});
