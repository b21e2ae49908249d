import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { local, type LocalSettings, type ServiceSettings } from "../../../drivers/local/index.ts";
import { freePort } from "../../../drivers/local/ports.ts";
import { ask, clock, context, sail, settings, shop } from "./sea.ts";

// Other runs on the machine have folders of such names, too: this file's clusters live in a place of its own.
const place = mkdtempSync(join(tmpdir(), "seatrial-test-"));
process.env["TMPDIR"] = place;
afterAll(() => rmSync(place, { recursive: true, force: true }));

const folders = () => readdirSync(place).filter((name) => name.startsWith("seatrial-local-"));

async function failure(service: Partial<ServiceSettings>, other: Partial<LocalSettings> = {}): Promise<{ code: string; message: string; ms: number }> {
  const fromMs = clock.now();
  const before = folders();
  const error = await local({ services: { shop: { ...shop, ...service } }, ...other }).open(context()).then(
    async (cluster) => cluster.close().then(() => new Error("it opened")),
    (thrown: unknown) => thrown,
  );
  expect(folders().filter((name) => !before.includes(name))).toEqual([]);
  return { ...(error as { code: string }), message: (error as Error).message, ms: clock.now() - fromMs };
}

test.each([
  ["exits at once", { command: ["node", "-e", "console.log('no licence'); process.exit(7)"] }, {}, /ended with code 7, \d+ times; it printed:\n {2}no licence/],
  ["exits at once, alone", { command: ["node", "-e", "process.exit(7)"], replicas: 1 }, {}, /ended with code 7, 3 times/],
  ["is no program", { command: ["no-such-program"] }, {}, /'no-such-program' of shop .*ENOENT/],
  ["has no such folder", { cwd: "/no/such/folder" }, {}, /ENOENT/],
  ["never gets ready", { command: ["node", "-e", "console.log('I listen to nobody'); setInterval(() => {}, 1e6)"] }, { startWithin: "2s" }, /shop did not answer 2xx at \/readyz within 2s; it printed:\n {2}I listen to nobody/],
] as const)("a start command that %s fails the start, in its own words", async (_, service, other, words) => {
  const { code, message, ms } = await failure(service, other);
  expect(code).toBe("SEA_LOCAL_START");
  expect(message).toMatch(words);
  expect(ms).toBeLessThan(8_000);
});

test("a port that is taken fails the start", async () => {
  const server = createServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  const { code, message } = await failure({ port: (server.address() as AddressInfo).port });
  server.close();
  expect(code).toBe("SEA_LOCAL_START");
  expect(message).toMatch(/port \d+ of shop: .*EADDRINUSE/);
});

// At once, the supervisor can't hear of it yet.
test.each([0, 300])("an abort after %i ms ends the start", async (afterMs) => {
  const before = folders();
  const abort = new AbortController();
  const opening = local(settings).open(context(abort.signal));
  await clock.sleep(afterMs);
  abort.abort(new Error("enough"));
  await expect(opening).rejects.toThrow("enough");
  expect(folders().filter((name) => !before.includes(name))).toEqual([]);
});

test("a port of one's own, and two clusters side by side", async () => {
  const port = await freePort();
  await sail((one) => sail(async (two) => {
    expect(one.service("shop")).toBe(`http://127.0.0.1:${port}`);
    expect(one.service("cart")).toBeUndefined();
    for (const cluster of [one, two]) expect(await ask(cluster, "/items")).toMatchObject({ status: 200 });
  }, { services: { shop: { ...shop, replicas: 1 } } }), { services: { shop: { ...shop, replicas: 1, port } } });
});

test.each([
  [{ name: "Not So" }, "name"],
  [{ nodes: 0 }, "nodes"],
  [{ services: {} }, "services"],
  [{ services: { shop: { ...shop, replicas: 1.5 } } }, "services.shop.replicas"],
  [{ services: { shop: { ...shop, command: [] as never } } }, "services.shop.command"],
  [{ services: { shop: { ...shop, ready: "readyz" } } }, "services.shop.ready and live"],
  [{ services: { shop: { ...shop, port: 70_000 } } }, "services.shop.port"],
  [{ services: { shop: { ...shop, data: "../etc" } } }, "data.../etc"],
] satisfies [Partial<LocalSettings>, string][])("refuses %j", (other, setting) => {
  expect(() => local({ ...settings, ...other })).toThrow(expect.objectContaining({ code: "SEA_LOCAL_SETTINGS", place: `local() ${setting}` }));
});

test("may lose everything it has, unless told otherwise", () => {
  expect(local(settings).mayLose).toEqual({ pods: "100%", nodes: 3, data: ["orders"], releases: ["shop"] });
  expect(local({ ...settings, mayLose: { pods: 1 } }).mayLose).toEqual({ pods: 1 });
});

test("what the replicas print stays with the run", async () => {
  const folder = mkdtempSync(join(tmpdir(), "seatrial-test-"));
  const cluster = await local(settings).open({ ...context(), folder });
  await cluster.close();
  const logs = readdirSync(join(folder, "logs"));
  expect(logs.sort()).toEqual(["shop-1.log", "shop-2.log", "shop-3.log", "shop-4.log"]);
  expect(readFileSync(join(folder, "logs", "shop-1.log"), "utf8")).toMatch(/^shop good \(good\) on /);
  rmSync(folder, { recursive: true });
});
