import { whole, type Wanted } from "../../../src/faults/whole.ts";
import type { Aim } from "../../../src/model/fault.ts";
import { problem } from "../../../src/units/errors.ts";
import { networkPolicies } from "../api/resources.ts";
import type { KubernetesFault } from "../consent/fault.ts";
import type { Need } from "../consent/needs.ts";
import type { KubernetesCluster } from "../cluster/cluster.ts";
import { findWorkload } from "./located.ts";
import { markLabel, markOf } from "./swap.ts";
import type { Selector } from "./things.ts";

const kind = "network-isolation";
/** How often the witness is asked while the network plugin makes the policy true. */
const lookMs = 1_000;

const needs: readonly Need[] = [
  { verbs: ["get"], group: "apps", resource: "deployments", namespaced: true },
  { verbs: ["get"], group: "apps", resource: "statefulsets", namespaced: true },
  { verbs: ["get", "create", "delete"], group: "networking.k8s.io", resource: "networkpolicies", namespaced: true },
  { verbs: ["create"], group: "", resource: "pods/exec", namespaced: true, for: "harm" },
];

/** Who finds out whether the network is there. */
export interface Witness {
  /** A workload with a pod that is not cut off itself, or the one that is. */
  readonly workload: string;
  /** A program of its image that ends with 0 while the network is whole, and otherwise within a few seconds with something else. */
  readonly command: readonly string[];
  /** Default: the first container. */
  readonly container?: string;
}

export interface IsolationOptions {
  /** What is cut off. Default both. */
  readonly direction?: "to" | "from" | "both";
  readonly seenBy: Witness;
}

export interface IsolationAim extends Aim {
  readonly namespace: string;
  readonly policy: string;
  readonly mark: string;
  readonly selector: Selector;
  readonly types: readonly ("Ingress" | "Egress")[];
  readonly wanted: Wanted;
}

const typesOf = { to: ["Ingress"], from: ["Egress"], both: ["Ingress", "Egress"] } as const;

/** Why the witness does not reach what it should; undefined when it does. */
async function unreached(cluster: KubernetesCluster, { workload, command, container }: Witness): Promise<string | undefined> {
  const { at } = await findWorkload(kind, cluster, workload);
  const pod = (await cluster.pods()).find((one) => one.workload === workload && one.ready);
  if (!pod) return "it has no ready pod";
  const name = pod.name.slice(pod.name.indexOf("/") + 1);
  const { code, out, err } = await cluster.api.exec(name, at.namespace!, command, container === undefined ? {} : { container });
  return code === 0 ? undefined : `\`${command.join(" ")}\` ends with ${code} ${(err || out).trim().slice(0, 200)}`.trim();
}

export async function healNetworkIsolation(cluster: KubernetesCluster, { namespace, policy, wanted }: IsolationAim): Promise<boolean> {
  await cluster.api.remove(networkPolicies, policy, namespace);
  return whole(cluster, wanted);
}

/**
 * Cuts the pods of a workload off from the network by a NetworkPolicy that allows nothing: to them, from
 * them, or both; new connections at once, and those that are open as the network plugin sees fit. Many
 * plugins enforce no policies, and say nothing: so a witness has to see it, and where it goes on reaching
 * what it should, that is said, and nothing was tested. Ends when it is lifted.
 *
 * @throws SEA_AIM_EMPTY (when aiming) when the witness reaches nothing even before
 * @example
 * networkIsolation("cart", { direction: "to", seenBy: { workload: "shop", command: ["timeout", "3", "wget", "-qO-", "http://cart/healthz"] } })
 */
export function networkIsolation(workload: string, { direction = "both", seenBy }: IsolationOptions): KubernetesFault<IsolationAim, "platform" | "lift"> {
  return Object.freeze({
    kind,
    harm: `cuts off the network ${direction === "both" ? "to and from" : direction} ${workload}`,
    mendedBy: { platform: true, lift: true },
    costs: [{ what: "workload", name: workload }],
    needs,
    aim: async (cluster, random) => {
      const { at, thing } = await findWorkload(kind, cluster, workload);
      const selector = thing.spec.selector ?? {};
      const pods = (await cluster.pods()).filter((pod) => pod.workload === workload && pod.ready);
      if (pods.length === 0) throw problem("SEA_AIM_EMPTY", { fault: kind, what: `${workload} has no ready pod` });
      const why = await unreached(cluster, seenBy);
      if (why !== undefined) throw problem("SEA_AIM_EMPTY", { fault: kind, what: `the witness in ${seenBy.workload} reaches nothing even now: ${why}` });
      const mark = markOf(cluster.run, random);
      return {
        targets: [{ what: "workload", name: workload }], namespace: at.namespace!, policy: `seatrial-isolation-${mark}`, mark,
        selector, types: typesOf[direction], wanted: { [workload]: thing.spec.replicas ?? 1 },
      };
    },
    inject: async (cluster, { namespace, policy, mark, selector, types }, turn = 0) => {
      if (turn === 0) {
        await cluster.api.create(networkPolicies, {
          apiVersion: "networking.k8s.io/v1", kind: "NetworkPolicy",
          metadata: { name: policy, namespace, labels: { "app.kubernetes.io/managed-by": "seatrial", [markLabel]: mark } },
          spec: { podSelector: selector, policyTypes: types },
        });
      }
      if ((await unreached(cluster, seenBy)) !== undefined) return { harmed: true };
      return { left: { why: `the witness in ${seenBy.workload} still reaches what it should: the network plugin may enforce no policies`, againMs: lookMs } };
    },
    recovered: async (cluster, { namespace, policy, wanted }) =>
      (await cluster.api.read(networkPolicies, policy, namespace)) === undefined && (await unreached(cluster, seenBy)) === undefined && whole(cluster, wanted),
    heal: healNetworkIsolation,
  } satisfies KubernetesFault<IsolationAim, "platform" | "lift">);
}
