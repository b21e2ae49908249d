import { kubernetes, machineCommands, type KubernetesCluster } from "../../../drivers/kubernetes/index.ts";
import type { Machines } from "../../../drivers/kubernetes/machines/machines.ts";
import { realClock } from "../../../src/units/clock.ts";
import { seeded } from "../../../src/units/random.ts";
import type { Sea, SeaFacts } from "../../contract/cluster.ts";
import { apply, call } from "../../world/kubernetes/control/call.ts";
import { until } from "../../world/kubernetes/machine/command.ts";
import { bed } from "../bed.ts";

export const home = "faults";
const at = `/apis/apps/v1/namespaces/${home}/deployments`;

/** A Deployment as tests of faults need it: it spreads, ends at once, and its image has a shell where asked for. */
export function deployment(name: string, { replicas = 4, image = "seatrial.test/service:v1", command, more = {} }: { replicas?: number; image?: string; command?: readonly string[]; more?: object } = {}): object {
  const labels = { app: name };
  return {
    apiVersion: "apps/v1", kind: "Deployment", metadata: { name },
    spec: {
      replicas, selector: { matchLabels: labels }, progressDeadlineSeconds: 30,
      strategy: { rollingUpdate: { maxUnavailable: 1, maxSurge: 1 } },
      template: {
        metadata: { labels },
        spec: {
          terminationGracePeriodSeconds: 2,
          topologySpreadConstraints: [{ maxSkew: 1, topologyKey: "kubernetes.io/hostname", whenUnsatisfiable: "ScheduleAnyway", labelSelector: { matchLabels: labels } }],
          tolerations: ["not-ready", "unreachable"].map((what) => ({ key: `node.kubernetes.io/${what}`, operator: "Exists", effect: "NoExecute", tolerationSeconds: 2 })),
          containers: [{
            name: "service", image, ...(command && { command }), env: [{ name: "LINGER_MS", value: "200" }],
            ...(!command && { readinessProbe: { httpGet: { path: "/readyz", port: 8080 }, periodSeconds: 1 } }),
          }],
          ...more,
        },
      },
    },
  };
}

export async function makeHome(): Promise<void> {
  await apply(bed, `/api/v1/namespaces/${home}`, { apiVersion: "v1", kind: "Namespace", metadata: { name: home } });
  await until("the service account", 30_000, async () => (await call(bed, "GET", `/api/v1/namespaces/${home}/serviceaccounts/default`)).status === 200);
}

export async function deploy(name: string, more: Parameters<typeof deployment>[1] = {}): Promise<void> {
  await apply(bed, `${at}/${name}`, deployment(name, more));
  await apply(bed, `/api/v1/namespaces/${home}/services/${name}`, { apiVersion: "v1", kind: "Service", metadata: { name }, spec: { type: "NodePort", selector: { app: name }, ports: [{ port: 80, targetPort: 8080 }] } });
  await whole(name);
}

export const whole = (name: string): Promise<unknown> => until(`${name} whole`, 90_000, async () => {
  const { spec, status, metadata } = (await call(bed, "GET", `${at}/${name}`)).body;
  return status.observedGeneration === metadata.generation && status.readyReplicas === spec.replicas && status.replicas === spec.replicas && status.updatedReplicas === spec.replicas;
});

/** Pods come back where there is room, which after a drain is one node: some of them go until both have some. */
export async function spread(name: string): Promise<void> {
  await until("all nodes ready", 90_000, async () => (await call(bed, "GET", "/api/v1/nodes")).body.items.every((node: any) => !node.spec.taints && node.status.conditions.some((one: any) => one.type === "Ready" && one.status === "True")));
  for (;;) {
    const pods = (await call(bed, "GET", `/api/v1/namespaces/${home}/pods?labelSelector=app%3D${name}`)).body.items.filter((pod: any) => !pod.metadata.deletionTimestamp);
    if (new Set(pods.map((pod: any) => pod.spec.nodeName)).size > 1) return;
    for (const pod of pods.slice(0, 2)) await call(bed, "DELETE", `/api/v1/namespaces/${home}/pods/${pod.metadata.name}?gracePeriodSeconds=0`);
    await whole(name);
  }
}

export const undeploy = async (name: string): Promise<void> => {
  await call(bed, "DELETE", `${at}/${name}`);
  await call(bed, "DELETE", `/api/v1/namespaces/${home}/services/${name}`);
};

let opened = 0;
/** Every opening is a run of its own, as marks are told apart by it. */
const freshRun = (): string => `run-${process.pid}-${++opened}`;

/** The cluster, opened anew. */
export function open(more: { readonly machines?: Machines; readonly services?: readonly string[]; readonly namespaces?: readonly string[]; readonly run?: string } = {}): Promise<KubernetesCluster> {
  const { namespaces = [home], services = [], machines, run = freshRun() } = more;
  const place = kubernetes({ context: bed.name, kubeconfig: bed.kubeconfig, namespaces, services, ...(machines && { machines }) });
  return place.open({ clock: realClock(), random: seeded(1), signal: new AbortController().signal, run, folder: undefined, say: () => undefined });
}

/** Nothing of ours may be left on anything. */
export async function leftovers(): Promise<readonly string[]> {
  const found: string[] = [];
  for (const path of ["/api/v1/pods", "/api/v1/nodes", "/api/v1/services", "/apis/apps/v1/deployments", "/apis/apps/v1/replicasets", "/apis/networking.k8s.io/v1/networkpolicies", "/api/v1/secrets", "/api/v1/configmaps", "/api/v1/namespaces"]) {
    const { items = [] } = (await call(bed, "GET", path)).body;
    for (const { metadata, spec } of items) {
      if (JSON.stringify(metadata.labels ?? {}).includes("seatrial") || /^seatrial-/.test(metadata.name)) found.push(`${path} ${metadata.name}`);
      if (path === "/api/v1/nodes" && (spec.unschedulable || (spec.taints ?? []).some((taint: { key: string }) => !taint.key.startsWith("node.kubernetes.io/")))) found.push(`${metadata.name} ${JSON.stringify(spec)}`);
    }
  }
  return found;
}

const testbed = `node --disable-warning=ExperimentalWarning ${new URL("../../world/kubernetes/main.ts", import.meta.url).pathname} --name ${bed.name} node`;

/** The machines under the bed's nodes, as a user would name their own. */
export const machines = (): Machines => machineCommands({
  ...Object.fromEntries(["stop", "start", "reboot", "terminate", "cut", "mend"].map((verb) => [verb, `${testbed} ${verb} "$NODE"`])),
  state: `${testbed.replace(/ node$/, "")} status | sed -n "s/^ *$NODE *\\([a-z]*\\),.*/\\1/p"`,
});

/** What the contract suite may use: a workload of four on the bed's nodes. */
export function seaFacts(workload = "shop", more: Parameters<typeof open>[0] = {}): SeaFacts {
  return {
    workload, stable: "v1", scope: "none", lacks: { data: "nothing here backs anything up" }, withinMs: 60_000, pollMs: 250,
    good: { version: "v2", image: "seatrial.test/service:v2" }, bad: { version: "bad", image: "seatrial.test/service:bad" },
    async sail(play) {
      await spread(workload);
      // What a fault has done shows late: a kubelet looks about once a second.
      for (let seen = 0; seen < 3; seen++) await Promise.all([whole(workload), new Promise((done) => setTimeout(done, 700))]);
      const cluster = await open({ services: [workload], ...more });
      const clock = realClock();
      const ask = async () => {
        try {
          const reply = await fetch(cluster.service(workload)!, { headers: { connection: "close" }, signal: AbortSignal.timeout(1_500) });
          await reply.arrayBuffer();
          return reply.status;
        } catch (error) {
          return (error as Error).name === "TimeoutError" ? "hung" as const : "refused" as const;
        }
      };
      const sea: Sea = { cluster, clock, ask, write: () => Promise.reject(new Error("no data here")), finds: async () => false };
      try {
        await play(sea);
      } finally {
        await cluster.close();
      }
    },
  };
}
