import type { Api, Thing } from "../../../../drivers/kubernetes/api/api.ts";
import type { KubernetesCluster } from "../../../../drivers/kubernetes/cluster/cluster.ts";
import type { Machines } from "../../../../drivers/kubernetes/machines/machines.ts";
import type { Cluster } from "../../../../src/model/cluster.ts";

export interface NodeFacts {
  readonly labels?: Readonly<Record<string, string>>;
  readonly providerID?: string;
}

/** Any cluster as one of Kubernetes, as far as faults on machines look at one: its nodes are listed with labels and a providerID. */
export function kubernetesOf(cluster: Cluster, nodes: (name: string) => NodeFacts, machines?: Machines): KubernetesCluster {
  const thing = ({ name, ready }: { readonly name: string; readonly ready: boolean }): Thing => ({
    apiVersion: "v1", kind: "Node", metadata: { name, uid: name, labels: nodes(name).labels ?? {} },
    spec: { providerID: nodes(name).providerID }, status: { conditions: [{ type: "Ready", status: ready ? "True" : "False" }], addresses: [{ type: "InternalIP", address: "127.0.0.1" }] },
  });
  const list: Pick<Api, "list"> = {
    list: async <T extends Thing>(_: unknown, { labels = "" }: { readonly labels?: string } = {}) => {
      const [key, value] = labels.split("=");
      return (await cluster.nodes()).map(thing).filter((one) => labels === "" || one.metadata.labels![key!] === value) as unknown as readonly T[];
    },
  };
  const added: Readonly<Record<string, unknown>> = { kind: "kubernetes", api: list, namespaces: ["default"], machines, run: "run-1" };
  return new Proxy(cluster, {
    get: (target, key) => {
      if (typeof key === "string" && key in added) return added[key];
      const value: unknown = Reflect.get(target, key, target);
      return typeof value === "function" ? (value.bind(target) as unknown) : value;
    },
  }) as KubernetesCluster;
}
