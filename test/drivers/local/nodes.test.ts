import { connect, type Socket } from "node:net";
import { expect, test } from "vitest";
import { ask, clock, isWhole, sail, until } from "./sea.ts";

/** A keep-alive connection, and how often it was answered. */
async function caller(url: string): Promise<{ readonly call: () => void; readonly answers: () => number; readonly closed: () => boolean; readonly socket: Socket }> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  let [answers, closed] = [0, false];
  socket.on("data", (chunk: Buffer) => (answers += chunk.toString().split("HTTP/1.1 200").length - 1));
  socket.on("error", () => {}).on("close", () => (closed = true));
  return { call: () => void socket.write("GET /healthz HTTP/1.1\r\nhost: shop\r\n\r\n"), answers: () => answers, closed: () => closed, socket };
}

test("connections to a cut node hang, old and new, and go on where they were when it is restored", async () => {
  await sail(async (cluster) => {
    const url = cluster.service("shop")!;
    const old = await Promise.all(Array.from({ length: 8 }, () => caller(url)));
    for (const one of old) one.call();
    await until("everybody was answered", () => old.every((one) => one.answers() === 1));

    // node-1 has 2 of the 4 replicas, so 4 of 8 connections.
    await cluster.cutNode("node-1");
    await clock.sleep(50);
    const fresh = await Promise.all(Array.from({ length: 8 }, () => caller(url)));
    for (const one of [...old, ...fresh]) one.call();
    await clock.sleep(400);
    expect(old.filter((one) => one.answers() === 1)).toHaveLength(4);
    expect(fresh.filter((one) => one.answers() === 0)).toHaveLength(4);
    expect([...old, ...fresh].some((one) => one.closed())).toBe(false);
    // Not noticed yet: that takes the platform a second.
    expect(await isWhole(cluster)).toBe(true);

    await cluster.restoreNode("node-1");
    await until("everybody was answered again", () => old.every((one) => one.answers() === 2) && fresh.every((one) => one.answers() === 1), 1_000);
    for (const one of [...old, ...fresh]) one.socket.destroy();
  });
});

test("a frozen replica is replaced by itself", async () => {
  await sail(async (cluster) => {
    const [victim] = await cluster.pods();
    await cluster.freezePod(victim!);
    await until("replaced", async () => (await isWhole(cluster)) && (await cluster.pods()).every((pod) => pod.id !== victim!.id), 10_000);
  });
});

test("a stopped node's replicas are spread evenly over the others; restored, it takes new ones", async () => {
  await sail(async (cluster) => {
    await cluster.stopNode("node-1");
    await until("elsewhere", async () => (await isWhole(cluster)) && !(await cluster.nodes())[0]!.ready);
    const homes = (await cluster.pods()).map((pod) => pod.node).sort();
    expect(homes).toEqual(["node-2", "node-2", "node-3", "node-3"]);

    await cluster.restoreNode("node-1");
    await until("back", async () => (await cluster.nodes())[0]!.ready);
    const [victim] = await cluster.pods();
    await cluster.killPod(victim!);
    await until("replaced on the empty node", async () => (await cluster.pods()).some((pod) => pod.ready && pod.node === "node-1"));
  });
});

test("without a node left the service refuses, and comes back with the first", async () => {
  await sail(async (cluster) => {
    for (const node of ["node-1", "node-2", "node-3"]) await cluster.stopNode(node);
    await until("nothing runs", async () => (await cluster.nodes()).every((node) => !node.ready) && (await cluster.pods()).length === 0);
    expect(await ask(cluster, "/items")).toBe("refused");
    await cluster.restoreNode("node-2");
    await until("whole on one node", () => isWhole(cluster));
    expect(await ask(cluster, "/items")).toMatchObject({ status: 200 });
  });
});
