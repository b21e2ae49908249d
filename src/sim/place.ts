import type { Fault } from "../model/fault.ts";
import type { Cluster, MayLose, Place } from "../model/cluster.ts";
import type { Duration } from "../units/duration.ts";
import { simCluster, type SimCluster } from "./cluster.ts";
import type { SimService, WorldPlan } from "./platform.ts";
import { World } from "./world.ts";

export interface SimOptions {
  /** What `--on` names. Default `"sim"`. */
  readonly name?: string;
  readonly services: Readonly<Record<string, SimService>>;
  /** Nodes of every pool. Default 3. */
  readonly nodes?: number;
  /** Names of the pools. Default `["workers"]`. */
  readonly pools?: readonly string[];
  readonly data?: Readonly<Record<string, { readonly backupEvery?: Duration }>>;
  /** Default: everything, for nothing of it is real. */
  readonly mayLose?: MayLose;
}

/**
 * A simulated cluster. A world stands until its run has closed it and owes nothing; the next run
 * gets a new one. So runs of one seed are the same, and what a crashed run broke can be healed by
 * opening the same place again.
 *
 * @example sim({ services: { shop: { replicas: 4, data: "orders" } }, data: { orders: { backupEvery: "5s" } } })
 */
export function sim(options: SimOptions): Place<SimCluster> {
  const { name = "sim", services, nodes = 3, pools = ["workers"], data = {} } = options;
  const scopes = Object.fromEntries(Object.values(services).flatMap((service) => (service.data === undefined ? [] : [[service.data, {}]])));
  const plan: WorldPlan = {
    name,
    services,
    data: { ...scopes, ...data },
    nodes: Object.fromEntries(pools.flatMap((pool) => Array.from({ length: nodes }, (_, i) => [`${pool}-${i + 1}`, pool]))),
  };
  const everything: MayLose = { pods: "100%", nodes: nodes * pools.length, data: Object.keys(plan.data), releases: Object.keys(services) };
  let world: World | undefined;
  let windows = 0;
  return Object.freeze({
    kind: "sim",
    name,
    harms: "freely",
    mayLose: options.mayLose ?? everything,
    services: Object.keys(services),
    address: undefined,
    async open({ clock, random }) {
      if (!world || (windows === 0 && world.debts.size === 0)) world = new World(plan, random.fork("sim"));
      windows++;
      let open = true;
      return simCluster(world, clock, () => {
        if (open) windows--;
        open = false;
      });
    },
  } satisfies Place<SimCluster>);
}

/**
 * A simulated stand-in for another place, to rehearse a scenario that was written for it: the same
 * name, services and consent, and whatever the scenario's faults name besides.
 */
export function simLike(place: Place<Cluster> | undefined, faults: readonly Fault<any, any, any>[] = []): Place<SimCluster> {
  if (place?.kind === "sim") return place as Place<SimCluster>;
  const costs = faults.flatMap((fault) => fault.costs);
  const named = (...whats: readonly string[]) => costs.flatMap((cost) => (whats.includes(cost.what) && cost.name !== undefined ? [cost.name] : []));
  const scopes = [...new Set([...(place?.mayLose.data ?? []), ...named("data")])];
  const workloads = [...new Set([...(place?.services ?? []), ...(place?.mayLose.releases ?? []), ...named("pod", "release")])];
  const pools = [...new Set(named("node"))];
  if (workloads.length === 0) workloads.push("service");
  return sim({
    name: place?.name ?? "sim",
    services: Object.fromEntries(workloads.map((workload, i) => [workload, { replicas: 4, ...(scopes[i] === undefined ? {} : { data: scopes[i] }) }])),
    data: Object.fromEntries(scopes.map((scope) => [scope, { backupEvery: "2s" }])),
    ...(pools.length > 0 ? { pools } : {}),
    ...(place ? { mayLose: place.mayLose } : {}),
  });
}
