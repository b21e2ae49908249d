import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, test } from "vitest";
import { down, reopen, status, up } from "../../../drivers/local/background.ts";
import { local } from "../../../drivers/local/index.ts";
import { readState } from "../../../drivers/local/state.ts";
import { tree } from "../../../drivers/local/node/tree.ts";
import type { Debt } from "../../../src/model/cluster.ts";
import { ask, context, isRunning, isWhole, settings, shop, until } from "./sea.ts";

let home: string;
let from: string;

beforeEach(() => {
  from = process.cwd();
  home = mkdtempSync(join(tmpdir(), "seatrial-test-"));
  process.chdir(home);
});

afterEach(async () => {
  await down(here());
  process.chdir(from);
  rmSync(home, { recursive: true, force: true });
});

const here = () => join(home, ".seatrial/local", settings.name!);
const inOther = (script: string): string => {
  const file = (path: string) => JSON.stringify(fileURLToPath(new URL(`../../../drivers/local/${path}`, import.meta.url)));
  const code = `import { reopen, up, down, status } from ${file("background.ts")}; ${script}`;
  const { stdout, stderr } = spawnSync(process.execPath, ["--input-type=module", "--eval", code], { encoding: "utf8" });
  if (stderr.includes("Error")) throw new Error(stderr);
  return stdout.trim();
};

test("up, status and down: each as often as one likes; it outlives the process that started it", async () => {
  expect(await status(here())).toBeUndefined();
  expect(await down(here())).toBe(false);

  const place = local(settings);
  const started = JSON.parse(inOther(`console.log(JSON.stringify(await up({ spec: ${JSON.stringify(place.spec)} })))`));
  expect(started).toMatchObject({ name: settings.name, folder: here(), services: { shop: expect.stringMatching(/^http:/) } });
  expect(await up(place)).toEqual(started);
  expect(await status(here())).toEqual(started);
  const pids = tree(started.pid);
  expect(pids.length).toBeGreaterThanOrEqual(9);

  expect(await down(here())).toBe(true);
  expect(existsSync(here())).toBe(false);
  expect(await down(here())).toBe(false);
  expect(await status(here())).toBeUndefined();
  await until("all ended", () => pids.every((pid) => !isRunning(pid)), 3_000);
});

test("open uses the one that is up, close leaves it, and harm and debts wait for whoever heals them", async () => {
  const place = local(settings);
  const started = await up(place);
  const cluster = await place.open(context());
  expect(cluster.service("shop")).toBe(started.services["shop"]);
  expect(await ask(cluster, "/items")).toMatchObject({ status: 200 });
  const debt: Debt = { id: "run-1/0", run: "run-1", fault: "node-stop", aim: { targets: [], node: "node-1" }, deadlineMs: 1 };
  await cluster.owe(debt);
  await cluster.stopNode("node-1");
  await cluster.close();
  const address = place.address;

  const told = inOther(`
    const cluster = await reopen(${JSON.stringify(address)});
    const [debt] = await cluster.debts();
    await cluster.restoreNode(debt.aim.node);
    await cluster.settle(debt.id);
    console.log(JSON.stringify([debt, await cluster.debts()]));`);
  expect(JSON.parse(told)).toEqual([debt, []]);
  const again = (await reopen(address!))!;
  await until("healed", async () => (await again.nodes()).every((node) => node.ready) && (await isWhole(again)));
  expect((await status(here()))?.pid).toBe(started.pid);
});

test("a cluster that is gone has nothing to heal: ended, killed, or started anew", async () => {
  const place = local(settings);
  await up(place);
  await (await place.open(context())).close();
  const address = place.address!;
  expect(await reopen(address)).toBeDefined();
  const { pid } = readState(here())!;
  process.kill(pid, "SIGKILL");
  await until("its processes ended", async () => (await reopen(address).catch(() => "dying")) === undefined, 3_000);
  expect(await status(here())).toBeUndefined();
  expect((await up(place)).pid).not.toBe(pid);
  expect(await reopen(address)).toBeUndefined();
  await down(here());
  expect(await reopen(address)).toBeUndefined();

  const inRun = await place.open(context());
  const itsAddress = place.address!;
  expect(await (await reopen(itsAddress))!.debts()).toEqual([]);
  await inRun.close();
  expect(await reopen(itsAddress)).toBeUndefined();
});

test("a cluster whose supervisor is stuck, or answers with errors, is not gone", async () => {
  const place = local(settings);
  await up(place);
  await (await place.open(context())).close();
  const { pid } = readState(here())!;
  process.kill(pid, "SIGSTOP");
  try {
    await expect(reopen(place.address!)).rejects.toMatchObject({ code: "SEA_LOCAL_GONE" });
  } finally {
    process.kill(pid, "SIGCONT");
  }
  expect(await reopen(place.address!)).toBeDefined();

  // Another server at its address, in a process that is alive: nobody knows what is still harmed.
  const server = createServer((_request, response) => response.writeHead(500).end("Error: EMFILE"));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const folder = mkdtempSync(join(home, "ill-"));
  writeFileSync(join(folder, "state.json"), JSON.stringify({ ...readState(here()), pid: process.pid, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` }));
  await expect(reopen({ folder, id: readState(here())!.id })).rejects.toThrow();
  server.close();
}, 30_000);

test("refuses a folder with other things in it, and other settings under the same name", async () => {
  const elsewhere = join(home, "mine");
  const place = local(settings);
  await up(place);
  await expect(local({ ...settings, services: { shop: { ...shop, replicas: 3 } } }).open(context())).rejects.toMatchObject({ code: "SEA_LOCAL_OTHER" });
  rmSync(elsewhere, { recursive: true, force: true });
  writeFileSync(join(home, "precious"), "");
  await expect(up(place, home)).rejects.toMatchObject({ code: "SEA_LOCAL_FOLDER" });
  await expect(down(home)).rejects.toMatchObject({ code: "SEA_LOCAL_FOLDER" });
  expect(existsSync(join(home, "precious"))).toBe(true);
});
