/** Whoever is killed with -9: no process and no folder stays behind. */
import { spawn, type ChildProcess } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { local, type LocalSettings } from "../../../drivers/local/index.ts";
import { readState } from "../../../drivers/local/state.ts";
import { tree } from "../../../drivers/local/node/tree.ts";
import { ask, clock, context, isRunning, isWhole, settings, shop, shopFile, until } from "./sea.ts";

const runnerFile = fileURLToPath(new URL("runner.ts", import.meta.url));
const commandOf = (pid: number) => readFileSync(`/proc/${pid}/cmdline`, "latin1").replaceAll("\0", " ");
const which = (pids: readonly number[], what: string) => pids.filter((pid) => commandOf(pid).includes(what));
const folderOf = (place: { readonly address: unknown }) => (place.address as { folder: string }).folder;

async function allGone(pids: readonly number[], folder: string): Promise<void> {
  expect(pids.length).toBeGreaterThanOrEqual(9); // supervisor, balancer, 3 agents, 4 replicas
  await until(`gone: ${pids}`, () => pids.every((pid) => !isRunning(pid)), 5_000);
  await until(`deleted: ${folder}`, () => !existsSync(folder), 2_000);
}

/** A runner in a process of its own, in a folder of its own. */
async function withRunner(other: Partial<LocalSettings>, play: (runner: ChildProcess, lines: AsyncIterator<string>) => Promise<void>): Promise<void> {
  const cwd = mkdtempSync(join(tmpdir(), "seatrial-test-"));
  const runner = spawn(process.execPath, [runnerFile, JSON.stringify({ ...settings, ...other })], { cwd, stdio: ["ignore", "pipe", "inherit"] });
  try {
    await play(runner, createInterface({ input: runner.stdout! })[Symbol.asyncIterator]());
  } finally {
    runner.kill("SIGKILL");
    rmSync(cwd, { recursive: true, force: true });
  }
}

test("the runner", async () => {
  await withRunner({}, async (runner, lines) => {
    await lines.next();
    const { folder } = JSON.parse((await lines.next()).value);
    const pids = tree(readState(folder)!.pid);
    expect(pids.every(isRunning)).toBe(true);
    runner.kill("SIGKILL");
    await allGone(pids, folder);
  });
});

test("the runner, while the cluster starts", async () => {
  for (const afterMs of [60, 200, 350, 500]) {
    await withRunner({}, async (runner, lines) => {
      await lines.next();
      await clock.sleep(afterMs);
      const pids = tree(runner.pid!);
      const folders = pids.slice(1).map((pid) => commandOf(pid).trim().split(" ").at(-1)!).filter((one) => one.includes("seatrial-local-"));
      runner.kill("SIGKILL");
      await until("gone", () => pids.every((pid) => !isRunning(pid)), 5_000);
      await until("deleted", () => folders.every((folder) => !existsSync(folder)), 5_000);
    });
  }
});

test("the supervisor: the verbs say that the cluster is gone", async () => {
  const place = local(settings);
  const cluster = await place.open(context());
  const { pid } = readState(folderOf(place))!;
  const pids = tree(pid);
  process.kill(pid, "SIGKILL");
  await allGone(pids, folderOf(place));
  await expect(cluster.pods()).rejects.toMatchObject({ code: "SEA_LOCAL_GONE" });
  await cluster.close();
});

test("an agent: its replicas end with it, and the node comes back by itself", async () => {
  const place = local(settings);
  const cluster = await place.open(context());
  try {
    const [agent] = which(tree(readState(folderOf(place))!.pid), "node/main");
    const replicas = tree(agent!);
    expect(replicas.length).toBeGreaterThan(1);
    process.kill(agent!, "SIGKILL");
    await until("gone", () => replicas.every((pid) => !isRunning(pid)), 2_000);
    await until("whole", () => isWhole(cluster));
    await until("all nodes back", async () => (await cluster.nodes()).every((node) => node.ready));
  } finally {
    await cluster.close();
  }
});

test("the balancer: it comes back on the same port", async () => {
  const place = local(settings);
  const cluster = await place.open(context());
  try {
    const [balancer] = which(tree(readState(folderOf(place))!.pid), "balancer/main");
    process.kill(balancer!, "SIGKILL");
    await until("served again", async () => (await ask(cluster, "/items") as { status?: number }).status === 200, 3_000);
  } finally {
    await cluster.close();
  }
});

test("a start command behind a shell: killed, frozen and ended with everything it started", async () => {
  const place = local({ services: { shop: { ...shop, command: ["sh", "-c", `"${process.execPath}" "${shopFile}"; true`], replicas: 1 } } });
  const cluster = await place.open(context());
  const replicas = () => which(tree(readState(folderOf(place))!.pid), "server.ts").filter((pid) => !commandOf(pid).startsWith("sh "));
  try {
    const [server] = replicas();
    await cluster.freezePod((await cluster.pods())[0]!);
    await until("frozen", async () => (await ask(cluster, "/items", undefined, 400)) === "hung");
    await cluster.thawPod((await cluster.pods())[0]!);
    await until("thawed", async () => (await ask(cluster, "/items") as { status?: number }).status === 200);
    await cluster.killPod((await cluster.pods())[0]!);
    await until("gone", () => !isRunning(server!), 2_000);
    await until("whole", () => isWhole(cluster));
  } finally {
    const pids = tree(readState(folderOf(place))!.pid);
    await cluster.close();
    expect(pids.filter(isRunning)).toEqual([]);
  }
});
