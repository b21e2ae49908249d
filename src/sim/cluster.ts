import type { Cluster } from "../model/cluster.ts";
import type { SimulatedService } from "../model/simulated.ts";
import type { Clock } from "../units/clock.ts";
import { problem } from "../units/errors.ts";
import { simulatedService } from "./service.ts";
import type { World } from "./world.ts";

/** The simulated cluster: the platform and its services, in memory and in whatever time the clock says. */
export interface SimCluster extends Cluster {
  readonly kind: "sim";
  /** The service to ask instead of the network; the first one where none of that name exists. */
  simulated(service?: string): SimulatedService;
}

/** A window onto a world. Windows share what they show; closing one breaks nothing. */
export function simCluster(world: World, clock: Clock, closed: () => void): SimCluster {
  const catchUp = world.attach(clock);
  const { name } = world.plan;
  const services = new Map([...world.workloads].map(([service, workload]) => [service, simulatedService(world, workload, clock, catchUp)]));

  const find = <T>(what: string, map: ReadonlyMap<string, T>, key: string): T => {
    catchUp();
    const found = map.get(key);
    if (found === undefined) throw unknown(what, key, [...map.keys()]);
    return found;
  };
  const unknown = (what: string, key: string, known: readonly string[]) =>
    problem("SEA_CLUSTER_UNKNOWN", { cluster: name, what, name: key, known: known.join(", ") || "none" });
  const podOf = (id: string) => {
    catchUp();
    const workload = [...world.workloads.values()].find((one) => one.pods.some((pod) => pod.id === id));
    return workload && { workload, pod: workload.pods.find((pod) => pod.id === id)! };
  };

  return {
    kind: "sim",
    name,
    service: (service) => (world.workloads.has(service) ? `http://${service}.sim` : undefined),
    simulated: (service) => services.get(service ?? "") ?? [...services.values()][0]!,
    async workloads() {
      catchUp();
      return [...world.workloads.values()].map((workload) => workload.listed());
    },
    async pods() {
      catchUp();
      return [...world.workloads].flatMap(([workload, { pods }]) =>
        pods.map((pod) => ({ name: pod.name, id: pod.id, workload, node: pod.node.name, version: pod.release.version, ready: pod.ready })));
    },
    async nodes() {
      catchUp();
      return [...world.nodes.values()].map((node) => ({ name: node.name, ready: node.ready, pool: node.pool }));
    },
    async killPod({ id }) {
      const found = podOf(id);
      if (!found || found.pod.state === "dead") return;
      found.pod.state = "dead";
      found.workload.lookAt(found.pod);
    },
    async freezePod({ id }) {
      const found = podOf(id);
      if (!found || found.pod.state === "dead" || found.pod.state === "frozen") return;
      found.pod.state = "frozen";
      found.workload.lookAt(found.pod);
    },
    async thawPod({ id }) {
      const found = podOf(id);
      if (found?.pod.state !== "frozen") return;
      found.pod.state = "alive";
      found.workload.lookAt(found.pod);
    },
    stopNode: async (node) => world.setNode(find("node", world.nodes, node), "stopped"),
    cutNode: async (node) => world.setNode(find("node", world.nodes, node), "cut"),
    restoreNode: async (node) => world.setNode(find("node", world.nodes, node), "up"),
    ship: async (workload, release) => find("workload", world.workloads, workload).canary.ship(release),
    undo: async (workload) => find("workload", world.workloads, workload).canary.undo(),
    scopes: async () => [...world.scopes.keys()],
    holds: async (scope) => find("data scope", world.scopes, scope).held,
    async backUp(scope) {
      const found = find("data scope", world.scopes, scope);
      if (!found.held) throw problem("SEA_BACKUP_EMPTY", { scope });
      return found.backUp();
    },
    backups: async (scope) => find("data scope", world.scopes, scope).backups(),
    lose: async (scope) => find("data scope", world.scopes, scope).lose(),
    async restore(scope, backup) {
      const found = find("data scope", world.scopes, scope);
      if (!found.restore(backup)) throw unknown("backup", backup, found.backups().map((one) => one.id));
    },
    async owe(debt) {
      world.debts.set(debt.id, structuredClone(debt));
    },
    async settle(debt) {
      world.debts.delete(debt);
    },
    debts: async () => [...world.debts.values()],
    async close() {
      closed();
    },
  };
}
