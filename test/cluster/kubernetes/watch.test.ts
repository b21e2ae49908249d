import { fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import { afterEach, expect, test } from "vitest";
import { resources, type Api, type Change, type Thing } from "../../../drivers/kubernetes/index.ts";
import { call } from "../../world/kubernetes/control/call.ts";
import { killPart } from "../../world/kubernetes/control/plane.ts";
import { up } from "../../world/kubernetes/testbed.ts";
import { bed, describeAtLength, describeInBed } from "../bed.ts";
import { clock, owner } from "./sea.ts";

const namespace = `watch-${process.pid}`;
const apis: Api[] = [];
const open = async (): Promise<Api> => {
  const api = await owner();
  apis.push(api);
  return api;
};

/** A pod that is never scheduled: a change of it costs the server and nobody else. */
const pod = (name: string): Thing => ({
  apiVersion: "v1", kind: "Pod", metadata: { name, namespace, labels: { app: "many" } },
  spec: { schedulingGates: [{ name: "seatrial.test/never" }], terminationGracePeriodSeconds: 0, containers: [{ name: "c", image: "seatrial.test/service:v1", env: [{ name: "A", value: "b".repeat(200) }] }] },
});

async function until(what: string, is: () => boolean | Promise<boolean>, withinMs = 60_000): Promise<void> {
  const endMs = clock.now() + withinMs;
  while (!(await is())) {
    if (clock.now() > endMs) throw new Error(`not within ${withinMs} ms: ${what}`);
    await clock.sleep(50);
  }
}

/** So many at once. */
async function inLanes<T>(items: readonly T[], lanes: number, act: (item: T) => Promise<unknown>): Promise<void> {
  const rest = [...items];
  await Promise.all(Array.from({ length: lanes }, async () => {
    for (let item = rest.shift(); item !== undefined; item = rest.shift()) await act(item);
  }));
}

afterEach(async () => {
  const api = await owner();
  await until("a server", async () => (await api.version().catch(() => undefined)) !== undefined);
  await api.remove(resources.namespaces, namespace, undefined);
  await until("the namespace gone", async () => (await api.read(resources.namespaces, namespace)) === undefined, 120_000);
  for (const one of [api, ...apis.splice(0)]) one.close();
});

describeInBed("watches of a real API server", () => {
  test("an API server that is killed and comes back is waited for, and nothing is missed or invented", async () => {
    const api = await open();
    await api.apply(resources.namespaces, { apiVersion: "v1", kind: "Namespace", metadata: { name: namespace } });
    for (const name of ["stays", "goes", "changes"]) await api.create(resources.pods, pod(name));
    const watch = api.watch(resources.pods, { namespace });
    const changes: Change<Thing>[] = [];
    watch.on((change) => changes.push(change));
    await watch.synced;
    const killedMs = clock.now();
    await killPart(bed, "kube-apiserver");
    await until("seen", () => watch.awaySinceMs !== undefined);
    await clock.sleep(8_000);
    await up(bed.name);
    const path = `/api/v1/namespaces/${namespace}/pods`;
    await call(bed, "DELETE", `${path}/goes`);
    await call(bed, "POST", path, pod("comes"));
    await api.patch(resources.pods, "changes", namespace, { merge: { metadata: { labels: { mark: "x" } } } });
    await until("back", () => watch.get("comes", namespace) !== undefined && watch.get("goes", namespace) === undefined && watch.get("changes", namespace)?.metadata.labels?.["mark"] === "x");
    const gap = changes.find((change) => change.kind === "gap")!;
    expect(gap.fromMs).toBeLessThanOrEqual(killedMs + 2_000);
    expect(gap.toMs - killedMs).toBeGreaterThan(8_000);
    const truth = await api.list(resources.pods, { namespace });
    expect(watch.now().map(({ metadata }) => [metadata.uid, metadata.resourceVersion]).sort()).toEqual(truth.map(({ metadata }) => [metadata.uid, metadata.resourceVersion]).sort());
    const said = changes.filter((change) => "key" in change).map((change) => `${change.kind} ${change.key.name}`);
    expect(new Set(said.slice(3).filter((one) => !one.startsWith("changed")))).toEqual(new Set(["gone goes", "added comes"]));
  });
});

describeAtLength("watches of many pods", () => {
  test("a thousand pods and two hundred changes a second: it keeps up, in little memory, without a list", async () => {
    const api = await open();
    await api.apply(resources.namespaces, { apiVersion: "v1", kind: "Namespace", metadata: { name: namespace } });
    await until("the namespace's account", async () => (await api.read(resources.serviceAccounts, "default", namespace)) !== undefined);
    const names = Array.from({ length: 1_000 }, (_, n) => `p-${n}`);
    await inLanes(names, 16, (name) => api.create(resources.pods, pod(name)));
    const watcher = fork(fileURLToPath(new URL("watcher.ts", import.meta.url)), [bed.kubeconfig, bed.name, namespace], { execArgv: ["--expose-gc", "--no-warnings"] });
    try {
      await new Promise((resolve, reject) => watcher.once("message", resolve).once("exit", (code) => reject(new Error(`the watcher ended with ${code}`))));
      // For fifteen seconds, as many as the machine carries up to 200 a second.
      const startMs = clock.now();
      let sent = 0;
      await inLanes(Array.from({ length: 24 }, (_, lane) => lane), 24, async () => {
        for (let n = sent++; clock.now() - startMs < 15_000; n = sent++) {
          await clock.until(startMs + n * 5);
          await api.patch(resources.pods, names[(n * 7) % names.length]!, namespace, { merge: { metadata: { labels: { sent: String(n), at: String(Math.round(clock.wallMs())) } } } });
        }
        sent -= 1;
      });
      const rate = sent / ((clock.now() - startMs) / 1_000);
      await clock.sleep(2_000);
      const said = new Promise<Record<string, number>>((resolve) => watcher.once("message", (message) => resolve(message as Record<string, number>)));
      watcher.send("report");
      const report = await said;
      console.log(`${rate.toFixed(0)} changes/s: ${JSON.stringify(report)}`);
      // Its own first list, in two pages, and no other.
      expect(report).toMatchObject({ pods: 1_000, changes: sent, lists: 2 });
      expect(report["heapMb"]).toBeLessThan(80);
      // How far behind it is says something of the watch only where the server could take as much as that.
      if (rate > 180) expect(report["p99Ms"]).toBeLessThan(1_000);
    } finally {
      watcher.kill("SIGKILL");
    }
  }, 300_000);
});
