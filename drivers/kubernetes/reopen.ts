import type { Plain, PlaceContext } from "../../src/model/cluster.ts";
import { problem } from "../../src/units/errors.ts";
import { realClock } from "../../src/units/clock.ts";
import { seeded } from "../../src/units/random.ts";
import type { Ec2Settings } from "./aws/settings.ts";
import type { KubernetesCluster } from "./cluster/cluster.ts";
import type { MachineCommands } from "./machines/command.ts";
import type { Machines } from "./machines/machines.ts";
import { openCluster, type KubernetesAddress } from "./place.ts";

/** Who has hands on the machines, found again by kind. */
const makers: Readonly<Record<string, (address: Plain) => Promise<Machines>>> = {
  ec2: async (address) => (await import("./aws/machines.ts")).ec2(address as unknown as Ec2Settings),
  command: async (address) => (await import("./machines/command.ts")).machineCommands(address as unknown as MachineCommands),
};

async function machinesOf({ kind, address }: NonNullable<KubernetesAddress["machines"]>): Promise<Machines> {
  const make = makers[kind];
  if (!make) throw problem("SEA_HEAL_MACHINES", { kind, known: Object.keys(makers).join(", ") || "none" });
  return make(address);
}

/**
 * The cluster of a place, found again by its address: for `heal`. It needs neither the scenario nor the runner.
 *
 * @param context what the cluster is called here, where that is not as on the machine that wrote the address
 */
export async function reopen(given: Plain, context?: string): Promise<KubernetesCluster> {
  const address = given as unknown as KubernetesAddress;
  const { namespaces, poolLabel } = address;
  const here = context ?? address.context;
  const own = context === undefined ? address : { ...address, kubeconfig: undefined, made: undefined };
  const machines = address.machines && (await machinesOf(address.machines));
  const place: PlaceContext = { clock: realClock(), random: seeded(0), signal: new AbortController().signal, run: "heal", folder: undefined, say: () => undefined };
  return openCluster({ name: context ?? address.name, context: here, namespaces, kubeconfig: own.kubeconfig, made: own.made, machines, poolLabel, names: [], given: {}, address: () => given }, place);
}
