import { expect, test } from "vitest";
import { ask, clock, isWhole, sail, until, type Answer } from "./sea.ts";

test("lost data: not ready, nothing is acknowledged; restored: the orders before the backup are back, those after it are not", async () => {
  await sail(async (cluster) => {
    const order = async (): Promise<string | undefined> => {
      const answer = await ask(cluster, "/orders", { item: "rope" });
      return typeof answer !== "string" && answer.status === 201 ? answer.body.id : undefined;
    };
    const all = async (): Promise<string[]> => ((await ask(cluster, "/orders")) as Answer).body.ids;

    const before = await Promise.all(Array.from({ length: 20 }, order));
    expect(before).not.toContain(undefined);
    const newest = async () => (await cluster.backups("orders"))[0]?.takenAtMs ?? 0;
    const orderedMs = clock.wallMs();
    const beaten = await until("a backup on the beat", async () => (await newest()) > orderedMs && (await cluster.backups("orders"))[0]);
    const after = await order();

    await cluster.lose("orders");
    expect(await Promise.all(Array.from({ length: 20 }, order))).toEqual(Array(20).fill(undefined));
    await until("nobody is ready", async () => (await cluster.pods()).every((pod) => !pod.ready));
    // A replica that starts while the data is lost must not begin with an empty one.
    await cluster.killPod((await cluster.pods())[0]!);
    await clock.sleep(2_000);
    expect(await cluster.holds("orders")).toBe(false);
    expect((await cluster.pods()).some((pod) => pod.ready)).toBe(false);

    await cluster.restore("orders", beaten.id);
    await until("whole", () => isWhole(cluster));
    const found = await all();
    expect(found).toEqual(expect.arrayContaining(before));
    expect(found).not.toContain(after);
    const again = await Promise.all(Array.from({ length: 12 }, order));
    expect(again).not.toContain(undefined);
    expect(await all()).toEqual(expect.arrayContaining(again));
  });
});

test("keeps the last ten backups", async () => {
  await sail(async (cluster) => {
    const ids: string[] = [];
    for (let i = 0; i < 13; i++) ids.unshift((await cluster.backUp("orders")).id);
    const kept = (await cluster.backups("orders")).map((backup) => backup.id);
    expect(kept).toHaveLength(10);
    expect(kept[0]).toBe((await cluster.backups("orders"))[0]!.id);
    expect(ids.slice(0, 9).every((id) => kept.includes(id))).toBe(true);
  }, { data: { orders: { backupEvery: "1h" } } });
});

test("files that are no databases are backed up too, in folders as well", async () => {
  const server = `const http = require("http"), fs = require("fs"), path = require("path");
    const file = path.join(process.env.NOTES, "deep", "note.txt");
    http.createServer((q, s) => {
      try {
        if (q.method === "POST") { fs.mkdirSync(path.dirname(file), { recursive: true }); fs.writeFileSync(file, "kept"); }
        s.end(JSON.stringify(q.url === "/ready" ? "" : fs.readFileSync(file, "utf8")));
      } catch { s.writeHead(404).end("null"); }
    }).listen(process.env.PORT, "127.0.0.1");`;
  await sail(async (cluster) => {
    expect(await cluster.holds("notes")).toBe(false);
    await ask(cluster, "/", {});
    const backup = await cluster.backUp("notes");
    await cluster.lose("notes");
    expect(await ask(cluster, "/")).toMatchObject({ status: 404 });
    await cluster.restore("notes", backup.id);
    expect(await ask(cluster, "/")).toMatchObject({ status: 200, body: "kept" });
  }, { services: { shop: { command: ["node", "-e", server], replicas: 1, ready: "/ready", data: "notes" } }, data: {}, dataEnv: "NOTES" });
});
