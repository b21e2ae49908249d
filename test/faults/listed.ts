import type { Cluster, ClusterNode, Pod, Rollout, Workload } from "../../src/model/cluster.ts";

export interface Lists {
  readonly workloads: readonly Workload[];
  readonly pods: readonly Pod[];
  readonly nodes: readonly ClusterNode[];
  readonly scopes?: Readonly<Record<string, boolean>>;
}

export const atRest = (stable = "v1"): Rollout => ({ phase: "idle", stable, candidate: undefined, weight: 0, reason: "" });

export const workload = (name: string, wanted: number, ready = wanted, rollout = atRest()): Workload => ({ name, wanted, ready, rollout });

/** `"shop-1.2@node-1"`: a ready pod; with `!` before it one that is not. */
export function pod(text: string, version = "v1"): Pod {
  const [, not, name, turn, node] = /^(!?)([\w-]+)\.(\d+)@([\w-]+)$/.exec(text)!;
  return { name: name!, id: `${name}.${turn}`, workload: name!.replace(/-\d+$/, ""), node: node!, version, ready: not === "" };
}

/** `"node-1"`, with `!` before it one that is not ready. */
export const node = (text: string, pool = "workers"): ClusterNode => ({ name: text.replace("!", ""), ready: !text.startsWith("!"), pool });

/** A cluster that lists what it is told to, keeps count of what it was asked to do, and does nothing. */
export function listed(lists: Lists): Cluster & { readonly asked: string[] } {
  const asked: string[] = [];
  const verb = (name: string) => async (...args: unknown[]) => {
    asked.push(`${name} ${args.map((arg) => (typeof arg === "string" ? arg : ((arg as { id?: string }).id ?? JSON.stringify(arg)))).join(" ")}`);
  };
  const scopes = lists.scopes ?? {};
  return {
    asked,
    kind: "listed",
    name: "listed",
    service: () => undefined,
    workloads: async () => lists.workloads,
    pods: async () => lists.pods,
    nodes: async () => lists.nodes,
    scopes: async () => Object.keys(scopes),
    holds: async (scope) => scopes[scope] ?? false,
    backups: async () => [],
    backUp: () => Promise.reject(new Error("not here")),
    debts: async () => [],
    killPod: verb("kill"), freezePod: verb("freeze"), thawPod: verb("thaw"),
    stopNode: verb("stop"), cutNode: verb("cut"), restoreNode: verb("restoreNode"),
    ship: verb("ship"), undo: verb("undo"), lose: verb("lose"), restore: verb("restore"),
    owe: verb("owe"), settle: verb("settle"), close: verb("close"),
  };
}
