/**
 * Watches the pods of a namespace as a cluster does and says how far behind it is, how much memory it
 * took and what it asked the server: a process of its own, so that its numbers are its own.
 */
import { subscribe } from "node:diagnostics_channel";
import { kubernetes, resources } from "../../../drivers/kubernetes/index.ts";
import { realClock } from "../../../src/units/clock.ts";
import { seeded } from "../../../src/units/random.ts";

const [, , kubeconfig, context, namespace] = process.argv;
const clock = realClock();
const asked: string[] = [];
subscribe("http.client.request.start", (message) => asked.push((message as { readonly request: { readonly path: string } }).request.path));

const memory = () => {
  globalThis.gc?.();
  const { heapUsed, external, rss } = process.memoryUsage();
  return { heap: heapUsed + external, rss };
};
await import("@kubernetes/client-node");
const before = memory();
const cluster = await kubernetes({ context: context!, kubeconfig: kubeconfig!, namespaces: [namespace!] }).open({ clock, random: seeded(1), signal: new AbortController().signal, run: "watch", folder: undefined, say: (line) => console.error(line) });
const lists = () => asked.filter((path) => path.includes("/pods?") && !path.includes("watch=true")).length;
const listed = lists();
const lags: number[] = [];
const own = cluster.api.watch<{ readonly sent: string; readonly atMs: number }>(resources.pods, {
  namespace: namespace!, slim: ({ metadata }) => ({ sent: metadata.labels?.["sent"] ?? "", atMs: Number(metadata.labels?.["at"] ?? 0) }),
});
await own.synced;
own.on((change) => {
  if (change.kind === "changed" && change.now.sent !== change.was.sent) lags.push(clock.wallMs() - change.now.atMs);
});
let most = before;
const beat = async () => {
  for (;;) {
    await clock.sleep(100);
    // A server that is late is the machine's; what is measured is what the watches cost.
    await cluster.pods().catch(() => undefined);
    if (asked.length % 7 === 0) {
      const now = memory();
      most = { heap: Math.max(most.heap, now.heap), rss: Math.max(most.rss, now.rss) };
    }
  }
};
process.on("message", async () => {
  const now = memory();
  const sorted = [...lags].sort((a, b) => a - b);
  process.send!({
    changes: lags.length, p50Ms: sorted[Math.floor(sorted.length / 2)], p99Ms: sorted[Math.floor(sorted.length * 0.99)], mostMs: sorted.at(-1),
    pods: own.now().length, heapMb: (Math.max(most.heap, now.heap) - before.heap) / 1e6, rssMb: (Math.max(most.rss, now.rss) - before.rss) / 1e6, lists: lists() - listed,
  });
  own.close();
  await cluster.close();
  process.exit(0);
});
process.send!("ready");
await beat();
