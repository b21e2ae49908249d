import type { Cluster } from "../model/cluster.ts";
import type { Intent } from "../model/consent.ts";
import type { Target } from "../model/fault.ts";
import { mostOf, namedIn } from "../plan/allowed.ts";
import { problem, type SeatrialError } from "../units/errors.ts";

/**
 * May this harm be done? Stands before every inject. Answers what in the cluster looks like production.
 *
 * @throws the first of its objections
 */
export async function weigh(cluster: Cluster, intent: Intent, place: string): Promise<readonly string[]> {
  const [first] = await objections(cluster, intent, place);
  if (first) throw first;
  return (await cluster.guard?.signs()) ?? [];
}

/**
 * Everything that speaks against a harm: SEA_NOT_ALLOWED for more than `mayLose`, and what the cluster's own
 * guard has against it. It counts anew: the platform may have changed since the plan.
 */
export async function objections(cluster: Cluster, intent: Intent, place: string): Promise<readonly SeatrialError[]> {
  const { guard } = cluster;
  const over = await tooMuch(cluster, intent);
  return [
    ...over.map((cost) => problem("SEA_NOT_ALLOWED", { cost, cluster: cluster.name }, place)),
    ...((await guard?.closed()) ?? []),
    ...((await guard?.against(intent)) ?? []),
  ];
}

async function tooMuch(cluster: Cluster, { targets, may }: Intent): Promise<string[]> {
  const over: string[] = [];
  for (const { what, name, namespace } of targets) {
    if (what === "pod" || what === "node" || namedIn(what, may).some((one) => one === name || one === `${namespace}/${name}`)) continue;
    over.push(what === "release" ? `release of ${name}` : `${what} ${name}`);
  }
  const nodes = new Set(targets.filter(({ what }) => what === "node").map(({ name }) => name)).size;
  if (nodes > 0) {
    const all = (await cluster.nodes()).length;
    if (may.nodes === undefined || nodes > mostOf(may.nodes, all)) over.push(`${nodes} of ${all} nodes`);
  }
  const pods = targets.filter(({ what }) => what === "pod");
  if (pods.length === 0) return over;
  if (may.pods === undefined) return [...over, `${pods.length} pods`];
  for (const [workload, { aimed, all }] of await podsByWorkload(cluster, pods)) {
    if (aimed > mostOf(may.pods, all)) over.push(`${aimed} of ${all} pods of ${workload}`);
  }
  return over;
}

async function podsByWorkload(cluster: Cluster, targets: readonly Target[]): Promise<ReadonlyMap<string, { aimed: number; all: number }>> {
  const names = new Set(targets.flatMap(({ name, namespace }) => (namespace === undefined ? [name] : [name, `${namespace}/${name}`])));
  const byWorkload = new Map<string, { aimed: number; all: number }>();
  for (const { workload, name } of await cluster.pods()) {
    const count = byWorkload.get(workload) ?? { aimed: 0, all: 0 };
    byWorkload.set(workload, { aimed: count.aimed + (names.has(name) ? 1 : 0), all: count.all + 1 });
  }
  return byWorkload;
}
