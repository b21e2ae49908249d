import { until } from "../world/kubernetes/machine/command.ts";
import { apply, call } from "../world/kubernetes/control/call.ts";
import { network, type Bed } from "../world/kubernetes/bed.ts";

/** A service of some replicas behind a NodePort, in the namespace default. */
export interface Workload {
  readonly name: string;
  readonly replicas: number;
  readonly nodePort: number;
  readonly version?: string;
}

const at = "/apis/apps/v1/namespaces/default/deployments";

/** Makes it, and waits until all of its replicas are ready. */
export async function deploy(bed: Bed, { name, replicas, nodePort, version = "v1" }: Workload): Promise<void> {
  const labels = { app: name };
  await apply(bed, `${at}/${name}`, {
    apiVersion: "apps/v1", kind: "Deployment", metadata: { name },
    spec: {
      replicas, selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: {
          terminationGracePeriodSeconds: 5,
          topologySpreadConstraints: [{ maxSkew: 1, topologyKey: "kubernetes.io/hostname", whenUnsatisfiable: "ScheduleAnyway", labelSelector: { matchLabels: labels } }],
          containers: [{ name: "service", image: `seatrial.test/service:${version}`, readinessProbe: { httpGet: { path: "/readyz", port: 8080 }, periodSeconds: 1 } }],
        },
      },
    },
  });
  await apply(bed, `/api/v1/namespaces/default/services/${name}`, {
    apiVersion: "v1", kind: "Service", metadata: { name },
    spec: { type: "NodePort", selector: labels, ports: [{ port: 80, targetPort: 8080, nodePort }] },
  });
  await until(`${replicas} replicas of ${name}`, 90_000, async () => (await call(bed, "GET", `${at}/${name}`)).body?.status?.readyReplicas === replicas);
}

export async function undeploy(bed: Bed, { name }: Workload): Promise<void> {
  await call(bed, "DELETE", `${at}/${name}`);
  await call(bed, "DELETE", `/api/v1/namespaces/default/services/${name}`);
}

/** Asks once, on a connection of its own; undefined when nobody answers in time. */
export async function answer(port: number, { address = network.api as string, path = "/", limitMs = 3_000 } = {}): Promise<{ readonly text: string; readonly pod: string } | undefined> {
  try {
    const reply = await fetch(`http://${address}:${port}${path}`, { headers: { connection: "close" }, signal: AbortSignal.timeout(limitMs) });
    return { text: (await reply.text()).trim(), pod: reply.headers.get("x-pod") ?? "" };
  } catch {
    return undefined;
  }
}
