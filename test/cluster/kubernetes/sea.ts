import { request } from "node:http";
import { connect, kubernetes, resources, type Api, type KubernetesCluster, type Thing } from "../../../drivers/kubernetes/index.ts";
import { realClock } from "../../../src/units/clock.ts";
import { seeded } from "../../../src/units/random.ts";
import { bed } from "../bed.ts";
import { machinesOf } from "./machines.ts";

export const clock = realClock();

/** A connection as whoever owns the bed. */
export const owner = (): Promise<Api> => connect({ context: bed.name, kubeconfig: bed.kubeconfig, clock });

const labels = { app: "shop" };

/** Four replicas of a service and the way to them, in a namespace of their own. */
export const shop = (namespace: string, replicas = 4): readonly (readonly [(typeof resources)["services"], Thing])[] => [
  [resources.namespaces, { apiVersion: "v1", kind: "Namespace", metadata: { name: namespace } }],
  [resources.deployments, {
    apiVersion: "apps/v1", kind: "Deployment", metadata: { name: "shop", namespace },
    spec: {
      replicas, selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: {
          terminationGracePeriodSeconds: 2,
          topologySpreadConstraints: [{ maxSkew: 1, topologyKey: "kubernetes.io/hostname", whenUnsatisfiable: "ScheduleAnyway", labelSelector: { matchLabels: labels } }],
          containers: [{ name: "shop", image: "seatrial.test/service:v1", readinessProbe: { httpGet: { path: "/readyz", port: 8080 }, periodSeconds: 1, failureThreshold: 2 } }],
        },
      },
    },
  }],
  [resources.services, { apiVersion: "v1", kind: "Service", metadata: { name: "shop", namespace }, spec: { type: "NodePort", selector: labels, ports: [{ port: 80, targetPort: 8080 }] } }],
];

/** Where the Service of a namespace answers: the bed's own address leads through all nodes that are up, as a load balancer would. */
export async function wayIn(api: Api, namespace: string): Promise<string> {
  const service = await api.read(resources.services, "shop", namespace);
  const { ports } = service!["spec"] as { readonly ports: readonly { readonly nodePort: number }[] };
  return `http://172.30.0.1:${ports[0]!.nodePort}`;
}

let count = 0;

/** Deploys the shop into a namespace of its own, opens the cluster there, plays, and takes it away. */
export async function sail(play: (cluster: KubernetesCluster) => Promise<void>): Promise<void> {
  const api = await owner();
  const namespace = `sea-${process.pid}-${++count}`;
  let cluster: KubernetesCluster | undefined;
  try {
    for (const [resource, thing] of shop(namespace)) await api.apply(resource, thing);
    const place = kubernetes({ context: bed.name, kubeconfig: bed.kubeconfig, namespaces: [namespace], services: { shop: await wayIn(api, namespace) }, machines: machinesOf(bed) });
    cluster = await place.open({ clock, random: seeded(1), signal: new AbortController().signal, run: `run-${count}`, folder: undefined, say: () => undefined });
    const endMs = clock.now() + 90_000;
    for (;;) {
      const [shopNow] = await cluster.workloads();
      const ready = (await cluster.pods()).filter((pod) => pod.ready);
      if (shopNow?.ready === 4 && shopNow.rollout.phase === "idle" && ready.length === 4 && new Set(ready.map((pod) => pod.node)).size > 1) break;
      if (clock.now() > endMs) throw new Error(`the shop is not whole within 90 s: ${JSON.stringify([shopNow, await cluster.pods(), await cluster.nodes()])}`);
      await clock.sleep(100);
    }
    await play(cluster);
  } finally {
    // What is frozen can't be ended: its namespace, and the bed, would stay for ever.
    for (const pod of (await cluster?.pods().catch(() => [])) ?? []) await cluster!.thawPod(pod).catch(() => undefined);
    await cluster?.close();
    await api.remove(resources.namespaces, namespace, undefined);
    api.close();
  }
}

/** One request on a connection of its own. */
export function ask(url: string): Promise<number | "refused" | "hung"> {
  return new Promise((resolve) => {
    const call = request(url, { agent: false, signal: AbortSignal.timeout(1_500) }, (response) => {
      response.resume().on("end", () => resolve(response.statusCode ?? 0)).on("error", () => resolve("refused"));
    });
    call.on("error", (error) => resolve(error.name === "TimeoutError" || error.name === "AbortError" ? "hung" : "refused"));
    call.end();
  });
}
